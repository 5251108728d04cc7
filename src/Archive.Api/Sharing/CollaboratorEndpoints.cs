using System.Text.Json.Serialization;
using Archive.Api.Accounts;
using Archive.Api.Datasets;
using Archive.Api.Drafts;
using Archive.Api.Errors;
using Archive.Api.Http;
using Archive.Model.Accounts;
using Archive.Model.Sharing;
using Archive.Model.Submissions;
using Archive.Storage.Metadata;
using Archive.Submissions.Sharing;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Archive.Api.Sharing;

/// <summary>With whom drafts and datasets are shared. The same addresses under both.</summary>
internal static class CollaboratorEndpoints
{
    private const string About = "The person is told by mail. An address without an account is answered and listed like any other; the share holds as soon as an account has "
        + "confirmed it. A Reader reads, an Editor also writes and submits; neither deletes, shares, or moves dates. At most 50. The same address again changes its access. "
        + "Those of a draft are those of its dataset from its publication on.";

    public static IEndpointRouteBuilder MapCollaborators(this IEndpointRouteBuilder routes)
    {
        var drafts = routes.MapGroup("/api/drafts/{id}/collaborators").WithTags("Drafts").RequireAuthorization();
        drafts.MapGet("", ListOfDraftAsync).WithSummary("With whom a draft is shared, for its owner and curators").Refuses(401, 403, 404);
        drafts.MapMethods("", [HttpMethods.Post, HttpMethods.Put], ShareDraftAsync).WithSummary("Shares a draft with somebody").WithDescription(About).Refuses(400, 401, 403, 404, 422);
        drafts.MapDelete("/{collaborator}", UnshareDraftAsync).WithSummary("Shares a draft with somebody no more").Refuses(401, 403, 404);
        var datasets = routes.MapGroup("/api/datasets/{accession}/collaborators").WithTags("Datasets").RequireAuthorization();
        datasets.MapGet("", ListOfDatasetAsync).WithSummary("With whom a dataset is shared, for its owner and curators").Refuses(401, 403, 404, 410);
        datasets.MapMethods("", [HttpMethods.Post, HttpMethods.Put], ShareDatasetAsync).WithSummary("Shares a dataset with somebody").WithDescription(About).Refuses(400, 401, 403, 404, 410, 422);
        datasets.MapDelete("/{collaborator}", UnshareDatasetAsync).WithSummary("Shares a dataset with somebody no more").Refuses(401, 403, 404, 410);
        return routes;
    }

    private static async Task<Ok<Page<CollaboratorResponse>>> ListOfDraftAsync(string id, HttpContext http, IDraftStore drafts, SharingWriter sharing, CancellationToken ct) =>
        await ListAsync(SharedThing.Of(await DraftEndpoints.FindAsync(id, http, drafts, ct, DraftAct.Share)), http, sharing, ct);

    private static async Task<Ok<CollaboratorResponse>> ShareDraftAsync(
        string id, CollaboratorRequest request, HttpContext http, IDraftStore drafts, IAccountStore accounts, CollaboratorDesk desk, CancellationToken ct)
    {
        var draft = await DraftEndpoints.FindAsync(id, http, drafts, ct, DraftAct.Share);
        return await ShareAsync(SharedThing.Of(draft), draft.Owner, request, http, accounts, desk, ct);
    }

    private static async Task<NoContent> UnshareDraftAsync(string id, string collaborator, HttpContext http, IDraftStore drafts, CollaboratorDesk desk, CancellationToken ct) =>
        await UnshareAsync(SharedThing.Of(await DraftEndpoints.FindAsync(id, http, drafts, ct, DraftAct.Share)), collaborator, http, desk, ct);

    private static async Task<Ok<Page<CollaboratorResponse>>> ListOfDatasetAsync(
        string accession, HttpContext http, IDatasetStore datasets, SharingWriter sharing, CancellationToken ct) =>
        await ListAsync(SharedThing.Of((await DatasetAccess.RequireAsync(accession, http, datasets, ct, DatasetAct.Share)).Accession), http, sharing, ct);

    private static async Task<Ok<CollaboratorResponse>> ShareDatasetAsync(
        string accession, CollaboratorRequest request, HttpContext http, IDatasetStore datasets, IAccountStore accounts, CollaboratorDesk desk, CancellationToken ct)
    {
        var dataset = await DatasetAccess.RequireAsync(accession, http, datasets, ct, DatasetAct.Share);
        return await ShareAsync(SharedThing.Of(dataset.Accession), dataset.Owner, request, http, accounts, desk, ct);
    }

    private static async Task<NoContent> UnshareDatasetAsync(
        string accession, string collaborator, HttpContext http, IDatasetStore datasets, CollaboratorDesk desk, CancellationToken ct) =>
        await UnshareAsync(SharedThing.Of((await DatasetAccess.RequireAsync(accession, http, datasets, ct, DatasetAct.Share)).Accession), collaborator, http, desk, ct);

    private static async Task<Ok<Page<CollaboratorResponse>>> ListAsync(SharedThing thing, HttpContext http, SharingWriter sharing, CancellationToken ct)
    {
        http.Response.Headers.CacheControl = "no-store";
        return TypedResults.Ok(new Page<CollaboratorResponse>([.. (await sharing.ReadAsync(thing, ct)).Collaborators.Select(CollaboratorResponse.Of)], null));
    }

    private static async Task<Ok<CollaboratorResponse>> ShareAsync(
        SharedThing thing, AccountId owner, CollaboratorRequest request, HttpContext http, IAccountStore accounts, CollaboratorDesk desk, CancellationToken ct)
    {
        var (findings, email) = (new List<Finding>(), request.Email?.Trim());
        AccountRules.CheckEmail(findings, email);
        if (!Enum.TryParse<SharedAccess>(request.Access, ignoreCase: true, out var access) || !Enum.IsDefined(access) || char.IsAsciiDigit(request.Access![0]))
            findings.Add(new(Severity.Error, "access", "$.access", "Give Reader or Editor."));
        if (findings.Count == 0 && await accounts.FindAsync(owner, ct) is { } own && own.Email.Equals(email, StringComparison.OrdinalIgnoreCase))
            findings.Add(new(Severity.Error, "owner", "$.email", "This is the owner's address, who may do everything already."));
        if (findings.Count > 0) throw Refusal.Of(findings);
        return TypedResults.Ok(CollaboratorResponse.Of(await desk.ShareAsync(thing, email!, access, http.RequireAccount(), ct)));
    }

    private static async Task<NoContent> UnshareAsync(SharedThing thing, string collaborator, HttpContext http, CollaboratorDesk desk, CancellationToken ct) =>
        await desk.UnshareAsync(thing, collaborator, http.RequireAccount(), ct) ? TypedResults.NoContent() : throw StatusPages.NotFound();
}

/// <summary>Somebody with whom something is to be shared.</summary>
/// <param name="Email">His address.</param>
/// <param name="Access">Reader or Editor.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record CollaboratorRequest(string? Email, string? Access);

/// <summary>Somebody with whom something is shared.</summary>
/// <param name="Id">Names the entry.</param>
/// <param name="Email">The address that was named.</param>
/// <param name="Access">What he may do.</param>
/// <param name="AddedAt">Since when (UTC).</param>
internal sealed record CollaboratorResponse(string Id, string Email, SharedAccess Access, DateTimeOffset AddedAt)
{
    public static CollaboratorResponse Of(Collaborator one) => new(one.Id, one.Email, one.Access, one.AddedAt);
}
