using Archive.Model.Files;
using Archive.Model.Submissions;

namespace Archive.Storage.Metadata;

/// <summary>
/// Keeps what is staged: one document for each path of a draft, holding the whole file that stands there and the transfer that is
/// running to it. Paths are told apart after NFC (<see cref="ArchivePath.MatchKey"/>) and kept as sent.
/// A transfer holds its path by a lease judged by the database's clock; a lapsed one may be taken over.
/// </summary>
public interface IUploadStore
{
    /// <summary>
    /// Takes the path for one transfer, where the quotas have room for what it promises. The draft is read by the caller <em>after</em>
    /// this, and submitting looks for running transfers after sealing: so one of the two always sees the other. Touches the draft
    /// (<see cref="Draft.TouchedAt"/>). Unlike other writes, it may be lost when the store itself crashes: the transfer is then refused at its end.
    /// </summary>
    /// <param name="promisedBytes">
    /// What the transfer said it will send, for which room is kept until it ends; 0 when unknown (<see cref="GrowAsync"/>); null when it will send
    /// nothing and takes no part in the quotas. A path costs what stands there or what is promised to it, whichever is more.
    /// </param>
    /// <param name="quotas">The archive's quotas; an account's own goes before.</param>
    Task<TransferStart> BeginAsync(
        DraftId draft, ArchivePath path, UploadId upload, long? promisedBytes, StagingQuotas quotas, TimeSpan lease, CancellationToken ct);

    /// <summary>
    /// Promises a transfer of unknown length more: what it wants, or as much of it as the quotas leave when that is at least what it needs,
    /// else nothing.
    /// </summary>
    /// <returns>The outcome, and what is promised to it from now on; <see cref="TransferOutcome.Held"/> when it no longer holds its path.</returns>
    Task<(TransferStart Start, long PromisedBytes)> GrowAsync(
        DraftId draft, ArchivePath path, UploadId upload, long wantedBytes, long neededBytes, StagingQuotas quotas, CancellationToken ct);

    /// <summary>Ends transfers whose lease lapsed, so that what was promised to them is free again.</summary>
    /// <returns>How many.</returns>
    Task<int> EndLapsedAsync(CancellationToken ct);

    /// <summary>Prolongs the transfer's lease; false when it no longer holds the path.</summary>
    Task<bool> TryRenewAsync(DraftId draft, ArchivePath path, UploadId upload, TimeSpan lease, CancellationToken ct);

    /// <summary>
    /// Puts the whole file in the place of what stood at the path and ends the transfer, in one write. Returns false when the
    /// transfer no longer holds the path: its content is then to be thrown away. A repetition after success returns true. No quota refuses
    /// it: it has what was promised. Touches the draft.
    /// </summary>
    Task<bool> TryCompleteAsync(StagedFile file, CancellationToken ct);

    /// <summary>Ends the transfer and leaves what stood at the path. Does nothing when it no longer holds the path.</summary>
    Task AbandonAsync(DraftId draft, ArchivePath path, UploadId upload, CancellationToken ct);

    /// <summary>The whole file at the path, or null.</summary>
    Task<StagedFile?> FindAsync(DraftId draft, ArchivePath path, CancellationToken ct);

    /// <summary>The whole files of a draft in the order of <see cref="ArchivePath.MatchKey"/> by code point, after the path given (null: from the start), streamed.</summary>
    IAsyncEnumerable<StagedFile> ListAsync(DraftId draft, ArchivePath? after, CancellationToken ct);

    /// <summary>
    /// What a draft says of paths: its whole files and the paths that it removes, in the same order, after the path given, streamed.
    /// </summary>
    IAsyncEnumerable<StagedPath> ListPathsAsync(DraftId draft, ArchivePath? after, CancellationToken ct);

    /// <summary>What it says of some paths, in no order; a path of which it says nothing is left out.</summary>
    /// <param name="paths">At most 10,000; matched after NFC.</param>
    Task<IReadOnlyList<StagedPath>> FindPathsAsync(DraftId draft, IReadOnlyCollection<ArchivePath> paths, CancellationToken ct);

    /// <summary>
    /// Removes the whole file at a path and says that the version before is not to keep its own there, in one write. A file that is
    /// received there later takes that back. False as for <see cref="RemoveAsync"/>: then nothing was changed.
    /// </summary>
    /// <param name="holder">The transfer that took the path for it.</param>
    Task<bool> TryMarkRemovedAsync(DraftId draft, ArchivePath path, UploadId holder, CancellationToken ct);

    /// <summary>Transfers whose lease has not lapsed, of one draft or (null) of all; their number is bounded by the open connections.</summary>
    Task<IReadOnlyList<RunningTransfer>> ListRunningAsync(DraftId? draft, CancellationToken ct);

    /// <summary>
    /// Removes the whole file or the mark of a removal at a path, or everything of the draft when the path is null. True also when it is gone already; false
    /// when <paramref name="holder"/> is given and no longer holds the path by a lease that runs: then nothing was removed.
    /// </summary>
    /// <param name="holder">The transfer that took the path for the removal, so that a submit which no longer counts it as running cannot lose a file; null when the draft takes no submit any more.</param>
    Task<bool> RemoveAsync(DraftId draft, ArchivePath? path, UploadId? holder, CancellationToken ct);
}

/// <summary>A transfer that is running.</summary>
/// <param name="Draft">The draft that it fills.</param>
/// <param name="Path">The path that it holds.</param>
/// <param name="Upload">The transfer.</param>
/// <param name="PromisedBytes">What it said it will send; 0 when unknown.</param>
public sealed record RunningTransfer(DraftId Draft, ArchivePath Path, UploadId Upload, long PromisedBytes);

/// <summary>How taking a path went.</summary>
public enum TransferOutcome
{
    /// <summary>The transfer holds it.</summary>
    Begun,

    /// <summary>Another transfer does.</summary>
    Held,

    /// <summary>The quota of the draft's owner has no room.</summary>
    AccountFull,

    /// <summary>The quota of all together has no room.</summary>
    AllFull,
}

/// <summary>How taking a path went, and how much the draft's owner has staged.</summary>
/// <param name="Outcome">How it went.</param>
/// <param name="Level">What its owner has staged, with what is promised, this transfer among it when it was begun; null when it is held or nobody's.</param>
public sealed record TransferStart(TransferOutcome Outcome, StagingLevel? Level);
