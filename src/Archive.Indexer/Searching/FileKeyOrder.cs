namespace Archive.Indexer.Searching;

/// <summary>
/// By a key, equal ones by accession and path. A page is found by counting hits by key: the keys that hold the page are known
/// before a row is collected, so the last page costs what the first does.
/// </summary>
internal abstract class FileKeyOrder(List<FileSlice> slices) : FileOrder(slices)
{
    public override List<FilePlace> Page(long offset, int size, CancellationToken ct)
    {
        if (offset >= Total || size == 0) return [];
        var (low, high, before) = Window(offset, Math.Min(Total, offset + size), ct);
        var rows = new List<(long Key, int Order, FilePlace Place)>();
        for (var s = 0; s < Slices.Count; s++)
        {
            ct.ThrowIfCancellationRequested();
            if (Slices[s].Count > 0) Collect(s, low, high, rows);
        }
        // Collected in order of accession and path; the running number keeps equal keys so.
        rows.Sort((a, b) => a.Key != b.Key ? a.Key.CompareTo(b.Key) : a.Order.CompareTo(b.Order));
        return [.. rows.Skip(checked((int)(offset - before))).Take(size).Select(r => r.Place)];
    }

    /// <summary>
    /// The keys that hold the hits from <paramref name="from"/> up to, not with, <paramref name="to"/>, and how many hits come
    /// before them.
    /// </summary>
    protected abstract (long Low, long High, long Before) Window(long from, long to, CancellationToken ct);

    /// <summary>Appends the hits of a slice whose keys lie from low to high, in row order.</summary>
    protected abstract void Collect(int slice, long low, long high, List<(long Key, int Order, FilePlace Place)> rows);
}
