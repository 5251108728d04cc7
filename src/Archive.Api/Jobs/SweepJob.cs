using Archive.Api.Running;
using Archive.Storage.Metadata;
using Archive.Storage.Metadata.Postgres;
using Archive.Storage.Objects.FileSystem;
using Archive.Submissions.Accessioning;
using Archive.Submissions.Drafts;
using Archive.Submissions.Ingest;
using Archive.Submissions.Staging;

namespace Archive.Api.Jobs;

/// <summary>
/// Finishes what was cut and removes what nothing refers to. Sealed drafts come first, since finishing one frees its staging.
/// </summary>
internal sealed class SweepJob(MetadataDatabase database, SealedDraftSweep drafts, DraftExpirySweep expiry, DatabaseTime time, StagingSweep staging, OrphanSweep orphans,
    FileSystemObjectStore objects, ISharingStore sharing, ISessionStore signIns, ITallyStore tallies, IMailStore mails, Settings settings, TimeProvider clock)
{
    // A request that seals a draft takes seconds.
    private static readonly TimeSpan SealedFor = TimeSpan.FromMinutes(1);

    // Longer than anything asks for the same mail again: an embargo, whose warnings have identifiers of their own, lasts two years.
    private static readonly TimeSpan MailsKept = TimeSpan.FromDays(800);

    public async Task<string> RunAsync(CancellationToken ct)
    {
        var parts = new SweepParts(ct);
        var grace = TimeSpan.FromSeconds(settings.Get(SettingCatalogue.SweepGraceSeconds));
        var mended = await parts.RunAsync(() => drafts.RunAsync(SealedFor, ct));
        var (warned, expired) = await parts.RunAsync(async () =>
        {
            // What is due is judged by the database, what is written of it by this node's reading of the same clock.
            await time.ReadAsync(database, ct);
            var ended = await expiry.RunAsync(ct);
            await sharing.RemoveOfGoneDraftsAsync(ct);
            return ended;
        });
        var sessions = await parts.RunAsync(async () =>
        {
            await tallies.RemoveEndedAsync(ct);
            await mails.RemoveDoneAsync(MailsKept, ct);
            return await signIns.RemoveExpiredAsync(ct);
        });
        var contents = await parts.RunAsync(async () =>
        {
            await staging.EndLapsedAsync(ct);
            return await staging.RunAsync(database.ArchiveId, grace, ct);
        });
        var abandoned = await parts.RunAsync(() => objects.RemoveAbandonedAsync(grace, clock, ct));
        var removed = await parts.RunAsync(() => orphans.RunAsync(database.ArchiveId, grace, ct));
        parts.ThrowIfAnyFailed();
        return $"{mended} drafts finished, {expired} expired and {warned} owners warned, {sessions} sign-ins, {contents} staged contents, {abandoned} unfinished and {removed} unreferenced objects removed.";
    }

    public async Task<string> RunOverAllAsync(CancellationToken ct)
    {
        var parts = new SweepParts(ct);
        var recounted = await parts.RunAsync(() => staging.RecountAsync(ct));
        var swept = await parts.RunAsync(() => orphans.RunOverAllAsync(database.ArchiveId, ct));
        parts.ThrowIfAnyFailed();
        return $"{recounted} counts of what is staged corrected; {swept!.Checked} objects looked at, {swept.Removed} unreferenced removed; {swept.UnknownAttempts} folders of attempts that no record knows.";
    }
}

/// <summary>Parts of one run that do not need each other: where one fails, the others are done all the same, and the run fails at its end.</summary>
internal sealed class SweepParts(CancellationToken ct)
{
    private readonly List<Exception> faults = [];

    public async Task<T?> RunAsync<T>(Func<Task<T>> part)
    {
        try
        {
            return await part();
        }
        catch (Exception fault) when (!ct.IsCancellationRequested)
        {
            faults.Add(fault);
            return default;
        }
    }

    public void ThrowIfAnyFailed()
    {
        if (faults.Count > 0) throw new AggregateException("Some parts of the sweep failed; the others were done.", faults);
    }
}
