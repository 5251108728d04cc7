using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Archive.Demo;

/// <summary>The metadata of a generated dataset in the terms of REMBI, and how it is written as page tab (template BioImages 5).</summary>
internal sealed record Study
{
    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public required string Title { get; init; }

    public required string Description { get; init; }

    public required IReadOnlyList<string> Keywords { get; init; }

    /// <summary>CC0 or CC BY 4.0.</summary>
    public required string License { get; init; }

    public required IReadOnlyList<string> Authors { get; init; }

    public required string Organisation { get; init; }

    public required string Funder { get; init; }

    public required string Grant { get; init; }

    public required int PublicationYear { get; init; }

    public required Named Biosample { get; init; }

    public required Named Specimen { get; init; }

    public required Named Acquisition { get; init; }

    public Named? Analysis { get; init; }

    public required IReadOnlyList<Component> Components { get; init; }

    /// <summary>The page tab document; <paramref name="releaseDate"/> counts from 00:00 UTC.</summary>
    public string ToPageTab(DateOnly releaseDate)
    {
        var sections = new JsonArray();
        for (var i = 0; i < Authors.Count; i++)
            sections.Add(Author(Authors[i], corresponding: i == 0));
        sections.Add(Section("organisation", "o1", [("Name", Organisation)]));
        sections.Add(Section("Publication", null, [("Title", Title), ("Authors", string.Join(", ", Authors)), ("Year", Year(PublicationYear))]));
        sections.Add(Section("Funding", null, [("Agency", Funder), ("grant_id", Grant)]));
        sections.Add(Titled("Biosample", "Biosample-1", Biosample));
        sections.Add(Titled("Specimen", "Specimen-2", Specimen));
        sections.Add(Titled("Image acquisition", "Image acquisition-3", Acquisition));
        if (Analysis is not null)
            sections.Add(Titled("Image analysis", "Image analysis-4", Analysis));
        for (var i = 0; i < Components.Count; i++)
            sections.Add(ComponentSection(Components[i], i + 5));
        var root = Section("Study", null,
            [("Title", Title), ("Description", Description), .. Keywords.Select(keyword => ("Keywords", keyword)), ("License", License),
             ("Funding statement", $"{Funder}, grant {Grant}")]);
        root["subsections"] = sections;
        return new JsonObject
        {
            ["attributes"] = Attributes([
                ("Template", "BioImages.v5"),
                ("ReleaseDate", releaseDate.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)),
                ("AttachTo", "BioImages")]),
            ["section"] = root,
        }.ToJsonString(Readable);
    }

    private JsonObject ComponentSection(Component component, int number)
    {
        var section = Section("Study Component", $"Study Component-{number}",
            [("Name", component.Name), ("Description", component.Description), ("File List", component.FileList)]);
        List<(string, string)> associations =
            [("Biosample", Biosample.Title), ("Specimen", Specimen.Title), ("Image acquisition", Acquisition.Title)];
        if (Analysis is not null && component.Analysed)
            associations.Add(("Image analysis", Analysis.Title));
        section["subsections"] = new JsonArray(Section("Associations", null, associations));
        return section;
    }

    private static JsonObject Author(string name, bool corresponding)
    {
        List<(string, string)> attributes = [("Name", name)];
        if (corresponding)
            attributes.AddRange([("E-mail", $"{name.Split(' ')[^1].ToLowerInvariant()}@example.org"), ("Role", "corresponding author")]);
        var section = Section("author", null, attributes);
        section["attributes"]!.AsArray().Add(new JsonObject { ["name"] = "affiliation", ["value"] = "o1", ["reference"] = true });
        return section;
    }

    private static JsonObject Titled(string type, string accno, Named named) => Section(type, accno, [("Title", named.Title), .. named.Attributes]);

    private static JsonObject Section(string type, string? accno, IEnumerable<(string Name, string Value)> attributes)
    {
        var section = new JsonObject();
        if (accno is not null)
            section["accno"] = accno;
        section["type"] = type;
        section["attributes"] = Attributes(attributes);
        return section;
    }

    private static JsonArray Attributes(IEnumerable<(string Name, string Value)> attributes) =>
        [.. attributes.Select(attribute => new JsonObject { ["name"] = attribute.Name, ["value"] = attribute.Value })];

    private static string Year(int year) => year.ToString(CultureInfo.InvariantCulture);
}

/// <summary>A section that others name by its title.</summary>
internal sealed record Named(string Title, params (string Name, string Value)[] Attributes);

/// <summary>A study component with its own file list; <paramref name="Analysed"/> when it holds results rather than images as taken.</summary>
internal sealed record Component(string Name, string Description, string FileList, bool Analysed = false);
