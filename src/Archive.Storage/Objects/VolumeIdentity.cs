using Archive.Storage.Objects.FileSystem;

namespace Archive.Storage.Objects;

/// <summary>A folder carries another archive's identity, or has content and none: perhaps the wrong volume is mounted, or none.</summary>
public sealed class WrongVolumeException(string message) : IOException(message);

/// <summary>
/// The file <c>archive-id</c> in the root of staging and of the object store. It is compared with the database at start and before
/// each sweep, so that a volume that is not mounted is an error and not an empty archive.
/// </summary>
public static class VolumeIdentity
{
    /// <summary>The file's name.</summary>
    public const string FileName = "archive-id";

    private const int MaxChars = 200;

    /// <summary>The identity that the folder carries; null when it is new: missing, or empty but for what an empty volume has.</summary>
    /// <exception cref="WrongVolumeException">The folder has content but no identity.</exception>
    public static string? Read(string folder)
    {
        var file = Path.Combine(folder, FileName);
        if (File.Exists(file))
        {
            using var reader = new StreamReader(file);
            var text = new char[MaxChars];
            return new string(text, 0, reader.ReadBlock(text)).Trim();
        }
        var foreign = Directory.Exists(folder)
            ? Directory.EnumerateFileSystemEntries(folder).Select(Path.GetFileName).FirstOrDefault(n => n != "lost+found" && !IsTemporary(n))
            : null;
        return foreign is null ? null : throw new WrongVolumeException($"'{folder}' has content ('{foreign}') but no file '{FileName}'.");
    }

    /// <summary>Compares the folder's identity with the archive's.</summary>
    /// <exception cref="WrongVolumeException">It carries another or none.</exception>
    public static void Require(string folder, string archiveId)
    {
        var found = Read(folder);
        if (found != archiveId)
            throw new WrongVolumeException($"'{folder}' carries the archive identity '{found ?? "(none)"}' and not '{archiveId}': is its volume mounted?");
    }

    /// <summary>Gives a new folder its identity, durably; it is created where missing. Does nothing when it carries this one already.</summary>
    /// <exception cref="WrongVolumeException">It carries another, or has content and none.</exception>
    public static void Claim(string folder, string archiveId)
    {
        Durable.CreateFolder(folder);
        if (Read(folder) is null) Write(folder, archiveId);
        Require(folder, archiveId);
    }

    private static void Write(string folder, string archiveId)
    {
        var temporary = Path.Combine(folder, $"{FileName}.{Guid.NewGuid():N}");
        try
        {
            using (var stream = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write))
            {
                stream.Write(System.Text.Encoding.UTF8.GetBytes(archiveId + "\n"));
                stream.Flush();
                Durable.Sync(stream.SafeFileHandle);
            }
            // A link, not a rename: of two archives that claim one folder the second must lose.
            Durable.TryLink(temporary, Path.Combine(folder, FileName));
        }
        finally
        {
            Durable.TryUnlink(temporary);
        }
        Durable.SyncFolder(folder);
    }

    private static bool IsTemporary(string? name) => name?.StartsWith(FileName + ".", StringComparison.Ordinal) ?? false;
}
