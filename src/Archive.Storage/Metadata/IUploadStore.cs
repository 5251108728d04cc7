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
    /// Takes the path for one transfer. False when another transfer holds it. The draft is read by the caller <em>after</em>
    /// this, and submitting looks for running transfers after sealing: so one of the two always sees the other.
    /// </summary>
    /// <param name="promisedBytes">What the transfer said it will send, so that free space can be judged less what is promised; 0 when unknown.</param>
    Task<bool> TryBeginAsync(DraftId draft, ArchivePath path, UploadId upload, long promisedBytes, TimeSpan lease, CancellationToken ct);

    /// <summary>Prolongs the transfer's lease; false when it no longer holds the path.</summary>
    Task<bool> TryRenewAsync(DraftId draft, ArchivePath path, UploadId upload, TimeSpan lease, CancellationToken ct);

    /// <summary>
    /// Puts the whole file in the place of what stood at the path and ends the transfer, in one write. Returns false when the
    /// transfer no longer holds the path: its content is then to be thrown away. A repetition after success returns true.
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
