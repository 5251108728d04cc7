using Archive.Indexer;
using Archive.Model.Errors;
using Archive.Model.Search;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Archive.Api.Pages;

/// <summary>The results page: the same answer as <c>/api/search</c>, for people.</summary>
internal sealed class SearchModel(ISearchIndex index, DatasetReading datasets) : PageModel
{
    private const int PageSize = 20;
    private const int FacetSize = 30;
    private const int FewHits = 5;
    private const int MaxWords = 4;

    /// <summary>What is shown.</summary>
    public SearchView View { get; private set; } = null!;

    /// <summary>Searches; an accession that the visitor may read leads to its page.</summary>
    public async Task<IActionResult> OnGetAsync(CancellationToken ct)
    {
        var address = SearchAddress.Read(Request.Query);
        var asAccession = address.Text.ToUpperInvariant();
        if (address.Facets.Count == 0 && await datasets.IsReadableAsync(HttpContext, asAccession, ct)) return Redirect($"/datasets/{asAccession}");
        SearchPage<DatasetHit> page;
        try
        {
            page = index.SearchDatasets(address.ToQuery(PageSize, FacetSize), ct);
        }
        catch (ArchiveException refused) when (address.Cursor is not null && (refused.Problem == Problems.CursorExpired || refused.Problem == Problems.CursorInvalid))
        {
            // A page link outlived its index: the search itself is still good.
            return Redirect(address.At(null).ToString());
        }
        View = new()
        {
            Address = address,
            Page = page,
            Facets = [.. page.Facets.Where(f => f.Values.Count > 0).Select(f => Show(f, address))],
            Wider = page.Total < FewHits ? Widen(address, page.Total, ct) : [],
        };
        return Page();
    }

    private static FacetView Show(FacetResult facet, SearchAddress address) => new(
        facet.Title,
        [.. InOrder(facet).Select(v => new FacetChoice(v.Value, v.Count, address.Has(facet.Name, v.Value), address.Toggle(facet.Name, v.Value).ToString()))],
        facet.Missing,
        Math.Max(0, facet.Distinct - facet.Values.Count));

    // Years are looked up in their own order; everything else by how much there is of it.
    private static IEnumerable<FacetValue> InOrder(FacetResult facet) =>
        facet.Name == "year" ? facet.Values.OrderByDescending(v => v.Value, StringComparer.Ordinal) : facet.Values;

    private List<WiderSearch> Widen(SearchAddress address, long total, CancellationToken ct)
    {
        var candidates = address.Facets.Select(f => ($"Without {string.Join(", ", f.Values.Select(v => $"“{v}”"))}", address.Without(f.Name))).ToList();
        if (address.Facets.Count > 1) candidates.Add(("Without any choice", address.WithoutFacets()));
        var words = address.Text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (total == 0 && words.Length > 1)
            candidates.AddRange(words.Where(w => w.Length > 2).Take(MaxWords).Select(w => ($"Only “{w}”", address.WithoutFacets().WithText(w))));
        var wider = new List<WiderSearch>();
        foreach (var (label, other) in candidates)
        {
            var found = index.SearchDatasets(other.ToQuery(0, 1), ct);
            if (found.Total > total) wider.Add(new(label, found.Total, other.ToString()));
        }
        return wider;
    }
}
