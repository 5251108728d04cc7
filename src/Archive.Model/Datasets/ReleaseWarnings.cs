namespace Archive.Model.Datasets;

/// <summary>When an owner is reminded that a dataset under embargo becomes public.</summary>
public static class ReleaseWarnings
{
    /// <summary>Days of 24 hours before the release, the longest first.</summary>
    public static IReadOnlyList<int> Days { get; } = [30, 7, 1];

    /// <summary>
    /// When the next warning is due (UTC): the first that lies ahead, so that who sets a date ten days ahead hears of it a week before and not
    /// at once; null when there is no date or none lies ahead.
    /// </summary>
    public static DateTimeOffset? Next(DateTimeOffset? releaseDate, DateTimeOffset now)
    {
        foreach (var days in Days)
            if (releaseDate?.AddDays(-days) is { } at && at > now) return at;
        return null;
    }

    /// <summary>Whole days that are left, counted up, so that a warning that comes late says what is true: 1 within the last 24 hours.</summary>
    public static int DaysLeft(DateTimeOffset releaseDate, DateTimeOffset now) => Math.Max(0, (int)Math.Ceiling((releaseDate - now).TotalDays));
}
