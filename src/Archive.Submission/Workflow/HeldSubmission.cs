using Archive.Model.Submissions;
using Archive.Storage.Metadata;

namespace Archive.Submissions.Workflow;

/// <summary>
/// A submission under this node's lease: prolongs it in the background, and cancels the work when it is lost or when its owner
/// asks for a stop. Every save compares the attempt, so what a lost holder writes changes nothing.
/// </summary>
public sealed class HeldSubmission : IAsyncDisposable
{
    private readonly ISubmissionStore store;
    private readonly TimeSpan lease;
    private readonly CancellationTokenSource work;
    private readonly CancellationTokenSource renewing = new();
    private readonly Task renewal;
    private readonly TimeProvider time;
    private volatile Submission current;

    internal HeldSubmission(Submission leased, ISubmissionStore store, TimeSpan lease, TimeProvider time, CancellationToken ct)
    {
        current = leased;
        this.store = store;
        this.lease = lease;
        this.time = time;
        IsCancelRequested = leased.CancelRequested;
        work = CancellationTokenSource.CreateLinkedTokenSource(ct);
        renewal = Task.Run(RenewAsync, CancellationToken.None);
    }

    /// <summary>The submission as last saved, with the newest progress.</summary>
    public Submission Current => current;

    /// <summary>Ends when the lease is lost, when the owner asks for a stop that can still be obeyed, and when the node stops.</summary>
    public CancellationToken Work => work.Token;

    /// <summary>Whether the lease is lost: nothing more may be done.</summary>
    public bool IsLost { get; private set; }

    /// <summary>Whether the owner asked for a stop.</summary>
    public bool IsCancelRequested { get; private set; }

    /// <summary>Tells how far the work is; stored with the next renewal.</summary>
    public void Report(SubmissionProgress progress)
    {
        lock (work) current = current with { Progress = progress };
    }

    /// <summary>Saves; false, and nothing changed, when the lease is lost or when publishing would begin after a stop was asked for.</summary>
    public async Task<bool> TrySaveAsync(Submission next, CancellationToken ct)
    {
        if (IsLost) return false;
        if (!await store.TrySaveAsync(next, ct))
        {
            // Where it may be either of the two: only who still holds the lease can prolong it.
            var stored = next.IsPublishing && !current.IsPublishing ? await store.RenewAsync(current, lease, ct) : null;
            IsLost = stored is null;
            IsCancelRequested |= stored is { CancelRequested: true };
            return false;
        }
        lock (work) current = next;
        return true;
    }

    /// <summary>Stops prolonging. The lease lapses by itself when no end and no wait was saved.</summary>
    public async ValueTask DisposeAsync()
    {
        await renewing.CancelAsync();
        await renewal;
        renewing.Dispose();
        work.Dispose();
    }

    // A renewal that fails is tried again soon; when the lease has lapsed by then, the database says so.
    private async Task RenewAsync()
    {
        while (!renewing.IsCancellationRequested)
        {
            try
            {
                await Task.Delay(lease / 3, time, renewing.Token);
                var stored = await store.RenewAsync(current, lease, renewing.Token);
                IsCancelRequested |= stored is { CancelRequested: true };
                IsLost |= stored is null && !current.IsEnded && current.Waiting is null;
                if (IsLost || (IsCancelRequested && !current.IsPublishing)) await work.CancelAsync();
                if (stored is null) return;
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                // Whatever ails the database ails the step as well, and is reported there.
            }
        }
    }
}
