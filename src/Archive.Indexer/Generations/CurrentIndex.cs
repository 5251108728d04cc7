using Archive.Model.Errors;

namespace Archive.Indexer.Generations;

/// <summary>
/// Holds what is searched now. A search leases it from beginning to end; a swap cuts none off, and what nobody leases any more is
/// unmapped. One for each process.
/// </summary>
public sealed class CurrentIndex : IDisposable
{
    private IndexSnapshot? snapshot;

    /// <summary>Whether something can be searched.</summary>
    public bool IsOpen => Volatile.Read(ref snapshot) is not null;

    /// <summary>Only one writer at a time composes and swaps.</summary>
    internal SemaphoreSlim Writer { get; } = new(1, 1);

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
    internal void Swap(IndexSnapshot next) => Interlocked.Exchange(ref snapshot, next)?.Release();

    /// <inheritdoc/>
    public void Dispose()
    {
        Interlocked.Exchange(ref snapshot, null)?.Release();
        Writer.Dispose();
    }
}

/// <summary>The right to read a snapshot until it is disposed of.</summary>
internal sealed class SnapshotLease(IndexSnapshot snapshot) : IDisposable
{
    private int isOver;

    public IndexSnapshot Snapshot => snapshot;

    public void Dispose()
    {
        if (Interlocked.Exchange(ref isOver, 1) == 0) snapshot.Release();
    }
}
