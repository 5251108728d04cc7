using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Archive.Indexer.Format;

/// <summary>Bytes that grow while a part of an index is put together. At most 2 GiB.</summary>
internal sealed class ByteBuffer
{
    private byte[] bytes;

    public ByteBuffer(int capacity = 64) => bytes = new byte[capacity];

    /// <summary>Bytes written.</summary>
    public int Length { get; private set; }

    /// <summary>What was written.</summary>
    public ReadOnlySpan<byte> Written => bytes.AsSpan(0, Length);

    public void Add(byte value)
    {
        if (Length == bytes.Length) Grow(1);
        bytes[Length++] = value;
    }

    public void Add(ReadOnlySpan<byte> more)
    {
        if (more.Length > bytes.Length - Length) Grow(more.Length);
        more.CopyTo(bytes.AsSpan(Length));
        Length += more.Length;
    }

    public void AddVarInt(uint value)
    {
        if (VarInt.MaxBytes > bytes.Length - Length) Grow(VarInt.MaxBytes);
        Length += VarInt.Write(bytes.AsSpan(Length), value);
    }

    public void AddUInt32(uint value)
    {
        if (sizeof(uint) > bytes.Length - Length) Grow(sizeof(uint));
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(Length), value);
        Length += sizeof(uint);
    }

    public void AddArray<T>(ReadOnlySpan<T> values)
        where T : unmanaged => Add(MemoryMarshal.AsBytes(values));

    /// <summary>Fills up with zeros to a multiple.</summary>
    public void Align(int multiple)
    {
        var rest = Length % multiple;
        if (rest == 0) return;
        var zeros = multiple - rest;
        if (zeros > bytes.Length - Length) Grow(zeros);
        bytes.AsSpan(Length, zeros).Clear();
        Length += zeros;
    }

    /// <summary>Sets bytes that were not known before.</summary>
    public void Set(int offset, ReadOnlySpan<byte> known) => known.CopyTo(bytes.AsSpan(0, Length)[offset..]);

    /// <summary>What was written, as a stream.</summary>
    public Stream OpenRead() => new MemoryStream(bytes, 0, Length, writable: false);

    /// <summary>Forgets what was written and keeps the room.</summary>
    public void Clear() => Length = 0;

    private void Grow(int more)
    {
        var needed = (long)Length + more;
        if (needed > Array.MaxLength) throw new InvalidOperationException("A part of the index is larger than 2 GiB.");
        Array.Resize(ref bytes, (int)Math.Min(Array.MaxLength, Math.Max(needed, bytes.Length * 2L)));
    }
}
