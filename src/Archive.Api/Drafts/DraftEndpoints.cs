using System.Text.Json.Serialization;
using Archive.Api.Accounts;
using Archive.Api.Errors;
using Archive.Api.Http;
using Archive.Model.Datasets;
using Archive.Model.Submissions;
using Archive.Storage.Metadata;
using Archive.Submissions.Drafts;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Archive.Api.Drafts;

/// <summary>Drafts: datasets being prepared.</summary>
internal static class DraftEndpoints
{
    public static IEndpointRouteBuilder MapDrafts(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/api/drafts").WithTags("Drafts").RequireAuthorization();
        group.MapGet("", ListAsync).WithSummary("The caller's drafts, newest first").Refuses(401);
        group.MapPost("", BeginAsync).WithSummary("Begins a draft")
            .WithDescription("A draft has no accession yet. A collection that does not take the caller's datasets is refused.").Refuses(400, 401, 403, 422);
        group.MapGet("/{id}", GetAsync).WithSummary("A draft").Refuses(401, 404);
        group.MapDelete("/{id}", DeleteAsync).WithSummary("Throws a draft and its staged files away").Refuses(401, 404, 409);
        return routes;
    }

    /// <summary>The draft, when the caller may use it; else the same 404 as for none.</summary>
    public static async Task<Draft> FindAsync(string id, HttpContext http, IDraftStore drafts, CancellationToken ct) =>
        DraftId.TryParse(id, null, out var draftId) && await drafts.FindAsync(draftId, ct) is { } draft && http.RequireAccount().MayUse(draft)
            && await http.RequestServices.GetRequiredService<DraftCloser>().OpenIfRefusedAsync(draft, ct) is { } open
            ? open
            : throw StatusPages.NotFound();

    private static async Task<Ok<Page<DraftResponse>>> ListAsync(HttpContext http, IDraftStore drafts, int? size, string? cursor, CancellationToken ct)
    {
        var count = Paging.Size(size);
        var found = await drafts.ListAsync(http.RequireAccount().Id, Paging.Key<DraftId>(cursor), count + 1, ct);
        return TypedResults.Ok(Paging.Cut(found, count, d => d.Id.ToString(), DraftResponse.Of));
    }

    private static async Task<Created<DraftResponse>> BeginAsync(BeginDraftRequest request, HttpContext http, DraftDesk desk, CancellationToken ct)
    {
        var draft = await desk.BeginAsync(http.RequireAccount().Id, http.RequireAccount().Role, request.Collection, ct);
        return TypedResults.Created($"/api/drafts/{draft.Id}", DraftResponse.Of(draft));
    }

    private static async Task<Ok<DraftResponse>> GetAsync(string id, HttpContext http, IDraftStore drafts, CancellationToken ct)
    {
        var draft = await FindAsync(id, http, drafts, ct);
        http.Response.GetTypedHeaders().ETag = ETags.OfRevision(draft.Revision);
        http.Response.Headers.CacheControl = "no-store";
        return TypedResults.Ok(DraftResponse.Of(draft));
    }

    private static async Task<NoContent> DeleteAsync(string id, HttpContext http, IDraftStore drafts, DraftDesk desk, CancellationToken ct)
    {
        var draft = await FindAsync(id, http, drafts, ct);
        await desk.DeleteAsync(draft.Id, ct);
        return TypedResults.NoContent();
    }
}

/// <summary>A draft to begin.</summary>
/// <param name="Collection">The collection whose rules hold; the default one when left out.</param>
// A member that is not known here, such as the dataset that a draft is to revise, must not be passed over: the draft would be another.
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record BeginDraftRequest(string? Collection = null);

/// <summary>A draft.</summary>
/// <param name="Id">Its identifier.</param>
/// <param name="Collection">Its collection.</param>
/// <param name="CreatedAt">When it was begun (UTC).</param>
/// <param name="Sealed">Whether writes are refused because a submission is on its way.</param>
/// <param name="Submission">The submission that seals it, or null.</param>
/// <param name="Accession">The number minted at the first submit, or null.</param>
/// <param name="Version">The version that the next submission produces.</param>
internal sealed record DraftResponse(DraftId Id, string Collection, DateTimeOffset CreatedAt, bool Sealed, SubmissionId? Submission, Accession? Accession, int Version)
{
    public static DraftResponse Of(Draft draft) =>
        new(draft.Id, draft.Collection, draft.CreatedAt, draft.SealedBy is not null, draft.SealedBy, draft.Accession, draft.Version);
}
