using System.Globalization;
using Archive.Model.Accounts;
using Archive.Model.Auditing;
using Archive.Model.Effects;
using Archive.Model.Errors;
using Archive.Model.Mail;
using Archive.Model.Submissions;
using Archive.Storage.Metadata;
using Microsoft.Extensions.Logging;

namespace Archive.Submissions.Drafts;

/// <summary>
/// Warns owners of drafts that nobody works on, and removes these when their end has come. Safe to run on several nodes at once: each warning
/// and each end is one write that compares when the draft was touched, and mails and audit follow from that write. A draft that has expired is
/// nobody's any more; its staging is emptied, and then it goes itself, by whoever finds that undone.
/// </summary>
public sealed partial class DraftExpirySweep(
    IDraftAgenda agenda, IAccountStore accounts, IStagingMeter meter, DraftCloser closer, DraftEffects effects, DraftOptions options, ILogger<DraftExpirySweep> log)
{
    /// <summary>The kind of thing that entries about drafts name.</summary>
    public const string SubjectKind = "draft";

    private const int BatchSize = 100;

    /// <summary>Warns and removes what is due by the database's clock.</summary>
    /// <returns>How many owners were warned, and how many drafts removed.</returns>
    public async Task<(int Warned, int Removed)> RunAsync(CancellationToken ct)
    {
        await FinishAsync(ct);
        var span = options.Expiry;
        if (span <= TimeSpan.Zero) return (0, 0);
        // The end first: a draft that is warned late is kept for a day from then on.
        var expired = await ForEachAsync(size => agenda.ListToExpireAsync(span, size, ct), due => ExpireAsync(due, span, ct));
        await FinishAsync(ct);
        var warned = await ForEachAsync(size => agenda.ListToWarnAsync(span, size, ct), due => WarnAsync(due, span, ct));
        return (warned, expired);
    }

    private async Task<bool> WarnAsync(DraftDue due, TimeSpan span, CancellationToken ct)
    {
        // One mail even when several warnings are due, as after a long stop: it says how many days are left.
        var warned = due.Draft with { WarnedDays = due.Days, WarnedAt = due.Now };
        var end = DraftExpiry.EndOf(warned, span, due.Now)!.Value;
        var days = Math.Max(1, (int)Math.Ceiling((end - due.Now).TotalDays));
        var mail = await MailAsync(due.Draft, "draft-expiry-warning", [Text(due.Draft.TouchedAt), Number(due.Days)], ct,
            ("date", Day(end)), ("days", days == 1 ? "1 day" : $"{Number(days)} days"));
        var follow = mail is null ? due.Draft.Effects : due.Draft.Effects.With(mail);
        if (!await agenda.TryWarnAsync(due, follow, ct)) return false;
        await effects.FollowAsync(due.Draft.Id, follow, ct);
        return true;
    }

    private async Task<bool> ExpireAsync(DraftDue due, TimeSpan span, CancellationToken ct)
    {
        var draft = due.Draft;
        var count = (await meter.ReadAsync([draft.Id], ct)).GetValueOrDefault(draft.Id);
        var follow = draft.Effects.With(AuditEntry.Of(due.Now, null, SubjectKind, draft.Id.ToString(), "expired", new
        {
            Owner = draft.Owner.ToString(), draft.Collection, Accession = draft.Accession?.ToString(), draft.Version, draft.CreatedAt, draft.TouchedAt,
            FileCount = count?.DraftFiles ?? 0, TotalBytes = count?.DraftBytes ?? 0,
        }));
        if (await MailAsync(draft, "draft-expired", [], ct, ("touched", Day(draft.TouchedAt))) is { } mail) follow = follow.With(mail);
        if (!await agenda.TryExpireAsync(due, span, follow, ct)) return false;
        LogExpired(log, draft.Id, draft.TouchedAt);
        return true;
    }

    // In this order: when the draft itself is gone, nothing is left that would tell what is to be done.
    private async Task FinishAsync(CancellationToken ct)
    {
        var after = default(DraftId?);
        while (await agenda.ListExpiredAsync(after, BatchSize, ct) is { Count: > 0 } batch)
        {
            foreach (var draft in batch)
            {
                try
                {
                    await effects.DrainAsync(draft.Id, draft.Effects, ct);
                    await closer.EmptyAsync(draft.Id, ct);
                    await agenda.RemoveExpiredAsync(draft.Id, ct);
                }
                catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or ArchiveException)
                {
                    // One folder that cannot be emptied must not keep the others: the next sweep tries again.
                    LogUnfinished(log, draft.Id, fault);
                }
            }
            after = batch[^1].Id;
        }
    }

    private async Task<OutgoingMail?> MailAsync(
        Draft draft, string template, string[] words, CancellationToken ct, params (string Place, string Text)[] values)
    {
        if (await accounts.FindAsync(draft.Owner, ct) is not { IsActive: true } owner) return null;
        var texts = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["name"] = owner.Name,
            ["draft"] = draft.Id.ToString(),
            ["begun"] = Day(draft.CreatedAt),
            ["accession"] = draft.Accession is { } accession ? $" for {accession}" : "",
            ["number"] = Kept(draft),
        };
        foreach (var (place, text) in values) texts[place] = text;
        return new OutgoingMail(MailId.Of([template, draft.Id.ToString(), .. words]), owner.Email, template, texts);
    }

    // What becomes of a number that was given: none is ever given twice.
    private static string Kept(Draft draft) => draft switch
    {
        { Accession: { } accession, Version: > 1 } => $"{accession} itself and its published versions stay as they are.",
        { Accession: { } accession } => $"The accession {accession} that it was given is never used for anything else.",
        _ => "",
    };

    private static async Task<int> ForEachAsync(Func<int, Task<IReadOnlyList<DraftDue>>> list, Func<DraftDue, Task<bool>> act)
    {
        var done = 0;
        while (true)
        {
            var due = await list(BatchSize);
            var before = done;
            foreach (var draft in due)
            {
                // Lost races are met again at the next look, where they may no longer be due.
                if (await act(draft)) done++;
            }
            if (due.Count < BatchSize || done == before) return done;
        }
    }

    private static string Day(DateTimeOffset utc) => utc.UtcDateTime.ToString("d MMMM yyyy", CultureInfo.InvariantCulture);

    private static string Text(DateTimeOffset time) => time.UtcDateTime.ToString("O", CultureInfo.InvariantCulture);

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);

    [LoggerMessage(Level = LogLevel.Warning, Message = "What the expired draft {Draft} leaves could not be removed now")]
    private static partial void LogUnfinished(ILogger log, DraftId draft, Exception fault);

    [LoggerMessage(Level = LogLevel.Information, Message = "The draft {Draft} has expired: nobody touched it since {TouchedAt}")]
    private static partial void LogExpired(ILogger log, DraftId draft, DateTimeOffset touchedAt);
}
