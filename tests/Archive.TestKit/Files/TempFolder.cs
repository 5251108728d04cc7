namespace Archive.TestKit.Files;

/// <summary>A folder of a test's own, removed with everything in it.</summary>
public sealed class TempFolder : IDisposable
{
    /// <summary>Makes the folder under the system's temporary folder, or under another (to choose the volume).</summary>
    public TempFolder(string? parent = null)
    {
        FullPath = Path.Combine(parent ?? Path.GetTempPath(), $"archive-test-{Guid.NewGuid():N}");
        Directory.CreateDirectory(FullPath);
    }

    /// <summary>The folder.</summary>
    public string FullPath { get; }

    /// <summary>A path in the folder.</summary>
    public string this[string name] => Path.Combine(FullPath, name);

    /// <inheritdoc/>
    public void Dispose()
    {
        if (Directory.Exists(FullPath)) Directory.Delete(FullPath, recursive: true);
    }
}
