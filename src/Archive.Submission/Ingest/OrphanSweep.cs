using System.Globalization;
using Archive.Model.Datasets;
using Archive.Model.Submissions;
using Archive.Storage.Metadata;
using Archive.Storage.Objects;
using Microsoft.Extensions.Logging;

namespace Archive.Submissions.Ingest;

/// <summary>Takes the lock <c>archive.sweep</c>, which a backup holds while it runs; null when it is taken. Given back by disposing of it.</summary>
public delegate Task<IAsyncDisposable?> TrySweepLock(CancellationToken ct);

/// <summary>
/// Removes objects that no file reference names. Only those under attempts of submissions that have ended are looked at, and
/// references are read again just before an object goes; what is under an attempt that no record knows stays.
/// </summary>
public sealed partial class OrphanSweep(
    ISubmissionStore submissions, IDatasetStore datasets, IFileReferenceStore references, IObjectStore objects, TrySweepLock tryLock,
    ILogger<OrphanSweep> log)
{
    private const int BatchSize = 500;

    /// <summary>
    /// Sweeps all objects and returns how many were removed. Each batch of removals is done under the lock; where a backup holds it,
    /// the batch is left to the next sweep.
    /// </summary>
    /// <param name="archiveId">The archive's identity, as the database has it.</param>
    /// <exception cref="WrongVolumeException">The object store carries another identity or none; nothing was removed.</exception>
    public async Task<int> RunAsync(string archiveId, CancellationToken ct)
    {
        var status = await objects.ProbeAsync(ct);
        if (status.ArchiveId != archiveId)
            throw new WrongVolumeException($"The object store carries the archive identity '{status.ArchiveId ?? "(none)"}' and not '{archiveId}'.");
        var removed = 0;
        Accession? current = null;
        IReadOnlySet<long> ended = new HashSet<long>();
        var batch = new List<ObjectKey>(BatchSize);
        await foreach (var found in objects.ListAsync("", ct))
        {
            if (ObjectPlace.TryRead(found.Key) is not { } place) continue;
            if (place.Accession != current)
            {
                removed += await RemoveAsync(current, batch, ct);
                current = place.Accession;
                ended = await EndedAttemptsAsync(place.Accession, ct);
            }
            if (!ended.Contains(place.Attempt)) continue;
            batch.Add(found.Key);
            if (batch.Count == BatchSize) removed += await RemoveAsync(current, batch, ct);
        }
        return removed + await RemoveAsync(current, batch, ct);
    }

    // While a submission is active, a holder that lost its lease may still write references which the next holder then keeps.
    private async Task<IReadOnlySet<long>> EndedAttemptsAsync(Accession accession, CancellationToken ct)
    {
        var passes = await submissions.ListByAccessionAsync(accession, ct);
        if (passes.Any(s => !s.IsEnded)) return new HashSet<long>();
        var head = await datasets.FindAsync(accession, ct);
        foreach (var pass in passes.Where(s => s.State is SubmissionState.Rejected or SubmissionState.Cancelled))
            if (head?.Versions.Any(v => v.Submission == pass.Id) is not true)
                await references.RemovePassAsync(accession, pass.Id, ct);
        return passes.SelectMany(s => s.Attempts).ToHashSet();
    }

    private async Task<int> RemoveAsync(Accession? accession, List<ObjectKey> batch, CancellationToken ct)
    {
        if (batch.Count == 0) return 0;
        await using var held = await tryLock(ct);
        if (held is null)
        {
            LogPaused(log);
            batch.Clear();
            return 0;
        }
        var referenced = await references.FindReferencedAsync(accession!.Value, [.. batch.Select(k => k.Value)], ct);
        var removed = 0;
        foreach (var key in batch.Where(k => !referenced.Contains(k.Value)))
        {
            await objects.DeleteAsync(key, ct);
            LogRemoved(log, key);
            removed++;
        }
        batch.Clear();
        return removed;
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "A backup or another sweep is running: nothing is removed now")]
    private static partial void LogPaused(ILogger log);

    [LoggerMessage(Level = LogLevel.Information, Message = "Removed the object {Key}, which nothing refers to")]
    private static partial void LogRemoved(ILogger log, ObjectKey key);
}

/// <summary>What the key of an object says: <c>{accession}/v{n}/{attempt}/{path}</c>. Read by sweeps only; readers go by the reference.</summary>
/// <param name="Accession">The dataset.</param>
/// <param name="Attempt">The attempt that stored it.</param>
internal sealed record ObjectPlace(Accession Accession, long Attempt)
{
    /// <summary>Takes a key apart; null when it is none of ours.</summary>
    public static ObjectPlace? TryRead(ObjectKey key) =>
        key.Value.Split('/', 4) is [var accession, ['v', ..], var attempt, _]
        && Accession.TryParse(accession, CultureInfo.InvariantCulture, out var parsed)
        && long.TryParse(attempt, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? new(parsed, number)
            : null;
}
