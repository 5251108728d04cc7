namespace Archive.Indexer.Generations;

/// <summary>Something that ends when its last holder lets go. It begins with one holder.</summary>
internal abstract class Counted
{
    private int holders = 1;

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

    /// <summary>Called once, when nobody holds it any more.</summary>
    protected abstract void End();
}
