using Archive.Indexer;
using Archive.Indexer.Building;
using Archive.Storage.Metadata;

namespace Archive.Api.Running;

/// <summary>
/// Opens the index at start, and from then on takes in what is released, hides what is withdrawn and follows what is published, each within moments
/// of its signal and none behind the others: a large release or a long fetch keeps no withdrawn dataset in sight. A long first build does not
/// keep the archive from answering: searches say that the index is not ready meanwhile.
/// </summary>
internal sealed partial class IndexFollower(IServiceProvider services, Settings settings, IChangeSignal signal, Readiness readiness, IHostApplicationLifetime lifetime,
    TimeProvider clock, ILogger<IndexFollower> log) : BackgroundService, IStartupStep
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LookAnyway = TimeSpan.FromSeconds(5);
    private Task<bool>? opening;

    /// <inheritdoc/>
    public string Name => "index";

    async Task<DependencyState> IStartupStep.StartAsync(CancellationToken ct)
    {
        opening = TryAsync(OpenAsync, lifetime.ApplicationStopping);
        await Task.WhenAny(opening, Task.Delay(Patience, clock, ct));
        return opening.IsCompleted && IsOpen
            ? new(true, "open")
            : new(false, Builds ? "is being opened" : "waits for a published generation");
    }

    private bool Builds => settings.Roles.HasFlag(Roles.Indexer);

    private bool IsOpen => services.GetRequiredService<ISearchIndex>().Describe() is not null;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await readiness.WhenReadyAsync(stoppingToken);
        if (opening is not null) await opening;
        // A fetch and the check of its bytes take as long as the disk lets them.
        await Task.WhenAll(
            LoopAsync("index-published", FollowAsync, note: false, stoppingToken),
            LoopAsync("index-mask", (builder, ct) => builder.HideAsync(ct), note: false, stoppingToken),
            LoopAsync(Name, UpdateAsync, note: true, stoppingToken));
    }

    private async Task LoopAsync(string listener, Func<IndexBuilder, CancellationToken, Task> work, bool note, CancellationToken ct)
    {
        while (!ct.IsCancellationRequested)
        {
            var isDone = await TryAsync(work, ct);
            // What answered before goes on answering; the next look tries again.
            if (note) readiness.Note(Name, isDone && IsOpen,
                !isDone ? "does not take in changes; the log says why" : IsOpen ? "follows changes" : "waits for a published generation");
            await signal.WaitAsync(SignalTopic.Datasets, listener, LookAnyway, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task OpenAsync(IndexBuilder builder, CancellationToken ct)
    {
        if (await builder.TryOpenAsync(ct) is null && Builds) await builder.BuildAsync(ct);
    }

    private async Task FollowAsync(IndexBuilder builder, CancellationToken ct)
    {
        if (IsOpen) await builder.FollowAsync(ct);
        else await OpenAsync(builder, ct);
    }

    private async Task UpdateAsync(IndexBuilder builder, CancellationToken ct)
    {
        if (IsOpen) await builder.UpdateAsync(ct);
    }

    private async Task<bool> TryAsync(Func<IndexBuilder, CancellationToken, Task> work, CancellationToken ct)
    {
        try
        {
            await work(services.GetRequiredService<IndexBuilder>(), ct);
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

    [LoggerMessage(LogLevel.Error, "The index could not be renewed; what was found before is still found")]
    private static partial void LogFailed(ILogger log, Exception fault);
}
