using Archive.Model.Errors;
using Archive.Model.Files;
using Archive.Model.Submissions;
using Archive.Storage.Metadata;
using Archive.Storage.Objects;
using Archive.Storage.Objects.FileSystem;

namespace Archive.Submissions.Staging;

/// <summary>
/// Holds what depositors send until it is ingested. Content goes to a new file under a name of ours, is digested while it is
/// written, and is on the disk before the draft shows it; a file at the same path is replaced as a whole or stays. A content file
/// is written once and never opened for writing again, so ingest may link it.
/// </summary>
public sealed class StagingArea
{
    private readonly StagingOptions options;
    private readonly IUploadStore uploads;
    private readonly IDraftStore drafts;
    private readonly TimeProvider time;
    private readonly string root;
    private readonly DraftFolders folders;
    private readonly FileReceiver receiver;

    /// <summary>Staging in a folder; nothing is touched before the first call. The folder is made by <see cref="ClaimAsync"/>.</summary>
    public StagingArea(StagingOptions options, IUploadStore uploads, IDraftStore drafts, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(options);
        this.options = options;
        this.uploads = uploads;
        this.drafts = drafts;
        this.time = time;
        root = Path.TrimEndingDirectorySeparator(Path.GetFullPath(options.Folder));
        folders = new DraftFolders(root);
        receiver = new FileReceiver(this, options, uploads, folders, time);
    }

    internal string Root => root;

    /// <summary>The identity that staging carries (null: it is new), and the room on its volume.</summary>
    /// <exception cref="WrongVolumeException">It has content but no identity.</exception>
    public Task<StoreStatus> ProbeAsync(CancellationToken ct) => Task.Run(
        () =>
        {
            var id = VolumeIdentity.Read(root);
            var space = Directory.Exists(root) ? VolumeSpace.Of(root) : null;
            return new StoreStatus(id, space?.FreeBytes, space?.TotalBytes);
        },
        ct);

    /// <summary>Gives new staging its identity; does nothing when it carries this one.</summary>
    /// <exception cref="WrongVolumeException">It carries another.</exception>
    public Task ClaimAsync(string archiveId, CancellationToken ct) => Task.Run(() => VolumeIdentity.Claim(root, archiveId), ct);

    /// <summary>
    /// Receives one whole file. When it returns, the file is durable and stands in the draft in the place of what had its path;
    /// when it throws, the draft is as before. Once the last byte is here, it finishes though <paramref name="ct"/> is cancelled.
    /// </summary>
    /// <param name="draft">The draft, which the caller may write; it is read again here.</param>
    /// <param name="path">The file's path in the dataset to be.</param>
    /// <param name="body">The bytes as they arrive; read to the end, never sought.</param>
    /// <param name="declaredLengthBytes">How many bytes will come; null when unknown.</param>
    /// <param name="declared">Digests to compare with.</param>
    /// <param name="allows">Judges what stands at the path (null: nothing) while nobody else can change it; false refuses the upload.</param>
    /// <exception cref="ArchiveException">
    /// <see cref="Problems.UploadInProgress"/>, <see cref="Problems.DraftNotFound"/>, <see cref="Problems.DraftSealed"/>,
    /// <see cref="Problems.PreconditionFailed"/>, <see cref="Problems.PathTaken"/>, <see cref="Problems.QuotaExceeded"/>,
    /// <see cref="Problems.InsufficientStorage"/>, <see cref="Problems.FileTooLarge"/>, <see cref="Problems.TooManyFiles"/>,
    /// <see cref="Problems.UploadIdle"/>, <see cref="Problems.UploadTruncated"/>, <see cref="Problems.UploadTooLong"/> or
    /// <see cref="Problems.DigestMismatch"/>.
    /// </exception>
    /// <exception cref="IOException">The volume failed.</exception>
    public async Task<StagedFile> ReceiveAsync(
        DraftId draft, ArchivePath path, Stream body, long? declaredLengthBytes, DeclaredDigests declared, Func<StagedFile?, bool> allows, CancellationToken ct) =>
        (await ReceiveAndCountAsync(draft, path, body, declaredLengthBytes, declared, allows, ct)).File;

