namespace Archive.Indexer.Shelves;

/// <summary>
/// Keeps shelves open, those that were used last, within a number of bytes. Who asks for one that is being opened waits with the others for
/// the one opening, which goes on when nobody waits any more.
/// </summary>
internal sealed class ShelfCache(ShelfOptions options, Func<ShelfId, FileView?, CancellationToken, Task<ShelfFile>> open) : IDisposable
{
    private readonly Lock gate = new();
    private readonly Dictionary<ShelfId, Entry> entries = [];
    private readonly CancellationTokenSource end = new();
    private long uses;
    private int pending;

    /// <summary>What is open or being opened.</summary>
    public IReadOnlyList<ShelfId> Ids
    {
        get { lock (gate) return [.. entries.Keys]; }
    }

    /// <summary>Bytes of what is kept open.</summary>
    public long Bytes
    {
        get { lock (gate) return entries.Values.Sum(e => e.Bytes); }
    }

    /// <summary>Holds a shelf for the caller, who lets go of it; null when it is not open after a while, or when too many are being opened.</summary>
    /// <exception cref="Exception">What opening it threw; the next call tries again.</exception>
    public async Task<ShelfFile?> TryHoldAsync(ShelfId id, FileView? view, TimeSpan patience, CancellationToken ct)
    {
        while (true)
        {
            if (Enter(id, view) is not { } entry) return null;
            ShelfFile shelf;
            try
            {
                shelf = await entry.Opening.WaitAsync(patience, ct);
            }
            catch (TimeoutException) when (!entry.Opening.IsFaulted)
            {
                return null;
            }
            // It may have been given up since it was opened: then it is opened once more.
            if (shelf.TryHold()) return shelf;
        }
    }

    /// <summary>Gives up shelves; who reads one reads on.</summary>
    public void Remove(Func<ShelfId, bool> which)
    {
        lock (gate)
            foreach (var (id, entry) in entries.Where(e => which(e.Key)).ToList())
                Remove(id, entry);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        end.Cancel();
        Remove(_ => true);
        end.Dispose();
    }

    private Entry? Enter(ShelfId id, FileView? view)
    {
        lock (gate)
        {
            if (!entries.TryGetValue(id, out var entry))
            {
                if (pending >= options.MaxPending) return null;
                pending++;
                entry = new Entry();
                entries.Add(id, entry);
                entry.Opening = Task.Run(() => OpenAsync(id, view, entry, end.Token), CancellationToken.None);
            }
            entry.LastUse = ++uses;
            return entry;
        }
    }

    private async Task<ShelfFile> OpenAsync(ShelfId id, FileView? view, Entry entry, CancellationToken ct)
    {
        try
        {
            var shelf = await open(id, view, ct);
            lock (gate)
            {
                pending--;
                entry.Shelf = shelf;
                if (!entries.TryGetValue(id, out var current) || current != entry) entry.Shelf.Release();
                else MakeRoom(entry);
            }
            return shelf;
        }
        catch
        {
            lock (gate)
            {
                pending--;
                if (entries.TryGetValue(id, out var current) && current == entry) entries.Remove(id);
            }
            throw;
        }
    }

    private void MakeRoom(Entry newest)
    {
        var bytes = entries.Values.Sum(e => e.Bytes);
        foreach (var (id, entry) in entries.Where(e => e.Value.Shelf is not null && e.Value != newest).OrderBy(e => e.Value.LastUse).ToList())
        {
            if (bytes <= options.MaxBytes && entries.Count <= options.MaxCount) return;
            bytes -= entry.Bytes;
            Remove(id, entry);
        }
    }

    // One that is still being opened is let go of when it is open and finds itself removed.
    private void Remove(ShelfId id, Entry entry)
    {
        entries.Remove(id);
        entry.Shelf?.Release();
    }

    private sealed class Entry
    {
        public Task<ShelfFile> Opening { get; set; } = null!;

        /// <summary>Held by the cache; null until it is open.</summary>
        public ShelfFile? Shelf { get; set; }

        public long Bytes => Shelf?.LengthBytes ?? 0;

        public long LastUse { get; set; }
    }
}
