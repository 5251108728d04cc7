using Archive.Model.Search;

namespace Archive.Indexer.Facets;

/// <summary>Makes facets of what was written, or tells everything that is wrong with it at once.</summary>
internal static class FacetListCheck
{
    private const int MaxName = 64;
    private const int MaxTitle = 200;

    /// <exception cref="FormatException">The list cannot be used; the message has all reasons, one a line.</exception>
    public static IReadOnlyList<FacetDefinition> Check(IReadOnlyList<FacetEntry> entries)
    {
        var faults = new List<string>();
        if (entries.Count is 0 or > FacetCatalogue.MaxFacets) faults.Add($"The list has {entries.Count} facets; 1 to {FacetCatalogue.MaxFacets} are taken.");
        var facets = new List<FacetDefinition>();
        for (var i = 0; i < entries.Count && i <= FacetCatalogue.MaxFacets; i++)
            if (Check(entries[i], $"facets[{i}]", faults) is { } facet)
                facets.Add(facet);
        var names = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var name in facets.SelectMany(f => f.Aliases.Prepend(f.Name)))
            if (!names.Add(name))
                faults.Add($"The name {name} is given twice.");
        return faults.Count == 0 ? facets : throw new FormatException(string.Join('\n', faults));
    }

    private static FacetDefinition? Check(FacetEntry? entry, string place, List<string> faults)
    {
        var before = faults.Count;
        if (entry is null)
        {
            faults.Add($"{place} is no facet.");
            return null;
        }
        List<string> aliases = [.. (entry.Aliases ?? []).Select(a => a ?? "")];
        foreach (var name in aliases.Prepend(entry.Name ?? ""))
            if (!IsName(name))
                faults.Add($"{place}: the name \"{name}\" is not 1 to {MaxName} lower-case letters, digits and hyphens.");
        if (string.IsNullOrWhiteSpace(entry.Title) || entry.Title.Length > MaxTitle) faults.Add($"{place}: the title is missing or longer than {MaxTitle} characters.");
        if (!Enum.TryParse<FacetType>(entry.Type ?? nameof(FacetType.Text), ignoreCase: true, out var type) || !Enum.IsDefined(type))
            faults.Add($"{place}: the type {entry.Type} is none of text, number and date.");
        var sources = Sources(entry, place, faults);
        if (sources.Select(s => s.IsOfFiles).Distinct().Count() > 1) faults.Add($"{place}: values come from the page tab or from the files, not from both.");
        var facet = faults.Count == before ? new FacetDefinition(entry.Name!, entry.Title!, sources, type, aliases) : null;
        if (facet?.Number is not null && (sources.Count > 1 || type != (sources[0].Kind == FacetSourceKind.Released ? FacetType.Date : FacetType.Number)))
            faults.Add($"{place}: @files and @size are the one source of a facet of the type number, @released that of one of the type date.");
        return facet;
    }

    private static List<FacetSource> Sources(FacetEntry entry, string place, List<string> faults)
    {
        var sources = new List<FacetSource>();
        if (entry.From is null or { Count: 0 }) faults.Add($"{place}: \"from\" names no source.");
        foreach (var text in entry.From ?? [])
        {
            if (FacetSource.TryParse(text ?? "", out var source)) sources.Add(source);
            else faults.Add($"{place}: \"{text}\" is neither a path such as \"Biosample/Biological entity\" nor one of the sources that begin with @.");
        }
        return sources;
    }

    private static bool IsName(string name) =>
        name.Length is > 0 and <= MaxName && name.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-');
}
