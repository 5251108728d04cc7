using Archive.Indexer.Building;
using Archive.Indexer.Columns;
using Archive.Indexer.Generations;
using Archive.Model.Search;

namespace Archive.Indexer.Searching;

/// <summary>Answers one search for files on one snapshot, or on one shelf that lies outside.</summary>
internal sealed class FileSearch : IDisposable
{
    private readonly IndexStamp stamp;
    private readonly string bound;
    private readonly CursorSigner? cursors;
    private readonly FileQuery query;
    private readonly RowPool pool = new();
    private readonly FileScope scope;
    private readonly SortRequest sort;

    /// <summary>A search that no cursor is given for or taken.</summary>
    public FileSearch(IndexSnapshot snapshot, FileQuery query, QueryLimits limits)
        : this(snapshot.Stamp, null, query) => scope = new FileScope(snapshot, query, pool, limits);

    /// <summary>Searches what is public.</summary>
    public FileSearch(IndexSnapshot snapshot, CursorSigner cursors, FileQuery query, QueryLimits limits)
        : this(snapshot.Stamp, cursors, query) => scope = new FileScope(snapshot, query, pool, limits);

    /// <summary>Searches one shelf, of the dataset that the query names, whether it is public or not.</summary>
    /// <param name="bound">Names the shelf: cursors are good for it alone.</param>
    public FileSearch(in Table shelf, string bound, CursorSigner cursors, FileQuery query)
        : this(new IndexStamp(bound, default, 0), cursors, query)
    {
        this.bound = bound;
        scope = new FileScope(FileTable.OfShelf(query.Accession!.Value, shelf), query, pool, QueryLimits.Standard);
    }

    private FileSearch(IndexStamp stamp, CursorSigner? cursors, FileQuery query)
    {
        this.stamp = stamp;
        bound = $"{query.Accession}";
        this.cursors = cursors;
        this.query = query;
        scope = null!;
        if (query.Size is < 0 or > FileQuery.MaxSize) throw SortRequest.Refuse("size", $"is a number from 0 to {FileQuery.MaxSize}.");
        if (query.FacetSize < 0) throw SortRequest.Refuse("facetSize", "is 0 or more.");
        if (query.At is < 0) throw SortRequest.Refuse("at", "is 0 or more.");
        if (query.At is not null && query.Cursor is not null) throw SortRequest.Refuse("at", "cannot be given together with cursor.");
        if (query.Facets.Any(f => f is FileConstraints.Path or FileConstraints.Size))
            throw SortRequest.Refuse("facets", "names attributes, @format or @dataset; paths and sizes are not counted.");
        sort = SortRequest.Parse(query.Sort ?? FileConstraints.Path);
        if (sort.Name == FileConstraints.Dataset) throw SortRequest.Refuse("sort", "cannot be @dataset: @path sorts by dataset and path.");
    }

    /// <summary>What could not be read or looked up in the query as it was written.</summary>
    public IReadOnlyList<QueryNote> Notes => scope.Notes;

    /// <summary>The hits, table by table and in order.</summary>
    public (List<FileHits> Hits, List<FileSlice> Slices, FileOrder Order) Select(CancellationToken ct)
    {
        var hits = scope.Select(ct);
        var slices = scope.Slice(hits);
        return (hits, slices, Order(hits, slices));
    }

    /// <summary>The page.</summary>
    public SearchPage<FileHit> Run(CancellationToken ct)
    {
        var (hits, slices, order) = Select(ct);
        var signature = FileSignature.Of(bound, query, sort);
        var offset = query.At ?? 0;
        if (query.Cursor is not null) offset = order.OffsetAfter(cursors!.Read(signature, query.Cursor), ct);
        var page = order.Page(offset, query.Size, ct);
        var isMore = page.Count > 0 && offset + page.Count < order.Total;
        return new SearchPage<FileHit>(
            page.ConvertAll(p => slices[p.Slice].Hits.Reader.Read(p.Row)),
            isMore ? cursors!.Sign(signature, order.CursorAfter(page[^1])) : null,
            order.Total,
            [.. query.Facets.Distinct(StringComparer.Ordinal).Select(f => Count(hits, slices, f, ct))],
            stamp)
        {
            Notes = Notes,
            Columns = scope.Only is { } only ? FileColumns.Of(only.Table) : null,
        };
    }

    /// <summary>The values of an attribute, which is the query's only facet.</summary>
    public FileValuesPage Values(FileValuesQuery values, CancellationToken ct)
    {
        if (values.Size is < 0 or > FileValuesQuery.MaxSize) throw SortRequest.Refuse("size", $"is a number from 0 to {FileValuesQuery.MaxSize}.");
        if (values.Attribute.StartsWith('@') && values.Attribute != ShelfBuilder.FormatColumn) throw SortRequest.Refuse("attribute", "names an attribute or @format.");
        var signature = $"values {values.Attribute.Length}:{values.Attribute} {values.Text.Length}:{values.Text} {FileSignature.Of(bound, query, sort)}";
        var after = values.Cursor is null ? null : cursors!.Read(signature, values.Cursor);
        var tally = Tally(scope.Select(ct), values.Attribute, ct);
        var found = ValueFinder.Find(tally.Space, tally.Counts, values.Text, after?.Text, values.Size);
        var next = found.IsMore ? cursors!.Sign(signature, new SearchCursor(null, null, found.Values[^1].Value, "", null)) : null;
        return new FileValuesPage(values.Attribute, FileTally.TypeOf(scope.Kind(values.Attribute)), found.Values, next, found.Total, tally.Missing, stamp) { Notes = Notes };
    }

    /// <inheritdoc/>
    public void Dispose() => pool.Dispose();

    private FileOrder Order(List<FileHits> hits, List<FileSlice> slices) => sort.Name switch
    {
        FileConstraints.Path => new PathOrder(slices, sort.IsDescending),
        FileConstraints.Size => new SizeOrder(slices, sort.IsDescending),
        _ => new ColumnOrder(hits, slices, scope, sort.Name, sort.IsDescending),
    };

    private FacetResult Count(List<FileHits> hits, List<FileSlice> slices, string facet, CancellationToken ct)
    {
        var chosen = query.Filters.Where(f => f.Name == facet).SelectMany(f => f.Values).Distinct(StringComparer.Ordinal).ToList();
        if (facet == FileConstraints.Dataset) return DatasetTally.Count(slices, pool, query.FacetSize, chosen);
        return Tally(hits, facet, ct).Finish(facet, facet == ShelfBuilder.FormatColumn ? "File format" : facet, scope.Kind(facet), query.FacetSize, chosen);
    }

    private FileTally Tally(List<FileHits> hits, string facet, CancellationToken ct)
    {
        var tally = new FileTally(scope.Values(facet), pool);
        var columns = scope.ColumnsOf(facet, hits);
        for (var i = 0; i < hits.Count; i++)
        {
            ct.ThrowIfCancellationRequested();
            var rows = hits[i].Selection.Without(facet);
            if (columns[i] < 0)
            {
                tally.AddMissing(rows.Count);
                continue;
            }
            var table = hits[i].Table;
            var column = table.Table.Column(columns[i]);
            tally.Add(table.Segment, column, scope.Map(table, columns[i], column), rows);
        }
        return tally;
    }
}