    /// <summary>As <see cref="ReceiveAsync"/>, and tells what the draft's owner has staged by then, with what is promised; null when nobody owns it.</summary>
    public async Task<(StagedFile File, StagingLevel? Level)> ReceiveAndCountAsync(
        DraftId draft, ArchivePath path, Stream body, long? declaredLengthBytes, DeclaredDigests declared, Func<StagedFile?, bool> allows, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(body);
        ArgumentNullException.ThrowIfNull(declared);
        ArgumentNullException.ThrowIfNull(allows);
        Limits.RequireLength(declaredLengthBytes ?? 0, options.MaxFileBytes);
        var transfer = new Transfer(draft, path, UploadId.New(), body, declaredLengthBytes, declared, allows);
        return await HoldingAsync(draft, path, transfer.Upload, declaredLengthBytes ?? 0, async (quota, lost) =>
        {
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(ct, lost);
            try
            {
                return ((await receiver.ReceiveAsync(transfer, quota, stop.Token), quota.Level), true);
            }
            catch (OperationCanceledException) when (lost.IsCancellationRequested && !ct.IsCancellationRequested)
            {
                throw TakenOver(path);
            }
            catch (VolumeFullException e)
            {
                throw NoRoom(e);
            }
        }, ct);
    }

    /// <summary>Opens a staged file for reading.</summary>
    /// <exception cref="IOException">The volume failed, or the content is gone: the file was replaced meanwhile.</exception>
    public Task<Stream> OpenAsync(StagedFile file, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        return Task.FromResult<Stream>(new FileStream(PathOf(file), new FileStreamOptions
        {
            Share = FileShare.ReadWrite | FileShare.Delete,
            BufferSize = 0,
            Options = FileOptions.Asynchronous | FileOptions.SequentialScan,
        }));
    }

    /// <summary>Where a staged file's content stands on this machine. Its bytes are durable and nobody writes to it.</summary>
    public string PathOf(StagedFile file)
    {
        ArgumentNullException.ThrowIfNull(file);
        return folders.PathOf(file.Draft, file.Content);
    }

    /// <summary>Removes the file at a path of a draft, or the mark of a removal; false when there is neither.</summary>
    /// <exception cref="ArchiveException">
    /// <see cref="Problems.UploadInProgress"/>, <see cref="Problems.DraftNotFound"/> or <see cref="Problems.DraftSealed"/>.
    /// </exception>
    public Task<bool> DeleteAsync(DraftId draft, ArchivePath path, CancellationToken ct) => DeleteAsync(draft, path, isMarked: false, ct);

    /// <summary>Removes the file at a path of a draft, when there is one, and says that the version before is not to keep its own there.</summary>
    /// <exception cref="ArchiveException">As above.</exception>
    public Task MarkRemovedAsync(DraftId draft, ArchivePath path, CancellationToken ct) => DeleteAsync(draft, path, isMarked: true, ct);

    private async Task<bool> DeleteAsync(DraftId draft, ArchivePath path, bool isMarked, CancellationToken ct)
    {
        // Like a transfer, it takes the path before it reads the draft: submitting, which seals and then looks for transfers, sees it.
        var hold = UploadId.New();
        return await HoldingAsync(draft, path, hold, null, async (_, _) =>
        {
            await RequireOpenAsync(draft, ct);
            var standing = await uploads.FindPathsAsync(draft, [path], ct);
            if (!isMarked && standing.Count == 0) return (false, false);
            var isDone = isMarked ? await uploads.TryMarkRemovedAsync(draft, path, hold, ct) : await uploads.RemoveAsync(draft, path, hold, ct);
            if (!isDone) throw TakenOver(path);
            if (standing is [{ File: { } file }]) Unlink(file);
            return (true, false);
        }, ct);
    }

    /// <summary>Removes everything of the draft from staging. Does nothing when it is gone already.</summary>
    public async Task EmptyAsync(DraftId draft, CancellationToken ct)
    {
        // Rows first: content without a row is swept, a row without content would be a lie. A transfer that runs loses its path.
        await uploads.RemoveAsync(draft, null, null, ct);
        await Task.Run(() => folders.Remove(draft, ct), ct);
    }

