using Archive.Indexer.Columns;
using Archive.Indexer.Facets;
using Archive.Indexer.Format;
using Archive.Indexer.Generations;
using Archive.Indexer.Query;
using Archive.Model.Files;
using Archive.Model.Search;

namespace Archive.Indexer.Searching;

/// <summary>The tables that a query for files looks at, with their hits: one shelf, or all of a snapshot.</summary>
internal sealed class FileScope
{
    private readonly IndexSnapshot? snapshot;
    private readonly FileTable? only;
    private readonly FileQuery query;
    private readonly RowPool pool;
    private readonly QueryNotes notes;
    private readonly FileNode? words;
    private readonly FileConstraints constraints;

    /// <summary>What a snapshot has of the dataset that the query names, or of all.</summary>
    public FileScope(IndexSnapshot snapshot, FileQuery query, RowPool pool, QueryLimits limits)
        : this(query.Accession is null ? snapshot : null, Find(snapshot, query), query, pool, limits)
    {
    }

    /// <summary>One shelf.</summary>
    public FileScope(FileTable shelf, FileQuery query, RowPool pool, QueryLimits limits)
        : this(null, shelf, query, pool, limits)
    {
    }

    private FileScope(IndexSnapshot? snapshot, FileTable? only, FileQuery query, RowPool pool, QueryLimits limits)
    {
        this.snapshot = snapshot;
        this.only = only;
        this.query = query;
        this.pool = pool;
        var parsed = QueryParser.Read(query.Text, _ => false);
        notes = parsed.Notes;
        words = new FileCompiler(Words(), notes, limits).Compile(parsed.Root);
        constraints = new FileConstraints(query, pool);
    }

    /// <summary>What could not be read or looked up in the query as it was written.</summary>
    public IReadOnlyList<QueryNote> Notes => notes.All;

    /// <summary>The one shelf that is looked at; null for all.</summary>
    public FileTable? Only => only;

    /// <summary>Tables with hits, or with hits but for the filter of a facet that is counted; by segment, then in accession order.</summary>
    public List<FileHits> Select(CancellationToken ct)
    {
        if (only is not null) return [Select(only, isWhole: true)];
        var found = new List<FileHits>();
        for (var s = 0; s < snapshot?.Segments.Count; s++)
        {
            var candidates = Candidates(snapshot.Segments[s]);
            for (var unit = Bits.Next(candidates, 0); unit >= 0; unit = Bits.Next(candidates, unit + 1))
            {
                ct.ThrowIfCancellationRequested();
                var hits = Select(FileTable.OfUnit(snapshot, s, unit), snapshot.Segments[s].IsWhole);
                if (IsNeeded(hits)) found.Add(hits);
            }
        }
        return found;
    }

    /// <summary>The hits of the tables cut into stretches that follow each other in accession order.</summary>
    public List<FileSlice> Slice(List<FileHits> hits) => snapshot is null || snapshot.Segments.Count == 1
        ? hits.ConvertAll(h => new FileSlice(h, 0, h.Table.Table.Rows))
        : new AccessionSlices(snapshot).Cut(hits);

    /// <summary>The values that an attribute has in the scope.</summary>
    public ValueSpace Values(string attribute)
    {
        if (snapshot is not null) return snapshot.FileValues(attribute);
        var index = only?.Table.FindColumn(FrontCodedListWriter.Encode(attribute)) ?? -1;
        return new ValueSpace(index < 0 ? null : only!.Table.Column(index).Values, null);
    }

    /// <summary>What the values of an attribute are held for in the scope.</summary>
    public AttributeKind Kind(string attribute)
    {
        if (snapshot is not null) return snapshot.FileKind(attribute);
        var index = only?.Table.FindColumn(FrontCodedListWriter.Encode(attribute)) ?? -1;
        return index < 0 ? AttributeKind.Text : only!.Table.Column(index).Kind;
    }

