using Archive.Indexer.Format;

namespace Archive.Indexer.Columns;

/// <summary>The ordinals of a column that a filter lets through.</summary>
internal sealed class OrdinalSet
{
    // Where there are this many ranges or fewer, scanning the column for each beats looking every row up.
    private const int MaxScans = 4;

    private readonly bool[]? wanted;

    private OrdinalSet(List<(int From, int To)> ranges, bool[]? wanted)
    {
        Ranges = ranges;
        this.wanted = wanted;
    }

    /// <summary>Ranges of ordinals, both ends inclusive, ascending and apart; used where there are few.</summary>
    public IReadOnlyList<(int From, int To)> Ranges { get; }

    public bool IsEmpty => wanted is null && Ranges.Count == 0;

    /// <summary>Whether <see cref="Ranges"/> is to be scanned for; otherwise ask <see cref="Has"/>.</summary>
    public bool IsScan => wanted is null;

    /// <summary>Whether an ordinal is let through.</summary>
    public bool Has(int ordinal) => wanted![ordinal];

    /// <summary>The ordinals whose values, or one of whose values, lie in the ranges of value ordinals given.</summary>
    public static OrdinalSet Of(in Column column, List<(int From, int To)> values)
    {
        var ranges = Merge(values);
        if (ranges.Count == 0 || (column.SetCount == 0 && ranges.Count <= MaxScans)) return new OrdinalSet(ranges, null);
        var passing = new bool[column.OrdinalCount];
        foreach (var (from, to) in ranges) passing.AsSpan(from, to - from + 1).Fill(true);
        for (var set = column.Cardinality + 1; set < passing.Length; set++)
            foreach (var member in column.Members(set))
                passing[set] |= passing[(int)member];
        return new OrdinalSet(ranges, passing);
    }

    /// <summary>The ordinals for which a flag is set.</summary>
    public static OrdinalSet Where(bool[] passing)
    {
        var ranges = new List<(int From, int To)>();
        for (var ordinal = 0; ordinal < passing.Length; ordinal++)
        {
            if (!passing[ordinal]) continue;
            if (ranges.Count > 0 && ranges[^1].To == ordinal - 1) ranges[^1] = (ranges[^1].From, ordinal);
            else ranges.Add((ordinal, ordinal));
        }
        return new OrdinalSet(ranges, ranges.Count > MaxScans ? passing : null);
    }

    /// <summary>The range of value ordinals whose numbers lie within bounds; empty (from above to) when none does.</summary>
    public static (int From, int To) Numbers(in Column column, double? min, double? max)
    {
        var from = min is { } low ? LowerBound(column.Values, low, orEqual: true) : 0;
        var to = LowerBound(column.Values, max ?? double.PositiveInfinity, orEqual: false);
        return (from + 1, to);
    }

    // The first value that is above the bound, or equal to it where asked; words are above every number.
    private static int LowerBound(in FrontCodedList values, double bound, bool orEqual)
    {
        Span<byte> buffer = stackalloc byte[FrontCodedList.MaxEntryBytes];
        int low = 0, high = values.Count;
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            var isNumber = ValueOrder.TryNumber(buffer[..values.Read(middle, buffer)], out var number);
            if (isNumber && (orEqual ? number < bound : number <= bound)) low = middle + 1;
            else high = middle;
        }
        return low;
    }

    private static List<(int From, int To)> Merge(List<(int From, int To)> ranges)
    {
        var merged = new List<(int From, int To)>();
        foreach (var range in ranges.Where(r => r.From <= r.To).OrderBy(r => r.From))
        {
            if (merged.Count > 0 && range.From <= merged[^1].To + 1) merged[^1] = (merged[^1].From, Math.Max(merged[^1].To, range.To));
            else merged.Add(range);
        }
        return merged;
    }
}
