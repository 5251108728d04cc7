using Archive.Model.Datasets;
using Archive.Model.Errors;
using Archive.Model.Files;
using Archive.Model.Rembi;
using Archive.Model.Submissions;
using Archive.Storage.Metadata;
using Archive.Storage.Objects;
using Archive.Submissions.FileLists;
using Archive.Submissions.Revisions;
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
/// Puts every staged file that differs from the version before into the object store and then writes its reference, in path order and in
/// batches: first the objects of a batch, all durable, then its rows. Rows are written for what differs only: a removed path has one
/// without object, and a file with other attributes one with the object that it had. What earlier attempts of the same pass wrote is kept.
/// </summary>
public sealed class FileIngester(
    IFileReferenceStore references, IObjectStore objects, StagingArea staging, FileListCheck fileLists, IngestOptions options)
{
    /// <summary>Takes everything in.</summary>
    /// <param name="submission">Held by the caller, validated; its attempt is part of every new key.</param>
    /// <param name="files">The files of the version.</param>
    /// <param name="before">What gave the files of the version before their attributes; null when there is none, or it is not known.</param>
    /// <param name="readStudy">Reads what the draft says: called once, and the answer, which may be large, is not kept.</param>
    /// <param name="report">Told after each batch.</param>
    /// <returns>What was counted: done is total; what the version changes; and whom its file tables name.</returns>
    /// <exception cref="DigestMismatchException">A file is not what was received.</exception>
    /// <exception cref="ArchiveException"><see cref="Problems.InsufficientStorage"/>: the object store is down to its reserve.</exception>
    /// <exception cref="IOException">Staging or the object store failed, or is full; may pass.</exception>
    public async Task<(SubmissionProgress Progress, VersionChanges Changes, IReadOnlyList<IdentifyingText> Named)> IngestAsync(
        Submission submission, NextFileSet files, AttributeSources? before, Func<CancellationToken, Task<RembiStudy>> readStudy,
        Action<SubmissionProgress> report, CancellationToken ct)
    {
        using var attributes = await JoinAsync(submission, files, before, readStudy, ct);
        var (total, bytesTotal) = (submission.Progress.FilesTotal, submission.Progress.BytesTotal);
        var (count, bytes, changes) = (0L, 0L, VersionChanges.None);
        var batch = new Batch(options.BatchFiles);
        await using var stored = references.ListPassAsync(submission.Accession, submission.Id, null, ct).GetAsyncEnumerator(ct);
        var hasStored = await stored.MoveNextAsync();
        // Only where attributes may differ is what the version before has looked at, in one pass along with what is staged.
        await foreach (var file in submission.ComparesAttributes ? files.ListAsync(null, ct) : files.ListStagedAsync(null, ct))
        {
            if (file is { Staged: not null }) (count, bytes) = (count + 1, bytes + file.LengthBytes);
            if (RowOf(submission, file, attributes) is not { } row) continue;
            changes = Count(changes, file);
            while (hasStored && ArchivePath.Compare(stored.Current.Path.MatchKey, file.Path.MatchKey) < 0) hasStored = await stored.MoveNextAsync();
            if (hasStored && stored.Current.Path.MatchKey == file.Path.MatchKey)
            {
                if (IsStoredAnew(file)) await VerifyAsync(stored.Current, ct);
                continue;
            }
            batch.Add(row, IsStoredAnew(file) ? file.Staged : null);
            if (batch.Rows.Count < options.BatchFiles && batch.Bytes < options.BatchBytes) continue;
            await StoreAsync(batch, ct);
            report(new(count, Math.Max(count, total), bytes, Math.Max(bytes, bytesTotal)));
        }
        if (batch.Rows.Count > 0) await StoreAsync(batch, ct);
        return (new(count, count, bytes, bytes), changes, attributes.Named);
    }

    /// <summary>The path within the dataset that an object was stored for, from its key.</summary>
    public static string PathOf(ObjectKey key) => key.Value.Split('/', 4) is [_, _, _, var path] ? path : key.Value;

    private static ObjectKey KeyOf(Submission submission, ArchivePath path) =>
        new($"{submission.Accession}/v{submission.Version}/{submission.Attempt}/{path}");

    private static bool IsStoredAnew(NextFile file) => file.State is NextFileState.New or NextFileState.Replaced;

    // Null when the version has nothing to say of it.
    private static FileReference? RowOf(Submission submission, NextFile file, FileAttributeJoin attributes)
    {
        var kept = file.Base?.Attributes ?? [];
        // Of a file that the version before has, the same sources say the same.
        var described = file.Base is not null && !submission.ComparesAttributes ? kept : attributes.Find(file.Path);
        if (file.State == NextFileState.Kept && kept.SequenceEqual(described)) return null;
        var isRemoved = file.State == NextFileState.Removed;
        return new()
        {
            Accession = submission.Accession,
            Path = file.Path,
            Version = submission.Version,
            Submission = submission.Id,
            ObjectKey = isRemoved ? null : IsStoredAnew(file) ? KeyOf(submission, file.Path).Value : file.Base!.ObjectKey,
            LengthBytes = isRemoved ? 0 : file.LengthBytes,
            Digests = isRemoved ? null : file.Digests,
            Format = FileFormat.Of(file.Path).Name,
            Attributes = isRemoved ? [] : described,
        };
    }

    private static VersionChanges Count(VersionChanges so, NextFile file) => file.State switch
    {
        NextFileState.New => so with { Added = so.Added + 1, FileDelta = so.FileDelta + 1, ByteDelta = so.ByteDelta + file.LengthBytes },
        NextFileState.Replaced => so with { Replaced = so.Replaced + 1, ByteDelta = so.ByteDelta + file.LengthBytes - file.Base!.LengthBytes },
        NextFileState.Removed => so with { Removed = so.Removed + 1, FileDelta = so.FileDelta - 1, ByteDelta = so.ByteDelta - file.Base!.LengthBytes },
        _ => so with { Redescribed = so.Redescribed + 1 },
    };

    private async Task<FileAttributeJoin> JoinAsync(
        Submission submission, NextFileSet files, AttributeSources? before, Func<CancellationToken, Task<RembiStudy>> readStudy, CancellationToken ct)
    {
        var join = new FileAttributeJoin(options.ScratchFolder);
        try
        {
            var study = await readStudy(ct);
            // Validation has found these faultless; what it found is not found again.
            var ignored = new FindingList();
            foreach (var list in study.FileLists.DistinctBy(l => l.Name, StringComparer.Ordinal))
            {
                if (await FileListCheck.FindListAsync(files, list, ignored, ct) is not { } found) continue;
                if (IsNeeded(submission, before, FileListCheck.SourceOf(list, found)))
                    await join.AddAsync(fileLists.ReadAsync(files, found, new(list.Name, list.Separator), ignored, ct), ct);
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

    // An unchanged list that names no folder says nothing of files that come with this version.
    private static bool IsNeeded(Submission submission, AttributeSources? before, ListedSource list) =>
        submission.ComparesAttributes || before?.Find(list) is null || submission.Sources?.Find(list) is not { NamesFolders: false };

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

    private async Task StoreAsync(Batch batch, CancellationToken ct)
    {
        if (batch.Sources.Count > 0)
        {
            await RequireRoomAsync(ct);
            await objects.PutFilesAsync(
                [.. batch.Sources.Select(b => new ObjectSource(b.Key, staging.PathOf(b.File), b.File.LengthBytes, b.File.Digests, MayLink: true))], ct);
        }
        await references.AddAsync(batch.Rows, ct);
        batch.Clear();
    }

    // Rows of what is written next, and which of them need an object first.
    private sealed class Batch(int size)
    {
        public List<FileReference> Rows { get; } = new(size);

        public List<(StagedFile File, ObjectKey Key)> Sources { get; } = [];

        public long Bytes { get; private set; }

        public void Add(FileReference row, StagedFile? stored)
        {
            Rows.Add(row);
            if (stored is null) return;
            Sources.Add((stored, new(row.ObjectKey!)));
            Bytes += stored.LengthBytes;
        }

        public void Clear()
        {
            Rows.Clear();
            Sources.Clear();
            Bytes = 0;
        }
    }
}
