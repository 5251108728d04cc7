using System.Globalization;

namespace Archive.Model.Datasets;

/// <summary>Release dates as depositors write them: <c>YYYY-MM-DD</c>, meaning 00:00 UTC, or an ISO 8601 instant with its offset.</summary>
public static class ReleaseDates
{
    private static readonly string[] Instants = ["yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK", "yyyy-MM-dd'T'HH:mmK"];

    /// <summary>Reads a date or an instant; false for anything else, an instant without offset among it.</summary>
    public static bool TryParse(string text, out DateTimeOffset utc)
    {
        if (DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date))
        {
            utc = new(date.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero);
            return true;
        }
        var hasOffset = text.EndsWith('Z') || (text.Length > 6 && text[^6] is '+' or '-');
        var read = DateTimeOffset.TryParseExact(text, Instants, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out utc);
        utc = utc.ToUniversalTime();
        return read && hasOffset;
    }

    /// <summary>Writes a date where the instant is midnight UTC, else the instant in seconds.</summary>
    public static string Write(DateTimeOffset utc) => utc.ToUniversalTime() is var at && at.TimeOfDay == TimeSpan.Zero
        ? at.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)
        : at.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    /// <summary>The date that is recorded: a day before the day of submitting becomes that day, since nobody but a curator backdates.</summary>
    public static DateTimeOffset Effective(DateTimeOffset wished, DateTimeOffset submittedAt)
    {
        var day = new DateTimeOffset(submittedAt.UtcDateTime.Date, TimeSpan.Zero);
        return wished < day ? day : wished;
    }
}
