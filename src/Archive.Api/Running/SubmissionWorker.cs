using Archive.Submissions.Workflow;

namespace Archive.Api.Running;

/// <summary>Works on submissions from the moment the process is ready until it stops.</summary>
internal sealed class SubmissionWorker(SubmissionRunner runner, Readiness readiness) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await readiness.WhenReadyAsync(stoppingToken);
        await runner.RunAsync(stoppingToken);
    }
}
