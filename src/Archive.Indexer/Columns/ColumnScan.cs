using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Archive.Indexer.Columns;

/// <summary>Filters the rows of a column, 64 at a time where it is plain.</summary>
internal static class ColumnScan
{
    /// <summary>Takes every row out of the bitmap whose ordinal is not in the set.</summary>
    public static void And(in Column column, OrdinalSet set, Span<ulong> bits)
    {
        if (set.IsEmpty)
        {
            bits.Clear();
            return;
        }
        switch (column.Encoding)
        {
            case ColumnEncoding.Constant:
                if (!Has(set, (int)column.Constant)) bits.Clear();
                break;
            case ColumnEncoding.Runs:
                AndRuns(column, set, bits);
                break;
            case ColumnEncoding.Bytes when set.IsScan:
                AndPlain(column.Plain<byte>(), set, bits);
                break;
            case ColumnEncoding.Shorts when set.IsScan:
                AndPlain(column.Plain<ushort>(), set, bits);
                break;
            case ColumnEncoding.Words when set.IsScan:
                AndPlain(column.Plain<uint>(), set, bits);
                break;
            default:
                AndLookedUp(column, set, bits);
                break;
        }
    }

    /// <summary>Puts exactly the rows into the bitmap whose ordinal is in the set.</summary>
    public static void Mark(in Column column, OrdinalSet set, Span<ulong> bits)
    {
        if (column.Encoding == ColumnEncoding.Runs && set.IsScan && !set.IsEmpty)
        {
            bits.Clear();
            MarkRuns(column, set, bits);
            return;
        }
        Bits.Fill(bits, column.Rows);
        And(column, set, bits);
    }

    // Single ordinals, the usual case, are searched for 16 runs at a time.
    private static void MarkRuns(in Column column, OrdinalSet set, Span<ulong> bits)
    {
        var starts = column.RunStarts;
        var ordinals = column.RunOrdinals[..starts.Length];
        foreach (var (from, to) in set.Ranges)
        {
            for (var run = 0; run < ordinals.Length; run++)
            {
                var skip = from == to ? ordinals[run..].IndexOf((uint)from) : ordinals[run..].IndexOfAnyInRange((uint)from, (uint)to);
                if (skip < 0) break;
                run += skip;
                Bits.SetRange(bits, (int)starts[run], run + 1 < starts.Length ? (int)starts[run + 1] : column.Rows);
            }
        }
    }

    private static bool Has(OrdinalSet set, int ordinal)
    {
        if (!set.IsScan) return set.Has(ordinal);
        foreach (var (from, to) in set.Ranges)
            if (ordinal >= from && ordinal <= to)
                return true;
        return false;
    }

    private static void AndRuns(in Column column, OrdinalSet set, Span<ulong> bits)
    {
        var starts = column.RunStarts;
        var ordinals = column.RunOrdinals;
        var keptEnd = 0;
        for (var run = 0; run < starts.Length; run++)
        {
            if (!Has(set, (int)ordinals[run])) continue;
            Bits.ClearRange(bits, keptEnd, (int)starts[run]);
            keptEnd = run + 1 < starts.Length ? (int)starts[run + 1] : column.Rows;
        }
        Bits.ClearRange(bits, keptEnd, bits.Length << 6);
    }

    // (x - from) <= (to - from) in unsigned arithmetic holds exactly for from <= x <= to.
    private static void AndPlain<T>(ReadOnlySpan<T> ordinals, OrdinalSet set, Span<ulong> bits)
        where T : unmanaged, IBinaryInteger<T>, IUnsignedNumber<T>
    {
        var perWord = 64 / Vector512<T>.Count;
        var blocks = MemoryMarshal.Cast<T, Vector512<T>>(ordinals)[..(bits.Length * perWord)];
        if (set.Ranges.Count == 1)
        {
            var (from, to) = set.Ranges[0];
            AndRange(blocks, Vector512.Create(T.CreateTruncating(from)), Vector512.Create(T.CreateTruncating(to - from)), perWord, bits);
            return;
        }
        for (var w = 0; w < bits.Length; w++)
        {
            if (bits[w] == 0) continue;
            var found = 0UL;
            foreach (var (from, to) in set.Ranges)
            {
                var low = Vector512.Create(T.CreateTruncating(from));
                var span = Vector512.Create(T.CreateTruncating(to - from));
                for (var k = 0; k < perWord; k++)
                    found |= Vector512.LessThanOrEqual(blocks[(w * perWord) + k] - low, span).ExtractMostSignificantBits() << (k * Vector512<T>.Count);
            }
            bits[w] &= found;
        }
    }

    private static void AndRange<T>(ReadOnlySpan<Vector512<T>> blocks, Vector512<T> low, Vector512<T> span, int perWord, Span<ulong> bits)
        where T : unmanaged, IBinaryInteger<T>
    {
        for (var w = 0; w < bits.Length; w++)
        {
            var found = 0UL;
            for (var k = 0; k < perWord; k++)
                found |= Vector512.LessThanOrEqual(blocks[(w * perWord) + k] - low, span).ExtractMostSignificantBits() << (k * Vector512<T>.Count);
            bits[w] &= found;
        }
    }

    private static void AndLookedUp(in Column column, OrdinalSet set, Span<ulong> bits)
    {
        switch (column.Encoding)
        {
            case ColumnEncoding.Bytes:
                AndLookedUp(column.Plain<byte>(), set, bits);
                break;
            case ColumnEncoding.Shorts:
                AndLookedUp(column.Plain<ushort>(), set, bits);
                break;
            default:
                AndLookedUp(column.Plain<uint>(), set, bits);
                break;
        }
    }

    private static void AndLookedUp<T>(ReadOnlySpan<T> ordinals, OrdinalSet set, Span<ulong> bits)
        where T : unmanaged, IBinaryInteger<T>
    {
        for (var w = 0; w < bits.Length; w++)
        {
            var kept = 0UL;
            for (var word = bits[w]; word != 0; word &= word - 1)
            {
                var bit = BitOperations.TrailingZeroCount(word);
                if (set.Has(int.CreateTruncating(ordinals[(w << 6) + bit]))) kept |= 1UL << bit;
            }
            bits[w] = kept;
        }
    }
}
