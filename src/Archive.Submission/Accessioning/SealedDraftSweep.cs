using Archive.Model.Submissions;
using Archive.Storage.Metadata;
using Archive.Submissions.Drafts;
using Microsoft.Extensions.Logging;

namespace Archive.Submissions.Accessioning;

/// <summary>
/// Finds drafts that are sealed though nobody works on them: a submit request that was cut, or an end whose draft was not yet
/// opened or removed. Safe to run anywhere at any time.
/// </summary>
public sealed partial class SealedDraftSweep(
    IDraftStore drafts, ISubmissionStore submissions, Submitter submitter, DraftCloser closer, ILogger<SealedDraftSweep> log)
{
    /// <summary>Finishes what drafts sealed for longer than <paramref name="age"/> need, and returns how many needed something.</summary>
    /// <param name="age">Long enough that a request which is still running is not met; meeting one does no harm.</param>
    public async Task<int> RunAsync(TimeSpan age, CancellationToken ct)
    {
        var mended = 0;
        await foreach (var draft in drafts.ListSealedAsync(age, ct))
        {
            try
            {
                var submission = await submissions.FindAsync(draft.SealedBy!.Value, ct);
                if (submission is { IsEnded: false }) continue;
                if (submission is not null) await closer.CloseAsync(submission, ct);
                else await submitter.FinishAsync(draft, ct);
                mended++;
                LogMended(log, draft.Id);
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                // One draft that cannot be mended now must not keep the others waiting; the next run meets it again.
                LogFailed(log, e, draft.Id);
            }
        }
        return mended;
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Finished what draft {Draft} still needed")]
    private static partial void LogMended(ILogger log, DraftId draft);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Draft {Draft} could not be finished and is tried again")]
    private static partial void LogFailed(ILogger log, Exception e, DraftId draft);
}
