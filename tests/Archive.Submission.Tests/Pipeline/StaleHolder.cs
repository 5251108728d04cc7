using Archive.Model.Submissions;
using Archive.Storage.Objects;

namespace Archive.Submission.Tests.Pipeline;

/// <summary>
/// A holder that stands still just before it stores files, renewals and all, while another node ends the submission; and that
/// then goes on as if nothing had been.
/// </summary>
internal sealed class StaleHolder : IAsyncDisposable
{
    private static readonly Dictionary<string, byte[]> Files = new() { ["a.tif"] = [1, 2, 3], ["b/c.tif"] = [4], ["d.tif"] = [5] };

    private readonly TaskCompletionSource reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource opened = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly bool canReport;
    private Task? running;
    private bool isDead;

    private StaleHolder(bool canReport) => this.canReport = canReport;

    /// <summary>The submission, which another node ended as cancelled: its staged files are still there.</summary>
    public required Model.Submissions.Submission Submission { get; init; }

    /// <summary>Has the holder stand still and the other node end the submission.</summary>
    /// <param name="canReport">Whether it lives to say that it lost its lease; else it dies with its first batch.</param>
    public static async Task<StaleHolder> BeginAsync(Ground ground, Node other, bool canReport, CancellationToken ct)
    {
        var draft = await other.PrepareAsync(Files, ct);
        var submission = (await other.Submitter.SubmitAsync(draft.Id, Node.Owner, ct))!.Submission!;
        var holder = new StaleHolder(canReport) { Submission = submission };
        var node = new Node(ground, new Faults(holder.Decide), lease: TimeSpan.FromSeconds(1));
        // On a busy machine the lease may lapse before the first batch; then it is taken again.
        holder.running = Task.Run(
            async () =>
            {
                while (!holder.reached.Task.IsCompleted)
                    if (!await node.Runner.RunOnceAsync(ct)) await Task.Delay(20, ct);
            },
            ct);
        await holder.reached.Task.WaitAsync(ct);
        await other.Submissions.RequestCancelAsync(submission.Id, ct);
        Assert.AreEqual(SubmissionState.Cancelled, (await other.RunUntilEndedAsync(submission.Id, ct)).State);
        return holder;
    }

    /// <summary>Lets it go on to its end.</summary>
    public async Task WriteAsync()
    {
        opened.TrySetResult();
        if (canReport) await running!;
        else await Assert.ThrowsExactlyAsync<InjectedException>(() => running!);
    }

    public async ValueTask DisposeAsync()
    {
        opened.TrySetResult();
        await running!.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private Fault Decide(string call)
    {
        if (isDead || (call == "RenewAsync" && reached.Task.IsCompleted && !opened.Task.IsCompleted)) return Fault.Before;
        if (call != nameof(IObjectStore.PutFilesAsync)) return Fault.None;
        reached.TrySetResult();
        opened.Task.GetAwaiter().GetResult();
        if (canReport) return Fault.None;
        isDead = true;
        return Fault.After;
    }
}
