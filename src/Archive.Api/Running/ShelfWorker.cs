using Archive.Indexer.Shelves;
using Archive.Model.Datasets;
using Archive.Storage.Metadata;

namespace Archive.Api.Running;

/// <summary>
/// Makes the shelves of private versions soon after they were committed, on nodes that build the index, so that their first search does not wait;
/// those of public ones come with the index. Gives up what this node has of datasets that were withdrawn.
/// </summary>
internal sealed partial class ShelfWorker(IServiceProvider services, Settings settings, Readiness readiness, IChangeSignal signal, ILogger<ShelfWorker> log) : BackgroundService
{
    private const int PortionSize = 100;
    private static readonly TimeSpan LookAnyway = TimeSpan.FromSeconds(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await readiness.WhenReadyAsync(stoppingToken);
        while (true)
        {
            try
            {
                await ForgetAsync(stoppingToken);
                if (settings.Roles.HasFlag(Roles.Indexer)) await MakeAsync(stoppingToken);
            }
            catch (Exception fault) when (!stoppingToken.IsCancellationRequested)
            {
                LogTrouble(log, fault);
            }
            await signal.WaitAsync(SignalTopic.Datasets, "shelves", LookAnyway, stoppingToken);
        }
    }

    private async Task ForgetAsync(CancellationToken ct)
    {
        var (shelves, datasets) = (services.GetRequiredService<ShelfSearch>(), services.GetRequiredService<IDatasetStore>());
        foreach (var accession in shelves.Opened.Select(id => id.Accession).Distinct())
            if (await datasets.FindAsync(accession, ct) is null or { State: DatasetState.Withdrawn })
                shelves.Forget(accession);
    }

    private async Task MakeAsync(CancellationToken ct)
    {
        var agenda = services.GetRequiredService<IDatasetAgenda>();
        for (Accession? after = null; await agenda.ListWithoutShelfAsync(after, PortionSize, ct) is { Count: > 0 } due; after = due[^1].Accession)
            foreach (var dataset in due)
                await MakeAsync(agenda, dataset, ct);
    }

    // One that fails is tried again at the next look, after all others.
    private async Task MakeAsync(IDatasetAgenda agenda, Dataset dataset, CancellationToken ct)
    {
        try
        {
            if (dataset.State == DatasetState.Private) await services.GetRequiredService<ShelfSearch>().EnsureAsync(dataset.Accession, dataset.Latest.Number, ct);
            await agenda.NoteShelfAsync(dataset, ct);
        }
        catch (Exception fault) when (!ct.IsCancellationRequested)
        {
            LogFailed(log, fault, dataset.Accession);
        }
    }

    [LoggerMessage(LogLevel.Warning, "Shelves that are due could not be looked for; the next look comes soon")]
    private static partial void LogTrouble(ILogger log, Exception fault);

    [LoggerMessage(LogLevel.Warning, "The shelf of {Accession} could not be made; its first search makes it, or the next look")]
    private static partial void LogFailed(ILogger log, Exception fault, Accession accession);
}
