using System.Text.Json.Serialization;
using Archive.Model.Accounts;
using Archive.Model.Datasets;
using Archive.Model.Rembi;

namespace Archive.Model.Submissions;

/// <summary>Where a submission stands. The table of moves is written once, in the submission service's workflow.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<SubmissionState>))]
public enum SubmissionState
{
    /// <summary>Sealed, with its accession; waiting to be checked.</summary>
    Submitted,

    /// <summary>File lists and staged files agree.</summary>
    Validated,

    /// <summary>Every file is in the object store and has its reference.</summary>
    Ingested,

    /// <summary>Committed, under embargo. An end.</summary>
    Private,

    /// <summary>Committed and public. An end.</summary>
    Released,

    /// <summary>Findings stopped it; the draft is open again and keeps its accession. An end.</summary>
    Rejected,

    /// <summary>Stopped by its owner, or withdrawn meanwhile; the draft is open again. An end.</summary>
    Cancelled,
}

/// <summary>Why a submission is not moving, and until when.</summary>
/// <param name="Reason">What it waits for, in words for the depositor; no path or address of the installation.</param>
/// <param name="Since">When it began to wait (UTC).</param>
/// <param name="NextTry">When it is tried again (UTC, the database's clock).</param>
/// <param name="Tries">How often it has failed in a row.</param>
public sealed record Waiting(string Reason, DateTimeOffset Since, DateTimeOffset NextTry, int Tries);

/// <summary>A move in a submission's history.</summary>
public sealed record SubmissionMove(SubmissionState State, DateTimeOffset At);

/// <summary>How far a submission is.</summary>
/// <param name="FilesDone">Files stored.</param>
/// <param name="FilesTotal">Files to store; 0 until counted.</param>
/// <param name="BytesDone">Bytes stored.</param>
/// <param name="BytesTotal">Bytes to store.</param>
public sealed record SubmissionProgress(long FilesDone, long FilesTotal, long BytesDone, long BytesTotal);

/// <summary>One pass of a draft through the pipeline.</summary>
public sealed record Submission
{
    /// <summary>The submission's identifier.</summary>
    public required SubmissionId Id { get; init; }

    /// <summary>The draft it takes in.</summary>
    public required DraftId Draft { get; init; }

    /// <summary>Who submitted.</summary>
    public required AccountId Owner { get; init; }

    /// <summary>The dataset that it creates or revises.</summary>
    public required Accession Accession { get; init; }

    /// <summary>The version that it produces.</summary>
    public required int Version { get; init; }

    /// <summary>Where it stands.</summary>
    public required SubmissionState State { get; init; }

    /// <summary>When it was submitted (UTC).</summary>
    public required DateTimeOffset SubmittedAt { get; init; }

    /// <summary>Set while a step could not be finished; <see cref="State"/> then still names the last finished step.</summary>
    public Waiting? Waiting { get; init; }

    /// <summary>What validation found; warnings stay with an accepted submission.</summary>
    public ValidationReport Report { get; init; } = new([], 0);

    /// <summary>Who submitted and as what; null in submissions of earlier programs, which count as their owner's.</summary>
    public Editor? Submitter { get; init; }

    /// <summary>What gives the version's files their attributes; null before validation, and in submissions of earlier programs.</summary>
    public AttributeSources? Sources { get; init; }

    /// <summary>
    /// Whether files of the version before may have other attributes now, so that each is compared: a list was changed or dropped, or a
    /// new one names them. Found by validation; false for a first version.
    /// </summary>
    public bool ComparesAttributes { get; init; }

    /// <summary>What the version changes; null before ingest.</summary>
    public VersionChanges? Changes { get; init; }

    /// <summary>
    /// Whom the version's file tables name in columns that say who somebody is, each once, at most <see cref="IdentifyingValues.Most"/>: kept for
    /// the blind view, which could not read millions of rows again. Of a list that the version before has unchanged, that one's submission tells.
    /// </summary>
    public IReadOnlyList<IdentifyingText> Named { get; init; } = [];

    /// <summary>How far it is.</summary>
    public SubmissionProgress Progress { get; init; } = new(0, 0, 0, 0);

    /// <summary>The moves so far, oldest first.</summary>
    public IReadOnlyList<SubmissionMove> History { get; init; } = [];

    /// <summary>Whether its owner asked to stop it; obeyed at the next step before publishing.</summary>
    public bool CancelRequested { get; init; }

    /// <summary>
    /// Set before the commit is tried, and never together with <see cref="CancelRequested"/>: from then on it is too late to cancel,
    /// whoever holds the lease, since a holder that has lost it may have committed.
    /// </summary>
    public bool IsPublishing { get; init; }

    /// <summary>
    /// The lease under which it was last worked on: a number from one sequence over all submissions, never used twice. Part of
    /// every object key of this attempt. 0 before the first. Set by the store.
    /// </summary>
    public long Attempt { get; init; }

    /// <summary>All attempts so far, oldest first; objects under an ended one that nothing refers to may be swept. Set by the store.</summary>
    public IReadOnlyList<long> Attempts { get; init; } = [];

    /// <summary>Whether it has reached an end.</summary>
    [JsonIgnore]
    public bool IsEnded => State is SubmissionState.Private or SubmissionState.Released or SubmissionState.Rejected or SubmissionState.Cancelled;
}
