using System.Text;

namespace Archive.Submissions.Tables;

/// <summary>
/// One row of a table, whatever form it came in. Its cells lie in one buffer that the next row overwrites, so that a table of any
/// length and width is read without a text for each cell.
/// </summary>
public sealed class TableRow
{
    private char[] text = new char[4096];
    private int[] ends = new int[64];
    private int length;

    /// <summary>The line that the row begins in, or the row's number in its sheet; from 1.</summary>
    public long Number { get; internal set; }

    /// <summary>Cells that the row has.</summary>
    public int Count { get; private set; }

    /// <summary>What keeps the row from being read; null for nothing. It has no cells then.</summary>
    public TableFault? Fault { get; internal set; }

    /// <summary>Characters and cells: what bounds are put on, so that a row of empty cells is bounded too.</summary>
    public int Size => length + Count;

    /// <summary>Whether no cell has more than blanks.</summary>
    public bool IsBlank => text.AsSpan(0, length).IsWhiteSpace();

    /// <summary>A cell; empty behind the last one. Valid until the next row is read.</summary>
    public ReadOnlySpan<char> this[int column]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfNegative(column);
            if (column >= Count) return [];
            var start = column == 0 ? 0 : ends[column - 1];
            return text.AsSpan(start, ends[column] - start);
        }
    }

    /// <summary>All cells joined, for a search over the whole row.</summary>
    internal ReadOnlySpan<char> Whole => text.AsSpan(0, length);

    /// <summary>The cells as texts.</summary>
    public string[] ToArray()
    {
        var cells = new string[Count];
        for (var i = 0; i < cells.Length; i++) cells[i] = new string(this[i]);
        return cells;
    }

    internal void Begin(long number)
    {
        (Number, Count, length, Fault) = (number, 0, 0, null);
    }

    /// <summary>Gives up what the row has so far.</summary>
    internal void Fail(string code, string message)
    {
        (Count, length) = (0, 0);
        Fault = new(code, message);
    }

    internal void Append(ReadOnlySpan<char> part)
    {
        if (length + part.Length > text.Length) Array.Resize(ref text, Math.Max(text.Length * 2, length + part.Length));
        part.CopyTo(text.AsSpan(length));
        length += part.Length;
    }

    internal void Append(char character) => Append([character]);

    internal void AppendUtf8(ReadOnlySpan<byte> part)
    {
        if (length + part.Length > text.Length) Array.Resize(ref text, Math.Max(text.Length * 2, length + part.Length));
        length += Encoding.UTF8.GetChars(part, text.AsSpan(length));
    }

    /// <summary>Takes the CR of a CRLF off the cell that is not ended yet.</summary>
    internal void TrimReturn()
    {
        if (length > (Count == 0 ? 0 : ends[Count - 1]) && text[length - 1] == '\r') length--;
    }

    internal void EndCell()
    {
        if (Count == ends.Length) Array.Resize(ref ends, Count * 2);
        ends[Count++] = length;
    }
}

/// <summary>Why a row, or all from a row on, cannot be read.</summary>
/// <param name="Code">As in findings.</param>
/// <param name="Message">What is wrong and what to do.</param>
public sealed record TableFault(string Code, string Message)
{
    /// <summary>Lines end as old programs for Macs write them.</summary>
    internal static TableFault LineEnds { get; } = new("file-list-line-ends",
        "The lines end with a carriage return (CR) only, so that the file is one line. Save it with line ends LF or CRLF.");
}

/// <summary>Nothing after a row can be made sense of.</summary>
public sealed class TableException(long row, TableFault fault) : Exception(fault.Message)
{
    /// <summary>The row, from 1; where text could not be decoded, one near it.</summary>
    public long Row { get; } = row;

    /// <summary>What is wrong.</summary>
    public TableFault Fault { get; } = fault;
}
