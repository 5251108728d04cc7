using Archive.Model.Files;
using Archive.Model.Submissions;
using Archive.Storage.Metadata;

namespace Archive.Submissions.Staging;

/// <summary>Keeps a path held while a file is received, by renewing the lease in the background until disposed.</summary>
internal sealed class UploadLease : IAsyncDisposable
{
    private readonly CancellationTokenSource stop = new();
    private readonly CancellationTokenSource lost = new();
    private readonly Task renewing;

    public UploadLease(IUploadStore uploads, DraftId draft, ArchivePath path, UploadId upload, TimeSpan lease, TimeProvider time) =>
        renewing = Task.Run(() => RenewAsync(uploads, draft, path, upload, lease, time));

    /// <summary>Cancelled when another transfer took the path, or the draft is gone.</summary>
    public CancellationToken Lost => lost.Token;

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await renewing;
        stop.Dispose();
        lost.Dispose();
    }

    private async Task RenewAsync(IUploadStore uploads, DraftId draft, ArchivePath path, UploadId upload, TimeSpan lease, TimeProvider time)
    {
        using var timer = new PeriodicTimer(lease / 3, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stop.Token))
            {
                if (await TryRenewAsync(uploads, draft, path, upload, lease)) continue;
                await lost.CancelAsync();
                return;
            }
        }
        catch (OperationCanceledException)
        {
            // The file was received, or failed.
        }
    }

    private async Task<bool> TryRenewAsync(IUploadStore uploads, DraftId draft, ArchivePath path, UploadId upload, TimeSpan lease)
    {
        try
        {
            return await uploads.TryRenewAsync(draft, path, upload, lease, stop.Token);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            return true; // The database may be back at the next tick; if the lease lapsed meanwhile, completing is refused.
        }
    }
}
