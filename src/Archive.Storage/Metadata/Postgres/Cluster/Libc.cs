using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Archive.Storage.Metadata.Postgres.Cluster;

/// <summary>The few system calls that a private cluster needs and .NET lacks.</summary>
internal static partial class Libc
{
    internal const int SigInt = 2;
    internal const int SigQuit = 3;
    internal const int SigKill = 9;

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    internal static partial int Kill(int pid, int signal);

    [LibraryImport("libc", EntryPoint = "chown", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int Chown(string path, uint user, uint group);

    /// <summary>Number and main group of a user; null when there is none of the name.</summary>
    internal static (uint User, uint Group)? FindUser(string name)
    {
        var entry = GetPasswordEntry(name);
        // struct passwd { char *name; char *password; uid_t uid; gid_t gid; … }, the same in glibc and musl
        return entry == 0
            ? null
            : ((uint)Marshal.ReadInt32(entry, 2 * nint.Size), (uint)Marshal.ReadInt32(entry, (2 * nint.Size) + 4));
    }

    /// <summary>A new folder under a name that did not exist, for this user alone, of the shape <c>/tmp/archive-XXXXXX</c>.</summary>
    internal static string MakeShortFolder()
    {
        var template = "/tmp/archive-XXXXXX\0"u8.ToArray();
        if (MakeTemporaryFolder(template) == 0)
            throw new PrivateClusterException($"No folder for the database's socket can be made in /tmp (error {Marshal.GetLastPInvokeError()}).");
        return System.Text.Encoding.ASCII.GetString(template.AsSpan(0, template.Length - 1));
    }

    /// <summary>The path with every symbolic link resolved, as the kernel tells it of a process.</summary>
    internal static string RealPath(string path)
    {
        var real = ResolvePath(path, 0);
        if (real == 0) throw new PrivateClusterException($"{path} cannot be reached (error {Marshal.GetLastPInvokeError()}).");
        try
        {
            return Marshal.PtrToStringUTF8(real)!;
        }
        finally
        {
            Free(real);
        }
    }

    /// <summary>Brings a file, or the names in a folder, to the disk.</summary>
    /// <exception cref="PrivateClusterException">The disk did not take them.</exception>
    internal static void Sync(string path)
    {
        using var file = Open(path, 0x80000 /* O_RDONLY | O_CLOEXEC */);
        if (file.IsInvalid || FileSync(file) != 0) throw new PrivateClusterException($"{path} cannot be synced (error {Marshal.GetLastPInvokeError()}).");
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial SafeFileHandle Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int FileSync(SafeFileHandle file);

    [LibraryImport("libc", EntryPoint = "realpath", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint ResolvePath(string path, nint buffer);

    [LibraryImport("libc", EntryPoint = "free")]
    private static partial void Free(nint memory);

    [LibraryImport("libc", EntryPoint = "getpwnam", StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint GetPasswordEntry(string name);

    [LibraryImport("libc", EntryPoint = "mkdtemp", SetLastError = true)]
    private static partial nint MakeTemporaryFolder(byte[] template);
}
