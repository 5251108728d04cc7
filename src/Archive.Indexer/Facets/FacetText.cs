using System.Globalization;
using System.Text;
using Archive.Indexer.Format;
using Archive.Model.Search;

namespace Archive.Indexer.Facets;

/// <summary>The values of facets as they are kept and compared.</summary>
internal static class FacetText
{
    private const string Day = "yyyy-MM-dd";

    private static readonly string[] DateForms = [Day, "yyyy-MM", "yyyy", "yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK", "yyyy/MM/dd"];

    /// <summary>A value in the form of its type: a number as written, a date as day; null when it is neither.</summary>
    public static string? Of(FacetType type, string value) => type switch
    {
        FacetType.Number => ValueOrder.TryNumber(Encoding.UTF8.GetBytes(value.Trim()), out _) ? value.Trim() : null,
        FacetType.Date => TryDay(value, out var day) ? Text(day) : null,
        _ => value,
    };

    /// <summary>Reads a day; a month or a year alone is its first day.</summary>
    public static bool TryDay(string text, out DateOnly day)
    {
        var isDate = DateTimeOffset.TryParseExact(text.Trim(), DateForms, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var at);
        day = isDate ? DateOnly.FromDateTime(at.UtcDateTime) : default;
        return isDate;
    }

    /// <summary>A day as it is written.</summary>
    public static string Text(DateOnly day) => day.ToString(Day, CultureInfo.InvariantCulture);
}
