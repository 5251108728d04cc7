using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Archive.Indexer.Format;

/// <summary>
/// A stretch of a mapped file, or of memory that its owner keeps pinned. Every access is checked against its bounds, so that no
/// damaged offset leads outside; it must not outlive the lease on its file.
/// </summary>
[StructLayout(LayoutKind.Auto)]
internal readonly unsafe struct Block
{
    private readonly byte* start;

    public Block(byte* start, long length)
    {
        this.start = start;
        Length = length;
    }

    /// <summary>Length in bytes.</summary>
    public long Length { get; }

    /// <summary>A part of the block.</summary>
    /// <exception cref="InvalidDataException">It reaches outside.</exception>
    public Block Part(long offset, long length)
    {
        if ((ulong)offset > (ulong)Length || (ulong)length > (ulong)(Length - offset)) ThrowOutside();
        return new Block(start + offset, length);
    }

    /// <summary>The rest of the block from an offset.</summary>
    public Block From(long offset) => Part(offset, Length - offset);

    /// <summary>The bytes of a part.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ReadOnlySpan<byte> Bytes(long offset, int length)
    {
        if ((ulong)offset > (ulong)Length || (ulong)(uint)length > (ulong)(Length - offset) || length < 0) ThrowOutside();
        return new ReadOnlySpan<byte>(start + offset, length);
    }

    /// <summary>A part as an array of little-endian values.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ReadOnlySpan<T> Array<T>(long offset, int count)
        where T : unmanaged
    {
        if ((ulong)offset > (ulong)Length || count < 0 || (ulong)count * (ulong)sizeof(T) > (ulong)(Length - offset)) ThrowOutside();
        return new ReadOnlySpan<T>(start + offset, count);
    }

    /// <summary>One value.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Read<T>(long offset)
        where T : unmanaged
    {
        if ((ulong)offset > (ulong)Length || (ulong)sizeof(T) > (ulong)(Length - offset)) ThrowOutside();
        return Unsafe.ReadUnaligned<T>(start + offset);
    }

    /// <summary>One value that must be a count or an offset within 31 bits.</summary>
    /// <exception cref="InvalidDataException">It is larger.</exception>
    public int ReadCount(long offset)
    {
        var value = Read<uint>(offset);
        if (value > int.MaxValue) ThrowOutside();
        return (int)value;
    }

    private static void ThrowOutside() => throw new InvalidDataException("An offset in the index leads outside its section.");
}
