using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Archive.Storage.Objects.FileSystem;

/// <summary>How a second name for a file came about.</summary>
public enum LinkOutcome
{
    /// <summary>The name was created.</summary>
    Linked,

    /// <summary>Something has that name already.</summary>
    Taken,

    /// <summary>The folder of the new name does not exist (or the file itself).</summary>
    Missing,

    /// <summary>These two places cannot share a file: other volume, no links here, or too many names. Copy.</summary>
    Refused,
}

/// <summary>
/// What makes files survive a power cut, with every result checked: the framework's own flush drops the errors of fsync. A sync
/// that failed is never repeated, because the kernel has dropped the pages and the second call would succeed over lost data:
/// throw the file away and write it again. All calls block.
/// </summary>
public static class Durable
{
    // docs/decisions/0005: more at once gain nothing on one disk.
    private const int SyncsAtOnce = 8;

    /// <summary>Brings a file's bytes and its inode to the disk.</summary>
    /// <exception cref="IOException">The disk did not take them: what was written is lost. Do not sync again; rewrite.</exception>
    public static void Sync(SafeFileHandle file)
    {
        int result;
        do result = Libc.Fsync(file);
        while (result != 0 && Marshal.GetLastPInvokeError() == Libc.Interrupted);
        if (result != 0) throw Failure("fsync of a file failed");
    }

    /// <summary>Brings a file's bytes and length to the disk, its times perhaps not.</summary>
    /// <exception cref="IOException">As for <see cref="Sync"/>.</exception>
    public static void SyncData(SafeFileHandle file)
    {
        int result;
        do result = Libc.Fdatasync(file);
        while (result != 0 && Marshal.GetLastPInvokeError() == Libc.Interrupted);
        if (result != 0) throw Failure("fdatasync of a file failed");
    }

    /// <summary>
    /// Brings everything written to the volume to the disk, other programs' data too. Errors are told only of writes made after
    /// <paramref name="openedBefore"/> was opened.
    /// </summary>
    /// <exception cref="IOException">As for <see cref="Sync"/>, of any file of the volume.</exception>
    public static void SyncVolume(SafeFileHandle openedBefore)
    {
        int result;
        do result = Libc.Syncfs(openedBefore);
        while (result != 0 && Marshal.GetLastPInvokeError() == Libc.Interrupted);
        if (result != 0) throw Failure("syncfs of a volume failed");
    }

    /// <summary>Brings the names in a folder to the disk: what was created, linked, renamed or removed in it.</summary>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    /// <exception cref="IOException">The disk did not take them.</exception>
    public static void SyncFolder(string path)
    {
        using var folder = OpenFolder(path);
        Sync(folder);
    }

    /// <summary>Opens a folder, to sync it or its volume.</summary>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    public static SafeFileHandle OpenFolder(string path)
    {
        while (true)
        {
            var folder = Libc.Open(path, Libc.ReadOnly | Libc.Folder | Libc.CloseOnExec, 0);
            if (!folder.IsInvalid) return folder;
            var error = Marshal.GetLastPInvokeError();
            folder.Dispose();
            if (error == Libc.Interrupted) continue;
            if (error is Libc.NotThere or Libc.NotAFolder) throw new DirectoryNotFoundException($"There is no folder '{path}'.");
            throw Failure($"Opening folder '{path}' failed", error);
        }
    }

    /// <summary>
    /// Gives <paramref name="temporary"/>, whose bytes were synced before, the name <paramref name="target"/> in one step, in
    /// place of what had it, and syncs the folder: after a power cut the name holds the old content or the new one, whole.
    /// </summary>
    /// <exception cref="IOException">It failed; the name may hold either content.</exception>
    public static void Replace(string temporary, string target)
    {
        if (Libc.Rename(temporary, target) != 0) throw Failure($"Renaming '{temporary}' to '{target}' failed");
        SyncFolder(Path.GetDirectoryName(Path.GetFullPath(target))!);
    }

    /// <summary>
    /// Gives a file a second name. Creates only: of several racers for one name exactly one wins. The folder of the new name
    /// is not synced.
    /// </summary>
    /// <exception cref="IOException">The volume failed or is full.</exception>
    public static LinkOutcome TryLink(string file, string name)
    {
        if (Libc.Linkat(Libc.CurrentFolder, file, Libc.CurrentFolder, name, 0) == 0) return LinkOutcome.Linked;
        var error = Marshal.GetLastPInvokeError();
        return error switch
        {
            Libc.Exists => LinkOutcome.Taken,
            Libc.NotThere => LinkOutcome.Missing,
            Libc.OtherVolume or Libc.NotPermitted or Libc.TooManyLinks or Libc.NotSupported => LinkOutcome.Refused,
            _ => throw Failure($"Linking '{file}' to '{name}' failed", error),
        };
    }

