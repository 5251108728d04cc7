using Archive.Model.Errors;
using Archive.Model.Submissions;
using Archive.Storage.Metadata;
using Archive.Storage.Objects;
using Archive.Submissions.Drafts;
using Microsoft.Extensions.Logging;

namespace Archive.Submissions.Workflow;

/// <summary>How a node works on submissions.</summary>
/// <param name="Node">Names this node in logs and leases; different on each.</param>
/// <param name="Parallel">Submissions worked on at once.</param>
/// <param name="Lease">How long a node that died holds a submission back; renewed three times as often.</param>
/// <param name="Idle">How long a worker sleeps without a signal before it looks again.</param>
/// <param name="FirstRetry">The wait after a first failure; doubled with each in a row.</param>
/// <param name="LastRetry">The longest wait between tries.</param>
public sealed record RunnerOptions(
    string Node, int Parallel = 2, TimeSpan? Lease = null, TimeSpan? Idle = null, TimeSpan? FirstRetry = null, TimeSpan? LastRetry = null)
{
    internal TimeSpan LeaseTime => Lease ?? TimeSpan.FromSeconds(15);

    internal TimeSpan IdleTime => Idle ?? TimeSpan.FromSeconds(5);

    internal TimeSpan WaitAfter(int tries)
    {
        var (first, last) = (FirstRetry ?? TimeSpan.FromSeconds(1), LastRetry ?? TimeSpan.FromMinutes(5));
        var wait = first * Math.Pow(2, Math.Min(tries - 1, 30));
        return wait < last ? wait : last;
    }
}

