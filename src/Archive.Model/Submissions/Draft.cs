using System.Text.Json.Serialization;
using Archive.Model.Accounts;
using Archive.Model.Datasets;
using Archive.Model.Effects;
using Archive.Model.Files;

namespace Archive.Model.Submissions;

/// <summary>A dataset being prepared.</summary>
public sealed record Draft
{
    /// <summary>The draft's identifier.</summary>
    public required DraftId Id { get; init; }

    /// <summary>Who prepares it.</summary>
    public required AccountId Owner { get; init; }

    /// <summary>The collection whose prefix and rules hold.</summary>
    public required string Collection { get; init; }

    /// <summary>When it was begun (UTC).</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Length of the page tab as last sent; null before the first. The text itself is read apart. Set by the store.</summary>
    [JsonIgnore]
    public long? PageTabBytes { get; init; }

    /// <summary>Proposals of text files that the depositor dropped, by their ids, the latest last; they name the content of their files.</summary>
    public IReadOnlyList<string> DroppedProposals { get; init; } = [];

    /// <summary>
    /// The pass that holds the draft sealed; null while it may be written. Written before the submission exists, so that a
    /// request cut in between is finished by its repetition or by the sweep.
    /// </summary>
    public SubmissionId? SealedBy { get; init; }

    /// <summary>
    /// Whether the look for running transfers after sealing found none: from then on only the end of the pass opens the draft.
    /// Written together with the accession, so that nobody can open a draft that another request is about to submit.
    /// </summary>
    public bool IsSealConfirmed { get; init; }

    /// <summary>The number minted at the first submit; kept through rejections, so that a cited number stays true. Null before.</summary>
    public Accession? Accession { get; init; }

    /// <summary>The version slot that the next pass produces; 1 for a new dataset.</summary>
    public int Version { get; init; } = 1;

    /// <summary>Who sealed it and as what; null while it is open.</summary>
    public Editor? Submitter { get; init; }

    /// <summary>Whether it makes the next version of a dataset that there is; its files are those of the version before and what is staged.</summary>
    [JsonIgnore]
    public bool IsRevision => Version > 1;

    /// <summary>Compared and raised by each write; also the draft's ETag. Set by the store.</summary>
    public long Revision { get; init; }

    /// <summary>
    /// When somebody last worked on it, by the database's clock and up to an hour late: its page tab, its files, its proposals, its submission.
    /// Set by the store, by each of their writes.
    /// </summary>
    [JsonIgnore]
    public DateTimeOffset TouchedAt { get; init; }

    /// <summary>The last warning of its end since it was touched, in days before it; null before the first. Set by the store.</summary>
    [JsonIgnore]
    public int? WarnedDays { get; init; }

    /// <summary>When that warning was recorded (UTC); null before the first. Set by the store.</summary>
    [JsonIgnore]
    public DateTimeOffset? WarnedAt { get; init; }

    /// <summary>What must still follow writes of this document. Kept by the store beside it.</summary>
    [JsonIgnore]
    public PendingEffects Effects { get; init; } = PendingEffects.None;

    /// <summary>Whether writes are refused.</summary>
    [JsonIgnore]
    public bool IsSealed => SealedBy is not null;
}

/// <summary>A whole file in staging.</summary>
/// <param name="Draft">The draft it belongs to.</param>
/// <param name="Path">Its path in the dataset to be.</param>
/// <param name="Content">Names the staged content; the depositor's path never becomes a file name in staging.</param>
/// <param name="LengthBytes">Its length.</param>
/// <param name="Digests">Taken while it was received.</param>
/// <param name="ReceivedAt">When it was complete (UTC).</param>
public sealed record StagedFile(
    DraftId Draft, ArchivePath Path, UploadId Content, long LengthBytes, FileDigests Digests, DateTimeOffset ReceivedAt);

/// <summary>What a draft says of one path: a whole file stands in staging, or the file of the version before is not to be in the next.</summary>
/// <param name="Path">The path.</param>
/// <param name="File">The staged file; null: the path is removed.</param>
public sealed record StagedPath(ArchivePath Path, StagedFile? File);
