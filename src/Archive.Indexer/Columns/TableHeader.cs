using System.Runtime.InteropServices;

namespace Archive.Indexer.Columns;

/// <summary>The first bytes of a table; offsets are from its start, all numbers little-endian.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 4, Size = Size)]
internal struct TableHeader
{
    public const int Size = 64;

    /// <summary>"ARCTABL2": changes with the layout.</summary>
    public const ulong Expected = 0x324C424154435241;

    /// <summary>Where the bytes begin that the checksum covers: behind the magic, the length and itself.</summary>
    public const int Checked = 16;

    /// <summary>Set in <see cref="Flags"/> when rows have no keys: those of a pack lie in its shelves.</summary>
    public const uint KeylessFlag = 1;

    public ulong Magic;
    public uint Length;
    public uint Checksum;
    public uint Rows;
    public uint ColumnCount;
    public uint ColumnsOffset;
    public uint NumberCount;
    public uint NumbersOffset;
    public uint KeysOffset;
    public uint TermsOffset;
    public uint TermIndexOffset;
    public uint RunsOffset;
    public uint RunsLength;
    public uint Flags;
    public uint Spare;
}
