using System.Text;
using Archive.Model.Search;

namespace Archive.Api.Pages;

/// <summary>The state of the results page as its address holds it. Values keep the order in which they were chosen.</summary>
/// <param name="Text">What was typed.</param>
/// <param name="Facets">Chosen values.</param>
/// <param name="Sort">The order, or null for the usual one.</param>
/// <param name="Cursor">The page, or null for the first.</param>
internal sealed record SearchAddress(string Text, IReadOnlyList<FacetSelection> Facets, string? Sort, string? Cursor)
{
    /// <summary>The longest text that is passed on; what is beyond it is cut.</summary>
    public const int MaxTextLength = 1000;

    private const string FacetPrefix = "facet.";

    /// <summary>Everything, unsorted.</summary>
    public static readonly SearchAddress Empty = new("", [], null, null);

    /// <summary>Reads the query of a request.</summary>
    public static SearchAddress Read(IQueryCollection query)
    {
        var text = query["q"].ToString().Trim();
        var facets = query.Where(p => p.Key.StartsWith(FacetPrefix, StringComparison.Ordinal))
            .Select(p => new FacetSelection(p.Key[FacetPrefix.Length..], Chosen(p.Value)))
            .Where(f => f.Values.Count > 0).OrderBy(f => f.Name, StringComparer.Ordinal).ToList();
        return new(text.Length > MaxTextLength ? text[..MaxTextLength] : text, facets, NullIfBlank(query["sort"]), NullIfBlank(query["cursor"]));
    }

    /// <summary>Whether a value is chosen.</summary>
    public bool Has(string name, string value) => Facets.Any(f => f.Name == name && f.Values.Contains(value, StringComparer.Ordinal));

    /// <summary>With a value chosen, or given up when it was; back on the first page.</summary>
    public SearchAddress Toggle(string name, string value)
    {
        var values = Facets.FirstOrDefault(f => f.Name == name)?.Values ?? [];
        var changed = values.Contains(value, StringComparer.Ordinal) ? values.Where(v => v != value) : values.Append(value);
        var others = Facets.Where(f => f.Name != name);
        var facets = changed.Any() ? others.Append(new FacetSelection(name, [.. changed])) : others;
        return this with { Facets = [.. facets.OrderBy(f => f.Name, StringComparer.Ordinal)], Cursor = null };
    }

    /// <summary>Without any value of a facet; back on the first page.</summary>
    public SearchAddress Without(string name) => this with { Facets = [.. Facets.Where(f => f.Name != name)], Cursor = null };

    /// <summary>Without any facet; back on the first page.</summary>
    public SearchAddress WithoutFacets() => this with { Facets = [], Cursor = null };

    /// <summary>With another text; back on the first page.</summary>
    public SearchAddress WithText(string text) => this with { Text = text, Cursor = null };

    /// <summary>In another order; back on the first page.</summary>
    public SearchAddress By(string? sort) => this with { Sort = sort, Cursor = null };

    /// <summary>On another page.</summary>
    public SearchAddress At(string? cursor) => this with { Cursor = cursor };

    /// <summary>What the index is asked.</summary>
    public DatasetQuery ToQuery(int size, int facetSize) =>
        new() { Text = Text, Facets = Facets, Sort = Sort, Cursor = Cursor, Size = size, FacetSize = facetSize };

    /// <summary>The address, path and query.</summary>
    public override string ToString()
    {
        var address = new StringBuilder();
        Add(address, "q", Text);
        foreach (var facet in Facets)
            foreach (var value in facet.Values)
                Add(address, FacetPrefix + facet.Name, value);
        Add(address, "sort", Sort);
        Add(address, "cursor", Cursor);
        return "/search" + address;
    }

    internal static void Add(StringBuilder address, string name, string? value)
    {
        if (string.IsNullOrEmpty(value)) return;
        address.Append(address.Length == 0 ? '?' : '&').Append(Uri.EscapeDataString(name)).Append('=').Append(Uri.EscapeDataString(value));
    }

    internal static List<string> Chosen(IEnumerable<string?> values) =>
        [.. values.Where(v => !string.IsNullOrWhiteSpace(v)).Select(v => v!).Distinct(StringComparer.Ordinal).Take(100)];

    internal static string? NullIfBlank(string? text) => string.IsNullOrWhiteSpace(text) ? null : text;
}
