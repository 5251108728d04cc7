using Archive.Model.Accounts;
using Archive.Model.Datasets;
using Archive.Model.PageTab;
using Archive.Model.Sharing;
using Archive.Model.Submissions;

namespace Archive.Storage.Metadata;

/// <summary>
/// Keeps drafts. Like every store of metadata: each call is one atomic write or one read of one document, no call spans two
/// documents; a write that returned is durable; a call that threw may or may not have taken effect and is safe to repeat.
/// </summary>
public interface IDraftStore
{
    /// <summary>
    /// Adds a draft; does nothing when the identifier is already there, so that a repetition is safe, or when it is a revision and its
    /// dataset has one already: <see cref="FindRevisionAsync"/> gives the one that stands. Its <see cref="Draft.Effects"/> are kept with it.
    /// </summary>
    Task AddAsync(Draft draft, CancellationToken ct);

    /// <summary>The draft, or null.</summary>
    Task<Draft?> FindAsync(DraftId id, CancellationToken ct);

    /// <summary>The draft that revises the dataset, or null.</summary>
    Task<Draft?> FindRevisionAsync(Accession accession, CancellationToken ct);

    /// <summary>
    /// Replaces the draft when its <see cref="Draft.Revision"/> is still the one given, and returns it with the new revision;
    /// null when another write came first or the draft is gone. The page tab stays as it is. Its <see cref="Draft.Effects"/> are those that
    /// are still to follow: who adds some adds them to those that were read.
    /// </summary>
    Task<Draft?> TryReplaceAsync(Draft draft, CancellationToken ct);

    /// <summary>
    /// Puts a page tab in the place of the draft's own when its <see cref="Draft.Revision"/> is still the one given, and changes
    /// nothing else; returns the draft with the new revision, null as above. The text has been checked.
    /// </summary>
    Task<Draft?> TryWritePageTabAsync(Draft draft, PageTabText text, CancellationToken ct);

    /// <summary>The draft's page tab as it was sent, from its start; null when it has none or is gone.</summary>
    Task<StoredPageTab?> OpenPageTabAsync(DraftId id, CancellationToken ct);

    /// <summary>
    /// Removes the draft when its revision is still the one given; false when another write came first. True when it is gone already. Effects
    /// of it that are still to follow go with it: they are to be done before.
    /// </summary>
    Task<bool> TryDeleteAsync(Draft draft, CancellationToken ct);

    /// <summary>
    /// An owner's drafts, newest first, after the one given (null: from the start), at most <paramref name="size"/>.
    /// </summary>
    Task<IReadOnlyList<Draft>> ListAsync(AccountId owner, DraftId? after, int size, CancellationToken ct);

    /// <summary>Drafts of others that are shared with an account, newest first, after the one given (null: from the start), at most <paramref name="size"/>.</summary>
    Task<IReadOnlyList<SharedDraft>> ListSharedAsync(Account account, DraftId? after, int size, CancellationToken ct);

    /// <summary>
    /// Drafts that have been sealed for longer than <paramref name="age"/> by the database's clock: what the sweep compares
    /// with submissions, to finish a submit request that was cut.
    /// </summary>
    IAsyncEnumerable<Draft> ListSealedAsync(TimeSpan age, CancellationToken ct);
}

/// <summary>A draft of somebody else.</summary>
/// <param name="Draft">The draft.</param>
/// <param name="Entry">By which it is shared.</param>
public sealed record SharedDraft(Draft Draft, Collaborator Entry);
