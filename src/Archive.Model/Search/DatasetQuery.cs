namespace Archive.Model.Search;

/// <summary>A search for datasets.</summary>
public sealed record DatasetQuery
{
    /// <summary>The most hits that one page holds.</summary>
    public const int MaxSize = 1000;

    /// <summary>
    /// Keywords in the language of Lucene's classic parser: <c>"phrases"</c>, <c>"near phrases"~3</c>, AND OR NOT + - and parentheses,
    /// <c>prefix*</c>, <c>wild?ard</c>, <c>fuzzy~</c>, <c>boost^2</c>, <c>field:value</c>, <c>year:[2020 TO 2024]</c>. Words beside each
    /// other must all be found. Blank finds everything. What cannot be read is told in <see cref="SearchPage{T}.Notes"/>, and the rest
    /// is searched.
    /// </summary>
    public string Text { get; init; } = "";

    /// <summary>Whether other names of what a word or a row of words names are looked for too. Quoted words never are.</summary>
    public bool UseSynonyms { get; init; } = true;

    /// <summary>Chosen facet values. A dataset has at least one value of each selection.</summary>
    public IReadOnlyList<FacetSelection> Facets { get; init; } = [];

    /// <summary>Bounds on facets of numbers and days. A dataset has at least one value within each.</summary>
    public IReadOnlyList<FacetBounds> Ranges { get; init; } = [];

    /// <summary>
    /// <c>relevance</c>, <c>released</c>, <c>title</c>, <c>accession</c>, <c>files</c> or <c>size</c>, a leading <c>-</c> for
    /// descending; null: by relevance where there is a text, else newest release first. Ties are in accession order.
    /// </summary>
    public string? Sort { get; init; }

    /// <summary>Hits a page, 0 (only total and facets) to <see cref="MaxSize"/>.</summary>
    public int Size { get; init; } = 20;

    /// <summary>Where the page before ended (<see cref="SearchPage{T}.Next"/>); null for the first page.</summary>
    public string? Cursor { get; init; }

    /// <summary>Values that each facet lists at most, the most frequent first; chosen values are always listed.</summary>
    public int FacetSize { get; init; } = 50;
}

/// <summary>Bounds on one facet, both inclusive.</summary>
/// <param name="Name">A facet of numbers or days.</param>
/// <param name="Min">A number, or a day such as <c>2024-12-31</c>, of which a month or a year is the first; null for none.</param>
/// <param name="Max">The same, a month or a year being its last day.</param>
public sealed record FacetBounds(string Name, string? Min, string? Max);

/// <summary>Chosen values of one facet or attribute: any of them.</summary>
/// <param name="Name">The facet's or attribute's name.</param>
/// <param name="Values">At least one.</param>
public sealed record FacetSelection(string Name, IReadOnlyList<string> Values);
