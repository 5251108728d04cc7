using Archive.Model.Submissions;
using Archive.Storage.Metadata;
using Archive.Storage.Objects;
using Archive.Storage.Objects.FileSystem;
using Microsoft.Extensions.Logging;

namespace Archive.Submissions.Staging;

/// <summary>Removes contents that no row names: what killed transfers, replaced files and removed drafts left behind.</summary>
public sealed partial class StagingSweep(StagingArea staging, IUploadStore uploads, IDraftStore drafts, IStagingMeter meter, TimeProvider time, ILogger<StagingSweep> log)
{
    // Candidates held at once: 16 bytes each. A larger draft is compared with its rows several times.
    private const int CandidatesAtOnce = 200_000;

    /// <summary>Sweeps all drafts' folders.</summary>
    /// <param name="archiveId">The archive's identity, as the database has it.</param>
    /// <param name="grace">Contents written to more recently are left alone. From an hour, so that clocks may differ.</param>
    /// <returns>How many contents were removed.</returns>
    /// <exception cref="WrongVolumeException">Staging carries another identity or none; nothing was removed.</exception>
    public async Task<int> RunAsync(string archiveId, TimeSpan grace, CancellationToken ct)
    {
        VolumeIdentity.Require(staging.Root, archiveId);
        var before = time.GetUtcNow().UtcDateTime - grace;
        var removed = 0;
        foreach (var folder in new DirectoryInfo(staging.Root).EnumerateDirectories())
        {
            ct.ThrowIfCancellationRequested();
            if (!DraftId.TryParse(folder.Name, null, out var draft)) continue;
            // A removal that was cut after the draft itself: nobody asks for its rows any more, and they would keep its contents.
            if (await drafts.FindAsync(draft, ct) is null) await uploads.RemoveAsync(draft, null, null, ct);
            foreach (var candidates in OldContents(folder, before).Chunk(CandidatesAtOnce))
                removed += await SweepAsync(folder, draft, [.. candidates], ct);
            if (folder.LastWriteTimeUtc <= before) staging.RemoveIfEmpty(draft);
        }
        return removed;
    }

    /// <summary>Gives back what was promised to transfers that were killed.</summary>
    public async Task EndLapsedAsync(CancellationToken ct)
    {
        while (await uploads.EndLapsedAsync(ct) > 0) ct.ThrowIfCancellationRequested();
    }

    /// <summary>Corrects counts of what is staged, each with a line in the log. Reads the row of every staged file.</summary>
    /// <returns>How many counts were wrong.</returns>
    public async Task<int> RecountAsync(CancellationToken ct)
    {
        await EndLapsedAsync(ct);
        var drifts = await meter.RecountAsync(ct);
        foreach (var drift in drifts) LogDrift(log, drift.What, drift.BytesBefore, drift.FilesBefore, drift.Bytes, drift.Files);
        return drifts.Count;
    }

    private async Task<int> SweepAsync(DirectoryInfo folder, DraftId draft, HashSet<UploadId> candidates, CancellationToken ct)
    {
        // In this order: a transfer that ends after it was looked for has its row when the rows are read.
        foreach (var running in await uploads.ListRunningAsync(draft, ct)) candidates.Remove(running.Upload);
        await foreach (var file in uploads.ListAsync(draft, null, ct)) candidates.Remove(file.Content);
        return candidates.Count(c => Durable.TryUnlink(Path.Combine(folder.FullName, c.ToString())));
    }

    private static IEnumerable<UploadId> OldContents(DirectoryInfo folder, DateTime before)
    {
        foreach (var file in folder.EnumerateFiles())
            if (UploadId.TryParse(file.Name, null, out var content) && file.LastWriteTimeUtc <= before) yield return content;
    }

    [LoggerMessage(LogLevel.Warning, "The count of what is staged was wrong for {What}: {BytesBefore} bytes and {FilesBefore} files, which are {Bytes} and {Files}")]
    private static partial void LogDrift(ILogger log, string what, long bytesBefore, long filesBefore, long bytes, long files);
}
