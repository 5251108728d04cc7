namespace Archive.Model.Search;

/// <summary>Asks which values an attribute has among the files that a search finds.</summary>
public sealed record FileValuesQuery
{
    /// <summary>The most values that one page holds.</summary>
    public const int MaxSize = 1000;

    /// <summary>The search; its own filter and range of the attribute are left out, and its order and page do not matter.</summary>
    public required FileQuery Files { get; init; }

    /// <summary>An attribute, or <c>@format</c>.</summary>
    public required string Attribute { get; init; }

    /// <summary>What values must contain, without regard to case and accents; blank for all.</summary>
    public string Text { get; init; } = "";

    /// <summary>Values a page, 0 to <see cref="MaxSize"/>.</summary>
    public int Size { get; init; } = 100;

    /// <summary>Where the page before ended; null for the first page.</summary>
    public string? Cursor { get; init; }
}

/// <summary>Values of an attribute, numbers first, by size, then by code point.</summary>
/// <param name="Attribute">The attribute.</param>
/// <param name="Type">Number or date where every value is one, else text.</param>
/// <param name="Items">Each with the number of files found that have it, 1 or more.</param>
/// <param name="Next">Cursor of the next page; null on the last.</param>
/// <param name="Total">All values that contain the text.</param>
/// <param name="Missing">Files found without a value.</param>
/// <param name="Index">Which index answered; null where a version's own table did.</param>
public sealed record FileValuesPage(
    string Attribute, FacetType Type, IReadOnlyList<FacetValue> Items, string? Next, long Total, long Missing, IndexStamp? Index)
{
    /// <summary>What could not be read in the query for the files as it was written, in order; empty where all was.</summary>
    public IReadOnlyList<QueryNote> Notes { get; init; } = [];
}
