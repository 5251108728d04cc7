using System.Text;

namespace Archive.Model.PageTab;

/// <summary>
/// Splits tab-separated text into rows. A cell that begins with a quote ends at the next single one and may hold tabs, line ends and
/// doubled quotes. Reads the text once, whatever is wrong with it.
/// </summary>
/// <param name="source">The text; lines end in LF, CRLF or CR.</param>
/// <param name="reportQuote">Told of a quote that is wrong: the line that it stands in, and what to do.</param>
internal sealed class PageTabTsvRows(TextReader source, Action<long, string> reportQuote)
{
    private readonly StringBuilder text = new();
    private readonly List<PageTabCell> cells = [];
    private readonly char[] block = new char[16 * 1024];
    private TextReader source = source;
    private int start;
    private int end;
    private bool spansLines = true;
    private int filled;
    private int count;
    private int seen;

    /// <summary>The line that is being read, from 1.</summary>
    public long Line { get; private set; } = 1;

    /// <summary>Reads the next row; false at the end.</summary>
    /// <exception cref="DecoderFallbackException">The text is not of its encoding.</exception>
    public bool TryRead(out PageTabRow row)
    {
        row = default;
        if (Peek() < 0) return false;
        var first = Line;
        var isComment = Peek() == '#';
        (filled, count, seen) = (0, 0, 0);
        cells.Clear();
        while (true)
        {
            var stop = ReadCell(isComment);
            if (stop == '\t') continue;
            row = new(first, Line, cells[..filled], count, isComment);
            if (stop == '\n') Line++;
            return true;
        }
    }

    // The character that ended the cell: a tab, a newline for every kind of line end, -1 at the end of the text.
    private int ReadCell(bool isComment)
    {
        text.Clear();
        return Peek() == '"' && !isComment ? ReadQuoted() : ReadPlain();
    }

    private int ReadPlain()
    {
        int c;
        while ((c = Next()) is not ('\t' or '\n' or -1)) text.Append((char)c);
        Keep(text.ToString(), isQuoted: false);
        return c;
    }

    private int ReadQuoted()
    {
        var opened = Line;
        Read();
        while (true)
        {
            var c = Read();
            if (c < 0) return spansLines ? ResumeAfterOpen(opened) : EndLiteral(c);
            if (!spansLines && (c is '\n' or '\r')) return EndLiteral(c);
            if (c != '"')
            {
                if (c == '\n' || (c == '\r' && Peek() != '\n')) Line++;
                text.Append((char)c);
                continue;
            }
            if (Peek() != '"') return EndQuoted(opened);
            Read();
            text.Append("\"\"");
        }
    }

    private int EndQuoted(long opened)
    {
        var quoted = text.Replace("\"\"", "\"").ToString();
        text.Clear();
        var c = Next();
        if (c is '\t' or '\n' or -1)
        {
            Keep(quoted, isQuoted: true);
            return c;
        }
        reportQuote(opened, "A cell begins with a quote and goes on after the quote that ends it. Put the whole cell in quotes, and double the quotes inside.");
        text.Append(quoted);
        for (; c is not ('\t' or '\n' or -1); c = Next()) text.Append((char)c);
        Keep(text.ToString(), isQuoted: true);
        return c;
    }

    // Nothing closes the cell: it is taken to end with its line, and what was read beyond is read again, so that other faults are found
    // too. Only once, or a text full of such cells would be read as often as it has lines: later ones end with their lines at once.
    private int ResumeAfterOpen(long opened)
    {
        reportQuote(opened, "A cell begins with a quote and nothing ends it. Close it by a quote behind its last character, and double the quotes inside.");
        var raw = text.ToString();
        var lineEnd = raw.AsSpan().IndexOfAny('\n', '\r');
        text.Clear();
        spansLines = false;
        Line = opened;
        (source, start, end) = (new StringReader(lineEnd < 0 ? "" : raw[lineEnd..]), 0, 0);
        Keep("\"" + (lineEnd < 0 ? raw : raw[..lineEnd]), isQuoted: false);
        return Next();
    }

    private int EndLiteral(int stop)
    {
        if (stop == '\r' && Peek() == '\n') Read();
        Keep("\"" + text, isQuoted: false);
        return stop < 0 ? -1 : '\n';
    }

    // Every kind of line end as a newline.
    private int Next()
    {
        var c = Read();
        if (c != '\r') return c;
        if (Peek() == '\n') Read();
        return '\n';
    }

    private int Read() => Peek() < 0 ? -1 : block[start++];

    private int Peek()
    {
        if (start < end) return block[start];
        (start, end) = (0, source.Read(block, 0, block.Length));
        return end > 0 ? block[0] : -1;
    }

    // Blank cells are kept when another follows; a row's bound holds for what is kept, its count goes on.
    private void Keep(string cell, bool isQuoted)
    {
        var kept = new PageTabCell(cell, isQuoted);
        if (cells.Count < PageTabLimits.MaxCells) cells.Add(kept);
        var isBlank = kept.IsBlank;
        seen++;
        if (isBlank) return;
        filled = cells.Count;
        count = seen;
    }
}
