using Archive.Model.Errors;
using Archive.Model.Files;
using Archive.Model.Submissions;
using Archive.Storage.Metadata;

namespace Archive.Submissions.Staging;

/// <summary>
/// The part of the quotas that one transfer holds: all of a length that was declared from its beginning, and of an unknown one as much as
/// has come and a step ahead.
/// </summary>
internal sealed class TransferQuota(IUploadStore uploads, StagingQuotas quotas, DraftId draft, ArchivePath path, UploadId upload)
{
    private const long LeastStepBytes = 64 * 1024;
    private const long MostStepBytes = 64 * 1024 * 1024;

    private long promisedBytes;

    /// <summary>What the draft's owner has staged, this transfer among it, as last asked; null when nobody owns it.</summary>
    public StagingLevel? Level { get; private set; }

    /// <summary>Takes the path.</summary>
    /// <param name="promised">Bytes that will come; 0 when unknown, null for none at all.</param>
    /// <exception cref="ArchiveException"><see cref="Problems.UploadInProgress"/>, <see cref="Problems.QuotaExceeded"/> or <see cref="Problems.InsufficientStorage"/>.</exception>
    public async Task BeginAsync(long? promised, TimeSpan lease, CancellationToken ct)
    {
        var start = await uploads.BeginAsync(draft, path, upload, promised, quotas, lease, ct);
        // What was promised to transfers that were killed is given back before anybody is turned away.
        if (start.Outcome is TransferOutcome.AccountFull or TransferOutcome.AllFull && await uploads.EndLapsedAsync(ct) > 0)
            start = await uploads.BeginAsync(draft, path, upload, promised, quotas, lease, ct);
        if (start.Outcome == TransferOutcome.Held) throw new ArchiveException(Problems.UploadInProgress, $"Another transfer to '{path}' is under way.");
        Accept(start, promised ?? 0);
        promisedBytes = promised ?? 0;
    }

    /// <summary>Looks whether what came of a transfer of unknown length still fits.</summary>
    /// <param name="receivedBytes">What came.</param>
    /// <exception cref="ArchiveException">As for <see cref="BeginAsync"/>.</exception>
    public async Task RequireAsync(long receivedBytes, CancellationToken ct)
    {
        if (receivedBytes <= promisedBytes) return;
        // Ahead of what came, so that a long file asks seldom, and by no more than it is long, so that many short ones leave each other room.
        var wanted = receivedBytes + Math.Clamp(receivedBytes, LeastStepBytes, MostStepBytes);
        var (start, granted) = await uploads.GrowAsync(draft, path, upload, wanted, receivedBytes, quotas, ct);
        if (start.Outcome is TransferOutcome.AccountFull or TransferOutcome.AllFull && await uploads.EndLapsedAsync(ct) > 0)
            (start, granted) = await uploads.GrowAsync(draft, path, upload, wanted, receivedBytes, quotas, ct);
        if (start.Outcome == TransferOutcome.Held) throw StagingArea.TakenOver(path);
        Accept(start, receivedBytes);
        promisedBytes = granted;
    }

    /// <summary>
    /// Gives back what was taken ahead, before the file's row is written: that write then changes no count, and holds none through its sync.
    /// </summary>
    /// <param name="lengthBytes">All that came.</param>
    public async Task SettleAsync(long lengthBytes, CancellationToken ct)
    {
        if (lengthBytes >= promisedBytes) return;
        try
        {
            // Less than what was granted is never refused; should the path be lost, the row's write tells it.
            await uploads.GrowAsync(draft, path, upload, lengthBytes, 0, quotas, ct);
            promisedBytes = lengthBytes;
        }
        catch (ArchiveException)
        {
            // It only spares others a wait: the row's write gives back as much, and tries several times.
        }
    }

    private void Accept(TransferStart start, long neededBytes)
    {
        Level = start.Level;
        if (start.Outcome == TransferOutcome.AccountFull) throw Exceeded(start.Level!, neededBytes);
        if (start.Outcome == TransferOutcome.AllFull) throw new ArchiveException(Problems.InsufficientStorage, "All uploads together are as much as this archive takes at a time.");
    }

    private static ArchiveException Exceeded(StagingLevel level, long neededBytes) => new(
        Problems.QuotaExceeded,
        level.QuotaFiles > 0 && level.UsedFiles >= level.QuotaFiles
            ? $"The account has staged {level.UsedFiles} files of {level.QuotaFiles}."
            : $"The account has staged {level.UsedBytes} bytes of {level.QuotaBytes}, and the file needs {neededBytes}.",
        new Dictionary<string, object?>(StringComparer.Ordinal)
        {
            ["usedBytes"] = level.UsedBytes,
            ["limitBytes"] = level.QuotaBytes == 0 ? null : level.QuotaBytes,
            ["usedFiles"] = level.UsedFiles,
            ["limitFiles"] = level.QuotaFiles == 0 ? null : level.QuotaFiles,
            ["neededBytes"] = neededBytes,
        });
}
