using System.Runtime.CompilerServices;
using Archive.Model.Files;

namespace Archive.Storage.Objects.FileSystem;

/// <summary>
/// Objects as files: <c>objects/</c> holds them by key, <c>tmp/</c> on the same volume what is being written, <c>archive-id</c> the
/// identity. An object's bytes are synced before <c>link(2)</c> gives it its key, which also makes creation exclusive; the folders on
/// the way are synced before a put returns. A put that is killed leaves at most a file in <c>tmp/</c>, or a whole object that
/// its repetition finds.
/// </summary>
public sealed class FileSystemObjectStore : IObjectStore
{
    // Copies kept open between writing and syncing; far below the usual limit of open files.
    private const int CopiesAtOnce = 128;

    private const long ReserveFromBytes = 4 * 1024 * 1024;

    private readonly string root;
    private readonly string objects;
    private readonly string temporaries;
    private readonly KeyFolders folders;

    /// <summary>A store in a folder; nothing is touched before the first call. It is made by <see cref="ClaimAsync"/>.</summary>
    public FileSystemObjectStore(string folder)
    {
        root = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        objects = Path.Combine(root, "objects");
        temporaries = Path.Combine(root, "tmp");
        folders = new KeyFolders(objects);
    }

    /// <inheritdoc/>
    public async Task<bool> TryPutAsync(ObjectKey key, Stream content, long lengthBytes, FileDigests? expected, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(content);
        ArgumentOutOfRangeException.ThrowIfNegative(lengthBytes);
        ct.ThrowIfCancellationRequested();
        if (FileOf(key).Exists)
        {
            await folders.SyncAsync([FolderOf(key)]);
            return false;
        }
        using var file = NewFile.Create(TemporaryPath(), lengthBytes >= ReserveFromBytes ? lengthBytes : 0);
        await FillAsync(file, key, content, lengthBytes, expected, ct);
        await Durable.SyncAllAsync([file.Handle]);
        ct.ThrowIfCancellationRequested();
        var linked = Link(file.FilePath, key) == LinkOutcome.Linked;
        await SyncFoldersAsync([key], linked ? [key] : []);
        return linked;
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<PutOutcome>> PutFilesAsync(IReadOnlyList<ObjectSource> batch, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(batch);
        var outcomes = new PutOutcome[batch.Count];
        var copies = new List<int>();
        for (var i = 0; i < batch.Count; i++)
        {
            ct.ThrowIfCancellationRequested();
            if (TryKeepOrLink(batch[i]) is { } outcome) outcomes[i] = outcome;
            else copies.Add(i);
        }
        foreach (var some in copies.Chunk(CopiesAtOnce)) await CopyAsync(batch, some, outcomes, ct);
        await SyncFoldersAsync(
            [.. batch.Select(s => s.Key)], [.. batch.Where((_, i) => outcomes[i] != PutOutcome.Existed).Select(s => s.Key)]);
        return outcomes;
    }

    /// <inheritdoc/>
    public Task<StoredObject?> FindAsync(ObjectKey key, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        return Task.FromResult(Describe(key));
    }

    /// <inheritdoc/>
    public Task<Stream?> OpenAsync(ObjectKey key, long offset, long? lengthBytes, CancellationToken ct)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        if (lengthBytes is { } wanted) ArgumentOutOfRangeException.ThrowIfNegative(wanted, nameof(lengthBytes));
        ct.ThrowIfCancellationRequested();
        FileStream file;
        try
        {
            file = new FileStream(FileOf(key).FullName, new FileStreamOptions
            {
                Share = FileShare.ReadWrite | FileShare.Delete,
                BufferSize = 0,
                Options = FileOptions.Asynchronous | FileOptions.SequentialScan,
            });
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException || Directory.Exists(FileOf(key).FullName))
        {
            return Task.FromResult<Stream?>(null);
        }
        file.Position = offset;
        return Task.FromResult<Stream?>(lengthBytes is { } length ? new BoundedStream(file, length) : file);
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<StoredObject> ListAsync(string prefix, [EnumeratorCancellation] CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(prefix);
        foreach (var key in KeyListing.Of(objects, prefix))
        {
            ct.ThrowIfCancellationRequested();
            if (Describe(new ObjectKey(key)) is { } found) yield return found;
        }
        await Task.CompletedTask;
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<string> ListFoldersAsync(string prefix, [EnumeratorCancellation] CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(prefix);
        foreach (var folder in KeyListing.FoldersOf(objects, prefix))
        {
            ct.ThrowIfCancellationRequested();
            yield return folder;
        }
        await Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task DeleteAsync(ObjectKey key, CancellationToken ct) => Task.Run(
        () =>
        {
            if (Directory.Exists(FileOf(key).FullName)) return;
            Durable.TryUnlink(FileOf(key).FullName);
            folders.RemoveEmpty(FolderOf(key));
        },
        ct);

    /// <inheritdoc/>
    public Task<StoreStatus> ProbeAsync(CancellationToken ct) => Task.Run(
        () =>
        {
            var id = VolumeIdentity.Read(root);
            if (!Directory.Exists(root)) return new StoreStatus(id, null, null);
            var space = VolumeSpace.Of(root);
            return new StoreStatus(id, space.FreeBytes, space.TotalBytes);
        },
        ct);

    /// <inheritdoc/>
    public Task ClaimAsync(string archiveId, CancellationToken ct) => Task.Run(
        () =>
        {
            VolumeIdentity.Claim(root, archiveId);
            Durable.CreateFolder(objects);
            Durable.CreateFolder(temporaries);
        },
        ct);

    /// <summary>
    /// Removes what killed puts left in <c>tmp/</c>. Files changed more recently than <paramref name="age"/> may belong to a put
    /// that is running, here or on another node.
    /// </summary>
    /// <returns>How many files were removed.</returns>
    public Task<int> RemoveAbandonedAsync(TimeSpan age, TimeProvider time, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(time);
        return Task.Run(
            () =>
            {
                var before = time.GetUtcNow().UtcDateTime - age;
                return new DirectoryInfo(temporaries).EnumerateFiles().Count(f => f.LastWriteTimeUtc <= before && Durable.TryUnlink(f.FullName));
            },
            ct);
    }

    private static async Task FillAsync(
        NewFile file, ObjectKey key, Stream content, long lengthBytes, FileDigests? expected, CancellationToken ct)
    {
        var (length, digests) = await file.FillAsync(new BoundedStream(content, lengthBytes + 1, leaveOpen: true), expected is not null, ct);
        if (length != lengthBytes)
            throw new DigestMismatchException(key, $"{(length > lengthBytes ? "more" : $"{length}")} bytes came and {lengthBytes} were promised.");
        if (digests != expected)
            throw new DigestMismatchException(key, $"the content is {digests} and {expected} was promised.");
    }

    private PutOutcome? TryKeepOrLink(ObjectSource source)
    {
        if (Describe(source.Key) is { } taken) return Existed(source, taken);
        if (!source.MayLink) return null;
        var length = new FileInfo(source.FilePath).Length;
        if (length != source.LengthBytes)
            throw new DigestMismatchException(source.Key, $"the file has {length} bytes and {source.LengthBytes} were promised.");
        return Link(source.FilePath, source.Key) switch
        {
            LinkOutcome.Linked => PutOutcome.Linked,
            LinkOutcome.Taken => Existed(source, Describe(source.Key)),
            _ => null,
        };
    }

    private async Task CopyAsync(IReadOnlyList<ObjectSource> batch, int[] copies, PutOutcome[] outcomes, CancellationToken ct)
    {
        var files = new NewFile?[copies.Length];
        try
        {
            // Digests take the processors, so more copies at once than those would only take memory.
            await Parallel.ForAsync(0, copies.Length, ct, async (i, stop) =>
            {
                var source = batch[copies[i]];
                files[i] = NewFile.Create(TemporaryPath(), source.LengthBytes >= ReserveFromBytes ? source.LengthBytes : 0);
                await using var content = new FileStream(source.FilePath, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 0);
                await FillAsync(files[i]!, source.Key, content, source.LengthBytes, source.Digests, stop);
            });
            await Durable.SyncAllAsync([.. files.Select(f => f!.Handle)]);
            for (var i = 0; i < copies.Length; i++)
            {
                var source = batch[copies[i]];
                outcomes[copies[i]] = Link(files[i]!.FilePath, source.Key) == LinkOutcome.Linked
                    ? PutOutcome.Copied
                    : Existed(source, Describe(source.Key));
            }
        }
        finally
        {
            foreach (var file in files) file?.Dispose();
        }
    }

    private static PutOutcome Existed(ObjectSource source, StoredObject? found) => found?.LengthBytes == source.LengthBytes
        ? PutOutcome.Existed
        : throw new DigestMismatchException(source.Key, $"the key is taken by {found?.LengthBytes} bytes, not {source.LengthBytes}.");

    private LinkOutcome Link(string file, ObjectKey key)
    {
        var name = FileOf(key).FullName;
        try
        {
            var outcome = folders.Link(file, name);
            return outcome == LinkOutcome.Taken && Directory.Exists(name)
                ? throw new IOException($"Object '{key}' cannot be stored: other keys go on behind its name.")
                : outcome;
        }
        catch (IOException e) when (e.HResult == Libc.NotAFolder)
        {
            throw new IOException($"Object '{key}' cannot be stored: a part of its key is an object already.", e);
        }
    }

    /// <summary>A name that did not reach the disk is taken back, since another sync of it would be believed wrongly.</summary>
    private async Task SyncFoldersAsync(ObjectKey[] entered, ObjectKey[] created)
    {
        try
        {
            await folders.SyncAsync(entered.Select(FolderOf));
        }
        catch
        {
            foreach (var key in created) Durable.TryUnlink(FileOf(key).FullName);
            foreach (var folder in created.Select(FolderOf).Distinct(StringComparer.Ordinal)) folders.RemoveEmpty(folder);
            throw;
        }
    }

    private StoredObject? Describe(ObjectKey key)
    {
        var file = FileOf(key);
        return file.Exists ? new StoredObject(key, file.Length, new DateTimeOffset(file.LastWriteTimeUtc, TimeSpan.Zero)) : null;
    }

    private FileInfo FileOf(ObjectKey key) => new(Path.Combine(objects, key.Value));

    private string FolderOf(ObjectKey key) => Path.GetDirectoryName(FileOf(key).FullName)!;

    private string TemporaryPath() => Path.Combine(temporaries, Guid.NewGuid().ToString("N"));
}
