using System.Numerics;
using System.Runtime.Intrinsics;

namespace Archive.Indexer.Columns;

/// <summary>Counts the rows of a bitmap by ordinal.</summary>
internal static class ColumnCount
{
    // Up to this many ordinals, comparing 64 rows at once with each beats reading row by row, where many rows match.
    private const int MaxCompared = 13;

    /// <summary>Adds to <paramref name="counts"/>, which has room for every ordinal, the rows of the bitmap.</summary>
    /// <param name="hits">Rows in the bitmap.</param>
    public static void Add(in Column column, ReadOnlySpan<ulong> bits, int hits, Span<int> counts)
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
            case ColumnEncoding.Runs when hits < column.RunStarts.Length:
                AddRowsOfRuns(column, bits, counts);
                break;
            case ColumnEncoding.Runs:
                AddRuns(column, bits, counts);
                break;
            case ColumnEncoding.Bytes when column.OrdinalCount <= MaxCompared && hits > column.Rows / 24:
                AddCompared(column.Plain<byte>(), bits, counts[..column.OrdinalCount]);
                break;
            case ColumnEncoding.Bytes:
                AddRows(column.Plain<byte>(), bits, counts);
                break;
            case ColumnEncoding.Shorts:
                AddRows(column.Plain<ushort>(), bits, counts);
                break;
            default:
                AddRows(column.Plain<uint>(), bits, counts);
                break;
        }
    }

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

    private static void AddRowsOfRuns(in Column column, ReadOnlySpan<ulong> bits, Span<int> counts)
    {
        var starts = column.RunStarts;
        var ordinals = column.RunOrdinals;
        var end = -1;
        var ordinal = 0;
        for (var row = Bits.Next(bits, 0); row >= 0; row = Bits.Next(bits, row + 1))
        {
            if (row >= end)
            {
                var run = column.RunOf(row);
                ordinal = (int)ordinals[run];
                end = run + 1 < starts.Length ? (int)starts[run + 1] : column.Rows;
            }
            counts[ordinal]++;
        }
    }

    private static void AddCompared(ReadOnlySpan<byte> ordinals, ReadOnlySpan<ulong> bits, Span<int> counts)
    {
        for (var ordinal = 0; ordinal < counts.Length; ordinal++)
        {
            var wanted = Vector512.Create((byte)ordinal);
            var rest = ordinals;
            var count = 0;
            foreach (var word in bits)
            {
                count += BitOperations.PopCount(word & Vector512.Equals(Vector512.Create(rest[..64]), wanted).ExtractMostSignificantBits());
                rest = rest[64..];
            }
            counts[ordinal] += count;
        }
    }

    private static void AddRows<T>(ReadOnlySpan<T> ordinals, ReadOnlySpan<ulong> bits, Span<int> counts)
        where T : unmanaged, IBinaryInteger<T>
    {
        for (var w = 0; w < bits.Length; w++)
            for (var word = bits[w]; word != 0; word &= word - 1)
                counts[int.CreateTruncating(ordinals[(w << 6) + BitOperations.TrailingZeroCount(word)])]++;
    }
}
