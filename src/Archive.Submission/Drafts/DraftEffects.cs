using Archive.Model.Effects;
using Archive.Model.Errors;
using Archive.Model.Submissions;
using Archive.Storage.Metadata;
using Microsoft.Extensions.Logging;

namespace Archive.Submissions.Drafts;

/// <summary>Has what must follow the write of a draft follow: at once by its writer, and for writers that died by a sweep.</summary>
public sealed partial class DraftEffects(IDraftAgenda agenda, EffectDrain drain, ILogger<DraftEffects> log)
{
    private const int Batch = 100;

    // The write has happened: a caller that hangs up must not keep its effects from following, nor may they hold it up for long.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>Follows up a write that was made. Never fails: what is left is found by the sweep.</summary>
    public async Task FollowAsync(Draft written)
    {
        if (written.Effects.IsEmpty) return;
        using var limited = new CancellationTokenSource(Patience);
        await FollowAsync(written.Id, written.Effects, limited.Token);
    }

    /// <summary>The same for a job, which ends when the node stops.</summary>
    public async Task FollowAsync(DraftId draft, PendingEffects written, CancellationToken ct)
    {
        try
        {
            await DrainAsync(draft, written, ct);
        }
        catch (Exception fault) when (fault is ArchiveException or OperationCanceledException)
        {
            LogLeft(log, draft, fault);
        }
    }

    /// <summary>Follows up every draft whose effects are still to follow, and returns their number.</summary>
    public async Task<int> SweepAsync(CancellationToken ct)
    {
        var (count, after) = (0, default(DraftId?));
        while (await agenda.ListWithEffectsAsync(after, Batch, ct) is { Count: > 0 } batch)
        {
            foreach (var draft in batch) await DrainAsync(draft.Id, draft.Effects, ct);
            (count, after) = (count + batch.Count, batch[^1].Id);
        }
        return count;
    }

    /// <summary>Does what is still to follow a draft's writes.</summary>
    public async Task DrainAsync(DraftId draft, PendingEffects effects, CancellationToken ct)
    {
        if (effects.IsEmpty) return;
        await drain.ApplyAsync(effects, ct);
        await agenda.TryClearEffectsAsync(draft, effects, ct);
    }

    [LoggerMessage(LogLevel.Warning, "What must follow a change of the draft {Draft} waits for the next sweep")]
    private static partial void LogLeft(ILogger log, DraftId draft, Exception fault);
}