    /// <summary>The place of an attribute's column in each table; -1 where it has none.</summary>
    public int[] ColumnsOf(string attribute, List<FileHits> hits)
    {
        var columns = new int[hits.Count];
        Array.Fill(columns, -1);
        if (only is not null)
        {
            if (columns.Length > 0) columns[0] = only.Table.FindColumn(FrontCodedListWriter.Encode(attribute));
            return columns;
        }
        var at = 0;
        for (var s = 0; s < snapshot?.Segments.Count; s++)
        {
            var fields = snapshot.Segments[s].Generation.Fields;
            var field = fields.Find(attribute);
            var owners = field < 0 ? [] : fields.Columns(field);
            for (var o = 0; at < hits.Count && hits[at].Table.Segment == s; at++)
            {
                while (o < owners.Length && owners[o].Unit < hits[at].Table.Unit) o++;
                if (o < owners.Length && owners[o].Unit == hits[at].Table.Unit) columns[at] = (int)owners[o].Column;
            }
        }
        return columns;
    }

    /// <summary>For each value of a table's column its number in the segment, from 1; empty where that is its own.</summary>
    public ReadOnlySpan<uint> Map(FileTable table, int index, in Column column)
    {
        if (snapshot is null) return [];
        var generation = snapshot.Segments[table.Segment].Generation;
        return generation.Fields.Map(generation.Units.FirstColumn(table.Unit), index, column.Cardinality);
    }

    private static FileTable? Find(IndexSnapshot snapshot, FileQuery query) =>
        query.Accession is { } accession && snapshot.Find(accession) is var (segment, dataset) ? FileTable.OfDataset(snapshot, segment, dataset) : null;

    private List<FrontCodedList> Words() => snapshot is not null ? [.. snapshot.Segments.Select(s => s.Generation.FileTerms.Words)] : only is not null ? [only.Table.Terms] : [];

    private FileHits Select(FileTable table, bool isWhole)
    {
        ArraySegment<ulong>? found = null;
        if (words is not null)
        {
            found = pool.Empty(table.Table.Rows);
            words.MarkRows(table.Table, pool, found.Value);
        }
        if (!isWhole) found = Cut(table, found);
        var selection = new FileSelection(table.Table, pool, found);
        constraints.Apply(selection, table);
        return new FileHits(table, selection);
    }

    // Without the files of datasets that cannot be found.
    private ArraySegment<ulong>? Cut(FileTable table, ArraySegment<ulong>? found)
    {
        var segment = snapshot!.Segments[table.Segment];
        for (var dataset = table.FirstDataset; dataset < table.FirstDataset + table.DatasetCount; dataset++)
        {
            if (segment.IsLive(dataset)) continue;
            if (found is null)
            {
                found = pool.Rent(table.Table.Rows);
                Bits.Fill(found.Value, table.Table.Rows);
            }
            Bits.ClearRange(found.Value, table.FirstRow(dataset), table.EndRow(dataset));
        }
        return found;
    }

    private bool IsNeeded(FileHits hits) => hits.Rows.Count > 0 || query.Facets.Any(facet => hits.Selection.Without(facet).Count > 0);

    private ulong[] Candidates(Segment segment)
    {
        var generation = segment.Generation;
        var candidates = new ulong[Bits.Words(generation.Units.Count)];
        if (words is null) Bits.Fill(candidates, generation.Units.Count);
        else words.MarkUnits(generation, candidates);
        constraints.Narrow(generation, candidates);
        var marked = new ulong[candidates.Length];
        foreach (var name in constraints.Names)
        {
            if (name.StartsWith('@') || query.Facets.Contains(name, StringComparer.Ordinal)) continue;
            Array.Clear(marked);
            if (generation.Fields.Find(name) is >= 0 and var field)
                foreach (var owner in generation.Fields.Columns(field))
                    Bits.Set(marked, (int)owner.Unit);
            Bits.And(candidates, marked);
        }
        return candidates;
    }
}
