using Archive.Indexer;
using Archive.Model.Errors;
using Archive.Model.Search;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Archive.Api.Pages;

/// <summary>The start page.</summary>
internal sealed class StartModel(PublicTotals totals, ISearchIndex index) : PageModel
{
    private const int Newest = 5;
    private const int Values = 6;

    /// <summary>What is shown.</summary>
    public StartView View { get; private set; } = null!;

    /// <summary>Counts, and asks the index for what is new.</summary>
    public async Task OnGetAsync(CancellationToken ct)
    {
        var page = FindNewest(ct);
        View = new(await totals.CountAsync(ct), page?.Items ?? [], Facet(page, "organism"), Facet(page, "method"));
    }

    // The first page of all stands even while the index is being opened.
    private SearchPage<DatasetHit>? FindNewest(CancellationToken ct)
    {
        try
        {
            return index.SearchDatasets(new DatasetQuery { Sort = "-released", Size = Newest, FacetSize = Values }, ct);
        }
        catch (ArchiveException refused) when (refused.Problem == Problems.IndexNotReady)
        {
            return null;
        }
    }

    private static FacetResult? Facet(SearchPage<DatasetHit>? page, string name) => page?.Facets.FirstOrDefault(f => f.Name == name && f.Values.Count > 0);
}
