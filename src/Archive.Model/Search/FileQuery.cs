using Archive.Model.Datasets;
using Archive.Model.Files;

namespace Archive.Model.Search;

/// <summary>
/// A search for files. Attributes are named as in the file lists; built in are <c>@path</c> (a path, or a folder ending in
/// <c>/</c>), <c>@size</c> (bytes), <c>@format</c> and, over all datasets, <c>@dataset</c> (accession).
/// </summary>
public sealed record FileQuery
{
    /// <summary>The most hits that one page holds.</summary>
    public const int MaxSize = 10_000;

    /// <summary>The dataset whose files are searched; null for all public ones.</summary>
    public Accession? Accession { get; init; }

    /// <summary>Words of paths and attribute values, with AND OR NOT + - parentheses and <c>prefix*</c>. Blank finds everything.</summary>
    public string Text { get; init; } = "";

    /// <summary>A file has at least one of the values of each.</summary>
    public IReadOnlyList<FacetSelection> Filters { get; init; } = [];

    /// <summary>Bounds on attributes and <c>@size</c>; a value that is not of the bounds' kind, number or date, lies in no range.</summary>
    public IReadOnlyList<FileRange> Ranges { get; init; } = [];

    /// <summary>Attributes whose values are to be counted over the hits, each without its own filter and range.</summary>
    public IReadOnlyList<string> Facets { get; init; } = [];

    /// <summary>
    /// An attribute, <c>@path</c>, <c>@size</c> or <c>@format</c>, a leading <c>-</c> for descending; null for <c>@path</c>. Numbers
    /// come before words, files without a value last; ties are in order of accession and path.
    /// </summary>
    public string? Sort { get; init; }

    /// <summary>Hits a page, 0 to <see cref="MaxSize"/>.</summary>
    public int Size { get; init; } = 50;

    /// <summary>Where the page before ended; null for the first page. Not together with <see cref="At"/>.</summary>
    public string? Cursor { get; init; }

    /// <summary>Number of hits to leave out before the page, 0 or more: a jump into the middle of a table.</summary>
    public long? At { get; init; }

    /// <summary>Values that each facet lists at most, the most frequent first; chosen values are always listed.</summary>
    public int FacetSize { get; init; } = 50;
}

/// <summary>Bounds, both inclusive: two numbers, or two dates as <see cref="AttributeKinds"/> writes them (UTC).</summary>
/// <param name="Name">The attribute, or <c>@size</c>.</param>
/// <param name="Min">A number, or a date, of which its beginning counts; null for none.</param>
/// <param name="Max">A number, or a date, of which all counts: a whole day, minute or second; null for none.</param>
public sealed record FileRange(string Name, string? Min, string? Max);
