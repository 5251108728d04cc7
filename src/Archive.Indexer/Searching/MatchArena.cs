using System.Buffers;

namespace Archive.Indexer.Searching;

/// <summary>
/// Lends the memory of a search's matches and takes all of it back at the end: arrays as long as half the archive would otherwise be
/// cleared and collected for every query. One search runs on one thread from beginning to end, so that the arena is the thread's.
/// </summary>
internal sealed class MatchArena : IDisposable
{
    [ThreadStatic]
    private static MatchArena? current;

    private readonly List<int[]> lent = [];
    private readonly MatchArena? outer;

    private MatchArena() => outer = current;

    /// <summary>Begins a search. Its matches must not be used after the arena ends.</summary>
    public static MatchArena Open() => current = new MatchArena();

    /// <summary>Memory of that length or more, not cleared; where no search is open, it is the caller's for good.</summary>
    public static int[] Rent(int length)
    {
        if (current is null) return new int[length];
        var array = ArrayPool<int>.Shared.Rent(length);
        current.lent.Add(array);
        return array;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        current = outer;
        foreach (var array in lent) ArrayPool<int>.Shared.Return(array);
        lent.Clear();
    }
}
