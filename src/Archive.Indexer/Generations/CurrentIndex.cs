using Archive.Model.Errors;

namespace Archive.Indexer.Generations;

/// <summary>
/// Holds what is searched now. A search leases it from beginning to end; a swap cuts none off, and what nobody leases any more is
/// unmapped. One for each process.
/// </summary>
public sealed class CurrentIndex : IDisposable
{
    // Main generations that leases may keep mapped beside the one that answers.
    private const int MaxPinnedGenerations = 2;

    // Deltas are small, and each release of a dataset makes one.
    private const int MaxPinnedSnapshots = 64;

    private readonly Lock gate = new();
    private readonly List<IndexSnapshot> retired = [];
    private IndexSnapshot? snapshot;
    private long swaps;

    /// <summary>Whether something can be searched.</summary>
    public bool IsOpen => Volatile.Read(ref snapshot) is not null;

    /// <summary>How often what is searched was replaced since the process began.</summary>
    public long Swaps => Interlocked.Read(ref swaps);

    /// <summary>Main generations that are mapped only because a search still reads them.</summary>
    public int PinnedGenerations
    {
        get
        {
            var answering = Volatile.Read(ref snapshot)?.Segments[0].Generation;
            lock (gate)
                return retired.Where(s => !s.IsOver).Select(s => s.Segments[0].Generation).Where(g => g != answering).Distinct().Count();
        }
    }

    /// <summary>Only one writer at a time composes; it may take long.</summary>
    internal SemaphoreSlim Writer { get; } = new(1, 1);

    /// <summary>Only one writer at a time looks at what answers and replaces it; never held for longer than a look at the changes.</summary>
    internal SemaphoreSlim Swapping { get; } = new(1, 1);

    /// <summary>Leases what is searched now.</summary>
    /// <exception cref="ArchiveException">Nothing is open yet.</exception>
    internal SnapshotLease Lease() =>
        TryLease() ?? throw new ArchiveException(Problems.IndexNotReady, "The search index is not open yet.");

    /// <summary>Leases what is searched now; null when nothing is.</summary>
    internal SnapshotLease? TryLease()
    {
        while (true)
        {
            var seen = Volatile.Read(ref snapshot);
            if (seen is null) return null;
            // It may have been swapped out and ended since it was read: then there is a newer one.
            if (seen.TryHold()) return new SnapshotLease(seen);
        }
    }

    /// <summary>Puts a snapshot in place, and takes over its first hold.</summary>
    internal void Swap(IndexSnapshot next)
    {
        var before = Interlocked.Exchange(ref snapshot, next);
        Interlocked.Increment(ref swaps);
        if (before is null) return;
        lock (gate)
        {
            retired.RemoveAll(s => s.IsOver);
            retired.Add(before);
            AskOldestToEnd(next.Segments[0].Generation);
        }
        before.Release();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Interlocked.Exchange(ref snapshot, null)?.Release();
        Writer.Dispose();
        Swapping.Dispose();
    }

    // Whoever reads for hours would keep each night's generation mapped; the longest ones are asked to stop or to lease anew.
    private void AskOldestToEnd(Generation answering)
    {
        var mains = new HashSet<Generation> { answering };
        for (var i = retired.Count - 1; i >= 0; i--)
        {
            mains.Add(retired[i].Segments[0].Generation);
            if (mains.Count > MaxPinnedGenerations + 1 || retired.Count - i > MaxPinnedSnapshots) retired[i].AskToEnd();
        }
    }
}

/// <summary>The right to read a snapshot until it is disposed of.</summary>
internal sealed class SnapshotLease(IndexSnapshot snapshot) : IDisposable
{
    private int isOver;

    public IndexSnapshot Snapshot => snapshot;

    /// <summary>
    /// Cancelled when so many newer generations came that this one should be let go of. What reads for longer than an answer of one page takes
    /// (an export to a slow reader) looks at it between two pieces; nothing is taken away from who does not.
    /// </summary>
    public CancellationToken Ending => snapshot.Ending;

    public void Dispose()
    {
        if (Interlocked.Exchange(ref isOver, 1) == 0) snapshot.ReleaseElsewhere();
    }
}
