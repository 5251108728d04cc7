namespace Archive.Submissions.TextMetadata;

/// <summary>
/// Keeps what was read, by the content of the files, so that looking again at proposals reads nothing again. Bounded by what it
/// holds, oldest use out first. Thread-safe.
/// </summary>
public sealed class ReadingCache
{
    private const long MaxWeight = 32L << 20;

    private readonly Lock gate = new();
    private readonly Dictionary<string, LinkedListNode<(string Key, MetadataReading Reading, long Weight)>> byKey = new(StringComparer.Ordinal);
    private readonly LinkedList<(string Key, MetadataReading Reading, long Weight)> byUse = new();
    private long weight;

    /// <summary>How often a reading was not there; for tests.</summary>
    internal long Misses { get; private set; }

    /// <summary>The reading under a key; null when it is not kept.</summary>
    public MetadataReading? Find(string key)
    {
        lock (gate)
        {
            if (!byKey.TryGetValue(key, out var node))
            {
                Misses++;
                return null;
            }
            byUse.Remove(node);
            byUse.AddFirst(node);
            return node.Value.Reading;
        }
    }

    /// <summary>Keeps a reading.</summary>
    public void Keep(string key, MetadataReading reading)
    {
        var own = WeightOf(reading);
        if (own > MaxWeight / 4) return;
        lock (gate)
        {
            if (byKey.ContainsKey(key)) return;
            byKey[key] = byUse.AddFirst((key, reading, own));
            weight += own;
            while (weight > MaxWeight && byUse.Last is { } oldest)
            {
                byUse.RemoveLast();
                byKey.Remove(oldest.Value.Key);
                weight -= oldest.Value.Weight;
            }
        }
    }

    // Bytes, about: characters twice and some for each object.
    private static long WeightOf(MetadataReading reading) =>
        1000 + reading.Values.Sum(v => 300 + 2L * (v.Value?.Length ?? 0) + (v.Table?.Rows.Sum(r => 200 + r.Cells.Sum(c => 40 + 2L * (c?.Length ?? 0))) ?? 0))
        + reading.Notes.Findings.Sum(f => 200 + 2L * (f.Message.Length + f.Place.Length));
}