    /// <summary>
    /// Creates a folder and those above it, and syncs the parent of each new one, so that the whole way to it survives a power
    /// cut. A folder that was there before is taken to be durable.
    /// </summary>
    /// <exception cref="IOException">A part of the path is a file, or the volume failed or is full.</exception>
    public static void CreateFolder(string path)
    {
        var full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        if (Directory.Exists(full)) return;
        var parent = Path.GetDirectoryName(full)!;
        CreateFolder(parent);
        TryMakeFolder(full, out _);
        SyncFolder(parent);
    }

    /// <summary>Creates one folder without a sync. False when it was there or its parent is missing.</summary>
    internal static bool TryMakeFolder(string path, out bool parentMissing)
    {
        parentMissing = false;
        if (Libc.Mkdir(path, 0x1E8 /* 0750 */) == 0) return true;
        var error = Marshal.GetLastPInvokeError();
        if (error == Libc.NotThere)
        {
            parentMissing = true;
            return false;
        }
        if (error == Libc.Exists && Directory.Exists(path)) return false;
        throw Failure($"Creating folder '{path}' failed", error == Libc.Exists ? Libc.NotAFolder : error);
    }

    /// <summary>Removes an empty folder; false when it has entries, is gone or is a file.</summary>
    public static bool TryRemoveFolder(string path)
    {
        if (Libc.Rmdir(path) == 0) return true;
        var error = Marshal.GetLastPInvokeError();
        if (error is Libc.NotEmpty or Libc.Exists or Libc.NotThere or Libc.NotAFolder) return false;
        throw Failure($"Removing folder '{path}' failed", error);
    }

    /// <summary>Removes a name; false when it was gone.</summary>
    /// <exception cref="IOException">It is a folder, or the volume failed.</exception>
    public static bool TryUnlink(string path)
    {
        if (Libc.Unlink(path) == 0) return true;
        var error = Marshal.GetLastPInvokeError();
        return error is Libc.NotThere or Libc.NotAFolder ? false : throw Failure($"Removing '{path}' failed", error);
    }

    /// <summary>
    /// Reserves room for a file that is about to be written and gives it that length, so that a full disk is known before the
    /// first byte. Does nothing where the file system cannot.
    /// </summary>
    /// <exception cref="VolumeFullException">There is no room.</exception>
    public static void Reserve(SafeFileHandle file, long lengthBytes)
    {
        if (lengthBytes == 0) return;
        while (Libc.Fallocate(file, 0, 0, lengthBytes) != 0)
        {
            var error = Marshal.GetLastPInvokeError();
            if (error == Libc.Interrupted) continue;
            if (error == Libc.NotSupported) return;
            throw Failure($"Reserving {lengthBytes} bytes failed", error);
        }
    }

    /// <summary>Asks the kernel to begin writing a part of the file out. A hint: it waits for nothing and promises nothing.</summary>
    internal static void StartWriteback(SafeFileHandle file, long offset, long lengthBytes) =>
        _ = Libc.SyncFileRange(file, offset, lengthBytes, 2 /* SYNC_FILE_RANGE_WRITE */);

    /// <summary>
    /// Syncs all of the files, several at once on threads of their own: a sync blocks its thread, and those of the pool are few.
    /// </summary>
    /// <exception cref="IOException">One of them failed: see <see cref="Sync"/>.</exception>
    internal static Task SyncAllAsync(IReadOnlyList<SafeFileHandle> files)
    {
        var next = -1;
        return AtOnceAsync(files.Count, () =>
        {
            for (int i; (i = Interlocked.Increment(ref next)) < files.Count;) Sync(files[i]);
        });
    }

    /// <summary>Syncs all of the folders, several at once, as <see cref="SyncAllAsync"/> does.</summary>
    /// <exception cref="IOException">One of them failed.</exception>
    internal static Task SyncFoldersAsync(IReadOnlyList<string> folders)
    {
        var next = -1;
        return AtOnceAsync(folders.Count, () =>
        {
            for (int i; (i = Interlocked.Increment(ref next)) < folders.Count;) SyncFolder(folders[i]);
        });
    }

    private static Task AtOnceAsync(int count, Action work) => Task.WhenAll(Enumerable.Range(0, Math.Min(count, SyncsAtOnce))
        .Select(_ => Task.Factory.StartNew(work, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)));

    private static IOException Failure(string doing) => Failure(doing, Marshal.GetLastPInvokeError());

    private static IOException Failure(string doing, int error)
    {
        var message = $"{doing}: {Marshal.GetPInvokeErrorMessage(error)} (errno {error}).";
        return error is VolumeFullException.NoSpace or VolumeFullException.OverQuota
            ? new VolumeFullException(message)
            : new IOException(message, error);
    }
}
