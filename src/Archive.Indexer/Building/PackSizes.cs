namespace Archive.Indexer.Building;

/// <summary>Which datasets share a table when the files of all are searched.</summary>
/// <param name="SmallRows">Files from which on a dataset is searched in its own shelf.</param>
/// <param name="PackRows">Files of a pack at most.</param>
internal sealed record PackSizes(int SmallRows, int PackRows)
{
    /// <summary>A pack costs a search about as much as a small shelf, and its ordinals mostly take a byte or two.</summary>
    public static PackSizes Standard { get; } = new(4096, 65_536);
}
