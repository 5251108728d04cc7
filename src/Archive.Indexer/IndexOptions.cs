using Archive.Indexer.Building;
using Archive.Indexer.Facets;

namespace Archive.Indexer;

/// <summary>Settings of the index.</summary>
/// <param name="Folder">Where generations lie; no route serves it. Created when absent.</param>
/// <param name="CursorKey">Signs cursors: a secret of at least 16 bytes, the same on every node and after a restart.</param>
public sealed record IndexOptions(string Folder, byte[] CursorKey)
{
    /// <summary>The facets of datasets.</summary>
    public FacetCatalogue Facets { get; init; } = FacetCatalogue.Standard;

    /// <summary>Generations kept on disk, the newest first, for going back; 1 or more.</summary>
    public int Keep { get; init; } = 3;

    /// <summary>Which datasets share a table when the files of all are searched.</summary>
    internal PackSizes Packs { get; init; } = PackSizes.Standard;
}
