using System.Runtime.InteropServices;
using System.Text;
using Archive.Indexer.Format;

namespace Archive.Indexer.Columns;

/// <summary>
/// A table as it lies in a file: rows in key order with attributes and numbers. A dataset's files are one (a shelf), and so are
/// the datasets of a generation.
/// </summary>
[StructLayout(LayoutKind.Auto)]
internal readonly struct Table
{
    private readonly Block block;
    private readonly TableHeader header;

    /// <summary>Reads the table at the start of a block, without checking its sum.</summary>
    /// <exception cref="InvalidDataException">There is no table.</exception>
    public Table(Block source)
    {
        header = source.Read<TableHeader>(0);
        if (header.Magic != TableHeader.Expected) throw new InvalidDataException("It is no table, or of another version.");
        if (header.Length < TableHeader.Size || header.Length > source.Length) throw new InvalidDataException("It is cut off.");
        if (header.Rows > int.MaxValue - 64 || header.ColumnCount > TableBuilder.MaxColumns || header.NumberCount > 64)
            throw new InvalidDataException("It claims more rows or columns than a table can have.");
        block = source.Part(0, header.Length);
        Keys = new FrontCodedList(block.From(header.KeysOffset));
        if (Keys.Count != ((header.Flags & TableHeader.KeylessFlag) != 0 ? 0 : Rows)) throw new InvalidDataException("Its keys do not match its rows.");
    }

    /// <summary>Number of rows.</summary>
    public int Rows => (int)header.Rows;

    /// <summary>Number of columns.</summary>
    public int ColumnCount => (int)header.ColumnCount;

    /// <summary>Bytes of the table.</summary>
    public int LengthBytes => (int)header.Length;

    /// <summary>Keys of the rows, in order.</summary>
    public FrontCodedList Keys { get; }

    /// <summary>The words of keys and values, sorted.</summary>
    public FrontCodedList Terms => new(block.From(header.TermsOffset));

    /// <summary>Whether the bytes are those that were written.</summary>
    public bool IsSound() => Checksum.Of(block.From(TableHeader.Checked)) == header.Checksum;

    /// <summary>The rows of a word, as <see cref="RunPostings"/>.</summary>
    public ReadOnlySpan<byte> Runs(int term)
    {
        var from = block.Read<uint>(header.TermIndexOffset + (term * 4L));
        var to = block.Read<uint>(header.TermIndexOffset + ((term + 1) * 4L));
        return block.Part(header.RunsOffset, header.RunsLength).Bytes(from, checked((int)(to - from)));
    }

    /// <summary>A column by its place.</summary>
    public Column Column(int index) => new(block, Record(index), Rows);

    /// <summary>A column's attribute.</summary>
    public string ColumnName(int index) => Encoding.UTF8.GetString(ColumnNameBytes(index));

    /// <summary>A column's attribute in UTF-8.</summary>
    public ReadOnlySpan<byte> ColumnNameBytes(int index)
    {
        var record = Record(index);
        return block.Bytes(record.NameOffset, record.NameLength);
    }

    /// <summary>The place of a column; -1 when the table has none of that name.</summary>
    public int FindColumn(ReadOnlySpan<byte> name)
    {
        for (var i = 0; i < ColumnCount; i++)
            if (ColumnNameBytes(i).SequenceEqual(name))
                return i;
        return -1;
    }

    /// <summary>A number by its place.</summary>
    public NumberColumn Number(int index)
    {
        if ((uint)index >= header.NumberCount) throw new ArgumentOutOfRangeException(nameof(index));
        return new NumberColumn(block, checked((int)(header.NumbersOffset + (index * NumberColumn.RecordBytes))), Rows);
    }

    private ColumnRecord Record(int index)
    {
        if ((uint)index >= header.ColumnCount) throw new ArgumentOutOfRangeException(nameof(index));
        return block.Read<ColumnRecord>(header.ColumnsOffset + (index * (long)ColumnRecord.Size));
    }
}
