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
    private readonly Dictionary<FileHits, (int Column, int[] Keys)> tables = [];
    private readonly int[] counts;

    public ColumnOrder(List<FileHits> hits, List<FileSlice> slices, FileScope scope, string attribute, bool isDescending)
        : base(slices)
    {
        this.scope = scope;
        this.isDescending = isDescending;
        space = scope.Values(attribute);
        counts = new int[space.Count + 2];
        var columns = scope.ColumnsOf(attribute, hits);
        for (var i = 0; i < hits.Count; i++)
        {
            if (hits[i].Rows.Count == 0) continue;
            tables[hits[i]] = (columns[i], columns[i] < 0 ? [] : Keys(hits[i], columns[i]));
            Count(hits[i]);
        }
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
        if (!isExact) return before;
        foreach (var slice in Slices)
            if (slice.Count > 0)
                before += Bits.CountRange(RowsOf(slice.Hits, key, key), slice.FromRow, EndOf(slice, cursor));
        return before;
    }

    protected override (long? Number, string? Text) KeyOf(FilePlace place)
    {
        var hits = Slices[place.Slice].Hits;
        var (index, _) = tables[hits];
        if (index < 0) return (null, null);
        var column = hits.Table.Table.Column(index);
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

    protected override void Collect(int slice, KeyedRows rows)
    {
        var (from, to) = (Slices[slice].FromRow, Slices[slice].ToRow);
        var hits = Slices[slice].Hits;
        var bits = RowsOf(hits, rows.Low, rows.High);
        var (index, keys) = tables[hits];
        var column = index < 0 ? default : hits.Table.Table.Column(index);
        var own = Bits.CountRange(bits, from, to);
        var passed = rows.PassOver(own);
        if (passed == own) return;
        var row = passed == 0 ? Bits.Next(bits, from) : Bits.Select(bits, Bits.CountRange(bits, 0, from) + passed);
        for (; row >= 0 && row < to && !rows.IsFull; row = Bits.Next(bits, row + 1))
            rows.Add(index < 0 ? MissingKey : keys[column.Ordinal(row)], new FilePlace(slice, row));
    }

    private void Count(FileHits hits)
    {
        var (index, keys) = tables[hits];
        if (index < 0)
        {
            counts[MissingKey] += hits.Rows.Count;
            return;
        }
        var found = new int[keys.Length];
        hits.Rows.Add(hits.Table.Table.Column(index), found);
        for (var ordinal = 0; ordinal < found.Length; ordinal++) counts[keys[ordinal]] += found[ordinal];
    }

    // The hits of a table whose keys lie within bounds.
    private ulong[] RowsOf(FileHits hits, long low, long high)
    {
        var bits = hits.Rows.Bitmap.ToArray();
        var (index, keys) = tables[hits];
        if (index >= 0) ColumnScan.And(hits.Table.Table.Column(index), OrdinalSet.Where(Array.ConvertAll(keys, k => k >= low && k <= high)), bits);
        else if (high < MissingKey) Array.Clear(bits);
        return bits;
    }

    // The key of each ordinal of a table's column.
    private int[] Keys(FileHits hits, int index)
    {
        var column = hits.Table.Table.Column(index);
        var map = scope.Map(hits.Table, index, column);
        var keys = new int[column.OrdinalCount];
        for (var ordinal = 0; ordinal < keys.Length; ordinal++)
        {
            var own = column.SortOrdinal(ordinal);
            var rank = own == 0 ? 0 : space.Rank(hits.Table.Segment, map.IsEmpty ? own : (int)map[own - 1]);
            keys[ordinal] = rank == 0 ? MissingKey : isDescending ? space.Count + 1 - rank : rank;
        }
        return keys;
    }
}
