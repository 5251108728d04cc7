using System.IO.Pipelines;
using System.Text;

namespace Archive.Model.PageTab;

/// <summary>Writes cells and lines to a stream, piece by piece.</summary>
internal sealed class PageTabTsvTarget(PipeWriter pipe)
{
    private const int FlushBytes = 64 * 1024;

    private int blanks;

    /// <summary>Sends what has gathered on when there is much of it.</summary>
    public async ValueTask FlushAsync(CancellationToken ct)
    {
        if (pipe.UnflushedBytes > FlushBytes) await pipe.FlushAsync(ct);
    }

    /// <summary>Writes the first cell of a line; null is blank.</summary>
    public void Cell(string? text)
    {
        if (text is null) return;
        if (!NeedsQuotes(text))
        {
            Raw(text);
            return;
        }
        Raw("\"");
        Raw(text.Contains('"', StringComparison.Ordinal) ? text.Replace("\"", "\"\"", StringComparison.Ordinal) : text);
        Raw("\"");
    }

    /// <summary>Writes a tab and a cell; null is blank. Blank cells are held back until another follows.</summary>
    public void NextCell(string? text)
    {
        blanks++;
        if (text is null) return;
        for (; blanks > 0; blanks--) Raw("\t");
        Cell(text);
    }

    /// <summary>Blank cells.</summary>
    public void NextBlanks(int count) => blanks += count;

    /// <summary>Ends the line.</summary>
    public void EndLine()
    {
        blanks = 0;
        Raw("\n");
    }

    /// <summary>Writes a line of a name and a value; without the value when it is null.</summary>
    public void Line(PageTabNameKind kind, string name, string? value)
    {
        Cell(PageTabTsvNames.Write(kind, name));
        NextCell(value);
        EndLine();
    }

    // Without quotes, blanks at the ends of a cell would not be told from those of careless hands.
    private static bool NeedsQuotes(string text) =>
        text.Length == 0 || text[0] is '"' or '#' || char.IsWhiteSpace(text[0]) || char.IsWhiteSpace(text[^1]) || text.AsSpan().IndexOfAny('\t', '\n', '\r') >= 0;

    private void Raw(ReadOnlySpan<char> text) => Encoding.UTF8.GetBytes(text, pipe);
}
