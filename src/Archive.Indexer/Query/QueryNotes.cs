using Archive.Model.Search;

namespace Archive.Indexer.Query;

/// <summary>What could not be read or looked up as it was written, and what was done instead.</summary>
internal sealed class QueryNotes
{
    /// <summary>Further notes are left out; the last one says so.</summary>
    public const int Max = 20;

    private readonly List<QueryNote> notes = [];

    /// <summary>In the order of their places.</summary>
    public IReadOnlyList<QueryNote> All => [.. notes.OrderBy(n => n.Column)];

    public void Add(QueryPlace place, string message) => Add(place.Start, place.Length, message);

    /// <param name="start">The first character, from 0.</param>
    public void Add(int start, int length, string message)
    {
        if (notes.Count < Max - 1) notes.Add(new QueryNote(start + 1, length, message));
        else if (notes.Count == Max - 1) notes.Add(new QueryNote(start + 1, length, "There is more like this, which is not told."));
    }
}
