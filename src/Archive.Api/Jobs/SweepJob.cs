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
        var mended = await drafts.RunAsync(SealedFor, ct);
        // What is due is judged by the database, what is written of it by this node's reading of the same clock.
        await time.ReadAsync(database, ct);
        var (warned, expired) = await expiry.RunAsync(ct);
        await sharing.RemoveOfGoneDraftsAsync(ct);
        var sessions = await signIns.RemoveExpiredAsync(ct);
        await tallies.RemoveEndedAsync(ct);
        await mails.RemoveDoneAsync(MailsKept, ct);
        var grace = TimeSpan.FromSeconds(settings.Get(SettingCatalogue.SweepGraceSeconds));
        var contents = await staging.RunAsync(database.ArchiveId, grace, ct);
        var recounted = await staging.RecountAsync(ct);
        var abandoned = await objects.RemoveAbandonedAsync(grace, clock, ct);
        var removed = await orphans.RunAsync(database.ArchiveId, grace, ct);
        return $"{mended} drafts finished, {expired} expired and {warned} owners warned, {recounted} counts corrected, {sessions} sign-ins, {contents} staged contents, {abandoned} unfinished and {removed} unreferenced objects removed.";
    }

    public async Task<string> RunOverAllAsync(CancellationToken ct)
    {
        var swept = await orphans.RunOverAllAsync(database.ArchiveId, ct);
        return $"{swept.Checked} objects looked at, {swept.Removed} unreferenced removed; {swept.UnknownAttempts} folders of attempts that no record knows.";
    }
}
