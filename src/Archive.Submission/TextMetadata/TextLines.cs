using System.Text;
using System.Text.Unicode;

namespace Archive.Submissions.TextMetadata;

/// <summary>
/// The lines of a text from any machine: UTF-8 or, line by line where it is not, Windows-1252, which has the characters of Latin-1;
/// ended by LF, CR LF, CR CR LF (as a text stream that was given CR LF writes it) or CR. Reads no further than a bound.
/// </summary>
internal sealed class TextLines(Stream content, long maxBytes, int maxLineBytes)
{
    private static readonly Encoding Windows1252 = CodePagesEncodingProvider.Instance.GetEncoding(1252)!;

    private readonly byte[] buffer = new byte[16 * 1024];
    private readonly byte[] pending = new byte[maxLineBytes];
    private int start;
    private int end;
    private int length;
    private int returns;
    private int emptyLines;
    private long read;
    private bool isTooLong;
    private bool hasText;

    /// <summary>The number of the line last given, from 1.</summary>
    public long Number { get; private set; }

    /// <summary>Whether the text goes on behind the bound.</summary>
    public bool IsCut { get; private set; }

    /// <summary>How many lines so far were above the bound of a line; each was given as an empty one.</summary>
    public int TooLong { get; private set; }

    /// <summary>Whether the text begins as UTF-16 does; it has no lines then.</summary>
    public bool IsUtf16 { get; private set; }

    /// <summary>The next line without its end, control characters and blanks around it; null at the end.</summary>
    public async ValueTask<string?> NextAsync(CancellationToken ct)
    {
        while (true)
        {
            if (emptyLines > 0)
            {
                emptyLines--;
                Number++;
                return "";
            }
            if (start == end && !await FillAsync(ct)) return hasText || returns > 0 ? Finish() : null;
            while (start < end)
            {
                var next = buffer[start];
                if (next == '\n')
                {
                    start++;
                    return Finish();
                }
                if (next == '\r')
                {
                    returns++;
                }
                else if (returns > 0)
                {
                    emptyLines = returns - 1;
                    return Finish();
                }
                else
                {
                    hasText = true;
                    if (length < pending.Length) pending[length++] = next;
                    else isTooLong = true;
                }
                start++;
            }
        }
    }

    /// <summary>A text from bytes of either encoding.</summary>
    public static string Decode(ReadOnlySpan<byte> bytes) => (Utf8.IsValid(bytes) ? Encoding.UTF8 : Windows1252).GetString(bytes);

    private string Finish()
    {
        Number++;
        if (isTooLong) TooLong++;
        var text = isTooLong ? "" : CleanText.OfLine(Decode(pending.AsSpan(0, length)));
        length = 0;
        returns = 0;
        isTooLong = hasText = false;
        return text;
    }

    private async ValueTask<bool> FillAsync(CancellationToken ct)
    {
        if (IsUtf16) return false;
        start = end = 0;
        // One byte behind the bound tells whether the text goes on there.
        var room = (int)Math.Min(buffer.Length, maxBytes - read + 1);
        var first = read == 0;
        if (room > 0) end = first ? await content.ReadAtLeastAsync(buffer.AsMemory(0, room), Math.Min(3, room), false, ct) : await content.ReadAsync(buffer.AsMemory(0, room), ct);
        read += end;
        if (read > maxBytes)
        {
            IsCut = true;
            end = Math.Max(0, end - (int)(read - maxBytes));
        }
        if (!first) return end > 0;
        if (buffer.AsSpan(0, end).StartsWith("\uFEFF"u8)) start = 3;
        IsUtf16 = end >= 2 && (buffer[0], buffer[1]) is (0xFF, 0xFE) or (0xFE, 0xFF);
        if (IsUtf16) start = end;
        return start < end || (end == 3 && start == 3 && await FillAsync(ct));
    }
}

/// <summary>Texts as they may stand in a page tab.</summary>
internal static class CleanText
{
    /// <summary>Without blanks around it and control characters in it, but with its line feeds.</summary>
    public static string Of(string? text) => Clean(text ?? "", keepLines: true);

    /// <summary>The same without line feeds.</summary>
    public static string OfLine(string text) => Clean(text, keepLines: false);

    private static string Clean(string text, bool keepLines)
    {
        var isClean = true;
        foreach (var c in text)
            if (char.IsControl(c) && !(keepLines && c == '\n') || char.IsSurrogate(c))
            {
                isClean = false;
                break;
            }
        if (isClean) return text.Trim();
        var clean = new StringBuilder(text.Length);
        // By scalar values: half a surrogate pair, which no encoding has, becomes the replacement character.
        foreach (var rune in text.EnumerateRunes())
        {
            if (rune.Value == '\t') clean.Append(' ');
            else if (!Rune.IsControl(rune) || (keepLines && rune.Value == '\n')) clean.Append(rune);
        }
        return clean.ToString().Trim();
    }
}
