using Archive.Indexer.Columns;

namespace Archive.Indexer.Searching;

/// <summary>By length. The lengths that hold a page are found by counting in buckets, ever narrower.</summary>
internal sealed class SizeOrder(List<FileSlice> slices, bool isDescending) : FileKeyOrder(slices)
{
    private const int Buckets = 4096;

    public override long OffsetAfter(SearchCursor cursor, CancellationToken ct)
    {
        var key = Directed(cursor.Number ?? 0);
        long before = 0;
        foreach (var slice in Slices)
        {
            ct.ThrowIfCancellationRequested();
            var end = EndOf(slice, cursor);
            var sizes = slice.Table.Table.Number(0);
            var bits = slice.Hits.Rows.Bitmap;
            for (var row = Bits.Next(bits, slice.FromRow); row >= 0 && row < slice.ToRow; row = Bits.Next(bits, row + 1))
                if (Directed(sizes[row]) is var own && (own < key || (own == key && row < end)))
                    before++;
        }
        return before;
    }

    protected override (long? Number, string? Text) KeyOf(FilePlace place) => (Slices[place.Slice].Table.Table.Number(0)[place.Row], null);

    protected override (long Low, long High, long Before) Window(long from, long to, CancellationToken ct)
    {
        var used = Slices.Where(s => s.Count > 0).Select(s => s.Table.Table.Number(0)).ToList();
        var low = isDescending ? Directed(used.Max(n => n.Max)) : used.Min(n => n.Min);
        var high = isDescending ? Directed(used.Min(n => n.Min)) : used.Max(n => n.Max);
        long before = 0;
        while (true)
        {
            ct.ThrowIfCancellationRequested();
            var width = ((high - low) / Buckets) + 1;
            var counts = Count(low, high, width);
            var first = 0;
            while (before + counts[first] <= from) before += counts[first++];
            var last = first;
            var through = before + counts[last];
            while (through < to) through += counts[++last];
            high = Math.Min(high, low + ((last + 1) * width) - 1);
            low += first * width;
            if (width == 1 || through - before <= Math.Max(KeyedRows.Enough, 2 * (to - from)) || last > first) return (low, high, before);
        }
    }

    protected override void Collect(int slice, KeyedRows rows)
    {
        var bits = Slices[slice].Hits.Rows.Bitmap;
        var sizes = Slices[slice].Table.Table.Number(0);
        for (var row = Bits.Next(bits, Slices[slice].FromRow); row >= 0 && row < Slices[slice].ToRow && !rows.IsFull; row = Bits.Next(bits, row + 1))
        {
            var key = Directed(sizes[row]);
            if (key >= rows.Low && key <= rows.High) rows.Add(key, new FilePlace(slice, row));
        }
    }

    private long[] Count(long low, long high, long width)
    {
        var counts = new long[Buckets + 1];
        foreach (var slice in Slices)
        {
            if (slice.Count == 0) continue;
            var bits = slice.Hits.Rows.Bitmap;
            var sizes = slice.Table.Table.Number(0);
            for (var row = Bits.Next(bits, slice.FromRow); row >= 0 && row < slice.ToRow; row = Bits.Next(bits, row + 1))
            {
                var key = Directed(sizes[row]);
                if (key >= low && key <= high) counts[(key - low) / width]++;
            }
        }
        return counts;
    }

    private long Directed(long size) => isDescending ? -size : size;
}
