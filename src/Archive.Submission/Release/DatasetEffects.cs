using Archive.Model.Datasets;
using Archive.Model.Errors;
using Archive.Storage.Metadata;
using Microsoft.Extensions.Logging;

namespace Archive.Submissions.Release;

/// <summary>Has what must follow the write of a dataset follow: at once by its writer, and for writers that died by a sweep.</summary>
public sealed partial class DatasetEffects(IDatasetAgenda agenda, EffectDrain drain, ILogger<DatasetEffects> log)
{
    private const int Batch = 100;

    // The write has happened: a caller that hangs up must not keep its effects from following, nor may they hold it up for long.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>Follows up a write that was made. Never fails: what is left is found by the sweep.</summary>
    public async Task FollowAsync(Dataset written)
    {
        if (written.Effects.IsEmpty) return;
        using var limited = new CancellationTokenSource(Patience);
        try
        {
            await DrainAsync(written, limited.Token);
        }
        catch (Exception fault) when (fault is ArchiveException or OperationCanceledException)
        {
            LogLeft(log, written.Accession, fault);
        }
    }

    /// <summary>Follows up every dataset whose effects are still to follow, and returns their number.</summary>
    public async Task<int> SweepAsync(CancellationToken ct)
    {
        var (count, after) = (0, default(Accession?));
        while (await agenda.ListWithEffectsAsync(after, Batch, ct) is { Count: > 0 } batch)
        {
            foreach (var dataset in batch) await DrainAsync(dataset, ct);
            (count, after) = (count + batch.Count, batch[^1].Accession);
        }
        return count;
    }

    // A head that was written meanwhile still has them; whoever wrote it follows them up once more, which changes nothing.
    private async Task DrainAsync(Dataset dataset, CancellationToken ct)
    {
        await drain.ApplyAsync(dataset.Effects, ct);
        await agenda.TryClearEffectsAsync(dataset, ct);
    }

    [LoggerMessage(LogLevel.Warning, "What must follow a change of {Accession} waits for the next sweep")]
    private static partial void LogLeft(ILogger log, Accession accession, Exception fault);
}