    /// <summary>
    /// Takes files out of the draft whose content is not here any more: a backup has none of what is staged, so a restored archive
    /// knows of files that it does not have.
    /// </summary>
    /// <returns>Some of them, or all; none when staging has everything.</returns>
    /// <exception cref="WrongVolumeException">Staging carries no identity: nothing is lost but the volume is not there.</exception>
    public async Task<IReadOnlyList<StagedFile>> ForgetLostAsync(DraftId draft, CancellationToken ct)
    {
        if ((await ProbeAsync(ct)).ArchiveId is null) throw new WrongVolumeException($"Staging '{root}' carries no identity: is its volume mounted?");
        var lost = new List<StagedFile>();
        await foreach (var file in uploads.ListAsync(draft, null, ct))
        {
            if (File.Exists(PathOf(file))) continue;
            await uploads.RemoveAsync(draft, file.Path, null, ct);
            lost.Add(file);
            if (lost.Count == FindingList.MaxKept) break;
        }
        return lost;
    }

    /// <summary>Bytes that running transfers were promised room for and have not written yet.</summary>
    public async Task<long> CountPromisedBytesAsync(CancellationToken ct)
    {
        var running = await uploads.ListRunningAsync(null, ct);
        return running.Sum(r => Math.Max(0, r.PromisedBytes - WrittenBytes(r)));
    }

    internal void RemoveIfEmpty(DraftId draft) => folders.RemoveIfEmpty(draft);

    /// <summary>Does something while the path is held by a lease, and leaves it free afterwards.</summary>
    private async Task<T> HoldingAsync<T>(
        DraftId draft, ArchivePath path, UploadId upload, long? promisedBytes, Func<TransferQuota, CancellationToken, Task<(T Result, bool Ended)>> doing,
        CancellationToken ct)
    {
        var ended = false;
        try
        {
            var quota = new TransferQuota(uploads, options.Quotas, draft, path, upload);
            await quota.BeginAsync(promisedBytes, options.Lease, ct);
            await using var lease = new UploadLease(uploads, draft, path, upload, options.Lease, time);
            (var result, ended) = await doing(quota, lease.Lost);
            return result;
        }
        finally
        {
            if (!ended) await AbandonAsync(draft, path, upload);
        }
    }

    private async Task AbandonAsync(DraftId draft, ArchivePath path, UploadId upload)
    {
        try
        {
            using var finish = new CancellationTokenSource(options.FinishTimeout, time);
            await uploads.AbandonAsync(draft, path, upload, finish.Token);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // What went wrong before is on its way to the caller; the lease lapses by itself.
        }
    }

    internal async Task RequireOpenAsync(DraftId id, CancellationToken ct)
    {
        var draft = await drafts.FindAsync(id, ct) ?? throw new ArchiveException(Problems.DraftNotFound, "The draft is gone.");
        if (draft.IsSealed) throw new ArchiveException(Problems.DraftSealed, "The draft is submitted: its files stay as they are.");
    }

    internal async Task RequireRoomAsync(CancellationToken ct)
    {
        if (!options.Reserve.HasRoom(VolumeSpace.Of(root), await CountPromisedBytesAsync(ct))) throw NoRoom(null);
    }

    // A content that got its room in advance has its length from the start.
    private long WrittenBytes(RunningTransfer transfer)
    {
        var file = new FileInfo(folders.PathOf(transfer.Draft, transfer.Upload));
        return file.Exists ? file.Length : 0;
    }

    internal void Unlink(StagedFile file)
    {
        if (Durable.TryUnlink(PathOf(file))) folders.Count(file.Draft, -1);
    }

    private static ArchiveException NoRoom(Exception? cause) =>
        new(Problems.InsufficientStorage, "The volume for uploads has no room for this file at present.", inner: cause);

    internal static ArchiveException TakenOver(ArchivePath path) =>
        new(Problems.UploadInProgress, $"This transfer to '{path}' lost its place: it stood still and another took over, or the draft is gone.");
}
