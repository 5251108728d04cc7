using Archive.Submissions.Accessioning;
using Archive.Submissions.Workflow;

namespace Archive.Api.Running;

/// <summary>
/// Works on submissions from the moment the process is ready until it stops. Beside that it finishes submit requests that were cut
/// and ends whose draft was left: at the start what a killed process left, and then what another node or a fault of the database did.
/// </summary>
internal sealed partial class SubmissionWorker(
    SubmissionRunner runner, SealedDraftSweep drafts, Readiness readiness, TimeProvider clock, ILogger<SubmissionWorker> log) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(30);

    // A request that seals a draft takes seconds.
    private static readonly TimeSpan SealedFor = TimeSpan.FromMinutes(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await readiness.WhenReadyAsync(stoppingToken);
        await Task.WhenAll(runner.RunAsync(stoppingToken), FinishCutAsync(stoppingToken));
    }

    private async Task FinishCutAsync(CancellationToken ct)
    {
        var age = TimeSpan.Zero;
        while (!ct.IsCancellationRequested)
        {
            try
            {
                await drafts.RunAsync(age, ct);
                age = SealedFor;
            }
            catch (Exception fault) when (!ct.IsCancellationRequested)
            {
                // The database does not answer just now. Nothing may end this loop, and with it the process.
                LogLeft(log, fault);
            }
            await Task.Delay(Pause, clock, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    [LoggerMessage(LogLevel.Warning, "Cut submissions could not be looked for; the next look comes soon")]
    private static partial void LogLeft(ILogger log, Exception fault);
}
