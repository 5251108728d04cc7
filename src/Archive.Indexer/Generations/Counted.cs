namespace Archive.Indexer.Generations;

/// <summary>Something that ends when its last holder lets go. It begins with one holder.</summary>
internal abstract class Counted
{
    private int holders = 1;

    /// <summary>Whether its last holder has let go.</summary>
    public bool IsOver => Volatile.Read(ref holders) == 0;

    /// <summary>Holds it once more; false when it has ended.</summary>
    public bool TryHold()
    {
        var seen = Volatile.Read(ref holders);
        while (seen > 0)
        {
            var before = Interlocked.CompareExchange(ref holders, seen + 1, seen);
            if (before == seen) return true;
            seen = before;
        }
        return false;
    }

    /// <summary>Lets go.</summary>
    public void Release()
    {
        if (Interlocked.Decrement(ref holders) == 0) End();
    }

    /// <summary>Lets go, and where that ends it leaves the work to another thread: unmapping a large file takes longer than a search.</summary>
    public void ReleaseElsewhere()
    {
        if (Interlocked.Decrement(ref holders) == 0) ThreadPool.UnsafeQueueUserWorkItem(static ended => ended.End(), this, preferLocal: false);
    }

    /// <summary>Called once, when nobody holds it any more.</summary>
    protected abstract void End();
}
