using System.Runtime.InteropServices;

namespace Archive.Indexer.Columns;

/// <summary>A column in the directory of a table; offsets are from the start of the table.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 4, Size = Size)]
internal struct ColumnRecord
{
    /// <summary>Bytes a record.</summary>
    public const int Size = 40;

    /// <summary>Set in <see cref="Flags"/> when every value is a number.</summary>
    public const byte NumericFlag = 1;

    /// <summary>Set in <see cref="Flags"/> when every value is a date.</summary>
    public const byte DatesFlag = 2;

    public uint NameOffset;
    public ushort NameLength;
    public ColumnEncoding Encoding;
    public byte Flags;
    public uint Cardinality;
    public uint SetCount;
    public uint RunCount;
    public uint DataOffset;
    public uint DictionaryOffset;
    public uint TotalsOffset;
    public uint SetsOffset;
    public uint Missing;
}
