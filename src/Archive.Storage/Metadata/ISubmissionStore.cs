using Archive.Model.Accounts;
using Archive.Model.Datasets;
using Archive.Model.Submissions;

namespace Archive.Storage.Metadata;

/// <summary>
/// Keeps submissions and says who works on them. A node holds a submission by a lease judged by the database's clock; each lease
/// takes the next attempt number, and every save compares it: a node that slept through its lease can change nothing.
/// </summary>
public interface ISubmissionStore
{
    /// <summary>
    /// Adds a submission and returns what is stored: the one given, or the one that already stood under its identifier, so that
    /// a repetition gives the same answer. At most one submission of an accession is active.
    /// </summary>
    Task<Submission> AddAsync(Submission submission, CancellationToken ct);

    /// <summary>The submission, or null.</summary>
    Task<Submission?> FindAsync(SubmissionId id, CancellationToken ct);

    /// <summary>
    /// Leases the active submission that has waited longest, is held by nobody, and is due; null when there is none. The
    /// answer carries the new <see cref="Submission.Attempt"/>.
    /// </summary>
    /// <param name="node">Names the holder in logs.</param>
    Task<Submission?> LeaseNextAsync(string node, TimeSpan lease, CancellationToken ct);

    /// <summary>
    /// Prolongs the lease of <see cref="Submission.Attempt"/> and stores the progress. Returns the stored submission, whose
    /// <see cref="Submission.CancelRequested"/> the holder obeys; null when the lease is lost.
    /// </summary>
    Task<Submission?> RenewAsync(Submission held, TimeSpan lease, CancellationToken ct);

    /// <summary>
    /// Saves what the holder of <see cref="Submission.Attempt"/> made of it; false, and nothing changed, when the lease is lost,
    /// or when it would set <see cref="Submission.IsPublishing"/> on what is to be stopped.
    /// Saving an end or a <see cref="Submission.Waiting"/> gives the lease back; a wait counts from the database's clock.
    /// A cancel request made meanwhile is kept. An end that may have left objects behind is one for <see cref="ILeftoverStore"/>.
    /// </summary>
    Task<bool> TrySaveAsync(Submission submission, CancellationToken ct);

    /// <summary>
    /// Asks for a stop; false when it has ended or <see cref="Submission.IsPublishing"/> is set, so that of a stop and a commit only
    /// one ever begins. The holder obeys at its next step; an idle submission becomes due at once.
    /// </summary>
    Task<bool> RequestCancelAsync(SubmissionId id, CancellationToken ct);

    /// <summary>
    /// A mark for each of the submissions that there is: it differs from every earlier one whenever the submission was written. Reads
    /// nothing of what they hold.
    /// </summary>
    Task<IReadOnlyDictionary<SubmissionId, string>> ReadMarksAsync(IReadOnlyCollection<SubmissionId> submissions, CancellationToken ct);

    /// <summary>
    /// Submissions, newest first, of an owner (null: of all) and of a draft (null: of any, also of one that is removed), at most
    /// <paramref name="size"/>, after the one given. Of findings, which may be a thousand each, lists have the number only, as
    /// <see cref="ValidationReport.Omitted"/>, and of <see cref="Submission.Named"/> nothing.
    /// </summary>
    Task<IReadOnlyList<Submission>> ListAsync(AccountId? owner, DraftId? draft, SubmissionId? after, int size, CancellationToken ct);

    /// <summary>Every submission of an accession, oldest first, without findings: the sweep learns from it which attempts have ended.</summary>
    Task<IReadOnlyList<Submission>> ListByAccessionAsync(Accession accession, CancellationToken ct);
}
