using System.Buffers;
using System.Buffers.Text;
using System.Globalization;

namespace Archive.Model.Files;

/// <summary>
/// What a value of a file's attribute is held for. No file list declares it and nothing stores it: it is read off the text, by this
/// rule alone, wherever values are ordered, compared with bounds or judged.
/// </summary>
public enum AttributeKind
{
    /// <summary>Anything else; ordered by code point, after all numbers.</summary>
    Text,

    /// <summary>A plain decimal number, such as <c>-1.5</c> or <c>2e6</c>; ordered by size and found by bounds.</summary>
    Number,

    /// <summary>A day <c>YYYY-MM-DD</c>, with or without <c>THH:MM[:SS[.fff]][Z]</c>: text whose order is the order of time.</summary>
    Date,
}

/// <summary>The rule by which values have kinds.</summary>
public static class AttributeKinds
{
    private const int MaxNumberLength = 32;
    private const int DayLength = 10;

    private static readonly SearchValues<byte> NumberBytes = SearchValues.Create("0123456789.+-eE"u8);

    /// <summary>Reads a number from UTF-8; false for what is none, is longer than 32 bytes or beyond a double.</summary>
    public static bool TryNumber(ReadOnlySpan<byte> text, out double number)
    {
        number = 0;
        if (text.IsEmpty || text.Length > MaxNumberLength || text[0] > (byte)'9') return false;
        return text.IndexOfAnyExcept(NumberBytes) < 0
            && Utf8Parser.TryParse(text, out number, out var used) && used == text.Length && double.IsFinite(number);
    }

    /// <summary>The kind of a value without blanks around it.</summary>
    public static AttributeKind Of(ReadOnlySpan<char> value)
    {
        if (value.IsEmpty || value.Length > MaxNumberLength || value[0] > '9') return AttributeKind.Text;
        Span<byte> bytes = stackalloc byte[MaxNumberLength];
        for (var i = 0; i < value.Length; i++)
        {
            if (value[i] > '~') return AttributeKind.Text;
            bytes[i] = (byte)value[i];
        }
        if (TryNumber(bytes[..value.Length], out _)) return AttributeKind.Number;
        return IsDate(value) ? AttributeKind.Date : AttributeKind.Text;
    }

    private static bool IsDate(ReadOnlySpan<char> value) =>
        value.Length >= DayLength && value[4] == '-' && value[7] == '-'
        && DateOnly.TryParseExact(value[..DayLength], "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _)
        && (value.Length == DayLength || (value[DayLength] == 'T' && TimeOnly.TryParseExact(
            value[(DayLength + 1)..].TrimEnd('Z'), ["HH:mm", "HH:mm:ss", "HH:mm:ss.FFFFFFF"], CultureInfo.InvariantCulture, DateTimeStyles.None, out _)));
}