/// <summary>
/// Takes due submissions and leads them through the workflow, several at once. A failure that may pass makes a submission wait
/// with a reason; a node that dies is found out by its lease.
/// </summary>
public sealed partial class SubmissionRunner(
    ISubmissionStore submissions, ILeftoverStore leftovers, SubmissionWorkflow workflow, DraftCloser closer, IChangeSignal signal, RunnerOptions options,
    TimeProvider time, ILogger<SubmissionRunner> log)
{
    private static readonly TimeSpan LastWordTime = TimeSpan.FromSeconds(5);

    /// <summary>Works until cancelled; then hands back what it holds, so that the next start need not wait for a lease to lapse.</summary>
    public Task RunAsync(CancellationToken ct) =>
        Task.WhenAll(Enumerable.Range(1, options.Parallel).Select(i => WorkAsync($"{options.Node}/{i}", ct)));

    /// <summary>Takes one due submission and leads it as far as it goes; false when none is due.</summary>
    public async Task<bool> RunOnceAsync(CancellationToken ct)
    {
        if (await submissions.LeaseNextAsync(options.Node, options.LeaseTime, ct) is not { } leased) return false;
        await LeadAsync(leased, ct);
        return true;
    }

    private async Task WorkAsync(string worker, CancellationToken ct)
    {
        while (!ct.IsCancellationRequested)
        {
            try
            {
                if (!await RunOnceAsync(ct)) await signal.WaitAsync(SignalTopic.Submissions, worker, options.IdleTime, ct);
            }
            catch (OperationCanceledException) when (ct.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                // The database does not answer: the worker must outlive that.
                LogWorkerFailed(log, e, worker);
                await Task.Delay(options.IdleTime, time, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task LeadAsync(Submission leased, CancellationToken ct)
    {
        await using var held = new HeldSubmission(leased, submissions, options.LeaseTime, time, ct);
        var isKept = false;
        try
        {
            await LeadAsync(held, leased, ct);
            isKept = !held.IsLost;
        }
        finally
        {
            if (!isKept) await ReportLostAsync(leased);
        }
    }

    private async Task LeadAsync(HeldSubmission held, Submission leased, CancellationToken ct)
    {
        try
        {
            while (!held.Current.IsEnded)
            {
                if (!await workflow.AdvanceAsync(held, held.Work)) return;
                await signal.SendAsync(SignalTopic.Progress, ct);
            }
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            await HandBackAsync(held);
            throw;
        }
        catch (OperationCanceledException) when (held.IsLost)
        {
            LogLost(log, leased.Id, leased.Attempt);
            return;
        }
        catch (OperationCanceledException) when (held.IsCancelRequested && !held.Current.IsPublishing)
        {
            if (!await workflow.AdvanceAsync(held, ct)) return;
            await signal.SendAsync(SignalTopic.Progress, ct);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            await WaitAsync(held, e, ct);
            return;
        }
        await FinishAsync(held.Current, ct);
    }

    // The end is saved; what follows it is repeated by the sweep of sealed drafts when it is cut here.
    private async Task FinishAsync(Submission ended, CancellationToken ct)
    {
        LogEnded(log, ended.Id, ended.Accession, ended.State);
        if (ended.State is SubmissionState.Released) await signal.SendAsync(SignalTopic.Datasets, ct);
        await closer.CloseAsync(ended, ct);
    }

    private async Task WaitAsync(HeldSubmission held, Exception e, CancellationToken ct)
    {
        var current = held.Current;
        var now = time.GetUtcNow();
        var tries = (current.Waiting?.Tries ?? 0) + 1;
        LogWaits(log, e, current.Id, current.Accession, tries);
        await held.TrySaveAsync(
            current with { Waiting = new(ReasonOf(e), current.Waiting?.Since ?? now, now + options.WaitAfter(tries), tries) }, ct);
        await signal.SendAsync(SignalTopic.Progress, ct);
    }

    private async Task HandBackAsync(HeldSubmission held)
    {
        // The node stops: its token has ended, so this write has a bound of its own.
        using var bound = new CancellationTokenSource(LastWordTime, time);
        var current = held.Current;
        var now = time.GetUtcNow();
        try
        {
            if (!current.IsEnded)
                await held.TrySaveAsync(
                    current with { Waiting = new("The archive is restarting.", current.Waiting?.Since ?? now, now, current.Waiting?.Tries ?? 0) }, bound.Token);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            LogNotHandedBack(log, e, current.Id);
        }
    }

    // Whatever a holder still wrote that lost its lease, or does not know, is written by now, and the sweep may have been there
    // before. When this cannot be said either, the sweep's later look finds it.
    private async Task ReportLostAsync(Submission leased)
    {
        using var bound = new CancellationTokenSource(LastWordTime, time);
        try
        {
            await leftovers.ReportAsync(leased.Id, bound.Token);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            LogNotReported(log, e, leased.Id);
        }
    }

    // Words for the depositor: nothing of the installation in them; the log has the rest.
    private static string ReasonOf(Exception e) => e switch
    {
        IOException io when VolumeFullException.Is(io) => "The archive's storage is full. It goes on by itself when there is room.",
        ArchiveException a when a.Problem == Problems.InsufficientStorage => "The archive's storage is full. It goes on by itself when there is room.",
        ArchiveException a when a.Problem == Problems.Unavailable => "A part of the archive does not answer. It is tried again by itself.",
        IOException => "The archive's storage failed. It is tried again by itself.",
        _ => "The archive failed. It is tried again by itself; the operator sees the fault.",
    };

    [LoggerMessage(Level = LogLevel.Information, Message = "Submission {Submission} of {Accession} ended {State}")]
    private static partial void LogEnded(ILogger log, SubmissionId submission, Model.Datasets.Accession accession, SubmissionState state);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Submission {Submission} of {Accession} waits after failure {Tries} in a row")]
    private static partial void LogWaits(ILogger log, Exception e, SubmissionId submission, Model.Datasets.Accession accession, int tries);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The lease of submission {Submission}, attempt {Attempt}, was lost; another holder goes on")]
    private static partial void LogLost(ILogger log, SubmissionId submission, long attempt);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Submission {Submission} could not be handed back; its lease lapses by itself")]
    private static partial void LogNotHandedBack(ILogger log, Exception e, SubmissionId submission);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The sweep could not be told of submission {Submission}, whose lease was lost")]
    private static partial void LogNotReported(ILogger log, Exception e, SubmissionId submission);

    [LoggerMessage(Level = LogLevel.Error, Message = "Worker {Worker} failed and goes on")]
    private static partial void LogWorkerFailed(ILogger log, Exception e, string worker);
}
