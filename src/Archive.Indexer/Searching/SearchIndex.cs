using System.Text;
using Archive.Indexer.Format;
using Archive.Indexer.Generations;
using Archive.Indexer.Vocabulary;
using Archive.Model.Datasets;
using Archive.Model.Files;
using Archive.Model.Search;

namespace Archive.Indexer.Searching;

/// <summary>The archive's own index.</summary>
public sealed class SearchIndex : ISearchIndex
{
    private readonly CurrentIndex current;
    private readonly CursorSigner cursors;

    /// <param name="current">Holds what is searched.</param>
    /// <param name="options">Holds the key that signs cursors, and names the files of names, which are read now.</param>
    /// <exception cref="IOException">A file of names cannot be read.</exception>
    public SearchIndex(CurrentIndex current, IndexOptions options)
    {
        this.current = current;
        cursors = new CursorSigner(options.CursorKey);
        Names = VocabularyFiles.Load(options.Vocabularies);
    }

    /// <summary>Other names of what queries name.</summary>
    internal NameIndex Names { get; init; }

    /// <summary>How much of the index one query may look at.</summary>
    internal QueryLimits Limits { get; init; } = QueryLimits.Standard;

    /// <inheritdoc/>
    public SearchPage<DatasetHit> SearchDatasets(DatasetQuery query, CancellationToken ct)
    {
        using var lease = current.Lease();
        return new DatasetSearch(lease.Snapshot, cursors, query, Limits, Names).Run(ct);
    }

    /// <inheritdoc/>
    public FacetValuesPage SearchFacetValues(FacetValuesQuery query, CancellationToken ct)
    {
        using var lease = current.Lease();
        return new DatasetSearch(lease.Snapshot, cursors, query.Datasets, Limits, Names).Values(query, ct);
    }

    /// <inheritdoc/>
    public CompletionPage Complete(string text, int size, CancellationToken ct)
    {
        using var lease = current.Lease();
        return new CompletionSearch(lease.Snapshot).Complete(text, size, ct);
    }

    /// <inheritdoc/>
    public SimilarDatasets FindSimilar(Accession accession, int size, CancellationToken ct)
    {
        using var lease = current.Lease();
        return new SimilarSearch(lease.Snapshot).Find(accession, size, ct);
    }

    /// <inheritdoc/>
    public SearchPage<FileHit> SearchFiles(FileQuery query, CancellationToken ct)
    {
        using var lease = current.Lease();
        using var search = new FileSearch(lease.Snapshot, cursors, query, Limits);
        return search.Run(ct);
    }

    /// <inheritdoc/>
    public FileValuesPage SearchFileValues(FileValuesQuery query, CancellationToken ct)
    {
        using var lease = current.Lease();
        using var search = new FileSearch(lease.Snapshot, cursors, query.Files with { Facets = [query.Attribute] }, Limits);
        return search.Values(query, ct);
    }

    /// <inheritdoc/>
    public FileExport ExportFiles(FileQuery query, FileExportForm form, CancellationToken ct)
    {
        var lease = current.Lease();
        return new FileExport(lease, () => new FileSearch(lease.Snapshot, FileExport.Whole(query), Limits), lease.Snapshot.Stamp, form, ct) { Ending = lease.Ending };
    }

    /// <inheritdoc/>
    public FileHit? ReadFile(Accession accession, ArchivePath path, CancellationToken ct)
    {
        using var lease = current.Lease();
        if (lease.Snapshot.Find(accession) is not var (segment, dataset)) return null;
        var shelf = FileTable.OfDataset(lease.Snapshot, segment, dataset);
        var row = shelf.Table.Keys.Find<ByteOrder>(Encoding.UTF8.GetBytes(path.Value));
        return row < 0 ? null : new FileHitReader(shelf).Read(row);
    }

    /// <inheritdoc/>
    public bool Has(Accession accession)
    {
        using var lease = current.Lease();
        return lease.Snapshot.Find(accession) is not null;
    }

    /// <inheritdoc/>
    public IReadOnlyList<FileColumn>? ReadColumns(Accession accession, CancellationToken ct)
    {
        using var lease = current.Lease();
        if (lease.Snapshot.Find(accession) is not var (segment, dataset)) return null;
        return FileColumns.Of(lease.Snapshot.Segments[segment].Generation.Shelf(dataset));
    }

    /// <inheritdoc/>
    public IndexDescription? Describe()
    {
        using var lease = current.TryLease();
        if (lease is null) return null;
        var segments = lease.Snapshot.Segments;
        return new IndexDescription(
            lease.Snapshot.Stamp,
            lease.Snapshot.LiveCount,
            segments.Sum(s => s.Generation.Info.Files),
            segments[0].Generation.LengthBytes,
            segments.Count > 1 ? segments[1].LiveCount : 0,
            segments.Sum(s => s.Count - s.LiveCount),
            segments.Count > 1 ? segments[1].Generation.Info.Files : 0,
            segments.Count > 1 ? segments[1].Generation.LengthBytes : 0,
            lease.Snapshot.MaskedChange,
            segments[0].Generation.Parts)
        {
            LeftOut = [.. segments.SelectMany(s => s.Generation.Info.LeftOut).Distinct(StringComparer.Ordinal).Where(a => lease.Snapshot.Find(Accession.Parse(a, null)) is null)],
        };
    }
}
