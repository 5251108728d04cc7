using Archive.Api.Accounts;
using Archive.Api.Errors;
using Archive.Api.Http;
using Archive.Model.Accounts;
using Archive.Storage.Metadata;
using Archive.Submissions.Collections;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Archive.Api.Collections;

/// <summary>Collections: named groups of datasets.</summary>
internal static class CollectionEndpoints
{
    public static IEndpointRouteBuilder MapCollections(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/api/collections").WithTags("Collections");
        group.MapGet("", ListAsync).WithSummary("All collections by name")
            .WithDescription("What a collection leaves out holds as its parent has it; the answer says what holds.");
        group.MapGet("/{id}", GetAsync).WithSummary("A collection").Refuses(404);
        group.MapPut("/{id}", PutAsync).For(Role.Operator).WithSummary("Adds or replaces a collection, for operators")
            .WithDescription("What is left out holds as the parent has it. The answer to a wrong one lists everything that is wrong. Datasets keep their accessions.")
            .Produces<CollectionResponse>(StatusCodes.Status201Created).Refuses(400, 401, 403, 409, 422);
        group.MapDelete("/{id}", DeleteAsync).For(Role.Operator).WithSummary("Removes a collection that nothing belongs to, for operators")
            .Refuses(401, 403, 404, 409);
        return routes;
    }

    private static async Task<Ok<Page<CollectionResponse>>> ListAsync(ICollectionStore collections, CancellationToken ct)
    {
        var catalogue = await collections.ReadAsync(ct);
        return TypedResults.Ok(new Page<CollectionResponse>([.. catalogue.Collections.Select(c => CollectionResponse.Of(c, catalogue))], null));
    }

    private static async Task<Ok<CollectionResponse>> GetAsync(string id, HttpContext http, ICollectionStore collections, IAccountStore accounts, CancellationToken ct)
    {
        var catalogue = await collections.ReadAsync(ct);
        var collection = catalogue.Find(id) ?? throw StatusPages.NotFound();
        var response = CollectionResponse.Of(collection, catalogue);
        if (http.Account()?.Role is not Role.Operator) return TypedResults.Ok(response);
        // Who is named is for operators.
        http.Response.Headers.CacheControl = "no-store";
        var named = new List<string>();
        foreach (var depositor in catalogue.RulesOf(id).Depositors)
            if (await accounts.FindAsync(depositor, ct) is { } account) named.Add(account.Email);
        return TypedResults.Ok(response with { Accounts = named });
    }

    private static async Task<Results<Ok<CollectionResponse>, Created<CollectionResponse>>> PutAsync(
        string id, CollectionForm form, CollectionDesk desk, ICollectionStore collections, CancellationToken ct)
    {
        var (collection, isNew, report) = await desk.PutAsync(id, form, ct);
        if (collection is null) throw Refusal.Of(report.Findings);
        var response = CollectionResponse.Of(collection, await collections.ReadAsync(ct));
        return isNew ? TypedResults.Created($"/api/collections/{collection.Id}", response) : TypedResults.Ok(response);
    }

    private static async Task<NoContent> DeleteAsync(string id, CollectionDesk desk, CancellationToken ct) =>
        await desk.RemoveAsync(id, ct) ? TypedResults.NoContent() : throw StatusPages.NotFound();
}
