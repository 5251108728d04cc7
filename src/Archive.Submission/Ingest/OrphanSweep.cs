using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using Archive.Model.Datasets;
using Archive.Model.Submissions;
using Archive.Storage.Metadata;
using Archive.Storage.Objects;
using Microsoft.Extensions.Logging;

namespace Archive.Submissions.Ingest;

/// <summary>Takes the lock <c>archive.sweep</c>, which a backup holds while it runs; null when it is taken. Given back by disposing of it.</summary>
public delegate Task<IAsyncDisposable?> TrySweepLock(CancellationToken ct);

/// <summary>What a walk over all objects found.</summary>
/// <param name="Checked">Objects under attempts of passes that have ended.</param>
/// <param name="Removed">Those of them that nothing referred to.</param>
/// <param name="UnknownAttempts">Folders of attempts that no record knows, as after a restore; they are told in the log and stay.</param>
public sealed record SweptAll(long Checked, long Removed, long UnknownAttempts);

/// <summary>
/// Removes objects that no file reference names. Only those under attempts of passes that have ended are looked at, and only while
/// no pass of their accession is active; references are read again, and the store's identity is, just before an object goes. What
/// is under an attempt that no record knows stays. Which passes are looked at, and why that is enough: decision 8.
/// </summary>
public sealed partial class OrphanSweep(
    ILeftoverStore leftovers, ISubmissionStore submissions, IDatasetStore datasets, IFileReferenceStore references, IObjectStore objects,
    TrySweepLock tryLock, TimeProvider time, ILogger<OrphanSweep> log)
{
    private const int PageSize = 100;
    private const int BatchSize = 500;

    private static readonly TimeSpan LockWait = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LongestRest = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Looks at the passes that may have left something since they were last looked at, and returns how many objects were removed.
    /// Where a backup holds the lock, what is to be removed is left to the next sweep.
    /// </summary>
    /// <param name="archiveId">The archive's identity, as the database has it.</param>
    /// <param name="settle">How long after its end a pass is looked at once more, for what a holder wrote late and did not report.</param>
    /// <exception cref="WrongVolumeException">The object store carries another identity or none; nothing was removed.</exception>
    public async Task<long> RunAsync(string archiveId, TimeSpan settle, CancellationToken ct)
    {
        await RequireAsync(archiveId, ct);
        var round = new Round(archiveId, IsPatient: false);
        var isFree = true;
        SubmissionId? after = null;
        for (IReadOnlyList<Leftovers> page; isFree && (page = await leftovers.ListDueAsync(after, PageSize, ct)).Count > 0; after = page[^1].Pass.Id)
            foreach (var left in page)
            {
                try
                {
                    if ((await submissions.ListByAccessionAsync(left.Pass.Accession, ct)).Any(s => !s.IsEnded)) continue;
                    if (!(isFree = await SweepAsync(left.Pass, round, ct))) break;
                    await leftovers.SweptAsync(left, settle, ct);
                }
                catch (Exception e) when (e is not (OperationCanceledException or WrongVolumeException))
                {
                    // One pass that cannot be read now must not keep what others left.
                    LogFailed(log, e, left.Pass.Id);
                    round.Fault ??= e;
                }
            }
        round.ThrowFault();
        return round.Removed;
    }

    /// <summary>
    /// Looks at every object, whatever is known of its pass: after a restore, and now and then. Rests as long as it works, holds
    /// one batch in memory, and waits while a backup holds the lock. Hours for 100 million objects. It goes round once, from the
    /// accession after the one that the last look was done with: however often a look is stopped, none is left out for ever.
    /// </summary>
    /// <param name="archiveId">The archive's identity, as the database has it.</param>
    /// <exception cref="WrongVolumeException">The object store carries another identity or none.</exception>
    public async Task<SweptAll> RunOverAllAsync(string archiveId, CancellationToken ct)
    {
        await RequireAsync(archiveId, ct);
        var round = new Round(archiveId, IsPatient: true) { Since = time.GetTimestamp() };
        var unknown = 0L;
        await foreach (var accession in RoundAsync(await leftovers.FindWalkedAsync(ct), ct))
        {
            try
            {
                unknown += await LookAsync(accession, round, ct);
            }
            catch (Exception e) when (e is not (OperationCanceledException or WrongVolumeException))
            {
                // One folder that cannot be read must not end each walk at the same place.
                LogFailedAccession(log, e, accession);
                round.Fault ??= e;
            }
            await leftovers.SetWalkedAsync(accession, ct);
        }
        round.ThrowFault();
        return new(round.Checked, round.Removed, unknown);
    }

    private async IAsyncEnumerable<Accession> RoundAsync(Accession? last, [EnumeratorCancellation] CancellationToken ct)
    {
        var place = last is { } walked ? ObjectFolders.Of(walked) : null;
        await foreach (var folder in objects.ListFoldersAsync("", ct))
            if (string.CompareOrdinal(folder, place) > 0 && ObjectFolders.AccessionOf(folder) is { } later)
                yield return later;
        if (place is null) yield break;
        await foreach (var folder in objects.ListFoldersAsync("", ct))
            if (string.CompareOrdinal(folder, place) <= 0 && ObjectFolders.AccessionOf(folder) is { } earlier)
                yield return earlier;
    }

    // Returns how many attempts no record knows.
    private async Task<long> LookAsync(Accession accession, Round round, CancellationToken ct)
    {
        var passes = await submissions.ListByAccessionAsync(accession, ct);
        if (passes.Any(s => !s.IsEnded)) return 0;
        foreach (var pass in passes) await SweepAsync(pass, round, ct);
        var known = AttemptsOf(passes);
        var unknown = 0L;
        await foreach (var (attempt, prefix) in ObjectFolders.AttemptsAsync(objects, accession, ct))
        {
            if (known.Contains(attempt)) continue;
            // The sweep rests: a pass may have begun meanwhile. Its attempt was recorded before it could store anything.
            known = AttemptsOf(await submissions.ListByAccessionAsync(accession, ct));
            if (known.Contains(attempt)) continue;
            LogUnknown(log, prefix);
            unknown++;
        }
        return unknown;
    }

    private static HashSet<long> AttemptsOf(IReadOnlyList<Submission> passes) => passes.SelectMany(p => p.Attempts).ToHashSet();

    // The caller has seen no active pass of the accession: while one is, a holder that lost its lease may still write references
    // which the next holder then keeps. A pass that begins meanwhile stores under attempts of its own. False: the lock was taken.
    private async Task<bool> SweepAsync(Submission pass, Round round, CancellationToken ct)
    {
        if (pass.State is SubmissionState.Rejected or SubmissionState.Cancelled
            && (await datasets.FindAsync(pass.Accession, ct))?.Versions.Any(v => v.Submission == pass.Id) is not true)
            await references.RemovePassAsync(pass.Accession, pass.Id, ct);
        var attempts = pass.Attempts.ToHashSet();
        var batch = new List<ObjectKey>(BatchSize);
        await foreach (var (attempt, prefix) in ObjectFolders.AttemptsAsync(objects, ObjectFolders.OfVersion(pass.Accession, pass.Version), ct))
        {
            if (!attempts.Contains(attempt)) continue;
            await foreach (var found in objects.ListAsync(prefix, ct))
            {
                batch.Add(found.Key);
                if (batch.Count < BatchSize) continue;
                if (!await RemoveAsync(pass.Accession, batch, round, ct)) return false;
                batch.Clear();
            }
        }
        return batch.Count == 0 || await RemoveAsync(pass.Accession, batch, round, ct);
    }

    private async Task<bool> RemoveAsync(Accession accession, List<ObjectKey> batch, Round round, CancellationToken ct)
    {
        round.Checked += batch.Count;
        var isDone = await FindUnreferencedAsync(accession, batch, ct) is not { Count: > 0 } found || await RemoveLockedAsync(accession, found, round, ct);
        if (!round.IsPatient) return isDone;
        var worked = time.GetElapsedTime(round.Since);
        await Task.Delay(worked < LongestRest ? worked : LongestRest, time, ct);
        round.Since = time.GetTimestamp();
        return isDone;
    }

    private async Task<bool> RemoveLockedAsync(Accession accession, List<ObjectKey> found, Round round, CancellationToken ct)
    {
        var held = await tryLock(ct);
        if (held is null) LogPaused(log);
        for (; held is null && round.IsPatient; held = await tryLock(ct)) await Task.Delay(LockWait, time, ct);
        if (held is null) return false;
        await using (held)
        {
            // Another volume may have been mounted since the walk began.
            await RequireAsync(round.ArchiveId, ct);
            foreach (var key in await FindUnreferencedAsync(accession, found, ct))
            {
                await objects.DeleteAsync(key, ct);
                LogRemoved(log, key);
                round.Removed++;
            }
        }
        return true;
    }

    private async Task<List<ObjectKey>> FindUnreferencedAsync(Accession accession, List<ObjectKey> keys, CancellationToken ct)
    {
        var referenced = await references.FindReferencedAsync(accession, [.. keys.Select(k => k.Value)], ct);
        return keys.FindAll(k => !referenced.Contains(k.Value));
    }

    private async Task RequireAsync(string archiveId, CancellationToken ct)
    {
        var status = await objects.ProbeAsync(ct);
        if (status.ArchiveId != archiveId)
            throw new WrongVolumeException($"The object store carries the archive identity '{status.ArchiveId ?? "(none)"}' and not '{archiveId}'.");
    }

    private sealed record Round(string ArchiveId, bool IsPatient)
    {
        public long Checked { get; set; }

        public long Removed { get; set; }

        /// <summary>The first thing that went wrong; thrown when all the others have had their turn.</summary>
        public Exception? Fault { get; set; }

        /// <summary>When the work began that the next rest is as long as.</summary>
        public long Since { get; set; }

        public void ThrowFault()
        {
            if (Fault is not null) ExceptionDispatchInfo.Throw(Fault);
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "A backup or another sweep is running: nothing is removed now")]
    private static partial void LogPaused(ILogger log);

    [LoggerMessage(Level = LogLevel.Information, Message = "Removed the object {Key}, which nothing refers to")]
    private static partial void LogRemoved(ILogger log, ObjectKey key);

    [LoggerMessage(Level = LogLevel.Warning, Message = "What submission {Pass} left could not be removed and is looked at again")]
    private static partial void LogFailed(ILogger log, Exception e, SubmissionId pass);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The objects of {Accession} could not be looked at")]
    private static partial void LogFailedAccession(ILogger log, Exception e, Accession accession);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Objects under {Prefix} are of an attempt that no record knows; they stay")]
    private static partial void LogUnknown(ILogger log, string prefix);
}
