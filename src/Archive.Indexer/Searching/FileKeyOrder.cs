namespace Archive.Indexer.Searching;

/// <summary>
/// By a key, equal ones by accession and path. A page is found by counting hits by key: the keys that hold the page are known
/// before a row is collected, and of the many hits that share the first or the last of them only those of the page are kept, so the last
/// page costs what the first does.
/// </summary>
internal abstract class FileKeyOrder(List<FileSlice> slices) : FileOrder(slices)
{
    public override List<FilePlace> Page(long offset, int size, CancellationToken ct)
    {
        if (offset >= Total || size == 0) return [];
        var (low, high, before) = Window(offset, Math.Min(Total, offset + size), ct);
        var rows = new KeyedRows(low, high, offset - before, size);
        for (var s = 0; s < Slices.Count && !rows.IsFull; s++)
        {
            ct.ThrowIfCancellationRequested();
            if (Slices[s].Count > 0) Collect(s, rows);
        }
        return rows.Page();
    }

    /// <summary>
    /// The keys that hold the hits from <paramref name="from"/> up to, not with, <paramref name="to"/>, and how many hits come before them. Where
    /// the least and the greatest differ, hits between them are few, or the first of the page is not of the greatest.
    /// </summary>
    protected abstract (long Low, long High, long Before) Window(long from, long to, CancellationToken ct);

    /// <summary>Adds the hits of a slice whose keys lie within those asked for, in row order.</summary>
    protected abstract void Collect(int slice, KeyedRows rows);
}
