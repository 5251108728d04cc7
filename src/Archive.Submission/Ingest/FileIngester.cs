using Archive.Model.Errors;
using Archive.Model.Files;
using Archive.Model.Rembi;
using Archive.Model.Submissions;
using Archive.Storage.Metadata;
using Archive.Storage.Objects;
using Archive.Submissions.FileLists;
using Archive.Submissions.Staging;

namespace Archive.Submissions.Ingest;

/// <summary>How files are taken in.</summary>
/// <param name="ScratchFolder">Where rows of file lists lie while files are stored; made when needed.</param>
/// <param name="BatchFiles">Files stored and referenced at once.</param>
/// <param name="BatchBytes">Bytes after which a batch is closed early.</param>
/// <param name="Reserve">Room that ingest leaves free in the object store; null for the usual reserve.</param>
public sealed record IngestOptions(string ScratchFolder, int BatchFiles = 500, long BatchBytes = 256L << 20, SpaceReserve? Reserve = null)
{
    internal SpaceReserve SpaceReserve => Reserve ?? new();
}

/// <summary>
/// Puts every staged file into the object store and then writes its reference, in path order and in batches: first the objects of
/// a batch, all durable, then its rows. What earlier attempts of the same pass wrote is kept.
/// </summary>
public sealed class FileIngester(
    IUploadStore uploads, IFileReferenceStore references, IObjectStore objects, StagingArea staging, FileListCheck fileLists,
    FileListLimits limits, IngestOptions options)
{
    /// <summary>Takes everything in.</summary>
    /// <param name="submission">Held by the caller; its attempt is part of every new key.</param>
    /// <param name="readStudy">Reads what the draft says: called once, and the answer, which may be large, is not kept.</param>
    /// <param name="report">Told after each batch.</param>
    /// <returns>What was counted: done is total.</returns>
    /// <exception cref="DigestMismatchException">A file is not what was received.</exception>
    /// <exception cref="ArchiveException"><see cref="Problems.InsufficientStorage"/>: the object store is down to its reserve.</exception>
    /// <exception cref="IOException">Staging or the object store failed, or is full; may pass.</exception>
    public async Task<SubmissionProgress> IngestAsync(
        Submission submission, Func<CancellationToken, Task<RembiStudy>> readStudy, Action<SubmissionProgress> report, CancellationToken ct)
    {
        using var attributes = await JoinAsync(submission.Draft, readStudy, ct);
        var (total, bytesTotal) = (submission.Progress.FilesTotal, submission.Progress.BytesTotal);
        var (files, bytes) = (0L, 0L);
        var batch = new List<(StagedFile File, ObjectKey Key)>(options.BatchFiles);
        var batchBytes = 0L;
        await using var stored = references.ListPassAsync(submission.Accession, submission.Id, null, ct).GetAsyncEnumerator(ct);
        var hasStored = await stored.MoveNextAsync();
        await foreach (var file in uploads.ListAsync(submission.Draft, null, ct))
        {
            files++;
            bytes += file.LengthBytes;
            while (hasStored && ArchivePath.Compare(stored.Current.Path.MatchKey, file.Path.MatchKey) < 0) hasStored = await stored.MoveNextAsync();
            if (hasStored && stored.Current.Path.MatchKey == file.Path.MatchKey)
            {
                await VerifyAsync(stored.Current, ct);
                continue;
            }
            batch.Add((file, KeyOf(submission, file.Path)));
            batchBytes += file.LengthBytes;
            if (batch.Count < options.BatchFiles && batchBytes < options.BatchBytes) continue;
            await StoreAsync(submission, batch, attributes, ct);
            report(new(files, Math.Max(files, total), bytes, Math.Max(bytes, bytesTotal)));
            batch.Clear();
            batchBytes = 0;
        }
        if (batch.Count > 0) await StoreAsync(submission, batch, attributes, ct);
        return new(files, files, bytes, bytes);
    }

    /// <summary>The path within the dataset that an object was stored for, from its key.</summary>
    public static string PathOf(ObjectKey key) => key.Value.Split('/', 4) is [_, _, _, var path] ? path : key.Value;

    private static ObjectKey KeyOf(Submission submission, ArchivePath path) =>
        new($"{submission.Accession}/v{submission.Version}/{submission.Attempt}/{path}");

    private async Task<FileAttributeJoin> JoinAsync(DraftId draft, Func<CancellationToken, Task<RembiStudy>> readStudy, CancellationToken ct)
    {
        var join = new FileAttributeJoin(options.ScratchFolder);
        try
        {
            var study = await readStudy(ct);
            // Validation has found these faultless; what it found is not found again.
            var ignored = new FindingList();
            foreach (var list in study.FileLists.DistinctBy(l => l.Name, StringComparer.Ordinal))
            {
                if (await fileLists.FindListAsync(draft, list, ignored, ct) is not { } staged) continue;
                await using var rows = await staging.OpenAsync(staged, ct);
                await join.AddAsync(FileListReader.ReadAsync(rows, new(list.Name, list.Separator), limits, ignored, ct), ct);
            }
            join.Add(study.InlineFiles);
            join.Complete();
            return join;
        }
        catch
        {
            join.Dispose();
            throw;
        }
    }

    private async Task VerifyAsync(FileReference row, CancellationToken ct)
    {
        if (row.ObjectKey is null) return;
        var found = await objects.FindAsync(new(row.ObjectKey), ct);
        if (found?.LengthBytes != row.LengthBytes)
            throw new IOException($"The object '{row.ObjectKey}' of a stored reference has {found?.LengthBytes} bytes, not {row.LengthBytes}.");
    }

    // Where staging shares the volume, running uploads were promised room as well.
    private async Task RequireRoomAsync(CancellationToken ct)
    {
        if (await objects.ProbeAsync(ct) is not { FreeBytes: { } free, TotalBytes: { } total }) return;
        if (!options.SpaceReserve.HasRoom(new(free, total), await staging.CountPromisedBytesAsync(ct)))
            throw new ArchiveException(Problems.InsufficientStorage, "The object store is down to the room that is to stay free.");
    }

    private async Task StoreAsync(Submission submission, List<(StagedFile File, ObjectKey Key)> batch, FileAttributeJoin attributes, CancellationToken ct)
    {
        await RequireRoomAsync(ct);
        await objects.PutFilesAsync(
            [.. batch.Select(b => new ObjectSource(b.Key, staging.PathOf(b.File), b.File.LengthBytes, b.File.Digests, MayLink: true))], ct);
        await references.AddAsync(
            [.. batch.Select(b => new FileReference
            {
                Accession = submission.Accession,
                Path = b.File.Path,
                Version = submission.Version,
                Submission = submission.Id,
                ObjectKey = b.Key.Value,
                LengthBytes = b.File.LengthBytes,
                Digests = b.File.Digests,
                Format = FileFormat.Of(b.File.Path).Name,
                Attributes = attributes.Find(b.File.Path),
            })],
            ct);
    }
}
