using System.Runtime.CompilerServices;
using Archive.Indexer.Format;

namespace Archive.Indexer.Columns;

/// <summary>
/// Rows as runs: the gap since the end of the run before, doubled, plus one when the run is longer than a row; then its length
/// less two. Files in path order share their words in long runs.
/// </summary>
internal static class RunPostings
{
    /// <summary>Puts the rows of a list into a bitmap.</summary>
    public static void Or(ReadOnlySpan<byte> runs, Span<ulong> bits)
    {
        var at = 0;
        long end = 0;
        var rows = (long)bits.Length << 6;
        while (Next(runs, ref at, ref end, out var from))
        {
            if (end > rows) throw new ArgumentOutOfRangeException(nameof(runs), "A run leads beyond the table.");
            if (end - from == 1) Bits.Set(bits, (int)from);
            else Bits.SetRange(bits, (int)from, (int)end);
        }
    }

    /// <summary>Moves to the next run, from a row up to, not with, <paramref name="end"/>; false after the last.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Next(ReadOnlySpan<byte> runs, ref int at, ref long end, out long from)
    {
        from = end;
        if (at >= runs.Length) return false;
        var gap = VarInt.Read(runs, ref at);
        from = end + (gap >> 1);
        end = from + ((gap & 1) == 0 ? 1 : VarInt.Read(runs, ref at) + 2L);
        return true;
    }
}

/// <summary>Collects the rows of one term in ascending order.</summary>
internal struct RunListBuilder
{
    private byte[]? bytes;
    private int length;
    private int lastEnd;
    private int start;
    private int end;

    /// <summary>Adds a row; once more is no matter.</summary>
    public void Add(int row)
    {
        if (row < end) return;
        if (row == end && end > start)
        {
            end++;
            return;
        }
        Flush();
        start = row;
        end = row + 1;
    }

    /// <summary>Adds rows from one up to, not with, another; all of them above what was added before.</summary>
    public void AddRange(int from, int to)
    {
        if (from == end && end > start)
        {
            end = to;
            return;
        }
        Flush();
        start = from;
        end = to;
    }

    /// <summary>Ends the last run and gives all of them.</summary>
    public ReadOnlySpan<byte> Finish()
    {
        Flush();
        start = end;
        return bytes.AsSpan(0, length);
    }

    private void Flush()
    {
        if (end == start) return;
        bytes ??= new byte[8];
        if (bytes.Length - length < 2 * VarInt.MaxBytes) Array.Resize(ref bytes, Math.Max(bytes.Length * 2, length + (2 * VarInt.MaxBytes)));
        var run = end - start;
        length += VarInt.Write(bytes.AsSpan(length), ((uint)(start - lastEnd) << 1) | (run > 1 ? 1u : 0u));
        if (run > 1) length += VarInt.Write(bytes.AsSpan(length), (uint)(run - 2));
        lastEnd = end;
    }
}
