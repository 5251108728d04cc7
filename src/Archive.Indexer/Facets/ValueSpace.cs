using Archive.Indexer.Format;

namespace Archive.Indexer.Facets;

/// <summary>
/// The values of one attribute over the main generation (segment 0) and the delta (segment 1), numbered from 1 in value order.
/// The delta is small, so only its values are looked up in the other list, and nothing is copied.
/// </summary>
internal sealed class ValueSpace
{
    /// <summary>No values.</summary>
    public static readonly ValueSpace Empty = new(null, null);

    private readonly FrontCodedList? main;
    private readonly FrontCodedList? delta;
    private readonly int[] deltaRanks = [];

    // The values that only the delta has: their index there, how many of the main list are before each, and their rank.
    private readonly List<int> onlyIndex = [];
    private readonly List<int> onlyInserts = [];
    private readonly List<int> onlyRanks = [];

    /// <param name="main">Values in the main generation; null for none.</param>
    /// <param name="delta">Values in the delta; null for none.</param>
    public ValueSpace(FrontCodedList? main, FrontCodedList? delta)
    {
        this.main = main;
        this.delta = delta;
        if (delta is { } added)
        {
            deltaRanks = new int[added.Count];
            var walk = added.Walk(0);
            Span<byte> buffer = stackalloc byte[FrontCodedList.MaxEntryBytes];
            while (walk.MoveNext())
            {
                var before = main?.LowerBound<ValueOrder>(walk.Current) ?? 0;
                var isInMain = main is { } list && before < list.Count && buffer[..list.Read(before, buffer)].SequenceEqual(walk.Current);
                deltaRanks[walk.Index] = before + 1 + onlyIndex.Count;
                if (isInMain) continue;
                onlyRanks.Add(deltaRanks[walk.Index]);
                onlyInserts.Add(before);
                onlyIndex.Add(walk.Index);
            }
        }
        Count = (main?.Count ?? 0) + onlyIndex.Count;
    }

    /// <summary>Number of different values.</summary>
    public int Count { get; }

    /// <summary>Whether ranks of segment 0 are its ordinals.</summary>
    public bool IsMainOnly => onlyIndex.Count == 0;

    /// <summary>A value by rank.</summary>
    public string this[int rank]
    {
        get
        {
            var at = onlyRanks.BinarySearch(rank);
            return at >= 0 ? delta!.Value[onlyIndex[at]] : main!.Value[rank - 1 - ~at];
        }
    }

    /// <summary>The rank of a segment's ordinal; 0 for 0.</summary>
    public int Rank(int segment, int ordinal)
    {
        if (ordinal == 0) return 0;
        if (segment != 0) return deltaRanks[ordinal - 1];
        return ordinal + InsertedBefore(ordinal - 1);
    }

    /// <summary>The least rank whose value is not below the one given, and whether it is the same.</summary>
    public (int Rank, bool IsExact) Find(ReadOnlySpan<byte> value)
    {
        Span<byte> buffer = stackalloc byte[FrontCodedList.MaxEntryBytes];
        var inMain = main?.LowerBound<ValueOrder>(value) ?? 0;
        var isExact = main is { } list && inMain < list.Count && buffer[..list.Read(inMain, buffer)].SequenceEqual(value);
        int low = 0, high = onlyIndex.Count;
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            if (ValueOrder.Compare(buffer[..delta!.Value.Read(onlyIndex[middle], buffer)], value) < 0) low = middle + 1;
            else high = middle;
        }
        isExact |= low < onlyIndex.Count && buffer[..delta!.Value.Read(onlyIndex[low], buffer)].SequenceEqual(value);
        return (inMain + low + 1, isExact);
    }

    private int InsertedBefore(int index)
    {
        int low = 0, high = onlyInserts.Count;
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            if (onlyInserts[middle] <= index) low = middle + 1;
            else high = middle;
        }
        return low;
    }
}
