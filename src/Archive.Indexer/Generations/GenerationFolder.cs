using Archive.Indexer.Format;
using Archive.Storage.Objects.FileSystem;

namespace Archive.Indexer.Generations;

/// <summary>
/// The generations on disk: <c>NAME.index</c> files that are never modified, and <c>current</c>, which names the one that
/// answers. A generation is published by a rename after every byte of it was checked.
/// </summary>
internal sealed class GenerationFolder
{
    private const string Ending = ".index";

    private readonly string folder;
    private readonly int keep;

    public GenerationFolder(IndexOptions options)
    {
        folder = options.Folder;
        keep = Math.Max(1, options.Keep);
        Durable.CreateFolder(folder);
    }

    private string CurrentFile => Path.Combine(folder, "current");

    /// <summary>A path for a file that is being written.</summary>
    public string TemporaryPath(string name) => Path.Combine(folder, name + ".tmp");

    /// <summary>Removes what an interrupted process left behind. Only while no other process uses the folder.</summary>
    public void Sweep()
    {
        foreach (var file in Directory.EnumerateFiles(folder, "*.tmp*")) File.Delete(file);
    }

    /// <summary>Whether a generation of that name is there.</summary>
    public bool Has(string name) => File.Exists(PathOf(name));

    /// <summary>Checks a finished file, gives it its name, makes it the current one, and deletes the oldest.</summary>
    /// <exception cref="DamagedIndexException">The file is not what was written; it is left as it is and not published.</exception>
    public Generation Publish(string temporary, string name)
    {
        var generation = Generation.Open(temporary, deleteAtEnd: false);
        try
        {
            Durable.Replace(temporary, PathOf(name));
            SetCurrent(name);
            Prune(name);
            return generation;
        }
        catch
        {
            generation.Release();
            throw;
        }
    }

    /// <summary>Makes a generation that is there the current one.</summary>
    public void SetCurrent(string name)
    {
        var temporary = CurrentFile + ".tmp";
        using (var file = new FileStream(temporary, FileMode.Create, FileAccess.Write))
        {
            file.Write(System.Text.Encoding.ASCII.GetBytes(name));
            file.Flush();
            Durable.Sync(file.SafeFileHandle);
        }
        Durable.Replace(temporary, CurrentFile);
    }

    /// <summary>Names of the generations, newest first.</summary>
    public IReadOnlyList<string> List() =>
        [.. Directory.EnumerateFiles(folder, "*" + Ending).Select(f => Path.GetFileNameWithoutExtension(f)!).OrderDescending(StringComparer.Ordinal)];

    /// <summary>The generation that answers; null when there is none.</summary>
    public string? Current() => File.Exists(CurrentFile) ? File.ReadAllText(CurrentFile) : null;

    /// <summary>Opens the current generation, or where it is damaged the newest sound one; null when there is none.</summary>
    /// <param name="damaged">Told of each that is damaged.</param>
    public Generation? OpenCurrent(Action<DamagedIndexException> damaged)
    {
        var current = Current();
        foreach (var name in List().OrderByDescending(n => n == current))
        {
            try
            {
                return Open(name);
            }
            catch (DamagedIndexException e)
            {
                damaged(e);
            }
        }
        return null;
    }

    /// <summary>Opens a generation.</summary>
    /// <exception cref="DamagedIndexException">It is not what was written.</exception>
    public Generation Open(string name) => Generation.Open(PathOf(name), deleteAtEnd: false);

    // Readers of a deleted file keep it mapped until their leases end.
    private void Prune(string current)
    {
        foreach (var name in List().OrderByDescending(n => n == current).Skip(keep)) File.Delete(PathOf(name));
    }

    private string PathOf(string name) => Path.Combine(folder, name + Ending);
}
