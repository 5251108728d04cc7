using Archive.Indexer.Building;
using Archive.Storage.Metadata;

namespace Archive.Api.Running;

/// <summary>
/// Opens the index at start and takes in what is released or withdrawn from then on, within moments of its signal. A long first
/// build does not keep the archive from answering: searches say that the index is not ready meanwhile.
/// </summary>
internal sealed partial class IndexFollower(IServiceProvider services, IChangeSignal signal, Readiness readiness, IHostApplicationLifetime lifetime,
    TimeProvider clock, ILogger<IndexFollower> log) : BackgroundService, IStartupStep
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LookAnyway = TimeSpan.FromSeconds(5);
    private Task? opening;

    /// <inheritdoc/>
    public string Name => "index";

    async Task<DependencyState> IStartupStep.StartAsync(CancellationToken ct)
    {
        opening = OpenAsync(lifetime.ApplicationStopping);
        await Task.WhenAny(opening, Task.Delay(Patience, clock, ct));
        return opening.IsCompletedSuccessfully ? new(true, "open") : new(false, "is being opened");
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await readiness.WhenReadyAsync(stoppingToken);
        if (opening is not null) await opening;
        var builder = services.GetRequiredService<IndexBuilder>();
        while (true)
        {
            try
            {
                await builder.UpdateAsync(stoppingToken);
                readiness.Note(Name, true, "follows changes");
            }
            catch (Exception fault) when (!stoppingToken.IsCancellationRequested)
            {
                // What answered before goes on answering; the next look tries again.
                readiness.Note(Name, false, "does not take in changes; the log says why");
                LogFailed(log, fault);
            }
            await signal.WaitAsync(SignalTopic.Datasets, Name, LookAnyway, stoppingToken);
        }
    }

    private async Task OpenAsync(CancellationToken ct)
    {
        try
        {
            await services.GetRequiredService<IndexBuilder>().OpenAsync(ct);
        }
        catch (Exception fault) when (!ct.IsCancellationRequested)
        {
            LogFailed(log, fault);
        }
    }

    [LoggerMessage(LogLevel.Error, "The index could not be renewed; what was found before is still found")]
    private static partial void LogFailed(ILogger log, Exception fault);
}
