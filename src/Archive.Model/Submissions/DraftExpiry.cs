namespace Archive.Model.Submissions;

/// <summary>When a draft that nobody works on is removed, and when its owner is warned of it.</summary>
public static class DraftExpiry
{
    /// <summary>Days of 24 hours before the end at which its owner is warned, the longest first.</summary>
    public static IReadOnlyList<int> WarningDays { get; } = [30, 7, 1];

    /// <summary>No draft is removed sooner than this after its last warning, however long the archive was down or the span was another.</summary>
    public static TimeSpan AfterLastWarning { get; } = TimeSpan.FromDays(1);

    /// <summary>The warnings of a span: those that come after its beginning, the longest first.</summary>
    /// <param name="span">How long a draft stays untouched.</param>
    public static IReadOnlyList<int> WarningsIn(TimeSpan span) => [.. WarningDays.Where(days => TimeSpan.FromDays(days) < span)];

    /// <summary>When the draft is removed unless somebody touches it (UTC); null for never.</summary>
    /// <param name="draft">The draft as the store gave it.</param>
    /// <param name="span">How long a draft stays untouched; zero for ever.</param>
    /// <param name="now">The time (UTC).</param>
    public static DateTimeOffset? EndOf(Draft draft, TimeSpan span, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(draft);
        if (span <= TimeSpan.Zero || draft.IsSealed) return null;
        var end = draft.TouchedAt + span;
        if (WarningsIn(span) is not [.., var last]) return end;
        var warned = draft.WarnedDays == last && draft.WarnedAt is { } at ? at : Later(end.AddDays(-last), now);
        return Later(end, warned + AfterLastWarning);
    }

    private static DateTimeOffset Later(DateTimeOffset a, DateTimeOffset b) => a > b ? a : b;
}
