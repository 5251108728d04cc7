using Archive.Indexer.Columns;
using Archive.Model.Datasets;

namespace Archive.Indexer.Searching;

/// <summary>An order of hits: finds the page at any offset, and the offset of any cursor.</summary>
internal abstract class FileOrder
{
    protected FileOrder(List<FileSlice> slices)
    {
        Slices = slices;
        foreach (var slice in slices) Total += slice.Count;
    }

    /// <summary>In accession order.</summary>
    protected List<FileSlice> Slices { get; }

    /// <summary>All hits.</summary>
    public long Total { get; }

    /// <summary>The hits from an offset on, at most so many.</summary>
    public abstract List<FilePlace> Page(long offset, int size, CancellationToken ct);

    /// <summary>How many hits come up to the place of a cursor, that one too.</summary>
    public abstract long OffsetAfter(SearchCursor cursor, CancellationToken ct);

    /// <summary>The place after a hit.</summary>
    public SearchCursor CursorAfter(FilePlace place)
    {
        var table = Slices[place.Slice].Table;
        var (number, text) = KeyOf(place);
        return new SearchCursor(null, number, text, table.Accession(table.DatasetOf(place.Row)).ToString(), table.Path(place.Row));
    }

    /// <summary>What a hit is sorted by, as it goes into a cursor.</summary>
    protected virtual (long? Number, string? Text) KeyOf(FilePlace place) => (null, null);

    /// <summary>The row behind the last of a slice that comes, by accession and path, up to the cursor's place.</summary>
    protected static int EndOf(FileSlice slice, SearchCursor cursor) =>
        Math.Clamp(slice.Table.RowAfter(Accession.Parse(cursor.Accession, null), cursor.Path ?? ""), slice.FromRow, slice.ToRow);
}

/// <summary>By accession and path.</summary>
internal sealed class PathOrder(List<FileSlice> slices, bool isDescending) : FileOrder(slices)
{
    public bool IsDescending => isDescending;

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
        long upTo = 0;
        // From the end, the hit itself counts among those that were shown; it may be gone by now.
        var isThere = false;
        foreach (var slice in Slices)
        {
            var end = EndOf(slice, cursor);
            upTo += slice.Hits.Rows.CountRange(slice.FromRow, end);
            isThere |= end > slice.FromRow && IsHit(slice, end - 1, cursor);
        }
        return isDescending ? Total - upTo + (isThere ? 1 : 0) : upTo;
    }

    private static bool IsHit(FileSlice slice, int row, SearchCursor cursor) =>
        slice.Hits.Rows.CountRange(row, row + 1) == 1
        && slice.Table.Accession(slice.Table.DatasetOf(row)).ToString() == cursor.Accession && slice.Table.Path(row) == cursor.Path;

    private List<FilePlace> Ascending(long offset, int size)
    {
        var page = new List<FilePlace>(Math.Min(size, 1024));
        for (var s = 0; s < Slices.Count && page.Count < size; s++)
        {
            var slice = Slices[s];
            if (offset >= slice.Count)
            {
                offset -= slice.Count;
                continue;
            }
            var rows = slice.Hits.Rows;
            var bits = rows.Bitmap;
            var row = Bits.Select(bits, (int)offset + rows.CountRange(0, slice.FromRow));
            for (; row >= 0 && row < slice.ToRow && page.Count < size; row = Bits.Next(bits, row + 1)) page.Add(new FilePlace(s, row));
            offset = 0;
        }
        return page;
    }
}
