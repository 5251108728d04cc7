using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Archive.TestKit.Files;

namespace Archive.TestKit.Processes;

/// <summary>One file of a deposit: its content is made on demand, the same each time.</summary>
/// <param name="Path">Its path in the dataset.</param>
/// <param name="LengthBytes">Its length.</param>
/// <param name="Open">Opens the content from its beginning.</param>
/// <param name="Attributes">What the file list says of it; empty for a file that no list names.</param>
public sealed record SampleFile(
    string Path, long LengthBytes, Func<Stream> Open, IReadOnlyList<KeyValuePair<string, string>> Attributes)
{
    /// <summary>Reads the content through and returns its SHA-256 in lower-case hexadecimal digits.</summary>
    public async Task<string> HashAsync(CancellationToken ct)
    {
        await using var content = Open();
        return Convert.ToHexStringLower(await SHA256.HashDataAsync(content, ct));
    }

    /// <summary>A file of text.</summary>
    public static SampleFile OfText(string path, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        return new(path, bytes.Length, () => new MemoryStream(bytes, writable: false), []);
    }
}

/// <summary>A dataset that a test deposits: a page tab, the files, and the file lists that the page tab names.</summary>
/// <param name="PageTabJson">The page tab.</param>
/// <param name="Files">The files that the lists name.</param>
/// <param name="FileLists">The lists; they are uploaded like the files.</param>
public sealed record SampleDeposit(string PageTabJson, IReadOnlyList<SampleFile> Files, IReadOnlyList<SampleFile> FileLists)
{
    /// <summary>Everything to upload.</summary>
    public IEnumerable<SampleFile> Uploads => Files.Concat(FileLists);

    /// <summary>
    /// A dataset of <paramref name="count"/> files that look random, in folders of 100, each with a <c>Well</c> and a <c>Compound</c>.
    /// </summary>
    /// <param name="seed">Which dataset: the title and every byte depend on it.</param>
    /// <param name="count">How many files beside the list.</param>
    /// <param name="lengthBytes">Length of each.</param>
    /// <param name="keyword">A word that the title holds.</param>
    public static SampleDeposit Generate(int seed, int count, long lengthBytes, string keyword = "durability")
    {
        var files = Enumerable.Range(0, count).Select(i => new SampleFile(
            string.Create(CultureInfo.InvariantCulture, $"plate-{i / 100}/image_{i:0000}.tif"), lengthBytes,
            () => new RandomStream((seed * 10_000) + i, lengthBytes),
            [new("Well", string.Create(CultureInfo.InvariantCulture, $"{(char)('A' + (i / 12 % 8))}{(i % 12) + 1}")),
             new("Compound", i % 2 == 0 ? "Taxol" : "DMSO")])).ToList();
        var list = new StringBuilder("Files\tWell\tCompound\n");
        foreach (var file in files) list.Append(CultureInfo.InvariantCulture, $"{file.Path}\t{file.Attributes[0].Value}\t{file.Attributes[1].Value}\n");
        return new(PageTab(seed, keyword), files, [SampleFile.OfText("file_list.tsv", list.ToString())]);
    }

    /// <summary>A file list of the files as exported page tabs have it: an array of <c>{path, size, attributes, type}</c>.</summary>
    public static SampleFile JsonFileList(string path, IEnumerable<SampleFile> files) => SampleFile.OfText(path, new JsonArray(
        [.. files.Select(f => new JsonObject
        {
            ["path"] = f.Path,
            ["size"] = f.LengthBytes,
            ["attributes"] = new JsonArray([.. f.Attributes.Select(a => new JsonObject { ["name"] = a.Key, ["value"] = a.Value })]),
            ["type"] = "file",
        })]).ToJsonString());

    // REMBI as the BioImages template 5 asks for it; the release date is past, so that the dataset is released at once.
    private static string PageTab(int seed, string keyword) => new JsonObject
    {
        ["attributes"] = Attributes(("Template", "BioImages.v5"), ("ReleaseDate", "2024-01-01"), ("AttachTo", "BioImages")),
        ["section"] = new JsonObject
        {
            ["type"] = "Study",
            ["attributes"] = Attributes(
                ("Title", $"Generated images to test {keyword}, number {seed}"), ("Description", "Random bytes in the form of a plate of wells."),
                ("Keywords", keyword), ("License", "CC0")),
            ["subsections"] = new JsonArray(
                Section("author", null, ("Name", "Ada Depositor"), ("E-mail", "ada@example.org"), ("affiliation", "o1")),
                Section("organisation", "o1", ("Name", "Institute of Examples")),
                Section("Biosample", "Biosample-1", ("Title", "Cells"), ("Organism", "Homo sapiens (human)"), ("Biological entity", "HeLa cells")),
                Section("Specimen", "Specimen-2", ("Title", "Fixed cells"), ("Sample preparation protocol", "Fixed in 4% PFA.")),
                Section("Image acquisition", "Image acquisition-3", ("Title", "Confocal"), ("Imaging instrument", "A microscope"),
                    ("Image acquisition parameters", "20x"), ("Imaging method", "spinning disk confocal microscopy")),
                Component()),
        },
    }.ToJsonString();

    private static JsonObject Component()
    {
        var component = Section("Study Component", "Study Component-4", ("Name", "Plates"), ("Description", "All images."), ("File List", "file_list.tsv"));
        component["subsections"] = new JsonArray(Section("Associations", null,
            ("Biosample", "Cells"), ("Specimen", "Fixed cells"), ("Image acquisition", "Confocal")));
        return component;
    }

    private static JsonObject Section(string type, string? accno, params (string Name, string Value)[] attributes)
    {
        var section = new JsonObject { ["type"] = type, ["attributes"] = Attributes(attributes) };
        if (accno is not null) section["accno"] = accno;
        if (type == "author") section["attributes"]!.AsArray()[^1]!["reference"] = true;
        return section;
    }

    private static JsonArray Attributes(params (string Name, string Value)[] attributes) =>
        [.. attributes.Select(a => new JsonObject { ["name"] = a.Name, ["value"] = a.Value })];
}
