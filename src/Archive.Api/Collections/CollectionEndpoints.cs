using Archive.Api.Errors;
using Archive.Api.Http;
using Archive.Model.Datasets;
using Archive.Storage.Metadata;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Archive.Api.Collections;

/// <summary>Collections: named groups of datasets.</summary>
internal static class CollectionEndpoints
{
    public static IEndpointRouteBuilder MapCollections(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/api/collections").WithTags("Collections");
        group.MapGet("", ListAsync).WithSummary("All collections by name");
        group.MapGet("/{id}", GetAsync).WithSummary("A collection").Refuses(404);
        return routes;
    }

    private static async Task<Ok<Page<Collection>>> ListAsync(ICollectionStore collections, CancellationToken ct) =>
        TypedResults.Ok(new Page<Collection>(await collections.ListAsync(ct), null));

    private static async Task<Ok<Collection>> GetAsync(string id, ICollectionStore collections, CancellationToken ct) =>
        TypedResults.Ok(await collections.FindAsync(id, ct) ?? throw StatusPages.NotFound());
}
