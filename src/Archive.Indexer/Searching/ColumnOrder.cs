using Archive.Indexer.Columns;
using Archive.Indexer.Facets;
using Archive.Indexer.Format;

namespace Archive.Indexer.Searching;

/// <summary>By the values of an attribute; of several values in a cell the least counts, and files without one come last.</summary>
internal sealed class ColumnOrder : FileKeyOrder
{
    private readonly ValueSpace space;
    private readonly bool isDescending;
    private readonly FileScope scope;
    private readonly int[] columns;
    private readonly int[] counts;

    public ColumnOrder(List<ShelfHits> shelves, FileScope scope, string attribute, bool isDescending)
        : base(shelves)
    {
        this.scope = scope;
        this.isDescending = isDescending;
        space = scope.Values(attribute);
        var name = FrontCodedListWriter.Encode(attribute);
        columns = [.. shelves.Select(s => s.Shelf.FindColumn(name))];
        counts = new int[space.Count + 2];
        for (var s = 0; s < shelves.Count; s++) Count(s);
    }

    private int MissingKey => space.Count + 1;

    public override long OffsetAfter(SearchCursor cursor, CancellationToken ct)
    {
        long key = MissingKey;
        var isExact = true;
        if (cursor.Text is { } text)
        {
            (var rank, isExact) = space.Find(FrontCodedListWriter.Encode(text));
            // The first key that is not before the cursor's; where the value is gone, the first behind it.
            key = isDescending ? space.Count + 1 - rank + (isExact ? 0 : 1) : rank;
        }
        long before = 0;
        for (var k = 1; k < key; k++) before += counts[k];
        return isExact ? before + CountUpTo(cursor, shelf => RowsOf(shelf, key, key)) : before;
    }

    protected override (long? Number, string? Text) KeyOf(FilePlace place)
    {
        if (columns[place.Shelf] < 0) return (null, null);
        var column = Shelves[place.Shelf].Shelf.Column(columns[place.Shelf]);
        var ordinal = column.SortOrdinal(column.Ordinal(place.Row));
        return (null, ordinal == 0 ? null : column.Values[ordinal - 1]);
    }

    protected override (long Low, long High, long Before) Window(long from, long to, CancellationToken ct)
    {
        long before = 0;
        var low = 1;
        while (before + counts[low] <= from) before += counts[low++];
        var high = low;
        for (var through = before + counts[high]; through < to; through += counts[high]) high++;
        return (low, high, before);
    }

    protected override void Collect(int shelf, long low, long high, List<(long Key, int Order, FilePlace Place)> rows)
    {
        var bits = RowsOf(shelf, low, high);
        if (columns[shelf] < 0)
        {
            for (var row = Bits.Next(bits, 0); row >= 0; row = Bits.Next(bits, row + 1)) rows.Add((MissingKey, rows.Count, new FilePlace(shelf, row)));
            return;
        }
        var keys = Keys(shelf, out var column);
        for (var row = Bits.Next(bits, 0); row >= 0; row = Bits.Next(bits, row + 1)) rows.Add((keys[column.Ordinal(row)], rows.Count, new FilePlace(shelf, row)));
    }

    private void Count(int shelf)
    {
        var hits = Shelves[shelf];
        if (hits.Count == 0) return;
        if (columns[shelf] < 0)
        {
            counts[MissingKey] += hits.Count;
            return;
        }
        var keys = Keys(shelf, out var column);
        var found = new int[column.OrdinalCount];
        ColumnCount.Add(column, hits.Rows, hits.Count, found);
        for (var ordinal = 0; ordinal < found.Length; ordinal++) counts[keys[ordinal]] += found[ordinal];
    }

    // The hits of a shelf whose keys lie within bounds.
    private ulong[] RowsOf(int shelf, long low, long high)
    {
        var bits = Shelves[shelf].Rows.ToArray();
        if (columns[shelf] < 0)
        {
            if (high < MissingKey) Array.Clear(bits);
            return bits;
        }
        var keys = Keys(shelf, out var column);
        ColumnScan.And(column, OrdinalSet.Where(Array.ConvertAll(keys, k => k >= low && k <= high)), bits);
        return bits;
    }

    // The key of each ordinal of a shelf's column.
    private int[] Keys(int shelf, out Column column)
    {
        column = Shelves[shelf].Shelf.Column(columns[shelf]);
        var (segment, map) = scope.Place(Shelves[shelf], columns[shelf]);
        var numbers = map.Of(column);
        var keys = new int[column.OrdinalCount];
        for (var ordinal = 0; ordinal < keys.Length; ordinal++)
        {
            var own = column.SortOrdinal(ordinal);
            var rank = own == 0 ? 0 : space.Rank(segment, numbers.IsEmpty ? own : (int)numbers[own - 1]);
            keys[ordinal] = rank == 0 ? MissingKey : isDescending ? space.Count + 1 - rank : rank;
        }
        return keys;
    }
}
