using System.Buffers;
using System.Buffers.Text;

namespace Archive.Indexer.Searching;

/// <summary>Writes files as lines. What columns say is encoded once for many rows and kept while it is asked for.</summary>
internal abstract class FileLineWriter
{
    private const int BufferBytes = 1 << 16;
    private const int Kept = 4096;

    private FileHits? current;
    private byte[][][] cells = [];
    private int[][] ordinals = [];
    private byte[] buffer = new byte[BufferBytes];
    private int length;

    /// <summary>Writes what comes before the first file.</summary>
    public virtual void Begin(IBufferWriter<byte> target)
    {
    }

    /// <summary>Writes a file.</summary>
    public void Write(IBufferWriter<byte> target, FileHits hits, int row)
    {
        if (current != hits) Enter(hits);
        hits.Reader.MoveTo(row);
        WriteLine(hits, row);
        if (length > BufferBytes / 2) Flush(target);
    }

    /// <summary>Hands on what was written.</summary>
    public void Flush(IBufferWriter<byte> target)
    {
        target.Write(buffer.AsSpan(0, length));
        length = 0;
    }

    /// <summary>Adds a file's line; its reader stands at the row.</summary>
    protected abstract void WriteLine(FileHits hits, int row);

    /// <summary>What a cell with a value says in a line.</summary>
    protected abstract byte[] Encode(FileHits hits, int column, int ordinal);

    /// <summary>What the cell of a row says; empty for no value.</summary>
    protected ReadOnlySpan<byte> Cell(FileHits hits, int column, int row)
    {
        var ordinal = hits.Reader.Column(column).OrdinalOf(row);
        if (ordinal == 0) return [];
        var at = ordinal & (ordinals[column].Length - 1);
        if (ordinals[column][at] == ordinal) return cells[column][at];
        ordinals[column][at] = ordinal;
        return cells[column][at] = Encode(hits, column, ordinal);
    }

    /// <summary>The rows that follow are of another table than those before.</summary>
    protected virtual void Enter(FileHits hits)
    {
        current = hits;
        var table = hits.Table.Table;
        cells = new byte[table.ColumnCount][][];
        ordinals = new int[table.ColumnCount][];
        for (var i = 0; i < cells.Length; i++)
        {
            // Room for each ordinal where they are few: the places are the ordinals' last bits.
            var room = (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)Math.Min(Kept, table.Column(i).OrdinalCount));
            cells[i] = new byte[room][];
            ordinals[i] = new int[room];
        }
    }

    protected void Add(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > buffer.Length - length) Array.Resize(ref buffer, Math.Max(buffer.Length * 2, length + bytes.Length));
        bytes.CopyTo(buffer.AsSpan(length));
        length += bytes.Length;
    }

    protected void Add(long number)
    {
        if (buffer.Length - length < 20) Array.Resize(ref buffer, buffer.Length * 2);
        Utf8Formatter.TryFormat(number, buffer.AsSpan(length), out var used);
        length += used;
    }
}
