using System.Globalization;
using Archive.Model.Search;

namespace Archive.Indexer.Tests.Oracle;

/// <summary>The facets of <see cref="Support.TestFacets"/>, written again by hand.</summary>
internal static class OracleFacets
{
    /// <summary>Name, type, and whether values are listed, in the order shown.</summary>
    public static readonly (string Name, FacetType Type, bool IsListed)[] All =
    [
        ("organism", FacetType.Text, true), ("method", FacetType.Text, true), ("collection", FacetType.Text, true), ("licence", FacetType.Text, true),
        ("year", FacetType.Number, true), ("format", FacetType.Text, true), ("entity", FacetType.Text, true), ("imaged", FacetType.Date, true),
        ("channels", FacetType.Number, true), ("dose", FacetType.Number, true), ("compound", FacetType.Text, true),
        ("released", FacetType.Date, false), ("files", FacetType.Number, false), ("size", FacetType.Number, false),
    ];

    public static Dictionary<string, List<string>> Of(SearchDocument document, List<SearchFile> files)
    {
        List<string> Given(string name) => document.Facets.FirstOrDefault(f => f.Name == name)?.Values.ToList() ?? [];
        List<string> OfFiles(string attribute) =>
            [.. files.SelectMany(f => f.Attributes).Where(a => a.Name == attribute && !string.IsNullOrWhiteSpace(a.Value)).Select(a => a.Value).Distinct()];
        var (channels, compounds) = (OfFiles("Channel"), OfFiles("Compound"));
        return new(StringComparer.Ordinal)
        {
            ["organism"] = Given("organism"), ["method"] = Given("method"), ["collection"] = Given("collection"), ["licence"] = Given("licence"),
            ["entity"] = Given("entity"),
            ["imaged"] = [.. Given("imaged").Where(d => d != "last spring").Select(Day)],
            ["year"] = document.ReleaseDate is { } date ? [date.Year.ToString(CultureInfo.InvariantCulture)] : [],
            ["released"] = document.ReleaseDate is { } day ? [day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)] : [],
            ["format"] = [.. files.Select(f => f.Format).Distinct()],
            ["channels"] = channels.Count == 0 ? [] : [channels.Count.ToString(CultureInfo.InvariantCulture)],
            ["dose"] = [.. OfFiles("Dose").Where(d => double.TryParse(d, NumberStyles.Float, CultureInfo.InvariantCulture, out _))],
            ["compound"] = compounds.Count > 200 ? [] : compounds,
            ["files"] = [files.Count.ToString(CultureInfo.InvariantCulture)],
            ["size"] = [files.Sum(f => f.LengthBytes).ToString(CultureInfo.InvariantCulture)],
        };
    }

    public static bool IsWithin(FacetBounds bounds, string value)
    {
        if (bounds.Name is "imaged" or "released")
            return (string.IsNullOrEmpty(bounds.Min) || string.CompareOrdinal(value, Day(bounds.Min)) >= 0)
                && (string.IsNullOrEmpty(bounds.Max) || string.CompareOrdinal(value[..Math.Min(value.Length, bounds.Max.Length)], bounds.Max) <= 0);
        var number = double.Parse(value, CultureInfo.InvariantCulture);
        return number >= double.Parse(string.IsNullOrEmpty(bounds.Min) ? "-Infinity" : bounds.Min, CultureInfo.InvariantCulture)
            && number <= double.Parse(string.IsNullOrEmpty(bounds.Max) ? "Infinity" : bounds.Max, CultureInfo.InvariantCulture);
    }

    // The days that the corpus writes otherwise.
    private static string Day(string text) => text switch
    {
        "2019" => "2019-01-01",
        "2020" => "2020-01-01",
        "2019-03" => "2019-03-01",
        "2020-02-29T23:30:00-02:00" => "2020-03-01",
        _ => text,
    };
}
