using System.Globalization;
using Archive.Indexer.Facets;
using Archive.Indexer.Text;

namespace Archive.Indexer.Searching;

/// <summary>What a name before a colon can be: a text field, a facet, a number, or two of them.</summary>
internal sealed class DatasetFields(FacetCatalogue facets)
{
    private const int DaysInAYear = 366;

    /// <summary>Whether a name is a field of datasets.</summary>
    public bool Is(string name) => TextFields.Find(name) >= 0 || Number(name) >= 0 || Facet(name) is not null;

    /// <summary>The facet of that name; null when there is none.</summary>
    public FacetDefinition? Facet(string name) => facets.Find(name);

    /// <summary>The number of that name or of the facet of that name, one of <see cref="DatasetNumbers"/>, without regard to case; -1 when there is none.</summary>
    public int Number(string name) => Facet(name) is { } facet
        ? facet.Number ?? -1
        : Array.FindIndex(DatasetNumbers.Names, n => string.Equals(n, name, StringComparison.OrdinalIgnoreCase));

    /// <summary>
    /// The least and the greatest number that a text stands for: a day, a month (<c>2024-05</c>) or a year for the release; a whole
    /// number, with k, M, G or T for powers of a thousand, for the others. Null when it stands for none.
    /// </summary>
    public static (long Least, long Greatest)? Read(int number, string text) => number == DatasetNumbers.Released ? Days(text) : Amount(text);

    /// <summary>The first and the last day that a text stands for; null when it stands for none.</summary>
    public static (long Least, long Greatest)? Days(string text)
    {
        if (TryDate(text, "yyyy-MM-dd", out var day)) return (day.DayNumber, day.DayNumber);
        if (TryDate(text, "yyyy-MM", out var month)) return (month.DayNumber, month.DayNumber + DateTime.DaysInMonth(month.Year, month.Month) - 1);
        return TryDate(text, "yyyy", out var year) ? (year.DayNumber, year.DayNumber + (DateTime.IsLeapYear(year.Year) ? DaysInAYear : DaysInAYear - 1) - 1) : null;
    }

    private static (long Least, long Greatest)? Amount(string text)
    {
        var digits = text.EndsWith('B') ? text[..^1] : text;
        var power = digits.Length == 0 ? -1 : "kMGT".IndexOf(digits[^1], StringComparison.Ordinal);
        if (power >= 0) digits = digits[..^1];
        if (!decimal.TryParse(digits, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var amount)) return null;
        for (; power >= 0 && amount <= long.MaxValue / 1000; power--) amount *= 1000;
        if (amount > long.MaxValue) return (long.MaxValue, long.MaxValue);
        return ((long)Math.Ceiling(amount), (long)Math.Floor(amount));
    }

    private static bool TryDate(string text, string format, out DateOnly date) =>
        DateOnly.TryParseExact(text, format, CultureInfo.InvariantCulture, DateTimeStyles.None, out date);
}
