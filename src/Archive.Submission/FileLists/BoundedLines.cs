using System.Text;

namespace Archive.Submissions.FileLists;

/// <summary>Reads lines that end in LF or CRLF; of a line above the bound only the beginning is kept, so that none fills the memory.</summary>
internal sealed class BoundedLines(TextReader reader, int maxChars)
{
    private readonly char[] buffer = new char[32 * 1024];
    private readonly StringBuilder pending = new();
    private int start;
    private int end;

    /// <summary>The number of the line last given, from 1.</summary>
    public long Number { get; private set; }

    /// <summary>The next line, or null at the end.</summary>
    public async ValueTask<Line?> NextAsync(CancellationToken ct)
    {
        pending.Clear();
        var tooLong = false;
        while (true)
        {
            if (start == end)
            {
                start = 0;
                end = await reader.ReadAsync(buffer.AsMemory(), ct);
                if (end == 0) return pending.Length == 0 && !tooLong ? null : Finish(tooLong);
            }
            var rest = buffer.AsSpan(start, end - start);
            var newline = rest.IndexOf('\n');
            var part = newline < 0 ? rest : rest[..newline];
            var room = maxChars - pending.Length;
            if (part.Length > room) tooLong = true;
            pending.Append(part[..Math.Min(part.Length, room)]);
            start += newline < 0 ? rest.Length : newline + 1;
            if (newline >= 0) return Finish(tooLong);
        }
    }

    private Line Finish(bool tooLong)
    {
        Number++;
        if (pending.Length > 0 && pending[^1] == '\r') pending.Length--;
        return new(pending.ToString(), tooLong);
    }

    /// <summary>A line.</summary>
    /// <param name="Text">Its text without its end; only the beginning when it was too long.</param>
    /// <param name="IsTooLong">Whether it was above the bound.</param>
    internal sealed record Line(string Text, bool IsTooLong);
}
