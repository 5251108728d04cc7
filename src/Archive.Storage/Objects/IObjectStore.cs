using Archive.Model.Files;

namespace Archive.Storage.Objects;

/// <summary>
/// Keeps bytes under keys. All objects are written once and never modified afterwards. A put is atomic: a reader sees nothing or
/// the whole object; when it returns, the object survives a power cut. Calls that threw may be repeated; whether the first one
/// took effect is learnt by <see cref="FindAsync"/>. Knows nothing of datasets.
/// </summary>
public interface IObjectStore
{
    /// <summary>
    /// Stores the content under the key. The length is checked against what the stream gave, and the digests against
    /// <paramref name="expected"/> where given. Cancelled or failed in mid-put, it leaves nothing under the key.
    /// </summary>
    /// <returns>False when the key is taken (the file-system store promises this; others rely on keys that are never reused).</returns>
    /// <exception cref="DigestMismatchException">The content is not what was expected; nothing is stored.</exception>
    /// <exception cref="IOException">The volume failed or is full; nothing is stored under the key.</exception>
    Task<bool> TryPutAsync(ObjectKey key, Stream content, long lengthBytes, FileDigests? expected, CancellationToken ct);

    /// <summary>
    /// Stores a batch of files, all durable when it returns; faster than one by one because syncs are shared. A file may be linked
    /// instead of copied when <see cref="ObjectSource.MayLink"/> is set and the store shares its volume.
    /// </summary>
    /// <returns>For each source in order, how it was stored.</returns>
    /// <exception cref="DigestMismatchException">A file is not what was expected; some of the batch may be stored.</exception>
    /// <exception cref="IOException">The volume failed or is full; some of the batch may be stored.</exception>
    Task<IReadOnlyList<PutOutcome>> PutFilesAsync(IReadOnlyList<ObjectSource> batch, CancellationToken ct);

    /// <summary>Length and time of the object; null when the key is not taken.</summary>
    Task<StoredObject?> FindAsync(ObjectKey key, CancellationToken ct);

    /// <summary>Opens the object for reading from <paramref name="offset"/>, <paramref name="lengthBytes"/> bytes at most (null: to its end); null when the key is not taken.</summary>
    Task<Stream?> OpenAsync(ObjectKey key, long offset, long? lengthBytes, CancellationToken ct);

    /// <summary>Objects whose key starts with the prefix, in key order, streamed.</summary>
    IAsyncEnumerable<StoredObject> ListAsync(string prefix, CancellationToken ct);

    /// <summary>
    /// What stands between the prefix and the next <c>/</c> in keys that start with it, each once, with the prefix before it and
    /// the <c>/</c> after it, in key order, streamed: the common prefixes of S3 under the delimiter <c>/</c>. Costs what it gives,
    /// however many objects lie beneath. A folder whose last object was just removed may still be given.
    /// </summary>
    IAsyncEnumerable<string> ListFoldersAsync(string prefix, CancellationToken ct);

    /// <summary>Removes the object. Does nothing when it is gone already.</summary>
    Task DeleteAsync(ObjectKey key, CancellationToken ct);

    /// <summary>The identity that the store carries (null: it is new and empty), and its free space.</summary>
    Task<StoreStatus> ProbeAsync(CancellationToken ct);

    /// <summary>Gives a new store its identity; fails when it carries another.</summary>
    Task ClaimAsync(string archiveId, CancellationToken ct);
}

/// <summary>A file to be stored.</summary>
/// <param name="Key">Where.</param>
/// <param name="FilePath">The file on this machine.</param>
/// <param name="LengthBytes">Its length; checked.</param>
/// <param name="Digests">Its digests; checked while copying. A linked file is the inode that was digested while it was written, so it is not read again.</param>
/// <param name="MayLink">Whether nobody can still write to the file's inode and its bytes are already durable.</param>
public sealed record ObjectSource(ObjectKey Key, string FilePath, long LengthBytes, FileDigests Digests, bool MayLink);

/// <summary>How a file was stored.</summary>
public enum PutOutcome
{
    /// <summary>A second name of the same inode.</summary>
    Linked,

    /// <summary>A copy.</summary>
    Copied,

    /// <summary>The key was taken before, by an object of the same length; it was left as it is.</summary>
    Existed,
}

/// <summary>An object as listed.</summary>
public sealed record StoredObject(ObjectKey Key, long LengthBytes, DateTimeOffset StoredAt);

/// <summary>State of a store.</summary>
/// <param name="ArchiveId">The identity that it carries; null when new.</param>
/// <param name="FreeBytes">Room left for an ordinary user; null when the store does not tell.</param>
/// <param name="TotalBytes">Size of the volume; null when the store does not tell.</param>
public sealed record StoreStatus(string? ArchiveId, long? FreeBytes, long? TotalBytes);
