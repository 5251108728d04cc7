namespace Archive.Indexer.Facets;

/// <summary>A facet of datasets.</summary>
/// <param name="Name">As a query names it.</param>
/// <param name="Title">For people.</param>
public sealed record FacetDefinition(string Name, string Title);

/// <summary>The facets, as data: the index counts what it is fed under these names, in this order.</summary>
public static class DatasetFacets
{
    /// <summary>The facet that the index reads from the files themselves.</summary>
    public const string Format = "format";

    /// <summary>The facet that the index reads from the release date.</summary>
    public const string Year = "year";

    /// <summary>All facets in the order shown.</summary>
    public static IReadOnlyList<FacetDefinition> All { get; } =
    [
        new("organism", "Organism"), new("method", "Imaging method"), new("collection", "Collection"), new("licence", "Licence"),
        new(Year, "Release year"), new(Format, "File format"),
    ];

    /// <summary>The facet of a name, without regard to case; <c>license</c> is <c>licence</c>. Null when there is none.</summary>
    public static FacetDefinition? Find(string name)
    {
        var wanted = string.Equals(name, "license", StringComparison.OrdinalIgnoreCase) ? "licence" : name;
        return All.FirstOrDefault(f => string.Equals(f.Name, wanted, StringComparison.OrdinalIgnoreCase));
    }
}
