namespace Archive.Indexer.Searching;

/// <summary>
/// Okapi BM25 over one weighted text (BM25F of Robertson and Zaragoza, 2009, with a common length), rounded to whole numbers so
/// that a score does not depend on the order of adding, nor on the segment that a dataset lies in.
/// </summary>
internal sealed class Bm25
{
    /// <summary>The score 1: what a word without statistics (a prefix, a facet value) counts.</summary>
    public const int One = 1 << 16;

    private const double K1 = 1.2;
    private const double B = 0.75;

    private readonly int datasets;

    /// <param name="datasets">Datasets that can be found.</param>
    public Bm25(int datasets) => this.datasets = datasets;

    /// <summary>How much a word tells, by the number of datasets that have it.</summary>
    public double Idf(int frequency) => Math.Log(1 + ((datasets - frequency + 0.5) / (frequency + 0.5)));

    /// <summary>What the length of a dataset's text makes of the frequencies of its words.</summary>
    /// <param name="length">Weighted length.</param>
    /// <param name="averageLength">Mean of all.</param>
    public static double Norm(uint length, double averageLength) => K1 * (1 - B + (B * length / averageLength));

    /// <summary>A word's part of a dataset's score.</summary>
    /// <param name="idf">How much it tells.</param>
    /// <param name="frequency">How often it is there, each place counted by its field's weight.</param>
    /// <param name="norm">What <see cref="Norm"/> gave for the dataset.</param>
    public static int Score(double idf, double frequency, double norm) => (int)Math.Round(One * idf * (K1 + 1) * frequency / (frequency + norm));
}
