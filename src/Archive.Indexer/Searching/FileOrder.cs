using System.Runtime.InteropServices;
using Archive.Indexer.Columns;

namespace Archive.Indexer.Searching;

/// <summary>A hit by place: the shelf's number in the scope, and the row.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct FilePlace(int Shelf, int Row);

/// <summary>An order of the hits of a scope: finds the page at any offset, and the offset of any cursor.</summary>
internal abstract class FileOrder
{
    protected FileOrder(List<ShelfHits> shelves)
    {
        Shelves = shelves;
        foreach (var shelf in shelves) Total += shelf.Count;
    }

    /// <summary>In accession order.</summary>
    protected List<ShelfHits> Shelves { get; }

    /// <summary>All hits.</summary>
    public long Total { get; }

    /// <summary>The hits from an offset on, at most so many.</summary>
    public abstract List<FilePlace> Page(long offset, int size, CancellationToken ct);

    /// <summary>How many hits come up to the place of a cursor, that one too.</summary>
    public abstract long OffsetAfter(SearchCursor cursor, CancellationToken ct);

    /// <summary>The place after a hit.</summary>
    public SearchCursor CursorAfter(FilePlace place)
    {
        var shelf = Shelves[place.Shelf];
        var (number, text) = KeyOf(place);
        return new SearchCursor(null, number, text, shelf.Accession.ToString(), shelf.Shelf.Keys[place.Row]);
    }

    /// <summary>What a hit is sorted by, as it goes into a cursor.</summary>
    protected virtual (long? Number, string? Text) KeyOf(FilePlace place) => (null, null);

    /// <summary>Hits of some rows of each shelf that come, by accession and path, up to the cursor's place.</summary>
    protected long CountUpTo(SearchCursor cursor, Func<int, ReadOnlySpan<ulong>> rows)
    {
        var accession = Model.Datasets.Accession.Parse(cursor.Accession, null);
        long count = 0;
        for (var s = 0; s < Shelves.Count; s++)
        {
            var order = Shelves[s].Accession.CompareTo(accession);
            if (order > 0) break;
            var bits = rows(s);
            count += order < 0 ? Bits.Count(bits) : Bits.CountRange(bits, 0, Shelves[s].RowAfter(cursor.Path ?? ""));
        }
        return count;
    }
}

/// <summary>By accession and path.</summary>
internal sealed class PathOrder(List<ShelfHits> shelves, bool isDescending) : FileOrder(shelves)
{
    public override List<FilePlace> Page(long offset, int size, CancellationToken ct)
    {
        if (!isDescending) return Ascending(offset, size);
        var end = Math.Max(0, Total - offset);
        var start = Math.Max(0, end - size);
        var page = Ascending(start, (int)(end - start));
        page.Reverse();
        return page;
    }

    public override long OffsetAfter(SearchCursor cursor, CancellationToken ct)
    {
        var upTo = CountUpTo(cursor, shelf => Shelves[shelf].Rows);
        if (!isDescending) return upTo;
        // From the end, the hit itself counts among those that were shown; it may be gone by now.
        var isThere = Shelves.Exists(s => s.Accession.ToString() == cursor.Accession && IsHit(s, cursor.Path ?? ""));
        return Total - upTo + (isThere ? 1 : 0);
    }

    private static bool IsHit(ShelfHits shelf, string path)
    {
        var after = shelf.RowAfter(path);
        return after > 0 && Bits.Has(shelf.Rows, after - 1) && shelf.Shelf.Keys[after - 1] == path;
    }

    private List<FilePlace> Ascending(long offset, int size)
    {
        var page = new List<FilePlace>(Math.Min(size, 1024));
        for (var s = 0; s < Shelves.Count && page.Count < size; s++)
        {
            if (offset >= Shelves[s].Count)
            {
                offset -= Shelves[s].Count;
                continue;
            }
            var rows = Shelves[s].Rows;
            for (var row = Bits.Select(rows, (int)offset); row >= 0 && page.Count < size; row = Bits.Next(rows, row + 1)) page.Add(new FilePlace(s, row));
            offset = 0;
        }
        return page;
    }
}
