using Archive.Model.Errors;
using Archive.Model.Files;
using Archive.Model.Submissions;
using Archive.Storage.Metadata;
using Archive.Storage.Objects.FileSystem;

namespace Archive.Submissions.Staging;

/// <summary>One upload on its way into staging, by the parameters of <see cref="StagingArea.ReceiveAsync"/>.</summary>
internal sealed record Transfer(
    DraftId Draft, ArchivePath Path, UploadId Upload, Stream Body, long? DeclaredBytes, DeclaredDigests Declared, Func<StagedFile?, bool> Allows);

/// <summary>Writes what arrives to a new file, and has the draft show it once it is whole, right and on the disk.</summary>
internal sealed class FileReceiver(StagingArea area, StagingOptions options, IUploadStore uploads, DraftFolders folders, TimeProvider time)
{
    private const long ReserveFromBytes = 4 * 1024 * 1024;
    private const int CompleteTries = 5;

    /// <summary>Receives the content of a transfer whose path is held, and puts it in the place of what had its path.</summary>
    public async Task<StagedFile> ReceiveAsync(Transfer transfer, TransferQuota quota, CancellationToken ct)
    {
        await area.RequireOpenAsync(transfer.Draft, ct);
        var standing = await uploads.FindAsync(transfer.Draft, transfer.Path, ct);
        RequireReplaceable(standing, transfer);
        await area.RequireRoomAsync(ct);
        var files = await Task.Run(() => folders.Enter(transfer.Draft), ct);
        if (files >= options.MaxFilesPerDraft && standing is null)
            throw new ArchiveException(
                Problems.TooManyFiles, $"A draft may have {options.MaxFilesPerDraft} files.", Limits.Fact("limit", options.MaxFilesPerDraft));

        var declared = transfer.DeclaredBytes ?? 0;
        using var file = folders.Create(transfer.Draft, transfer.Upload, declared >= ReserveFromBytes ? declared : 0);
        await using var incoming = new ReceivingStream(transfer.Body, transfer.DeclaredBytes, options, area.RequireRoomAsync, quota.RequireAsync, time, ct);
        var (length, digests) = await file.FillAsync(incoming, digest: true, ct);
        incoming.RequireWhole();
        await quota.SettleAsync(length, ct);
        transfer.Declared.Require(digests!);
        return await FinishAsync(transfer, file, length, digests!, standing);
    }

    /// <summary>All bytes are here and right: from now on nothing but a failure of ours stops the file.</summary>
    private async Task<StagedFile> FinishAsync(Transfer transfer, NewFile file, long lengthBytes, FileDigests digests, StagedFile? replaced)
    {
        using var finish = new CancellationTokenSource(options.FinishTimeout, time);
        await Task.Run(() => Sync(transfer, file), finish.Token);
        var staged = new StagedFile(transfer.Draft, transfer.Path, transfer.Upload, lengthBytes, digests, time.GetUtcNow());
        if (!await CompleteAsync(staged, file, finish.Token)) throw StagingArea.TakenOver(transfer.Path);
        file.Keep();
        folders.Count(transfer.Draft, 1);
        if (replaced is not null) area.Unlink(replaced);
        return staged;
    }

    // Names are the same when they are so under NFC, and are kept as sent: replaced by its twin, a file would change its name.
    private static void RequireReplaceable(StagedFile? standing, Transfer transfer)
    {
        if (!transfer.Allows(standing))
            throw new ArchiveException(Problems.PreconditionFailed, "What stands at the path is not what If-Match or If-None-Match names.");
        if (standing is { } file && file.Path != transfer.Path)
            throw new ArchiveException(Problems.PathTaken, $"'{file.Path}' is staged, whose name is the same in another Unicode form.", Limits.Fact("path", file.Path.Value));
    }

    private void Sync(Transfer transfer, NewFile file)
    {
        file.Sync();
        try
        {
            Durable.SyncFolder(folders.PathOf(transfer.Draft));
        }
        catch (DirectoryNotFoundException) when (Directory.Exists(area.Root))
        {
            throw StagingArea.TakenOver(transfer.Path); // The draft was emptied meanwhile.
        }
    }

    private async Task<bool> CompleteAsync(StagedFile staged, NewFile file, CancellationToken finish)
    {
        for (var tried = 1; ; tried++)
        {
            try
            {
                return await uploads.TryCompleteAsync(staged, finish);
            }
            catch (Exception) when (tried < CompleteTries && !finish.IsCancellationRequested)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(50 << tried), time, finish);
            }
            catch
            {
                file.Keep(); // Whether the row names it is not known: the sweep finds out.
                throw;
            }
        }
    }
}
