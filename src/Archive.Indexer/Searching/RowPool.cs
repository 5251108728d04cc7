using System.Buffers;
using Archive.Indexer.Columns;

namespace Archive.Indexer.Searching;

/// <summary>Bitmaps and counts that one search works with, cut from few large pieces; all of them go back when it ends.</summary>
internal sealed class RowPool : IDisposable
{
    private const int PieceWords = 1 << 16;

    private readonly List<ulong[]> pieces = [];
    private readonly List<int[]> numbers = [];
    private int used;
    private int[] scratch = [];

    /// <summary>A bitmap for some rows, with anything in it.</summary>
    public ArraySegment<ulong> Rent(int rows)
    {
        var words = Bits.Words(rows);
        if (pieces.Count == 0 || words > pieces[^1].Length - used)
        {
            pieces.Add(ArrayPool<ulong>.Shared.Rent(Math.Max(PieceWords, words)));
            used = 0;
        }
        var bits = new ArraySegment<ulong>(pieces[^1], used, words);
        used += words;
        return bits;
    }

    /// <summary>A bitmap without rows.</summary>
    public ArraySegment<ulong> Empty(int rows)
    {
        var bits = Rent(rows);
        bits.AsSpan().Clear();
        return bits;
    }

    /// <summary>Numbers, all 0.</summary>
    public ArraySegment<int> Numbers(int count)
    {
        var rented = ArrayPool<int>.Shared.Rent(count);
        numbers.Add(rented);
        var segment = new ArraySegment<int>(rented, 0, count);
        segment.AsSpan().Clear();
        return segment;
    }

    /// <summary>Numbers, all 0, until they are asked for again.</summary>
    public Span<int> Scratch(int count)
    {
        if (scratch.Length < count)
        {
            scratch = ArrayPool<int>.Shared.Rent(count);
            numbers.Add(scratch);
        }
        var span = scratch.AsSpan(0, count);
        span.Clear();
        return span;
    }

    public void Dispose()
    {
        foreach (var piece in pieces) ArrayPool<ulong>.Shared.Return(piece);
        foreach (var rented in numbers) ArrayPool<int>.Shared.Return(rented);
        pieces.Clear();
        numbers.Clear();
    }
}
