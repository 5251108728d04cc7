using Archive.Indexer.Facets;
using Archive.Model.Datasets;
using Archive.Model.Search;

namespace Archive.Indexer.Building;

/// <summary>A dataset whose public face changed.</summary>
/// <param name="Accession">The dataset.</param>
/// <param name="Change">Its newest change number.</param>
/// <param name="IsPublic">Whether it is public now; false: withdrawn or taken back.</param>
public sealed record DatasetChange(Accession Accession, long Change, bool IsPublic);

/// <summary>What an index is built from.</summary>
public abstract class IndexFeed
{
    /// <summary>
    /// Another text whenever <see cref="ReadAsync"/> would make another document of the same dataset at the same change, as after an update of
    /// the program: then documents of earlier generations are not used again.
    /// </summary>
    public abstract string Recipe { get; }

    /// <summary>The facets of datasets that its documents have values of.</summary>
    public abstract FacetCatalogue Facets { get; }

    /// <summary>
    /// The datasets whose newest change is above a number, in change order. One that changes while they are listed comes again: what is told of
    /// it last holds. When it ends, every change up to the last number that it gave has been seen.
    /// </summary>
    public abstract IAsyncEnumerable<DatasetChange> ListChangesAsync(long since, CancellationToken ct);

    /// <summary>A dataset as it is public now; null when it is not.</summary>
    public abstract Task<SearchDocument?> ReadAsync(Accession accession, CancellationToken ct);

    /// <summary>The files of a version, in path order by code point.</summary>
    public abstract IAsyncEnumerable<SearchFile> ReadFilesAsync(Accession accession, int version, CancellationToken ct);

    /// <summary>Opens the shelf of a version; null when none was kept.</summary>
    public abstract Task<Stream?> OpenShelfAsync(Accession accession, int version, CancellationToken ct);

    /// <summary>Keeps the shelf of a version, in place of a damaged one where there is one.</summary>
    public abstract Task KeepShelfAsync(Accession accession, int version, Stream shelf, long lengthBytes, CancellationToken ct);
}
