using Archive.Indexer.Columns;

namespace Archive.Indexer.Searching;

/// <summary>By length. The lengths that hold a page are found by counting in buckets, ever narrower.</summary>
internal sealed class SizeOrder(List<ShelfHits> shelves, bool isDescending) : FileKeyOrder(shelves)
{
    private const int Buckets = 4096;

    // Sorting so many rows is cheaper than another pass over all hits.
    private const int EnoughRows = 16_384;

    public override long OffsetAfter(SearchCursor cursor, CancellationToken ct)
    {
        var key = Directed(cursor.Number ?? 0);
        long before = 0;
        foreach (var shelf in Shelves)
        {
            ct.ThrowIfCancellationRequested();
            var sizes = shelf.Shelf.Number(0);
            for (var row = Bits.Next(shelf.Rows, 0); row >= 0; row = Bits.Next(shelf.Rows, row + 1))
                if (Directed(sizes[row]) < key)
                    before++;
        }
        return before + CountUpTo(cursor, shelf =>
        {
            var same = Shelves[shelf].Rows.ToArray();
            Shelves[shelf].Shelf.Number(0).And(Directed(key), Directed(key), same);
            return same;
        });
    }

    protected override (long? Number, string? Text) KeyOf(FilePlace place) => (Shelves[place.Shelf].Shelf.Number(0)[place.Row], null);

    protected override (long Low, long High, long Before) Window(long from, long to, CancellationToken ct)
    {
        var used = Shelves.Where(s => s.Count > 0).Select(s => s.Shelf.Number(0)).ToList();
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
            if (width == 1 || through - before <= Math.Max(EnoughRows, 2 * (to - from)) || last > first) return (low, high, before);
        }
    }

    protected override void Collect(int shelf, long low, long high, List<(long Key, int Order, FilePlace Place)> rows)
    {
        var hits = Shelves[shelf].Rows;
        var sizes = Shelves[shelf].Shelf.Number(0);
        for (var row = Bits.Next(hits, 0); row >= 0; row = Bits.Next(hits, row + 1))
        {
            var key = Directed(sizes[row]);
            if (key >= low && key <= high) rows.Add((key, rows.Count, new FilePlace(shelf, row)));
        }
    }

    private long[] Count(long low, long high, long width)
    {
        var counts = new long[Buckets + 1];
        foreach (var shelf in Shelves)
        {
            var hits = shelf.Rows;
            var sizes = shelf.Shelf.Number(0);
            for (var row = Bits.Next(hits, 0); row >= 0; row = Bits.Next(hits, row + 1))
            {
                var key = Directed(sizes[row]);
                if (key >= low && key <= high) counts[(key - low) / width]++;
            }
        }
        return counts;
    }

    private long Directed(long size) => isDescending ? -size : size;
}
