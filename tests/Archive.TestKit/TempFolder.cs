namespace Archive.TestKit;

/// <summary>A folder of a test's own, removed with everything in it when the test disposes of it.</summary>
public sealed class TempFolder : IDisposable
{
    /// <summary>
    /// Makes the folder under the system's temporary folder, or under another to choose the volume. Other users may pass through
    /// it: a database server that drops from root has to.
    /// </summary>
    public TempFolder(string? parent = null)
    {
        Path = System.IO.Path.Combine(parent ?? System.IO.Path.GetTempPath(), $"archive-test-{Guid.NewGuid():N}");
        Directory.CreateDirectory(Path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        File.SetUnixFileMode(Path, File.GetUnixFileMode(Path) | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
    }

    /// <summary>The folder's full path.</summary>
    public string Path { get; }

    /// <summary>A path below the folder; nothing is made there.</summary>
    public string this[string relative] => System.IO.Path.Combine(Path, relative);

    public void Dispose()
    {
        try
        {
            Directory.Delete(Path, recursive: true);
        }
        catch (DirectoryNotFoundException)
        {
            // The test removed it.
        }
    }
}
