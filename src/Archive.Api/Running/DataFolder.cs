using System.Text;
using Archive.Storage.Objects.FileSystem;

namespace Archive.Api.Running;

/// <summary>The folder that holds everything the archive keeps. One process at a time owns it, by a lock on <c>DATA/lock</c>.</summary>
internal sealed class DataFolder : IDisposable
{
    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private const UnixFileMode SecretFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private FileStream? held;

    /// <summary>
    /// Makes the folder where needed and locks it. The lock belongs to the open file, so it ends with the process however that
    /// ends, and a file left behind means nothing.
    /// </summary>
    /// <exception cref="StartupException">The folder cannot be written, or another process owns it.</exception>
    public void Open(string folder)
    {
        try
        {
            Make(folder);
            Directory.CreateDirectory(KeysFolder(folder), Private);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new StartupException($"The data folder {folder} cannot be written: {fault.Message}", fault);
        }
        try
        {
            // FileShare.None is flock(LOCK_EX | LOCK_NB) on Linux, on a descriptor that children do not inherit.
            held = new FileStream(Path.Combine(folder, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new StartupException($"Another archive process uses the data folder {folder}: stop it first, or give another --data.", fault);
        }
    }

    // What is committed inside must not be lost with the name of a folder above it.
    private static void Make(string folder)
    {
        var made = new List<string>();
        for (var missing = folder; !Directory.Exists(missing); missing = Path.GetDirectoryName(missing)!) made.Add(missing);
        Directory.CreateDirectory(folder);
        foreach (var one in made) Durable.SyncFolder(Path.GetDirectoryName(one)!);
    }

    /// <summary>Where the framework keeps the keys that protect cookies and forms.</summary>
    public static string KeysFolder(string folder) => Path.Combine(folder, "keys");

    /// <summary>Writes a secret that only the process's user can read, in the place of an older one; durable when this returns.</summary>
    public static async Task WriteSecretAsync(string path, string secret, CancellationToken ct)
    {
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, UnixCreateMode = SecretFile };
        await using (var file = new FileStream(path, options))
        {
            await file.WriteAsync(Encoding.UTF8.GetBytes(secret + "\n"), ct);
            Durable.Sync(file.SafeFileHandle);
        }
        // The mode above holds for a new file only.
        File.SetUnixFileMode(path, SecretFile);
        Durable.SyncFolder(Path.GetDirectoryName(path)!);
    }

    /// <inheritdoc/>
    public void Dispose() => held?.Dispose();
}
