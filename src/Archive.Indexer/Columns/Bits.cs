using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

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
        // Four sums, since each addition would wait for the one before.
        int a = 0, b = 0, c = 0, d = 0, i = 0;
        for (; i <= bits.Length - 4; i += 4)
        {
            a += BitOperations.PopCount(bits[i]);
            b += BitOperations.PopCount(bits[i + 1]);
            c += BitOperations.PopCount(bits[i + 2]);
            d += BitOperations.PopCount(bits[i + 3]);
        }
        for (; i < bits.Length; i++) a += BitOperations.PopCount(bits[i]);
        return a + b + c + d;
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

    /// <summary>Puts the rows of both into a set, and counts them.</summary>
    public static int AndInto(ReadOnlySpan<ulong> a, ReadOnlySpan<ulong> b, Span<ulong> target)
    {
        b = b[..a.Length];
        target = target[..a.Length];
        var width = Vector512<ulong>.Count;
        var i = 0;
        for (; i <= a.Length - width; i += width) (Vector512.Create(a[i..]) & Vector512.Create(b[i..])).CopyTo(target[i..]);
        for (; i < a.Length; i++) target[i] = a[i] & b[i];
        return Count(target);
    }

    /// <summary>The rows of a set, ascending; <paramref name="rows"/> has room for all of them.</summary>
    public static void List(ReadOnlySpan<ulong> bits, Span<int> rows)
    {
        var at = 0;
        for (var w = 0; w < bits.Length; w++)
            for (var word = bits[w]; word != 0; word &= word - 1)
                rows[at++] = (w << 6) + BitOperations.TrailingZeroCount(word);
    }

    /// <summary>For each word, how many rows of the set come before it: so that rows up to any place are counted in one step.</summary>
    public static void Rank(ReadOnlySpan<ulong> bits, Span<int> before)
    {
        before = before[..bits.Length];
        var count = 0;
        for (var i = 0; i < bits.Length; i++)
        {
            before[i] = count;
            count += BitOperations.PopCount(bits[i]);
        }
    }

    /// <summary>Rows of the set below one, by the counts of <see cref="Rank"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int CountBelow(ReadOnlySpan<ulong> bits, ReadOnlySpan<int> before, int row)
    {
        var word = row >> 6;
        return before[word] + BitOperations.PopCount(bits[word] & ((1UL << (row & 63)) - 1));
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
