using System.Globalization;
using Archive.Model.Accounts;
using Archive.Model.Auditing;
using Archive.Model.Datasets;
using Archive.Model.Effects;
using Archive.Model.Mail;

namespace Archive.Submissions.Release;

/// <summary>What is recorded of a dataset's changes, and what its owner is written.</summary>
public static class DatasetRecord
{
    /// <summary>The kind of thing that entries about datasets name.</summary>
    public const string SubjectKind = "dataset";

    /// <summary>The head that is to be written, with an entry of how it differs from the one that stood.</summary>
    /// <param name="changed">What is to be written.</param>
    /// <param name="before">What stood; null for a first version.</param>
    /// <param name="actor">Who does it; null for the archive itself.</param>
    /// <param name="action">What is done.</param>
    /// <param name="at">When (UTC).</param>
    public static Dataset Recorded(this Dataset changed, Dataset? before, Account? actor, string action, DateTimeOffset at) =>
        changed with
        {
            Effects = changed.Effects.With(AuditEntry.Of(at, actor, SubjectKind, changed.Accession.ToString(), action, Facts(before, null), Facts(changed, before)) with
            {
                OnBehalfOf = actor is { Role: Role.Curator } && actor.Id != changed.Owner && before?.Latest.Number != changed.Latest.Number ? changed.Owner : null,
            }),
        };

    /// <summary>The head with a mail to its owner; without, where he has no account that is active.</summary>
    /// <param name="words">What makes this mail another than every other about the dataset.</param>
    public static Dataset Mailed(this Dataset changed, Account? owner, string template, ReadOnlySpan<string> words, params ReadOnlySpan<(string Place, string Text)> values)
    {
        if (owner is not { IsActive: true }) return changed;
        var texts = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["name"] = owner.Name,
            ["accession"] = changed.Accession.ToString(),
            ["title"] = changed.Title,
        };
        foreach (var (place, text) in values) texts[place] = text;
        return changed with { Effects = changed.Effects.With(new OutgoingMail(MailId.Of([template, changed.Accession.ToString(), .. words]), owner.Email, template, texts)) };
    }

    /// <summary>A date for people: the day, and the time where it is not midnight.</summary>
    public static string Day(DateTimeOffset utc) => utc.TimeOfDay == TimeSpan.Zero
        ? utc.ToString("d MMMM yyyy", CultureInfo.InvariantCulture)
        : utc.ToString("d MMMM yyyy, HH:mm 'UTC'", CultureInfo.InvariantCulture);

    private static object? Facts(Dataset? dataset, Dataset? before) => dataset is null ? null : new
    {
        dataset.State,
        ReleaseDate = dataset.ReleaseDate is { } date ? ReleaseDates.Write(date) : null,
        Version = dataset.Latest.Number,
        dataset.Latest.FileCount,
        dataset.Latest.TotalBytes,
        Changes = before is not null && before.Latest.Number != dataset.Latest.Number ? dataset.Latest.Changes : null,
        Review = dataset.Review is { } review ? new { State = review.State.ToString(), review.Last.Message } : null,
        dataset.WithdrawalReason,
    };
}
