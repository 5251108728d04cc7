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
        var catalogue = await collections.ReadAsync(ct);
        var collection = catalogue.Find(id) ?? throw StatusPages.NotFound();
        var address = SearchAddress.Empty.Toggle("collection", collection.Id);
        View = new(collection, catalogue.RulesOf(id), catalogue.Find(collection.Parent ?? ""), [.. catalogue.Children(id)], index.SearchDatasets(address.By("-released").ToQuery(Newest, 1), ct), address.ToString());
    }
}

/// <summary>What the page of a collection shows.</summary>
/// <param name="Collection">The collection.</param>
/// <param name="Rules">What holds in it.</param>
/// <param name="Parent">The collection that it is part of, or null.</param>
/// <param name="Children">Its parts.</param>
/// <param name="Datasets">Its newest datasets.</param>
/// <param name="SearchAddress">All of them, with facets.</param>
internal sealed record CollectionView(Collection Collection, CollectionRules Rules, Collection? Parent, IReadOnlyList<Collection> Children, SearchPage<DatasetHit> Datasets, string SearchAddress);
