namespace Archive.Model.Search;

/// <summary>Asks which values a facet has among the datasets that a search finds.</summary>
public sealed record FacetValuesQuery
{
    /// <summary>The most values that one page holds.</summary>
    public const int MaxSize = 1000;

    /// <summary>The search; its own choice of the facet is left out, and its order and page do not matter.</summary>
    public required DatasetQuery Datasets { get; init; }

    /// <summary>The name of a facet whose values are listed.</summary>
    public required string Facet { get; init; }

    /// <summary>What values must contain, without regard to case and accents; blank for all.</summary>
    public string Text { get; init; } = "";

    /// <summary>Values a page, 0 to <see cref="MaxSize"/>.</summary>
    public int Size { get; init; } = 100;

    /// <summary>Where the page before ended; null for the first page.</summary>
    public string? Cursor { get; init; }
}

/// <summary>Values of a facet, numbers first, by size, then by code point.</summary>
/// <param name="Facet">The facet.</param>
/// <param name="Type">What its values are.</param>
/// <param name="Items">Each with the number of datasets found that have it, 1 or more.</param>
/// <param name="Next">Cursor of the next page; null on the last.</param>
/// <param name="Total">All values that contain the text.</param>
/// <param name="Missing">Datasets found without a value.</param>
/// <param name="Index">Which index answered.</param>
public sealed record FacetValuesPage(
    string Facet, FacetType Type, IReadOnlyList<FacetValue> Items, string? Next, long Total, long Missing, IndexStamp Index)
{
    /// <summary>What could not be read in the query as it was written, in order; empty where all was.</summary>
    public IReadOnlyList<QueryNote> Notes { get; init; } = [];
}
