using System.Text.Json;
using Archive.Api.Running;
using Archive.Indexer;
using Archive.Indexer.Building;
using Archive.Indexer.Format;
using Archive.Model.Datasets;
using Archive.Model.Errors;
using Archive.Storage.Metadata;

namespace Archive.Api.Indexing;

/// <summary>What operators ask of the index. Long work goes on after its request was answered, one of a kind at a time, and is seen in the report.</summary>
internal sealed partial class IndexDesk(IServiceProvider services, ISearchIndex index, Settings settings, INodeReportStore reports, IDatasetStore datasets,
    IChangeSignal signal, IHostApplicationLifetime lifetime, ILogger<IndexDesk> log)
{
    private static readonly TimeSpan Silent = TimeSpan.FromMinutes(1);

    private readonly Lock gate = new();
    private readonly HashSet<string> underWay = new(StringComparer.Ordinal);
    private IReadOnlyList<GenerationCheck>? checks;

    private IndexBuilder Builder => services.GetRequiredService<IndexBuilder>();

    /// <summary>Everything that is known.</summary>
    public async Task<IndexReport> ReadAsync(CancellationToken ct)
    {
        var (builder, now) = (Builder, index.Describe());
        var own = IndexReporter.Of(settings, index, builder);
        List<IndexNode> nodes = [own];
        foreach (var report in await reports.ListAsync(Silent, ct))
            if (report.Node != own.Node && JsonSerializer.Deserialize<IndexNode>(report.Json) is { } other)
                nodes.Add(other with { SecondsAgo = Math.Round(report.Age.TotalSeconds, 1) });
        nodes.Sort((a, b) => string.CompareOrdinal(a.Node, b.Node));
        return new IndexReport(
            now?.Stamp, now?.Datasets ?? 0, now?.Files ?? 0, now?.GenerationBytes ?? 0, now?.DeltaDatasets ?? 0, now?.DeltaFiles ?? 0, now?.DeltaBytes ?? 0,
            now?.CutDatasets ?? 0, now?.MaskedChange ?? 0, now?.Sections ?? [], builder.Kept, await builder.ListPublishedAsync(ct),
            [.. nodes.SelectMany(n => n.Running.Select(w => new NodeWork(n.Node, w.Kind, w.Subject, w.StartedAt, w.Done, w.Total)))],
            builder.Activity.Last, Volatile.Read(ref checks), nodes)
        {
            LeftOut = now?.LeftOut ?? [],
        };
    }

    /// <summary>Goes back to a generation, here before this returns and on other nodes within seconds.</summary>
    /// <exception cref="ArchiveException"><see cref="Problems.GenerationAbsent"/> or <see cref="Problems.GenerationDamaged"/>.</exception>
    public async Task RollBackAsync(string generation, CancellationToken ct)
    {
        try
        {
            await Builder.RollBackAsync(generation, ct);
        }
        catch (FileNotFoundException)
        {
            throw new ArchiveException(Problems.GenerationAbsent, "Neither this node nor the object store has a generation of that name.");
        }
        catch (DamagedIndexException damage)
        {
            throw new ArchiveException(Problems.GenerationDamaged, $"Its part {damage.Section} is not what was written.", inner: damage);
        }
        LogRolledBack(log, generation);
        await signal.SendAsync(SignalTopic.Datasets, ct);
    }

    /// <summary>Begins to make a dataset's part of the index anew; false when it is not public.</summary>
    public async Task<bool> TryRebuildAsync(Accession accession, CancellationToken ct)
    {
        if (await datasets.FindAsync(accession, ct) is not { State: DatasetState.Released }) return false;
        Begin($"dataset {accession}", async stop =>
        {
            await Builder.RebuildAsync(accession, stop);
            await signal.SendAsync(SignalTopic.Datasets, stop);
        });
        return true;
    }

    /// <summary>Begins to check every section of every generation.</summary>
    public void Verify() => Begin("verify", async stop => Volatile.Write(ref checks, await Builder.VerifyAsync(stop)));

    // What is under way already is not begun again.
    private void Begin(string what, Func<CancellationToken, Task> work)
    {
        lock (gate)
            if (!underWay.Add(what))
                return;
        _ = Task.Run(async () =>
        {
            try
            {
                await work(lifetime.ApplicationStopping);
            }
            catch (OperationCanceledException)
            {
                // The process ends; whoever asked asks again.
            }
            catch (Exception fault)
            {
                LogFailed(log, fault, what);
            }
            finally
            {
                lock (gate) underWay.Remove(what);
            }
        }, CancellationToken.None);
    }

    [LoggerMessage(LogLevel.Warning, "The index went back to generation {Generation}, as an operator asked")]
    private static partial void LogRolledBack(ILogger log, string generation);

    [LoggerMessage(LogLevel.Error, "Work on the index failed: {What}")]
    private static partial void LogFailed(ILogger log, Exception fault, string what);
}
