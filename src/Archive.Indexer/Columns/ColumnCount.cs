using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Archive.Indexer.Columns;

/// <summary>Counts the rows of a bitmap by ordinal.</summary>
internal static class ColumnCount
{
    // Stepping into the run of the next row by search costs about as much as counting this many runs one after the other.
    private const int RunsAStep = 8;

    /// <summary>Adds to <paramref name="counts"/>, which has room for every ordinal, the rows of the bitmap.</summary>
    /// <param name="hits">Rows in the bitmap.</param>
    public static void Add(in Column column, ReadOnlySpan<ulong> bits, int hits, Span<int> counts) => Add(column, bits, hits, [], counts);

    /// <summary>As the other, with the counts of <see cref="Bits.Rank"/> where they are known.</summary>
    public static void Add(in Column column, ReadOnlySpan<ulong> bits, int hits, ReadOnlySpan<int> ranks, Span<int> counts)
    {
        if (hits == column.Rows)
        {
            var totals = column.Totals;
            for (var i = 0; i < totals.Length; i++) counts[i] += (int)totals[i];
            return;
        }
        switch (column.Encoding)
        {
            case ColumnEncoding.Constant:
                counts[(int)column.Constant] += hits;
                break;
            case ColumnEncoding.Runs when IsSparse(column, hits):
                AddRowsOfRuns(column, bits, counts);
                break;
            case ColumnEncoding.Runs when ranks.IsEmpty:
                AddRuns(column, bits, counts);
                break;
            case ColumnEncoding.Runs:
                AddRankedRuns(column, bits, hits, ranks, counts);
                break;
            case ColumnEncoding.Bytes when IsCompared(column, hits):
                AddCompared(column.Plain<byte>(), bits, counts[..column.OrdinalCount]);
                break;
            case ColumnEncoding.Bytes:
                AddPlain(column, column.Plain<byte>(), bits, hits, counts);
                break;
            case ColumnEncoding.Shorts:
                AddPlain(column, column.Plain<ushort>(), bits, hits, counts);
                break;
            default:
                AddPlain(column, column.Plain<uint>(), bits, hits, counts);
                break;
        }
    }

    /// <summary>Adds to <paramref name="counts"/> the rows listed, which ascend.</summary>
    public static void Add(in Column column, ReadOnlySpan<int> rows, Span<int> counts)
    {
        switch (column.Encoding)
        {
            case ColumnEncoding.Constant:
                counts[(int)column.Constant] += rows.Length;
                break;
            case ColumnEncoding.Runs:
                AddListedOfRuns(column, rows, counts);
                break;
            case ColumnEncoding.Bytes:
                AddListed(column.Plain<byte>(), rows, counts);
                break;
            case ColumnEncoding.Shorts:
                AddListed(column.Plain<ushort>(), rows, counts);
                break;
            default:
                AddListed(column.Plain<uint>(), rows, counts);
                break;
        }
    }

    /// <summary>Whether counting a column is quicker with the counts of <see cref="Bits.Rank"/>.</summary>
    public static bool IsRanked(in Column column, int hits) =>
        column.Encoding == ColumnEncoding.Runs && hits < column.Rows && !IsSparse(column, hits) && column.RunCount > 256;

    private static bool IsSparse(in Column column, int hits) => (long)hits * RunsAStep < column.RunCount;

    // Comparing 64 rows with one ordinal costs about as much as counting one row.
    private static bool IsCompared(in Column column, int hits) =>
        (long)column.OrdinalCount * Bits.Words(column.Rows) < Math.Min(hits, column.Rows - hits);

    private static void AddRuns(in Column column, ReadOnlySpan<ulong> bits, Span<int> counts)
    {
        var starts = column.RunStarts;
        var ordinals = column.RunOrdinals;
        for (var run = 0; run < starts.Length; run++)
        {
            var end = run + 1 < starts.Length ? (int)starts[run + 1] : column.Rows;
            counts[(int)ordinals[run]] += Bits.CountRange(bits, (int)starts[run], end);
        }
    }

