using System.Numerics;

namespace Archive.Indexer.Columns;

/// <summary>Sets of rows as bitmaps: bit r of word r / 64.</summary>
internal static class Bits
{
    /// <summary>Words that hold some rows.</summary>
    public static int Words(int rows) => (int)(((long)rows + 63) >> 6);

    /// <summary>Puts every row below <paramref name="rows"/> in.</summary>
    public static void Fill(Span<ulong> bits, int rows)
    {
        bits.Clear();
        SetRange(bits, 0, rows);
    }

    public static bool Has(ReadOnlySpan<ulong> bits, int row) => (bits[row >> 6] >> (row & 63) & 1) != 0;

    public static void Set(Span<ulong> bits, int row) => bits[row >> 6] |= 1UL << (row & 63);

    /// <summary>Puts the rows from <paramref name="from"/> up to, not with, <paramref name="to"/> in.</summary>
    public static void SetRange(Span<ulong> bits, int from, int to)
    {
        if (from >= to) return;
        int first = from >> 6, last = (to - 1) >> 6;
        ulong head = ulong.MaxValue << (from & 63), tail = ulong.MaxValue >> (63 - ((to - 1) & 63));
        if (first == last)
        {
            bits[first] |= head & tail;
            return;
        }
        bits[first] |= head;
        bits[(first + 1)..last].Fill(ulong.MaxValue);
        bits[last] |= tail;
    }

    /// <summary>Takes the rows from <paramref name="from"/> up to, not with, <paramref name="to"/> out.</summary>
    public static void ClearRange(Span<ulong> bits, int from, int to)
    {
        if (from >= to) return;
        int first = from >> 6, last = (to - 1) >> 6;
        ulong head = ulong.MaxValue << (from & 63), tail = ulong.MaxValue >> (63 - ((to - 1) & 63));
        if (first == last)
        {
            bits[first] &= ~(head & tail);
            return;
        }
        bits[first] &= ~head;
        bits[(first + 1)..last].Clear();
        bits[last] &= ~tail;
    }

    public static int Count(ReadOnlySpan<ulong> bits)
    {
        var count = 0;
        foreach (var word in bits) count += BitOperations.PopCount(word);
        return count;
    }

    /// <summary>Rows from <paramref name="from"/> up to, not with, <paramref name="to"/>.</summary>
    public static int CountRange(ReadOnlySpan<ulong> bits, int from, int to)
    {
        if (from >= to) return 0;
        int first = from >> 6, last = (to - 1) >> 6;
        ulong head = ulong.MaxValue << (from & 63), tail = ulong.MaxValue >> (63 - ((to - 1) & 63));
        if (first == last) return BitOperations.PopCount(bits[first] & head & tail);
        return BitOperations.PopCount(bits[first] & head) + Count(bits[(first + 1)..last]) + BitOperations.PopCount(bits[last] & tail);
    }

    public static void And(Span<ulong> target, ReadOnlySpan<ulong> other)
    {
        var width = Vector<ulong>.Count;
        var i = 0;
        for (; i <= target.Length - width; i += width)
            (new Vector<ulong>(target[i..]) & new Vector<ulong>(other[i..])).CopyTo(target[i..]);
        for (; i < target.Length; i++) target[i] &= other[i];
    }

    public static void Or(Span<ulong> target, ReadOnlySpan<ulong> other)
    {
        for (var i = 0; i < target.Length; i++) target[i] |= other[i];
    }

    public static void AndNot(Span<ulong> target, ReadOnlySpan<ulong> other)
    {
        for (var i = 0; i < target.Length; i++) target[i] &= ~other[i];
    }

    /// <summary>The row with <paramref name="skip"/> rows of the set before it.</summary>
    public static int Select(ReadOnlySpan<ulong> bits, int skip)
    {
        for (var w = 0; w < bits.Length; w++)
        {
            var count = BitOperations.PopCount(bits[w]);
            if (skip >= count)
            {
                skip -= count;
                continue;
            }
            var word = bits[w];
            for (; skip > 0; skip--) word &= word - 1;
            return (w << 6) + BitOperations.TrailingZeroCount(word);
        }
        throw new ArgumentOutOfRangeException(nameof(skip));
    }

    /// <summary>The first row of the set at or after a row; -1 when there is none.</summary>
    public static int Next(ReadOnlySpan<ulong> bits, int from)
    {
        var w = from >> 6;
        if (w >= bits.Length) return -1;
        var word = bits[w] & (ulong.MaxValue << (from & 63));
        while (word == 0)
        {
            if (++w >= bits.Length) return -1;
            word = bits[w];
        }
        return (w << 6) + BitOperations.TrailingZeroCount(word);
    }
}
