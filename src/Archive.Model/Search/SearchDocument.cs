using Archive.Model.Datasets;

namespace Archive.Model.Search;

/// <summary>What the search index is fed for a dataset. Only public datasets become one.</summary>
public sealed record SearchDocument
{
    /// <summary>The dataset.</summary>
    public required Accession Accession { get; init; }

    /// <summary>The version that is searched, 1 or more.</summary>
    public required int Version { get; init; }

    /// <summary>The dataset's change number when it was read.</summary>
    public required long Change { get; init; }

    /// <summary>The title as shown.</summary>
    public required string Title { get; init; }

    /// <summary>The description as shown in lists; may be empty.</summary>
    public string Description { get; init; } = "";

    /// <summary>The day of release (UTC); null when unknown.</summary>
    public DateOnly? ReleaseDate { get; init; }

    /// <summary>Authors' names, in order.</summary>
    public IReadOnlyList<string> People { get; init; } = [];

    /// <summary>Organisms, in order, each once.</summary>
    public IReadOnlyList<string> Organisms { get; init; } = [];

    /// <summary>Imaging methods, in order, each once.</summary>
    public IReadOnlyList<string> Methods { get; init; } = [];

    /// <summary>The collection; empty when unknown.</summary>
    public string Collection { get; init; } = "";

    /// <summary>The licence; empty when unknown.</summary>
    public string Licence { get; init; } = "";

    /// <summary>Texts that keywords are looked for in.</summary>
    public required IReadOnlyList<SearchText> Texts { get; init; }

    /// <summary>Values of the facets. Facets read from the files (file format) are added by the index itself.</summary>
    public required IReadOnlyList<SearchFacet> Facets { get; init; }
}

/// <summary>A piece of text to be searched.</summary>
/// <param name="Field">One of the index's text fields, such as <c>title</c>; its weight is the index's. An unknown one counts as <c>content</c>.</param>
/// <param name="Text">The text. Two pieces of one field are kept apart, so that no phrase runs from one into the other.</param>
public sealed record SearchText(string Field, string Text);

/// <summary>A dataset's values of one facet.</summary>
/// <param name="Name">The facet's name, such as <c>organism</c>.</param>
/// <param name="Values">Each once, none blank; none at all is counted as missing.</param>
public sealed record SearchFacet(string Name, IReadOnlyList<string> Values);
