using System.Text;
using Archive.Model.Files;

namespace Archive.Indexer.Columns;

/// <summary>Dates as values write them, by the rule of <see cref="AttributeKinds"/>; all of them are UTC.</summary>
internal static class DateText
{
    /// <summary>Characters of a day, <c>YYYY-MM-DD</c>.</summary>
    public const int DayLength = 10;

    // The longest form: a day, T, seven decimals of a second, Z.
    private const int MaxLength = 28;

    /// <summary>Whether a value is a date.</summary>
    public static bool IsDate(ReadOnlySpan<byte> value) => TryRead(value, out _, out _);

    /// <summary>The ticks from which and up to, not with, which a date lasts: a day, a minute, a second or a part of one.</summary>
    public static bool TryRead(ReadOnlySpan<byte> value, out long from, out long to)
    {
        from = to = 0;
        if (value.Length is < DayLength or > MaxLength || value[4] != (byte)'-' || value[7] != (byte)'-') return false;
        Span<char> text = stackalloc char[MaxLength];
        return TryRead(text[..Encoding.Latin1.GetChars(value, text)], out from, out to);
    }

    /// <summary>As the other.</summary>
    public static bool TryRead(ReadOnlySpan<char> text, out long from, out long to)
    {
        from = to = 0;
        if (text.Length > MaxLength || AttributeKinds.Of(text) != AttributeKind.Date) return false;
        from = new DateTime(Number(text[..4]), Number(text[5..7]), Number(text[8..10])).Ticks;
        var time = text[DayLength..].TrimEnd('Z');
        if (time.IsEmpty)
        {
            to = from + TimeSpan.TicksPerDay;
            return true;
        }
        from += (Number(time[1..3]) * TimeSpan.TicksPerHour) + (Number(time[4..6]) * TimeSpan.TicksPerMinute);
        var length = TimeSpan.TicksPerMinute;
        if (time.Length > 6)
        {
            from += Number(time[7..9]) * TimeSpan.TicksPerSecond;
            length = TimeSpan.TicksPerSecond;
            for (var i = 10; i < time.Length; i++) from += (time[i] - '0') * (length /= 10);
        }
        to = from + length;
        return true;
    }

    private static int Number(ReadOnlySpan<char> digits)
    {
        var number = 0;
        foreach (var digit in digits) number = (number * 10) + digit - '0';
        return number;
    }
}
