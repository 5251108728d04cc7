using Archive.Model.Effects;
using Archive.Model.Submissions;
using Archive.Storage.Metadata;
using Microsoft.Extensions.Logging;

namespace Archive.Submissions.Drafts;

/// <summary>Has what must follow the write of a draft follow: at once by its writer, and for writers that died by a sweep.</summary>
public sealed partial class DraftEffects(IDraftAgenda agenda, EffectDrain drain, ILogger<DraftEffects> log)
{
    /// <summary>Follows up a write that was made. Never fails: what is left is found by the sweep.</summary>
    public Task FollowAsync(Draft written) => FollowAsync(written.Id, written.Effects, CancellationToken.None);

    /// <summary>The same for a job, which ends when the node stops.</summary>
    public async Task FollowAsync(DraftId draft, PendingEffects written, CancellationToken ct)
    {
        if (await EffectDrain.TryFollowAsync(limited => DrainAsync(draft, written, limited), ct) is { } fault) LogLeft(log, draft, fault);
    }

    /// <summary>Follows up every draft whose effects are still to follow, and returns their number.</summary>
    public Task<int> SweepAsync(CancellationToken ct) =>
        EffectDrain.SweepAsync<Draft>((last, size) => agenda.ListWithEffectsAsync(last?.Id, size, ct), draft => DrainAsync(draft.Id, draft.Effects, ct));

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
