using System.Globalization;
using System.Text;

namespace Archive.Api.Pages;

/// <summary>How pages write numbers, sizes and times. The same for every visitor: UTC, decimal units, English month names.</summary>
internal static class Format
{
    /// <summary>Stands between groups of three digits: thin, and never at the end of a line (U+202F).</summary>
    public const char ThinSpace = '\u202F';

    private const int MinWrappedLine = 40;
    private const char NoBreakSpace = '\u00A0';

    private static readonly string[] Units = ["bytes", "kB", "MB", "GB", "TB", "PB", "EB"];
    private static readonly NumberFormatInfo Thin = new() { NumberGroupSeparator = ThinSpace.ToString(), NumberGroupSizes = [3] };

    /// <summary>A count in full: <c>45 024</c>.</summary>
    public static string Count(long count) => count.ToString("#,0", Thin);

    /// <summary>A count that is short enough for a headline: in full below a million, then <c>24.5 million</c>, <c>1.2 billion</c>.</summary>
    public static string ShortCount(long count) => count switch
    {
        < 1_000_000 => Count(count),
        < 999_500_000 => Short(count / 1e6) + NoBreakSpace + "million",
        _ => Short(count / 1e9) + NoBreakSpace + "billion",
    };

    /// <summary>A count with its noun: <c>1 file</c>, <c>45 024 files</c>.</summary>
    /// <param name="count">0 or more.</param>
    /// <param name="noun">In the singular; the plural adds an s.</param>
    public static string Counted(long count, string noun) => $"{Count(count)} {noun}{(count == 1 ? "" : "s")}";

    /// <summary>A size in decimal units: <c>512 bytes</c>, <c>8.4 MB</c>, <c>160 GB</c>. One decimal below 100, none from there.</summary>
    public static string Size(long lengthBytes)
    {
        if (lengthBytes < 1000) return Counted(lengthBytes, "byte");
        var value = (double)lengthBytes;
        var unit = 0;
        // 999.5 of a unit would be shown as 1000 of it, so it is 1 of the next.
        while (value >= 999.5 && unit < Units.Length - 1)
        {
            value /= 1000;
            unit++;
        }
        return Short(value) + NoBreakSpace + Units[unit];
    }

    /// <summary>A size in full, for the title of a shortened one: <c>159 875 214 336 bytes</c>.</summary>
    public static string ExactSize(long lengthBytes) => Counted(lengthBytes, "byte");

    /// <summary>A day: <c>12 March 2026</c>.</summary>
    public static string Day(DateOnly day) => day.ToString("d MMMM yyyy", CultureInfo.InvariantCulture);

    /// <summary>The UTC day of an instant: <c>12 March 2026</c>.</summary>
    public static string Day(DateTimeOffset instant) => Day(DateOnly.FromDateTime(instant.UtcDateTime));

    /// <summary>An instant to the minute: <c>12 March 2026, 03:12 UTC</c>.</summary>
    public static string Instant(DateTimeOffset instant) =>
        $"{Day(instant)}, {instant.UtcDateTime.ToString("HH:mm", CultureInfo.InvariantCulture)}{NoBreakSpace}UTC";

    /// <summary>A day for machines: <c>2026-03-12</c>.</summary>
    public static string MachineDay(DateTimeOffset instant) => instant.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    /// <summary>A list of names, the first few in full: <c>A, B, C and 6 others</c>.</summary>
    public static string Names(IReadOnlyList<string> names, int shown = 4)
    {
        if (names.Count <= shown + 1) return string.Join(", ", names);
        return $"{string.Join(", ", names.Take(shown))} and {names.Count - shown} others";
    }

    /// <summary>A text cut after a whole word, with an ellipsis, when it is longer than <paramref name="length"/> characters.</summary>
    public static string Cut(string text, int length)
    {
        if (text.Length <= length) return text;
        var end = text.LastIndexOf(' ', length);
        if (end < length / 2) end = length;
        // Never between the two halves of one character.
        if (char.IsHighSurrogate(text[end - 1])) end--;
        return new StringBuilder(text, 0, end, end + 2).Append(' ').Append('…').ToString();
    }

    /// <summary>
    /// A text whose lines were broken at a fixed width, put together again: a long line runs on into one that begins in lower
    /// case. All other line breaks are the writer's and stay.
    /// </summary>
    public static string Unwrap(string text)
    {
        var lines = text.ReplaceLineEndings("\n").Split('\n');
        var joined = new StringBuilder(lines[0], text.Length);
        for (var i = 1; i < lines.Length; i++)
        {
            var next = lines[i].TrimStart();
            var runsOn = lines[i - 1].TrimEnd().Length >= MinWrappedLine && next.Length > 0 && (char.IsLower(next[0]) || next[0] == '(');
            joined.Append(runsOn ? ' ' : '\n').Append(next);
        }
        return joined.ToString();
    }

    private static string Short(double value) => value.ToString(value < 99.95 ? "0.#" : "0", CultureInfo.InvariantCulture);
}
