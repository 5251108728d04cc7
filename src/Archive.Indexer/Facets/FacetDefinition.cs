using Archive.Model.Search;

namespace Archive.Indexer.Facets;

/// <summary>A facet of datasets, as an operator defines it.</summary>
/// <param name="Name">As a query names it: lower-case letters, digits and hyphens.</param>
/// <param name="Title">For people.</param>
/// <param name="Sources">Where its values come from, at least one: all from the page tab, or all from the files.</param>
/// <param name="Type">How values are compared. What is no number or no date is no value of such a facet.</param>
/// <param name="Aliases">Other names for it.</param>
public sealed record FacetDefinition(string Name, string Title, IReadOnlyList<FacetSource> Sources, FacetType Type, IReadOnlyList<string> Aliases)
{
    /// <summary>
    /// The place among <see cref="DatasetNumbers"/> where each dataset's one number is kept; null when values lie in a column. Such a facet
    /// has bounds but no list of values: nearly every dataset has one of its own.
    /// </summary>
    internal int? Number => Sources[0].Kind switch
    {
        FacetSourceKind.Released => DatasetNumbers.Released,
        FacetSourceKind.Files => DatasetNumbers.Files,
        FacetSourceKind.Size => DatasetNumbers.Size,
        _ => null,
    };

    /// <summary>Whether a name is this facet's, without regard to case.</summary>
    public bool IsNamed(string name) =>
        string.Equals(Name, name, StringComparison.OrdinalIgnoreCase) || Aliases.Contains(name, StringComparer.OrdinalIgnoreCase);
}
