using Archive.Submissions.Drafts;
using Archive.Submissions.Release;
using Archive.Submissions.Sharing;

namespace Archive.Api.Running;

/// <summary>
/// Does at the start what came due while the archive was down, and then what killed writers left undone. Releases and warnings from then on are
/// a job's, which runs every minute.
/// </summary>
internal sealed partial class ReleaseWorker(
    ReleaseRunner release, DatasetEffects effects, DraftEffects draftEffects, SharingWriter sharing, Readiness readiness, TimeProvider clock, ILogger<ReleaseWorker> log) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(10);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await readiness.WhenReadyAsync(stoppingToken);
        var isReleased = false;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                if (!isReleased) await release.ReleaseDueAsync(stoppingToken);
                isReleased = true;
                await effects.SweepAsync(stoppingToken);
                await draftEffects.SweepAsync(stoppingToken);
                await sharing.SweepAsync(stoppingToken);
            }
            catch (Exception fault) when (!stoppingToken.IsCancellationRequested)
            {
                // The database does not answer just now. Nothing may end this loop.
                LogTrouble(log, fault);
            }
            catch (OperationCanceledException)
            {
                return;
            }
            await Task.Delay(Pause, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    [LoggerMessage(LogLevel.Warning, "Datasets and drafts with open effects could not be looked for; the next look comes soon")]
    private static partial void LogTrouble(ILogger log, Exception fault);
}
