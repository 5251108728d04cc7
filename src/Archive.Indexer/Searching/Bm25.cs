using Archive.Indexer.Text;

namespace Archive.Indexer.Searching;

/// <summary>
/// Okapi BM25 over one weighted text of several fields (BM25F of Robertson and Zaragoza, 2009), rounded to whole numbers so that a score does
/// not depend on the order of adding, nor on the segment that a dataset lies in. Each field's length is in its weights already.
/// </summary>
internal sealed class Bm25
{
    /// <summary>The score 1: what a word without statistics (a prefix, a facet value) counts.</summary>
    public const int One = 1 << 16;

    private const double K1 = 1.2;

    // Frequencies that most words have: what they saturate to is known beforehand.
    private const int Known = 512;
    private static readonly double[] Saturations = [.. Enumerable.Range(0, Known).Select(frequency => Saturate(frequency))];

    private readonly int datasets;

    /// <param name="datasets">Datasets that can be found.</param>
    public Bm25(int datasets) => this.datasets = datasets;

    /// <summary>How much a word tells, by the number of datasets that have it.</summary>
    public double Idf(int frequency) => Math.Log(1 + ((datasets - frequency + 0.5) / (frequency + 0.5)));

    /// <summary>A word's part of a dataset's score.</summary>
    /// <param name="idf">How much it tells.</param>
    /// <param name="frequency">How often it is there, each place counted by its field, in parts of <see cref="FieldWeights"/>.</param>
    public static int Score(double idf, uint frequency) =>
        (int)Math.Round(One * idf * (frequency < Known ? Saturations[frequency] : Saturate(frequency)));

    /// <inheritdoc cref="Score(double, uint)"/>
    public static int Score(double idf, double frequency) => (int)Math.Round(One * idf * Saturate(frequency));

    // Once in a title is once: the usual constant holds for titles, and what is elsewhere counts a part of it.
    private static double Saturate(double frequency) => (K1 + 1) * frequency / (frequency + (K1 * FieldWeights.Title));
}