    private static void AddRankedRuns(in Column column, ReadOnlySpan<ulong> bits, int hits, ReadOnlySpan<int> ranks, Span<int> counts)
    {
        var starts = column.RunStarts;
        var ordinals = column.RunOrdinals[..starts.Length];
        var before = 0;
        for (var run = 1; run < starts.Length; run++)
        {
            var below = Bits.CountBelow(bits, ranks, (int)starts[run]);
            counts[(int)ordinals[run - 1]] += below - before;
            before = below;
        }
        counts[(int)ordinals[^1]] += hits - before;
    }

    private static void AddRowsOfRuns(in Column column, ReadOnlySpan<ulong> bits, Span<int> counts)
    {
        var starts = column.RunStarts;
        var ordinals = column.RunOrdinals;
        long end = -1;
        var ordinal = 0;
        var run = 0;
        for (var row = Bits.Next(bits, 0); row >= 0; row = Bits.Next(bits, row + 1))
        {
            if (row >= end)
            {
                run = Column.RunOf(starts, row, run);
                ordinal = (int)ordinals[run];
                end = run + 1 < starts.Length ? starts[run + 1] : column.Rows;
            }
            counts[ordinal]++;
        }
    }

    private static void AddListedOfRuns(in Column column, ReadOnlySpan<int> rows, Span<int> counts)
    {
        var starts = column.RunStarts;
        var ordinals = column.RunOrdinals;
        var run = 0;
        foreach (var row in rows)
        {
            run = Column.RunOf(starts, row, run);
            counts[(int)ordinals[run]]++;
        }
    }

    private static void AddListed<T>(ReadOnlySpan<T> ordinals, ReadOnlySpan<int> rows, Span<int> counts)
        where T : unmanaged, IBinaryInteger<T>
    {
        foreach (var row in rows) counts[int.CreateTruncating(ordinals[row])]++;
    }

    private static void AddCompared(ReadOnlySpan<byte> ordinals, ReadOnlySpan<ulong> bits, Span<int> counts)
    {
        var blocks = MemoryMarshal.Cast<byte, Vector512<byte>>(ordinals)[..bits.Length];
        for (var ordinal = 0; ordinal < counts.Length; ordinal++)
        {
            var wanted = Vector512.Create((byte)ordinal);
            var count = 0;
            for (var w = 0; w < blocks.Length; w++)
                count += BitOperations.PopCount(bits[w] & Vector512.Equals(blocks[w], wanted).ExtractMostSignificantBits());
            counts[ordinal] += count;
        }
    }

    // Where most rows match, the others are counted and taken from the totals.
    private static void AddPlain<T>(in Column column, ReadOnlySpan<T> ordinals, ReadOnlySpan<ulong> bits, int hits, Span<int> counts)
        where T : unmanaged, IBinaryInteger<T>
    {
        if (hits <= column.Rows / 2)
        {
            AddRows(ordinals, bits, 0, 1, counts);
            return;
        }
        var totals = column.Totals;
        for (var i = 0; i < totals.Length; i++) counts[i] += (int)totals[i];
        var whole = column.Rows >> 6;
        AddRows(ordinals, bits[..whole], ulong.MaxValue, -1, counts);
        if ((column.Rows & 63) == 0) return;
        for (var word = ~bits[whole] & ((1UL << (column.Rows & 63)) - 1); word != 0; word &= word - 1)
            counts[int.CreateTruncating(ordinals[(whole << 6) + BitOperations.TrailingZeroCount(word)])]--;
    }

    private static void AddRows<T>(ReadOnlySpan<T> ordinals, ReadOnlySpan<ulong> bits, ulong flip, int step, Span<int> counts)
        where T : unmanaged, IBinaryInteger<T>
    {
        for (var w = 0; w < bits.Length; w++)
        {
            var word = bits[w] ^ flip;
            if (word == 0) continue;
            var block = ordinals.Slice(w << 6, 64);
            for (; word != 0; word &= word - 1) counts[int.CreateTruncating(block[BitOperations.TrailingZeroCount(word)])] += step;
        }
    }
}
