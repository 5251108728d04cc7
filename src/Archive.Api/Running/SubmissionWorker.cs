using Archive.Model.Errors;
using Archive.Submissions.Accessioning;
using Archive.Submissions.Workflow;

namespace Archive.Api.Running;

/// <summary>Works on submissions from the moment the process is ready until it stops.</summary>
internal sealed class SubmissionWorker(SubmissionRunner runner, SealedDraftSweep drafts, Readiness readiness) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await readiness.WhenReadyAsync(stoppingToken);
        await Task.WhenAll(runner.RunAsync(stoppingToken), FinishCutAsync(stoppingToken));
    }

    // What a killed process left half done is finished now, and not only when the sweep comes round.
    private async Task FinishCutAsync(CancellationToken ct)
    {
        try
        {
            await drafts.RunAsync(TimeSpan.Zero, ct);
        }
        catch (ArchiveException)
        {
            // The database does not answer just now; the sweep comes round.
        }
    }
}
