using System.Runtime.InteropServices;
using Archive.Indexer.Columns;
using Archive.Indexer.Facets;
using Archive.Indexer.Format;
using Archive.Indexer.Generations;
using Archive.Indexer.Query;
using Archive.Model.Datasets;
using Archive.Model.Search;

namespace Archive.Indexer.Searching;

/// <summary>The shelves that a query for files looks at, in accession order, with their hits.</summary>
internal sealed class FileScope
{
    private readonly IndexSnapshot? snapshot;
    private readonly Table alone;
    private readonly FileQuery query;
    private readonly FileNode? words;
    private readonly FileConstraints constraints;

    /// <summary>What is public, or of that the dataset that the query names.</summary>
    public FileScope(IndexSnapshot snapshot, FileQuery query)
        : this(query) => this.snapshot = snapshot;

    /// <summary>One shelf, of the dataset that the query names, whether it is public or not.</summary>
    public FileScope(in Table shelf, FileQuery query)
        : this(query) => alone = shelf;

    private FileScope(FileQuery query)
    {
        this.query = query;
        words = FileNode.Compile(QueryParser.Parse(query.Text, _ => false));
        constraints = new FileConstraints(query);
    }

    /// <summary>Shelves with hits, or with hits but for the filter of a facet that is counted.</summary>
    public List<ShelfHits> Select(CancellationToken ct)
    {
        if (snapshot is null) return [Select(alone, 0, 0, query.Accession!.Value)];
        if (query.Accession is { } accession)
            return snapshot.Find(accession) is var (segment, dataset) ? [Select(segment, dataset, accession)] : [];
        var found = new List<(int Rank, ShelfHits Hits)>();
        for (var s = 0; s < snapshot.Segments.Count; s++)
        {
            var candidates = Candidates(snapshot.Segments[s]);
            for (var dataset = Bits.Next(candidates, 0); dataset >= 0; dataset = Bits.Next(candidates, dataset + 1))
            {
                ct.ThrowIfCancellationRequested();
                var hits = Select(s, dataset, snapshot.Segments[s].Generation.Accession(dataset));
                if (IsNeeded(hits)) found.Add((snapshot.AccessionRank(s, dataset), hits));
            }
        }
        found.Sort((a, b) => a.Rank.CompareTo(b.Rank));
        return found.ConvertAll(f => f.Hits);
    }

    /// <summary>The values that an attribute has in the scope.</summary>
    public ValueSpace Values(string attribute)
    {
        if (snapshot is not null && query.Accession is null) return snapshot.FileValues(attribute);
        var shelf = alone;
        if (snapshot is not null)
        {
            if (snapshot.Find(query.Accession!.Value) is not var (segment, dataset)) return new ValueSpace(null, null);
            shelf = snapshot.Segments[segment].Generation.Shelf(dataset);
        }
        var index = shelf.FindColumn(FrontCodedListWriter.Encode(attribute));
        return new ValueSpace(index < 0 ? null : shelf.Column(index).Values, null);
    }

    /// <summary>Where the ordinals of a shelf's column stand in <see cref="Values"/>: the segment to ask for, and the map to it.</summary>
    public (int Segment, ColumnMap Map) Place(ShelfHits hits, int column) => snapshot is null || query.Accession is not null
        ? (0, default)
        : (hits.Segment, new ColumnMap(snapshot.Segments[hits.Segment].Generation, hits.Dataset, column));

    private ShelfHits Select(int segment, int dataset, Accession accession) =>
        Select(snapshot!.Segments[segment].Generation.Shelf(dataset), segment, dataset, accession);

    private ShelfHits Select(in Table shelf, int segment, int dataset, Accession accession)
    {
        var rows = new ulong[Bits.Words(shelf.Rows)];
        if (words is null) Bits.Fill(rows, shelf.Rows);
        else words.MarkRows(shelf, rows);
        var selection = new Selection(shelf, rows);
        constraints.Apply(selection, accession);
        return new ShelfHits(segment, dataset, accession, selection);
    }

    private bool IsNeeded(ShelfHits hits)
    {
        if (hits.Count > 0) return true;
        foreach (var facet in query.Facets)
        {
            hits.Selection.Without(facet, out var count);
            if (count > 0) return true;
        }
        return false;
    }

    private ulong[] Candidates(Segment segment)
    {
        var generation = segment.Generation;
        var candidates = segment.Live.ToArray();
        var marked = new ulong[candidates.Length];
        if (words is not null)
        {
            words.MarkShelves(generation, marked);
            Bits.And(candidates, marked);
        }
        foreach (var name in constraints.Names)
        {
            if (name.StartsWith('@') || query.Facets.Contains(name, StringComparer.Ordinal)) continue;
            Array.Clear(marked);
            if (generation.Fields.Find(name) is >= 0 and var field)
                foreach (var dataset in generation.Fields.Datasets(field))
                    Bits.Set(marked, (int)dataset);
            Bits.And(candidates, marked);
        }
        return candidates;
    }
}

/// <summary>How the values of a shelf's column are numbered in its generation; the default is its own numbering.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct ColumnMap(Generation? Generation, int Dataset, int Column)
{
    /// <summary>For each value its number, from 1; empty for its own.</summary>
    public ReadOnlySpan<uint> Of(Column column) => Generation is null ? [] : Generation.Fields.Map(Generation.Record(Dataset), Column, column.Cardinality);
}
