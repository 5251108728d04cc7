using Archive.Model.Effects;
using Archive.Model.Submissions;

namespace Archive.Storage.Metadata;

/// <summary>
/// What is to be done to drafts that nobody works on, by the database's clock. Each write compares when the draft was touched, so one that
/// somebody works on again is left alone. A draft that has expired is found by nobody but here.
/// </summary>
public interface IDraftAgenda
{
    /// <summary>Open drafts with a warning due that is nearer to their end than the last one they had, longest untouched first, at most <paramref name="size"/>.</summary>
    /// <param name="span">How long a draft stays untouched.</param>
    Task<IReadOnlyList<DraftDue>> ListToWarnAsync(TimeSpan span, int size, CancellationToken ct);

    /// <summary>Open drafts whose end has come and whose last warning is long enough ago, longest untouched first, at most <paramref name="size"/>.</summary>
    /// <param name="span">How long a draft stays untouched.</param>
    Task<IReadOnlyList<DraftDue>> ListToExpireAsync(TimeSpan span, int size, CancellationToken ct);

    /// <summary>
    /// Records a warning with what must follow it; false when the draft was touched, sealed, warned or removed meanwhile. Its revision stays: nothing
    /// that its depositor edits has changed.
    /// </summary>
    Task<bool> TryWarnAsync(DraftDue due, PendingEffects effects, CancellationToken ct);

    /// <summary>
    /// Takes a draft from everybody, with what must follow; false when its end has not come, a transfer to it runs, or it was written
    /// meanwhile. What it has staged is still there.
    /// </summary>
    Task<bool> TryExpireAsync(DraftDue due, TimeSpan span, PendingEffects effects, CancellationToken ct);

    /// <summary>Drafts that have expired and are not removed yet, by identifier after the one given, at most <paramref name="size"/>.</summary>
    Task<IReadOnlyList<Draft>> ListExpiredAsync(DraftId? after, int size, CancellationToken ct);

    /// <summary>Removes a draft that has expired; its effects have been done and its staging is empty. Does nothing when it is gone.</summary>
    Task RemoveExpiredAsync(DraftId draft, CancellationToken ct);

    /// <summary>Drafts whose warnings have effects that are still to follow, by identifier after the one given, at most <paramref name="size"/>.</summary>
    Task<IReadOnlyList<Draft>> ListWithEffectsAsync(DraftId? after, int size, CancellationToken ct);

    /// <summary>Takes effects out of a draft, since they were done; false when it has others by now.</summary>
    Task<bool> TryClearEffectsAsync(DraftId draft, PendingEffects done, CancellationToken ct);
}

/// <summary>A draft with something due.</summary>
/// <param name="Draft">The draft as it was read.</param>
/// <param name="Days">For a warning: how many days before the end it is due.</param>
/// <param name="Now">The database's clock at the look (UTC).</param>
public sealed record DraftDue(Draft Draft, int Days, DateTimeOffset Now);
