using System.Text.Json.Serialization;
using Archive.Model.Accounts;
using Archive.Model.Effects;
using Archive.Model.Submissions;

namespace Archive.Model.Datasets;

/// <summary>Who may read a dataset.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<DatasetState>))]
public enum DatasetState
{
    /// <summary>Under embargo: its owner and curators read it; to everybody else it does not exist.</summary>
    Private,

    /// <summary>Public.</summary>
    Released,

    /// <summary>Taken back with a reason; only a tombstone is shown.</summary>
    Withdrawn,
}

/// <summary>
/// The head of a dataset: what is true of it now. Writing it is the one commit of a submission: file references and version
/// documents exist before it and become visible through it.
/// </summary>
public sealed record Dataset
{
    /// <summary>The dataset's number.</summary>
    public required Accession Accession { get; init; }

    /// <summary>The collection that minted the number.</summary>
    public required string Collection { get; init; }

    /// <summary>The depositor's account.</summary>
    public required AccountId Owner { get; init; }

    /// <summary>Who may read it.</summary>
    public required DatasetState State { get; init; }

    /// <summary>When it became or will become public (UTC); null when no date was given and it stays private.</summary>
    public required DateTimeOffset? ReleaseDate { get; init; }

    /// <summary>The committed versions, oldest first; numbers are 1, 2, 3 … without gaps. Never empty.</summary>
    public required IReadOnlyList<CommittedVersion> Versions { get; init; }

    /// <summary>Title of the newest version, for lists.</summary>
    public required string Title { get; init; }

    /// <summary>Why it was withdrawn; null unless it was.</summary>
    public string? WithdrawalReason { get; init; }

    /// <summary>When it was withdrawn (UTC); null unless it was.</summary>
    public DateTimeOffset? WithdrawnAt { get; init; }

    /// <summary>
    /// When its owner is to be reminded next that it becomes public (UTC), see <see cref="ReleaseWarnings"/>; null when no warning is left.
    /// Kept by the store beside the document, and only while the dataset is private.
    /// </summary>
    [JsonIgnore]
    public DateTimeOffset? WarnAt { get; init; }

    /// <summary>What must still follow writes of this head. Kept by the store beside the document.</summary>
    [JsonIgnore]
    public PendingEffects Effects { get; init; } = PendingEffects.None;

    /// <summary>What curators decided about it; null while its collection asked for nothing.</summary>
    public Review? Review { get; init; }

    /// <summary>Whether it stays private until a curator lets it pass, whatever its release date says.</summary>
    [JsonIgnore]
    public bool IsHeld => Review is { State: ReviewState.Waiting or ReviewState.Returned };

    /// <summary>
    /// Order of public changes: assigned by the store under one lock when a write makes the dataset public, revises it while
    /// public, or takes it out of the public; 0 while it never was public. Set by the store, never by callers.
    /// </summary>
    public long Change { get; init; }

    /// <summary>When the change happened, by the database's clock; null while <see cref="Change"/> is 0. Set by the store.</summary>
    public DateTimeOffset? ChangedAt { get; init; }

    /// <summary>What that change was; null while <see cref="Change"/> is 0. Set by the store.</summary>
    [JsonIgnore]
    public ChangeKind? ChangeKind { get; init; }

    /// <summary>Compared and raised by each write; 0 for a dataset that was never written. Set by the store.</summary>
    public long Revision { get; init; }

    /// <summary>The newest committed version.</summary>
    [JsonIgnore]
    public CommittedVersion Latest => Versions[^1];

    /// <summary>
    /// Whether everybody may read a version: one that was superseded before the dataset was released never becomes public, since its
    /// depositor may have taken out of it what was not to be seen.
    /// </summary>
    public bool IsOpen(CommittedVersion version) => State == DatasetState.Released && version.IsPublic;

    /// <summary>
    /// Whether a revision leaves the release date as it stands: that of a public dataset does not move, and that of a private one is moved by its
    /// owner and by curators, not by those who may edit it.
    /// </summary>
    /// <param name="by">Who submits the revision.</param>
    public bool KeepsReleaseDate(Editor by)
    {
        ArgumentNullException.ThrowIfNull(by);
        return State == DatasetState.Released || (by.Account != Owner && by.Role is not Role.Curator);
    }

    /// <summary>The name of a committed version's document.</summary>
    public DatasetDocument DocumentOf(CommittedVersion version) => new(Accession, version.Number, version.Submission);
}

/// <summary>One committed version in the head document.</summary>
/// <param name="Number">1 for the first.</param>
/// <param name="Submission">The pass that produced it; file references and documents of other passes are not part of it.</param>
/// <param name="CommittedAt">When it was committed (UTC).</param>
/// <param name="FileCount">Files in the version's file set.</param>
/// <param name="TotalBytes">Sum of their lengths.</param>
/// <param name="Changes">What it changed; null where that was not recorded, as for versions of earlier programs.</param>
/// <param name="By">Who submitted it and as what; null as above.</param>
/// <param name="IsPublic">Whether it ever was the newest version while the dataset was public. Set by the store, never by callers.</param>
public sealed record CommittedVersion(
    int Number, SubmissionId Submission, DateTimeOffset CommittedAt, long FileCount, long TotalBytes, VersionChanges? Changes = null,
    Editor? By = null, bool IsPublic = false);

/// <summary>How the files of a version differ from those of the one before; of a first version all are added.</summary>
/// <param name="Added">Paths that the version before does not have.</param>
/// <param name="Replaced">Paths with another content.</param>
/// <param name="Removed">Paths that it no longer has.</param>
/// <param name="Redescribed">Paths with the same content and other attributes.</param>
/// <param name="FileDelta">Files more than before; negative: fewer.</param>
/// <param name="ByteDelta">Bytes more than before; negative: fewer.</param>
public sealed record VersionChanges(long Added, long Replaced, long Removed, long Redescribed, long FileDelta, long ByteDelta)
{
    /// <summary>Nothing.</summary>
    public static readonly VersionChanges None = new(0, 0, 0, 0, 0, 0);
}

/// <summary>Names the metadata of one version, which is two texts: the page tab as it is given back, and as it was sent.</summary>
/// <param name="Accession">The dataset.</param>
/// <param name="Number">The version.</param>
/// <param name="Submission">The pass that wrote it.</param>
public sealed record DatasetDocument(Accession Accession, int Number, SubmissionId Submission);
