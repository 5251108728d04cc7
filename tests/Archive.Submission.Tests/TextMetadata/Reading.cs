using System.Text;
using Archive.Model.Files;
using Archive.Submissions.TextMetadata;
using Archive.TestKit;

namespace Archive.Submissions.Tests.TextMetadata;

/// <summary>Text files in memory, and what parsers find in them.</summary>
internal sealed class Reading
{
    private readonly SortedDictionary<string, byte[]> files = new(StringComparer.Ordinal);

    public Reading With(string path, string text) => With(path, Encoding.UTF8.GetBytes(text));

    public Reading With(string path, byte[] bytes)
    {
        files[path] = bytes;
        return this;
    }

    /// <summary>The text files of a folder of real inputs under their paths in it; the test is skipped where it is absent.</summary>
    public static Reading OfReal(string folder)
    {
        if (Repository.RealData is null) Assert.Inconclusive("The folder of real inputs is absent.");
        var root = Path.Combine(Repository.RealData!, "images", folder);
        var reading = new Reading();
        foreach (var file in Directory.GetFiles(root, "*", SearchOption.AllDirectories).Where(f => f.EndsWith(".txt", StringComparison.Ordinal) || f.EndsWith(".json", StringComparison.Ordinal)))
            reading.With(Path.GetRelativePath(root, file), File.ReadAllBytes(file));
        return reading;
    }

    public byte[] this[string path] => files[path];

    /// <summary>Reads all files as the desk does: each with the first parser that knows it.</summary>
    public async Task<Found> ReadAsync(CancellationToken ct, TextMetadataLimits? limits = null)
    {
        var into = new MetadataCollector(limits ?? TextMetadataLimits.Default);
        foreach (var parser in TextMetadataParsers.All)
        {
            var known = files.Keys.Where(f => TextMetadataParsers.All.First(p => p.Knows(ArchivePath.Parse(f, null)) || p == TextMetadataParsers.All[^1]) == parser && parser.Knows(ArchivePath.Parse(f, null)))
                .Select(f => new TextFile(ArchivePath.Parse(f, null), _ => Task.FromResult<Stream>(new MemoryStream(files[f])))).ToList();
            if (parser.ReadsTogether && known.Count > 0) await parser.ReadAsync(known, into, ct);
            else foreach (var file in known) await parser.ReadAsync([file], into, ct);
        }
        return new Found(into.ToReading());
    }
}

/// <summary>What was found, in forms that are short to compare.</summary>
internal sealed record Found(MetadataReading Reading)
{
    /// <summary>Values at an attribute as <c>value @ line</c>.</summary>
    public string[] At(string attribute, string? section = null) => [.. Reading.Values
        .Where(v => v.Table is null && v.Place.Attribute == attribute && (section is null || v.Place.SectionType == section))
        .Select(v => $"{v.Value}{(v.Unit is null ? "" : " " + v.Unit)} @ {v.Source.Line}")];

    /// <summary>Values of a kind.</summary>
    public string[] Of(ProposalKind kind) => [.. Reading.Values.Where(v => v.Kind == kind).Select(v => v.Value!)];

    /// <summary>The table whose rows have the type.</summary>
    public FoundTable Table(string type, string? title = null) =>
        Reading.Values.Single(v => v.Table is not null && v.Place.Attribute == type && (title is null || v.Place.SectionTitle == title)).Table!;

    /// <summary>A table's rows as <c>cell|cell @ line</c>.</summary>
    public string[] Rows(string type, string? title = null) => [.. Table(type, title).Rows.Select(r => $"{string.Join('|', r.Cells)} @ {r.Source.Line}")];

    /// <summary>Findings as <c>code @ place</c>.</summary>
    public string[] Notes => [.. Reading.Notes.Findings.Select(f => $"{f.Code} @ {f.Place}")];
}
