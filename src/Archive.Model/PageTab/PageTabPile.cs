namespace Archive.Model.PageTab;

/// <summary>
/// Collects the items of lists whose lengths are not known yet. One pile serves all lists of a kind, nested ones too: each takes
/// what lies above where it began, as an array without spare room.
/// </summary>
internal sealed class PageTabPile<T>
{
    private readonly List<T> items = [];

    /// <summary>How many lie there now: where a list begins.</summary>
    public int Height => items.Count;

    /// <summary>Puts one on top.</summary>
    public void Add(T item) => items.Add(item);

    /// <summary>Takes everything from a height on.</summary>
    public T[] Take(int from)
    {
        if (items.Count == from) return [];
        var taken = items.GetRange(from, items.Count - from).ToArray();
        items.RemoveRange(from, items.Count - from);
        return taken;
    }
}
