using Archive.Model.Datasets;
using Archive.Model.Files;
using Archive.Model.Submissions;

namespace Archive.Storage.Metadata;

/// <summary>
/// Keeps file references: rows that are written once. A version's file set is the newest row up to it for each path, among rows
/// of the passes that the head names (<see cref="CommittedVersion"/>); rows of other passes are invisible. Paths are told apart
/// by <see cref="ArchivePath.MatchKey"/> and kept as sent; "path order" is that of the match keys by code point, as in
/// <see cref="IUploadStore.ListAsync"/>, so that lists can be merged.
/// </summary>
public interface IFileReferenceStore
{
    /// <summary>
    /// Adds rows in one durable write; a row of the same pass and path that is already there stays as it is. Returns, in the
    /// order given, the rows as they are stored: a caller whose object lost to an earlier attempt's learns it here.
    /// </summary>
    /// <param name="rows">All of one accession and pass; at most 10,000.</param>
    Task<IReadOnlyList<FileReference>> AddAsync(IReadOnlyList<FileReference> rows, CancellationToken ct);

    /// <summary>The file at a path in a version; null when it has none or the newest row removes it.</summary>
    /// <param name="dataset">Its committed versions say which rows are visible.</param>
    /// <param name="path">Matched after NFC.</param>
    /// <param name="version">A committed version.</param>
    Task<FileReference?> FindAsync(Dataset dataset, ArchivePath path, int version, CancellationToken ct);

    /// <summary>The files at some paths in a version, in no order; a path that has none is left out.</summary>
    /// <param name="paths">At most 10,000; matched after NFC.</param>
    Task<IReadOnlyList<FileReference>> FindAllAsync(Dataset dataset, IReadOnlyCollection<ArchivePath> paths, int version, CancellationToken ct);

    /// <summary>The digests of files of one or many datasets, in the order asked; null for one that its version does not have.</summary>
    /// <param name="files">At most 10,000; paths are matched after NFC.</param>
    Task<IReadOnlyList<FileDigests?>> FindDigestsAsync(IReadOnlyList<VersionFile> files, CancellationToken ct);

    /// <summary>Which of some folders have a file anywhere below them in a version, by their names as given.</summary>
    /// <param name="folders">Without a final <c>/</c>; at most 10,000; matched after NFC.</param>
    Task<IReadOnlySet<ArchivePath>> FindFoldersAsync(Dataset dataset, IReadOnlyCollection<ArchivePath> folders, int version, CancellationToken ct);

    /// <summary>The file set of a version in path order, after the path given (null: from the start), streamed.</summary>
    IAsyncEnumerable<FileReference> ListAsync(Dataset dataset, int version, ArchivePath? after, CancellationToken ct);

    /// <summary>
    /// The paths in the file set of a version whose spelling as sent is not their match key, each once, in no order. Those of rows that a
    /// later row up to the version replaced are among them.
    /// </summary>
    Task<IReadOnlyList<ArchivePath>> ListSentOtherwiseAsync(Dataset dataset, int version, CancellationToken ct);

    /// <summary>Every row of one pass in path order, after the path given, committed or not: what an interrupted ingest goes on from.</summary>
    IAsyncEnumerable<FileReference> ListPassAsync(Accession accession, SubmissionId pass, ArchivePath? after, CancellationToken ct);

    /// <summary>Which of the object keys some row refers to, whatever its pass: asked again by the sweep just before it deletes.</summary>
    Task<IReadOnlySet<string>> FindReferencedAsync(Accession accession, IReadOnlyCollection<string> objectKeys, CancellationToken ct);

    /// <summary>Removes the rows of a pass that ended without being committed.</summary>
    Task RemovePassAsync(Accession accession, SubmissionId pass, CancellationToken ct);
}

/// <summary>A path in a version of a dataset.</summary>
/// <param name="Dataset">Its committed versions say which rows are visible.</param>
/// <param name="Version">A committed version.</param>
/// <param name="Path">The path.</param>
public sealed record VersionFile(Dataset Dataset, int Version, ArchivePath Path);
