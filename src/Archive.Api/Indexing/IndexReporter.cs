using System.Text.Json;
using Archive.Api.Running;
using Archive.Indexer;
using Archive.Indexer.Building;
using Archive.Indexer.Generations;
using Archive.Storage.Metadata;

namespace Archive.Api.Indexing;

/// <summary>Tells the other nodes and the measurements what this one answers from and is doing, so that an operator sees all of them wherever he asks.</summary>
internal sealed partial class IndexReporter(
    INodeReportStore reports, IServiceProvider services, Settings settings, Readiness readiness, TimeProvider clock, ILogger<IndexReporter> log) : BackgroundService
{
    // What changes is told at once, what does not often enough to be seen as alive.
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Repeat = TimeSpan.FromSeconds(15);

    /// <summary>What this node calls itself.</summary>
    public static string Node { get; } = $"{Environment.MachineName}-{Environment.ProcessId}";

    /// <summary>What this node answers from.</summary>
    public static IndexNode Of(Settings settings, ISearchIndex index, IndexBuilder builder)
    {
        var now = index.Describe();
        return new(Node, settings.Roles.ToString().ToLowerInvariant(), now?.Stamp.Generation, now?.Stamp.NewestChange ?? 0, now?.Stamp.NewestAccession, now?.DeltaDatasets ?? 0, builder.Activity.Running, 0);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await readiness.WhenReadyAsync(stoppingToken);
        // Both need the database's identity of the archive, so they are made only now.
        var (index, builder) = (services.GetRequiredService<ISearchIndex>(), services.GetRequiredService<IndexBuilder>());
        using var meters = new IndexMeters(index, services.GetRequiredService<CurrentIndex>(), builder, clock);
        var (said, at) = ("", 0L);
        while (!stoppingToken.IsCancellationRequested)
        {
            var now = JsonSerializer.Serialize(Of(settings, index, builder));
            if ((now != said || clock.GetElapsedTime(at) > Repeat) && await TryReportAsync(now, stoppingToken)) (said, at) = (now, clock.GetTimestamp());
            await Task.Delay(Look, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task<bool> TryReportAsync(string json, CancellationToken ct)
    {
        try
        {
            await reports.ReportAsync(Node, json, ct);
            return true;
        }
        catch (Exception fault) when (!ct.IsCancellationRequested)
        {
            LogFailed(log, fault);
            return false;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    [LoggerMessage(LogLevel.Debug, "What this node answers from could not be told")]
    private static partial void LogFailed(ILogger log, Exception fault);
}
