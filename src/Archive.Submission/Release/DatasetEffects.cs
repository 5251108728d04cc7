using Archive.Model.Datasets;
using Archive.Storage.Metadata;
using Microsoft.Extensions.Logging;

namespace Archive.Submissions.Release;

/// <summary>Has what must follow the write of a dataset follow: at once by its writer, and for writers that died by a sweep.</summary>
public sealed partial class DatasetEffects(IDatasetAgenda agenda, EffectDrain drain, ILogger<DatasetEffects> log)
{
    /// <summary>Follows up a write that was made. Never fails: what is left is found by the sweep.</summary>
    public async Task FollowAsync(Dataset written)
    {
        if (!written.Effects.IsEmpty && await EffectDrain.TryFollowAsync(ct => DrainAsync(written, ct), CancellationToken.None) is { } fault)
            LogLeft(log, written.Accession, fault);
    }

    /// <summary>Follows up every dataset whose effects are still to follow, and returns their number.</summary>
    public Task<int> SweepAsync(CancellationToken ct) =>
        EffectDrain.SweepAsync<Dataset>((last, size) => agenda.ListWithEffectsAsync(last?.Accession, size, ct), dataset => DrainAsync(dataset, ct));

    // A head that was written meanwhile still has them; whoever wrote it follows them up once more, which changes nothing.
    private async Task DrainAsync(Dataset dataset, CancellationToken ct)
    {
        await drain.ApplyAsync(dataset.Effects, ct);
        await agenda.TryClearEffectsAsync(dataset, ct);
    }

    [LoggerMessage(LogLevel.Warning, "What must follow a change of {Accession} waits for the next sweep")]
    private static partial void LogLeft(ILogger log, Accession accession, Exception fault);
}
