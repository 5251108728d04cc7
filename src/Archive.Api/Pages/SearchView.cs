using Archive.Model.Search;

namespace Archive.Api.Pages;

/// <summary>What the results page shows.</summary>
internal sealed record SearchView
{
    /// <summary>The state that the address holds.</summary>
    public required SearchAddress Address { get; init; }

    /// <summary>The page of hits.</summary>
    public required SearchPage<DatasetHit> Page { get; init; }

    /// <summary>Facets that have something to choose.</summary>
    public required IReadOnlyList<FacetView> Facets { get; init; }

    /// <summary>Wider searches that do find something; offered where little or nothing was found.</summary>
    public required IReadOnlyList<WiderSearch> Wider { get; init; }

    /// <summary>Chosen values.</summary>
    public IEnumerable<(string Facet, string Value, string Address)> Chosen =>
        from selection in Address.Facets
        let title = Page.Facets.FirstOrDefault(f => f.Name == selection.Name)?.Title ?? selection.Name
        from value in selection.Values
        select (title, value, Address.Toggle(selection.Name, value).ToString());

    /// <summary>The orders on offer.</summary>
    public IEnumerable<(string Title, string Address, bool IsCurrent)> Sorts
    {
        get
        {
            var current = Address.Sort ?? (Address.Text.Length > 0 ? "relevance" : "-released");
            if (Address.Text.Length > 0) yield return ("Best match", Address.By(null).ToString(), current is "relevance" or "-relevance");
            yield return ("Newest", Address.By("-released").ToString(), current == "-released");
            yield return ("Largest", Address.By("-size").ToString(), current == "-size");
            yield return ("Most files", Address.By("-files").ToString(), current == "-files");
            yield return ("Title", Address.By("title").ToString(), current == "title");
        }
    }
}

/// <summary>A facet beside the results.</summary>
/// <param name="Title">Its name for people.</param>
/// <param name="Choices">The most frequent first.</param>
/// <param name="Missing">Hits without a value.</param>
/// <param name="Unlisted">Different values that are not listed.</param>
internal sealed record FacetView(string Title, IReadOnlyList<FacetChoice> Choices, long Missing, int Unlisted)
{
    /// <summary>Choices shown before the fold: the first few, and whatever is chosen.</summary>
    public const int Few = 6;

    /// <summary>Before the fold.</summary>
    public IEnumerable<FacetChoice> First => Choices.Where((c, i) => i < Few || c.IsChosen);

    /// <summary>Behind it.</summary>
    public IReadOnlyList<FacetChoice> Rest => [.. Choices.Where((c, i) => i >= Few && !c.IsChosen)];
}

/// <summary>One value of a facet.</summary>
/// <param name="Value">The value.</param>
/// <param name="Count">Hits that have it.</param>
/// <param name="IsChosen">Whether it narrows the hits now.</param>
/// <param name="Address">Where choosing it, or giving it up, leads.</param>
internal sealed record FacetChoice(string Value, long Count, bool IsChosen, string Address);

/// <summary>A search that finds more.</summary>
/// <param name="Label">What it gives up.</param>
/// <param name="Total">What it finds; above 0.</param>
/// <param name="Address">Where it is.</param>
internal sealed record WiderSearch(string Label, long Total, string Address);
