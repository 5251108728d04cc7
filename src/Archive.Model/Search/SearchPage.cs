using System.Text.Json.Serialization;
namespace Archive.Model.Search;

/// <summary>A page of hits.</summary>
/// <param name="Items">In the order asked for.</param>
/// <param name="Next">Cursor of the next page; null on the last.</param>
/// <param name="Total">All hits, exact.</param>
/// <param name="Facets">Counts over all hits, exact; each facet without its own selection.</param>
/// <param name="Index">Which index answered.</param>
public sealed record SearchPage<T>(IReadOnlyList<T> Items, string? Next, long Total, IReadOnlyList<FacetResult> Facets, IndexStamp Index)
{
    /// <summary>The columns that the files of the dataset searched have, <c>@format</c> first; null for datasets and for files of all.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<FileColumn>? Columns { get; init; }
}

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
public sealed record IndexStamp(string Generation, DateTimeOffset BuiltAt, long NewestChange);
