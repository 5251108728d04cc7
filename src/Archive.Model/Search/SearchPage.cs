using System.Text.Json.Serialization;
using Archive.Model.Datasets;

namespace Archive.Model.Search;

/// <summary>A page of hits.</summary>
/// <param name="Items">In the order asked for.</param>
/// <param name="Next">Cursor of the next page; null on the last.</param>
/// <param name="Total">All hits, exact.</param>
/// <param name="Facets">Counts over all hits, exact; each facet without its own selection.</param>
/// <param name="Index">Which index answered.</param>
public sealed record SearchPage<T>(IReadOnlyList<T> Items, string? Next, long Total, IReadOnlyList<FacetResult> Facets, IndexStamp Index)
{
    /// <summary>
    /// Whether datasets came or went since the page before, where hits are ordered by relevance: then one may come twice or not at all. Who wants
    /// all of them sorts by a field.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool HasMoved { get; init; }

    /// <summary>What could not be read in the query as it was written, in order; empty where all was.</summary>
    public IReadOnlyList<QueryNote> Notes { get; init; } = [];

    /// <summary>Names in the query that other names were looked for with; empty where none was.</summary>
    public IReadOnlyList<ExpandedTerm> Expanded { get; init; } = [];

    /// <summary>Whole queries, spelled otherwise, that find something under the same filters; only where this one finds nothing.</summary>
    public IReadOnlyList<string> Suggestions { get; init; } = [];

    /// <summary>The columns that the files of the dataset searched have, <c>@format</c> first; null for datasets and for files of all.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<FileColumn>? Columns { get; init; }
}

/// <summary>What could not be read in a query as it was written.</summary>
/// <param name="Column">The first character it is about, from 1, in UTF-16 units as in JavaScript.</param>
/// <param name="Length">How many characters, 1 or more.</param>
/// <param name="Message">What was done instead.</param>
public sealed record QueryNote(int Column, int Length, string Message);

/// <summary>A name in a query that other names were looked for with.</summary>
/// <param name="Term">As typed.</param>
/// <param name="To">The other names that the index has: synonyms first, then narrower ones.</param>
public sealed record ExpandedTerm(string Term, IReadOnlyList<string> To);

/// <summary>A facet's values over the hits.</summary>
/// <param name="Name">The facet or attribute.</param>
/// <param name="Title">Its name for people.</param>
/// <param name="Values">The most frequent first, equal counts in value order; then chosen values that are not among them.</param>
/// <param name="Missing">Hits without a value.</param>
/// <param name="Distinct">Number of different values among the hits, listed or not; 0 for facets that have bounds and no list.</param>
public sealed record FacetResult(string Name, string Title, IReadOnlyList<FacetValue> Values, long Missing, int Distinct)
{
    /// <summary>How its values are compared.</summary>
    public FacetType Type { get; init; }

    /// <summary>The least value among the hits; null for words, and where no hit has a value.</summary>
    public string? Min { get; init; }

    /// <summary>The greatest value among the hits; null for words, and where no hit has a value.</summary>
    public string? Max { get; init; }
}

/// <summary>A value and the number of hits that have it.</summary>
public sealed record FacetValue(string Value, long Count);

/// <summary>Which index answered.</summary>
/// <param name="Generation">Name of the generation; <c>none</c> before the first build.</param>
/// <param name="BuiltAt">When it was built (UTC).</param>
/// <param name="NewestChange">Every public change up to this number is in the answer.</param>
/// <param name="NewestAccession">The dataset that was released or revised last among those that can be found; null when there is none.</param>
public sealed record IndexStamp(string Generation, DateTimeOffset BuiltAt, long NewestChange, Accession? NewestAccession = null);
