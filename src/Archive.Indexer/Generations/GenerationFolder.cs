using Archive.Indexer.Format;
using Archive.Storage.Objects.FileSystem;

namespace Archive.Indexer.Generations;

/// <summary>
/// The generations on disk: <c>NAME.index</c> files that are never modified, beside each on the node that built it
/// <c>NAME.index.documents</c> (<see cref="Building.KeptDocuments"/>), and <c>current</c>, which names the one that answers. A generation is
/// published by a rename after every byte of it was checked.
/// </summary>
internal sealed class GenerationFolder
{
    /// <summary>What the file of a generation's documents has behind that of the generation.</summary>
    public const string DocumentsEnding = ".documents";

    private const string Ending = ".index";
    private const int MaxNameLength = 64;

    private readonly string folder;
    private readonly int keep;

    public GenerationFolder(IndexOptions options)
    {
        folder = options.Folder;
        keep = Math.Max(1, options.Keep);
        Durable.CreateFolder(folder);
    }

    private string CurrentFile => Path.Combine(folder, "current");

    /// <summary>Whether a text can name a generation: what comes from elsewhere must not lead out of the folder.</summary>
    public static bool IsName(string name) => name.Length is > 0 and <= MaxNameLength && name.All(c => char.IsAsciiLetterOrDigit(c) || c == '-');

    /// <summary>A path for a file that is being written.</summary>
    public string TemporaryPath(string name) => Path.Combine(folder, name + ".tmp");

    /// <summary>Where a generation lies, or would.</summary>
    public string PathOf(string name) => IsName(name) ? Path.Combine(folder, name + Ending) : throw new ArgumentException("That names no generation.", nameof(name));

    /// <summary>Removes what an interrupted process left behind. Only while nothing is written, and no other process uses the folder.</summary>
    public void Sweep()
    {
        foreach (var file in Directory.EnumerateFiles(folder, "*.tmp*")) File.Delete(file);
        foreach (var file in Directory.EnumerateFiles(folder, "*" + DocumentsEnding))
            if (!File.Exists(file[..^DocumentsEnding.Length]))
                File.Delete(file);
        if (Current() is { } current && Has(current)) Prune(current);
    }

    /// <summary>Whether a generation of that name is there.</summary>
    public bool Has(string name) => IsName(name) && File.Exists(PathOf(name));

    /// <summary>Checks a finished file, gives it its name, makes it the current one, and deletes the oldest.</summary>
    /// <exception cref="DamagedIndexException">The file is not what was written, or another generation; it is left as it is and not published.</exception>
    public Generation Publish(string temporary, string name)
    {
        var generation = Generation.Open(temporary, deleteAtEnd: false);
        try
        {
            if (generation.Info.Name != name) throw new DamagedIndexException(temporary, Sections.Info, $"it is generation {generation.Info.Name}, not {name}");
            // Of no use without the generation, and harmless: so it need not come to the disk in the same step.
            if (File.Exists(temporary + DocumentsEnding)) File.Move(temporary + DocumentsEnding, PathOf(name) + DocumentsEnding, overwrite: true);
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
        [.. Directory.EnumerateFiles(folder, "*" + Ending).Select(f => Path.GetFileNameWithoutExtension(f)!).Where(IsName).OrderDescending(StringComparer.Ordinal)];

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

    /// <summary>Deletes a generation; who reads it keeps it mapped until their leases end.</summary>
    public void Delete(string name)
    {
        File.Delete(PathOf(name));
        File.Delete(PathOf(name) + DocumentsEnding);
    }

    private void Prune(string current)
    {
        foreach (var name in List().OrderByDescending(n => n == current).Skip(keep)) Delete(name);
    }
}
