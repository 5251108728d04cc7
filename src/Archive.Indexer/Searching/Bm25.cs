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
    private readonly double averageLength;

    /// <param name="datasets">Datasets that can be found.</param>
    /// <param name="averageLength">Mean weighted length of their texts.</param>
    public Bm25(int datasets, double averageLength)
    {
        this.datasets = datasets;
        this.averageLength = averageLength;
    }

    /// <summary>How much a word tells, by the number of datasets that have it.</summary>
    public double Idf(int frequency) => Math.Log(1 + ((datasets - frequency + 0.5) / (frequency + 0.5)));

    /// <summary>A word's part of a dataset's score.</summary>
    /// <param name="idf">How much it tells.</param>
    /// <param name="frequency">How often it is there, each place counted by its field's weight.</param>
    /// <param name="length">Weighted length of the dataset's text.</param>
    public int Score(double idf, double frequency, uint length)
    {
        var norm = K1 * (1 - B + (B * length / averageLength));
        return (int)Math.Round(One * idf * (K1 + 1) * frequency / (frequency + norm));
    }
}
