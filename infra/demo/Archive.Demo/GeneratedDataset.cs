using System.Text;

namespace Archive.Demo;

/// <summary>One file made by a generator: its content is written on demand and never held as a whole.</summary>
/// <param name="Path">Relative, with forward slashes.</param>
/// <param name="Attributes">Names and values for the file list, in the order of its columns.</param>
/// <param name="WriteTo">Writes the same bytes each time into a stream that need not seek.</param>
public sealed record GeneratedFile(string Path, IReadOnlyList<KeyValuePair<string, string>> Attributes, Action<Stream> WriteTo)
{
    /// <summary>Writes the file under a folder, making the folders between, and returns its full name.</summary>
    public string WriteUnder(string folder)
    {
        var name = System.IO.Path.Combine(folder, Path);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(name)!);
        using var stream = File.Create(name);
        WriteTo(stream);
        return name;
    }
}

/// <summary>A file list of a dataset: JSON where its path ends so, tab-separated otherwise.</summary>
/// <param name="Path">Relative; deposited beside the files it names.</param>
/// <param name="Files">The files it names, a row each.</param>
public sealed record GeneratedFileList(string Path, IReadOnlyList<GeneratedFile> Files)
{
    /// <summary>The list as a file of the dataset.</summary>
    public GeneratedFile AsFile() => new(Path, [], to => to.Write(Encoding.UTF8.GetBytes(ToText())));

    /// <summary>The text of the list.</summary>
    public string ToText() => Path.EndsWith(".json", StringComparison.Ordinal) ? FileListText.Json(Files) : FileListText.Tsv(Files);
}

/// <summary>A dataset ready to be deposited.</summary>
/// <param name="Title">At least 25 characters, as the template asks.</param>
/// <param name="PageTabJson">Its page tab document, whose components name the file lists.</param>
/// <param name="FileLists">At least one.</param>
public sealed record GeneratedDataset(string Title, string PageTabJson, IReadOnlyList<GeneratedFileList> FileLists)
{
    /// <summary>The files that the lists name, in their order, without the lists themselves.</summary>
    public IEnumerable<GeneratedFile> Files => FileLists.SelectMany(list => list.Files);

    /// <summary>Everything to be staged: the files, then the lists.</summary>
    public IEnumerable<GeneratedFile> Uploads => Files.Concat(FileLists.Select(list => list.AsFile()));

    /// <summary>Writes everything to be staged under <c>files</c> of a folder, and the page tab beside it as <c>pagetab.json</c>.</summary>
    public void WriteUnder(string folder)
    {
        foreach (var file in Uploads)
            file.WriteUnder(Path.Combine(folder, "files"));
        File.WriteAllText(Path.Combine(folder, "pagetab.json"), PageTabJson);
    }
}
