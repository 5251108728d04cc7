using Archive.Indexer.Building;
using Archive.Indexer.Columns;
using Archive.Indexer.Facets;
using Archive.Indexer.Format;
using Archive.Indexer.Generations;
using Archive.Model.Search;

namespace Archive.Indexer.Searching;

/// <summary>Answers one search for files on one snapshot.</summary>
internal sealed class FileSearch
{
    private readonly IndexStamp stamp;
    private readonly string bound;
    private readonly CursorSigner cursors;
    private readonly FileQuery query;
    private readonly FileScope scope;
    private readonly SortRequest sort;

    /// <summary>Searches what is public.</summary>
    public FileSearch(IndexSnapshot snapshot, CursorSigner cursors, FileQuery query)
        : this(new FileScope(snapshot, query), snapshot.Stamp, $"{query.Accession}", cursors, query)
    {
    }

    /// <summary>Searches one shelf, of the dataset that the query names.</summary>
    /// <param name="bound">Names the shelf: cursors are good for it alone.</param>
    public FileSearch(in Table shelf, string bound, CursorSigner cursors, FileQuery query)
        : this(new FileScope(shelf, query), new IndexStamp(bound, default, 0), bound, cursors, query)
    {
    }

    private FileSearch(FileScope scope, IndexStamp stamp, string bound, CursorSigner cursors, FileQuery query)
    {
        this.scope = scope;
        this.stamp = stamp;
        this.bound = bound;
        this.cursors = cursors;
        this.query = query;
        if (query.Size is < 0 or > FileQuery.MaxSize) throw SortRequest.Refuse("size", $"is a number from 0 to {FileQuery.MaxSize}.");
        if (query.FacetSize < 0) throw SortRequest.Refuse("facetSize", "is 0 or more.");
        if (query.At is < 0) throw SortRequest.Refuse("at", "is 0 or more.");
        if (query.At is not null && query.Cursor is not null) throw SortRequest.Refuse("at", "cannot be given together with cursor.");
        if (query.Facets.Any(f => f is FileConstraints.Path or FileConstraints.Size))
            throw SortRequest.Refuse("facets", "names attributes, @format or @dataset; paths and sizes are not counted.");
        sort = SortRequest.Parse(query.Sort ?? FileConstraints.Path);
        if (sort.Name == FileConstraints.Dataset) throw SortRequest.Refuse("sort", "cannot be @dataset: @path sorts by dataset and path.");
    }

    /// <summary>The page.</summary>
    public SearchPage<FileHit> Run(CancellationToken ct)
    {
        var shelves = scope.Select(ct);
        var order = Order(shelves);
        var offset = query.At ?? 0;
        if (query.Cursor is not null) offset = order.OffsetAfter(cursors.Read(Signature(), query.Cursor), ct);
        var page = order.Page(offset, query.Size, ct);
        var isMore = page.Count > 0 && offset + page.Count < order.Total;
        return new SearchPage<FileHit>(
            [.. page.Select(p => shelves[p.Shelf].Show(p.Row))],
            isMore ? cursors.Sign(Signature(), order.CursorAfter(page[^1])) : null,
            order.Total,
            [.. query.Facets.Distinct(StringComparer.Ordinal).Select(f => Count(shelves, f, ct))],
            stamp);
    }

    private FileOrder Order(List<ShelfHits> shelves) => sort.Name switch
    {
        FileConstraints.Path => new PathOrder(shelves, sort.IsDescending),
        FileConstraints.Size => new SizeOrder(shelves, sort.IsDescending),
        _ => new ColumnOrder(shelves, scope, sort.Name, sort.IsDescending),
    };

    private FacetResult Count(List<ShelfHits> shelves, string facet, CancellationToken ct)
    {
        var chosen = query.Filters.Where(f => f.Name == facet).SelectMany(f => f.Values).ToList();
        if (facet == FileConstraints.Dataset) return CountDatasets(shelves, chosen);
        var tally = new FacetTally(scope.Values(facet));
        var name = FrontCodedListWriter.Encode(facet);
        foreach (var shelf in shelves)
        {
            ct.ThrowIfCancellationRequested();
            var bits = shelf.Selection.Without(facet, out var hits);
            var index = shelf.Shelf.FindColumn(name);
            if (index < 0)
            {
                tally.AddMissing(hits);
                continue;
            }
            var column = shelf.Shelf.Column(index);
            var (segment, map) = scope.Place(shelf, index);
            tally.Add(segment, column, map.Of(column), bits, hits);
        }
        return tally.Finish(facet, facet == ShelfBuilder.FormatColumn ? "File format" : facet, query.FacetSize, chosen);
    }

    private FacetResult CountDatasets(List<ShelfHits> shelves, List<string> chosen)
    {
        var counts = new List<FacetValue>();
        foreach (var shelf in shelves)
        {
            shelf.Selection.Without(FileConstraints.Dataset, out var hits);
            if (hits > 0) counts.Add(new FacetValue(shelf.Accession.ToString(), hits));
        }
        // The order of the scope is the order of accessions, and sorting by OrderBy keeps it among equal counts.
        var best = counts.OrderByDescending(c => c.Count).Take(query.FacetSize).ToList();
        var listed = best.Select(b => b.Value).ToHashSet(StringComparer.Ordinal);
        var others = chosen.Where(listed.Add).Select(v => new FacetValue(v, counts.Find(c => c.Value == v)?.Count ?? 0)).ToList();
        return new FacetResult(FileConstraints.Dataset, "Dataset", [.. best, .. others], 0, counts.Count);
    }

    private string Signature() => QuerySignature.Of(
        "files " + bound, query.Text, sort.ToString(), query.Filters.Select(f => (f.Name, f.Values)), query.Ranges);
}
