namespace Archive.Indexer.Searching;

/// <summary>
/// The hits of one page, added in order of accession and path. As many as half the archive may share a key, so those of the least key that come
/// before the page are passed over, and those of the greatest that come after it are not kept.
/// </summary>
/// <param name="low">The least key of the page.</param>
/// <param name="high">The greatest.</param>
/// <param name="skip">Hits within the keys that come before the page.</param>
/// <param name="size">Hits of the page.</param>
internal sealed class KeyedRows(long low, long high, long skip, int size)
{
    /// <summary>Keeping and sorting so many hits is cheaper than another pass over all of them.</summary>
    public const int Enough = 16_384;

    private readonly List<(long Key, int Order, FilePlace Place)> rows = [];
    private readonly long roomOfHigh = low == high ? size : Math.Max(Enough, 2L * size);
    private long left = skip;
    private long ofHigh;

    /// <summary>The least key that is wanted.</summary>
    public long Low => low;

    /// <summary>The greatest key that is wanted.</summary>
    public long High => high;

    /// <summary>Whether nothing more is wanted.</summary>
    public bool IsFull => low == high && ofHigh == roomOfHigh;

    /// <summary>Passes over the next hits where all that is wanted has one key; how many of them come before the page.</summary>
    public int PassOver(int hits)
    {
        if (low != high) return 0;
        var passed = (int)Math.Min(left, hits);
        left -= passed;
        return passed;
    }

    /// <summary>Adds a hit with one of the keys.</summary>
    public void Add(long key, FilePlace place)
    {
        if (key == low && left > 0)
        {
            left--;
            return;
        }
        if (key == high && ofHigh++ >= roomOfHigh)
        {
            ofHigh = roomOfHigh;
            return;
        }
        // The running number keeps equal keys in the order in which they came.
        rows.Add((key, rows.Count, place));
    }

    /// <summary>The page.</summary>
    public List<FilePlace> Page()
    {
        rows.Sort((a, b) => a.Key != b.Key ? a.Key.CompareTo(b.Key) : a.Order.CompareTo(b.Order));
        return [.. rows.Skip(checked((int)left)).Take(size).Select(r => r.Place)];
    }
}
