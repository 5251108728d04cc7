using Archive.Api.Errors;
using Archive.Indexer;
using Archive.Model.Datasets;
using Archive.Model.Search;
using Archive.Storage.Metadata;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Archive.Api.Pages;

/// <summary>The page of a collection.</summary>
internal sealed class CollectionModel(ICollectionStore collections, ISearchIndex index) : PageModel
{
    private const int Newest = 10;

    /// <summary>What is shown.</summary>
    public CollectionView View { get; private set; } = null!;

    /// <summary>Shows the collection with its newest datasets.</summary>
    public async Task OnGetAsync(string id, CancellationToken ct)
    {
        var collection = await collections.FindAsync(id, ct) ?? throw StatusPages.NotFound();
        var address = SearchAddress.Empty.Toggle("collection", collection.Id);
        View = new(collection, index.SearchDatasets(address.By("-released").ToQuery(Newest, 1), ct), address.ToString());
    }
}

/// <summary>What the page of a collection shows.</summary>
/// <param name="Collection">The collection.</param>
/// <param name="Datasets">Its newest datasets.</param>
/// <param name="SearchAddress">All of them, with facets.</param>
internal sealed record CollectionView(Collection Collection, SearchPage<DatasetHit> Datasets, string SearchAddress);
