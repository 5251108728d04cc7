using Archive.Indexer.Building;

namespace Archive.Indexer;

/// <summary>Settings of the index.</summary>
/// <param name="Folder">Where generations lie; no route serves it. Created when absent.</param>
/// <param name="CursorKey">Signs cursors: a secret of at least 16 bytes, the same on every node and after a restart.</param>
public sealed record IndexOptions(string Folder, byte[] CursorKey)
{
    /// <summary>Generations kept on disk, the newest first, for going back; 1 or more.</summary>
    public int Keep { get; init; } = 3;

    /// <summary>Files of names beside the archive's own, which queries are expanded by: OBO where they end in <c>.obo</c>, else lines of names.</summary>
    public IReadOnlyList<string> Vocabularies { get; init; } = [];

    /// <summary>Whether this process makes the first generation where nobody published one; others wait for it.</summary>
    public bool Builds { get; init; } = true;

    /// <summary>Which datasets share a table when the files of all are searched.</summary>
    internal PackSizes Packs { get; init; } = PackSizes.Standard;
}
