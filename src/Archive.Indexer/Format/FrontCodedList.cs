using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace Archive.Indexer.Format;

/// <summary>
/// A sorted list of byte strings in blocks; in a block each entry leaves out what it shares with the entry before. Layout: count,
/// log2 of the entries a block, bytes of entries (u32 each), an offset for each block (u32), then entries (shared, rest, bytes).
/// </summary>
// Every entry is written into its buffer before it is read, so clearing the buffer first would be in vain.
[SkipLocalsInit]
[StructLayout(LayoutKind.Auto)]
internal readonly struct FrontCodedList
{
    /// <summary>The longest entry in bytes; writers cut longer ones.</summary>
    public const int MaxEntryBytes = 4096;

    private const int HeaderBytes = 12;

    private readonly Block block;
    private readonly int shift;
    private readonly int entriesOffset;
    private readonly int entriesBytes;

    /// <summary>Reads the list at the start of a block.</summary>
    public FrontCodedList(Block block)
    {
        this.block = block;
        Count = block.ReadCount(0);
        shift = block.ReadCount(4) & 15;
        entriesBytes = block.ReadCount(8);
        // Every entry takes two bytes or more, so a count beyond that is not one.
        if (Count > entriesBytes / 2) throw new InvalidDataException("A list claims more entries than it has bytes for.");
        var blocks = (int)(((long)Count + (1 << shift) - 1) >> shift);
        entriesOffset = checked(HeaderBytes + blocks * 4);
        _ = block.Part(entriesOffset, entriesBytes);
    }

    /// <summary>Number of entries.</summary>
    public int Count { get; }

    /// <summary>An entry as text.</summary>
    public string this[int index]
    {
        get
        {
            Span<byte> buffer = stackalloc byte[MaxEntryBytes];
            return Encoding.UTF8.GetString(buffer[..Read(index, buffer)]);
        }
    }

    /// <summary>Copies an entry into a buffer of <see cref="MaxEntryBytes"/>; returns its length.</summary>
    public int Read(int index, Span<byte> buffer)
    {
        if ((uint)index >= (uint)Count) throw new ArgumentOutOfRangeException(nameof(index));
        var entries = block.Bytes(entriesOffset, entriesBytes);
        var at = StartOf(index >> shift);
        var length = 0;
        for (var i = index & ((1 << shift) - 1); i >= 0; i--) length = ReadNext(entries, ref at, buffer, length);
        return length;
    }

    /// <summary>The first entry that is not below the key; the count when all are.</summary>
    public int LowerBound<TOrder>(ReadOnlySpan<byte> key)
        where TOrder : struct, IByteOrder
    {
        var entries = block.Bytes(entriesOffset, entriesBytes);
        var low = 0;
        var high = (int)(((long)Count + (1 << shift) - 1) >> shift);
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            if (TOrder.Compare(First(entries, middle), key) < 0) low = middle + 1;
            else high = middle;
        }
        return low == 0 ? 0 : LowerBoundInBlock<TOrder>(entries, low - 1, key);
    }

    /// <summary>The index of an entry; -1 when the list has none.</summary>
    public int Find<TOrder>(ReadOnlySpan<byte> key)
        where TOrder : struct, IByteOrder
    {
        var index = LowerBound<TOrder>(key);
        if (index == Count) return -1;
        Span<byte> buffer = stackalloc byte[MaxEntryBytes];
        return buffer[..Read(index, buffer)].SequenceEqual(key) ? index : -1;
    }

    /// <summary>A walk over the entries from an index on.</summary>
    public Walker Walk(int from) => new(this, from);

    private int LowerBoundInBlock<TOrder>(ReadOnlySpan<byte> entries, int number, ReadOnlySpan<byte> key)
        where TOrder : struct, IByteOrder
    {
        Span<byte> buffer = stackalloc byte[MaxEntryBytes];
        var index = number << shift;
        var end = (int)Math.Min(Count, (long)index + (1 << shift));
        var at = StartOf(number);
        var length = 0;
        for (; index < end; index++)
        {
            length = ReadNext(entries, ref at, buffer, length);
            if (TOrder.Compare(buffer[..length], key) >= 0) break;
        }
        return index;
    }

    private int StartOf(int number) => block.ReadCount(HeaderBytes + (number * 4L));

    private ReadOnlySpan<byte> First(ReadOnlySpan<byte> entries, int number)
    {
        var at = StartOf(number);
        VarInt.Read(entries, ref at);
        var length = (int)VarInt.Read(entries, ref at);
        return entries.Slice(at, length);
    }

    private static int ReadNext(ReadOnlySpan<byte> entries, ref int at, Span<byte> buffer, int before)
    {
        var shared = (int)VarInt.Read(entries, ref at);
        var rest = (int)VarInt.Read(entries, ref at);
        if ((uint)shared > (uint)before) throw new ArgumentOutOfRangeException(nameof(before), "An entry shares more than there is.");
        entries.Slice(at, rest).CopyTo(buffer[shared..]);
        at += rest;
        return shared + rest;
    }

    /// <summary>Reads entries one after the other; faster than one by one.</summary>
    public struct Walker
    {
        private readonly FrontCodedList list;
        private byte[] buffer;
        private int at;
        private int length;

        internal Walker(FrontCodedList list, int from)
        {
            this.list = list;
            // Small at first: merging opens a walk over each of many thousand lists.
            buffer = new byte[96];
            Index = from - 1;
            if (from > 0 && from < list.Count) Skip(from);
        }

        /// <summary>Index of the current entry.</summary>
        public int Index { get; private set; }

        /// <summary>The current entry; valid until the next move.</summary>
        public readonly ReadOnlySpan<byte> Current => buffer.AsSpan(0, length);

        /// <summary>Moves to the next entry; false at the end.</summary>
        public bool MoveNext()
        {
            if (Index + 1 >= list.Count) return false;
            Index++;
            Advance(list.block.Bytes(list.entriesOffset, list.entriesBytes));
            return true;
        }

        private void Skip(int from)
        {
            at = list.StartOf(from >> list.shift);
            for (var i = from & ((1 << list.shift) - 1); i > 0; i--) Advance(list.block.Bytes(list.entriesOffset, list.entriesBytes));
        }

        private void Advance(ReadOnlySpan<byte> entries)
        {
            var start = at;
            var needed = (long)VarInt.Read(entries, ref start) + VarInt.Read(entries, ref start);
            if (needed > MaxEntryBytes) throw new InvalidDataException("An entry is longer than entries can be.");
            if (needed > buffer.Length) Array.Resize(ref buffer, (int)Math.Max(needed, buffer.Length * 2L));
            length = ReadNext(entries, ref at, buffer, length);
        }
    }
}
