using System.Text.Json.Serialization;
using Archive.Model.Datasets;
using Archive.Model.Files;

namespace Archive.Model.Search;

/// <summary>A dataset that was found.</summary>
public sealed record DatasetHit
{
    /// <summary>The dataset.</summary>
    public required Accession Accession { get; init; }

    /// <summary>The version that was searched.</summary>
    public required int Version { get; init; }

    /// <summary>The title.</summary>
    public required string Title { get; init; }

    /// <summary>The beginning of the description; may be empty.</summary>
    public required string Description { get; init; }

    /// <summary>Where the words of the query were found, title first; empty when nothing shown holds one.</summary>
    public required IReadOnlyList<Highlight> Highlights { get; init; }

    /// <summary>Authors' names.</summary>
    public required IReadOnlyList<string> People { get; init; }

    /// <summary>Organisms.</summary>
    public required IReadOnlyList<string> Organisms { get; init; }

    /// <summary>Imaging methods.</summary>
    public required IReadOnlyList<string> Methods { get; init; }

    /// <summary>The collection; empty when unknown.</summary>
    public required string Collection { get; init; }

    /// <summary>The licence; empty when unknown.</summary>
    public required string Licence { get; init; }

    /// <summary>Number of files.</summary>
    public required long FileCount { get; init; }

    /// <summary>Sum of their lengths.</summary>
    public required long TotalBytes { get; init; }

    /// <summary>The day of release (UTC); null when unknown.</summary>
    public required DateOnly? ReleaseDate { get; init; }

    /// <summary>Relevance: BM25 in units of 1/65,536; 0 where the query had no words. Comparable within one answer only.</summary>
    public required long Score { get; init; }
}

/// <summary>A piece of a hit's text with the words that were found marked.</summary>
/// <param name="Field"><c>title</c> or <c>description</c>.</param>
/// <param name="Parts">In order; together they are the piece. Plain text: whoever makes markup of it escapes it.</param>
public sealed record Highlight(string Field, IReadOnlyList<HighlightPart> Parts);

/// <summary>A part of a highlighted piece.</summary>
/// <param name="Text">Plain text.</param>
/// <param name="IsMatch">Whether it is a word that was looked for.</param>
public sealed record HighlightPart(string Text, bool IsMatch);

/// <summary>A file that was found.</summary>
/// <param name="Accession">Its dataset.</param>
/// <param name="Path">Its path in the dataset.</param>
/// <param name="LengthBytes">Its length.</param>
/// <param name="Format">Its format.</param>
/// <param name="Attributes">In column order; a name repeats where a file has several values.</param>
public sealed record FileHit(Accession Accession, ArchivePath Path, long LengthBytes, string Format, IReadOnlyList<FileAttribute> Attributes);

/// <summary>An attribute that the files of a dataset have, so that a table can be drawn.</summary>
/// <param name="Name">The attribute, or <c>@format</c>.</param>
/// <param name="Type">Number or date where every value is one, else text: what may be bounded, and how it sorts.</param>
/// <param name="DistinctValues">Number of different values.</param>
/// <param name="Missing">Files without a value.</param>
public sealed record FileColumn(string Name, FacetType Type, int DistinctValues, int Missing)
{
    /// <summary>Whether every value is a number.</summary>
    [JsonIgnore]
    public bool IsNumeric => Type == FacetType.Number;
}
