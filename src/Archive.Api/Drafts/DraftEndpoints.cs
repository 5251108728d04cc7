using System.Text.Json.Serialization;
using Archive.Api.Accounts;
using Archive.Api.Datasets;
using Archive.Api.Errors;
using Archive.Api.Http;
using Archive.Model.Accounts;
using Archive.Model.Datasets;
using Archive.Model.Submissions;
using Archive.Storage.Metadata;
using Archive.Submissions.Drafts;
using Archive.Submissions.Revisions;
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
            .WithDescription("A draft has no accession yet. A collection that does not take the caller's datasets is refused. With revises= it makes the next version of that "
                + "dataset: it carries the accession and begins with the page tab and the files of the newest version. A dataset has one open revision, which its owner and "
                + "curators share: where there is one, it is the answer (200).")
            .Produces<DraftResponse>(StatusCodes.Status201Created).Refuses(400, 401, 403, 404, 409, 410, 422, 503);
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

    private static async Task<Ok<Page<DraftResponse>>> ListAsync(HttpContext http, IDraftStore drafts, DraftLimitsDesk limits, int? size, string? cursor, CancellationToken ct)
    {
        var count = Paging.Size(size);
        var found = await drafts.ListAsync(http.RequireAccount().Id, Paging.Key<DraftId>(cursor), count + 1, ct);
        var bounds = await limits.OfAsync(found, ct);
        return TypedResults.Ok(Paging.Cut(found, count, d => d.Id.ToString(), d => DraftResponse.Of(d, bounds[d.Id])));
    }

    private static async Task<Results<Created<DraftResponse>, Ok<DraftResponse>>> BeginAsync(BeginDraftRequest request, HttpContext http, DraftDesk desk,
        DraftLimitsDesk limits, RevisionDesk revisions, IDatasetStore datasets, IncomingPageTabs incoming, CancellationToken ct)
    {
        var account = http.RequireAccount();
        var (draft, isNew) = request.Revises is { } accession
            ? await ReviseAsync(accession, request, account, revisions, datasets, incoming, ct)
            : (await desk.BeginAsync(account.Id, account.Role, request.Collection, ct), true);
        var answer = DraftResponse.Of(draft, await limits.OfAsync(draft, ct));
        return isNew ? TypedResults.Created($"/api/drafts/{draft.Id}", answer) : TypedResults.Ok(answer);
    }

    private static async Task<(Draft Draft, bool IsNew)> ReviseAsync(string accession, BeginDraftRequest request, Account account,
        RevisionDesk revisions, IDatasetStore datasets, IncomingPageTabs incoming, CancellationToken ct)
    {
        var dataset = await DatasetAccess.RequireEditableAsync(accession, account, datasets, ct);
        if (request.Collection is { } collection && !string.Equals(collection, dataset.Collection, StringComparison.OrdinalIgnoreCase))
            throw Refusal.Of([new(Severity.Error, "collection-kept", "$.collection", $"A revision stays in its dataset's collection: leave it out, or name '{dataset.Collection}'.")]);
        // The page tab is copied as a text: a long one takes its length in memory for a moment.
        await using var newest = await datasets.OpenPageTabAsync(dataset.DocumentOf(dataset.Latest), ct);
        using var place = incoming.Enter(account.Id, newest?.LengthBytes);
        return await revisions.BeginAsync(dataset, ct);
    }

    private static async Task<Ok<DraftResponse>> GetAsync(string id, HttpContext http, IDraftStore drafts, DraftLimitsDesk limits, CancellationToken ct)
    {
        var draft = await FindAsync(id, http, drafts, ct);
        http.Response.GetTypedHeaders().ETag = ETags.OfRevision(draft.Revision);
        http.Response.Headers.CacheControl = "no-store";
        return TypedResults.Ok(DraftResponse.Of(draft, await limits.OfAsync(draft, ct)));
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
/// <param name="Revises">The accession of the dataset to make the next version of; left out for a new dataset.</param>
// A member that is not known here must not be passed over: the draft would be another than was meant.
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record BeginDraftRequest(string? Collection = null, string? Revises = null);

/// <summary>A draft.</summary>
/// <param name="Id">Its identifier.</param>
/// <param name="Collection">Its collection.</param>
/// <param name="CreatedAt">When it was begun (UTC).</param>
/// <param name="Sealed">Whether writes are refused because a submission is on its way.</param>
/// <param name="Submission">The submission that seals it, or null.</param>
/// <param name="Accession">The number minted at the first submit, or that of the dataset which it revises; else null.</param>
/// <param name="Version">The version that the next submission produces; above 1 it is a revision.</param>
/// <param name="Limits">What bounds it, and how near the bounds are.</param>
internal sealed record DraftResponse(
    DraftId Id, string Collection, DateTimeOffset CreatedAt, bool Sealed, SubmissionId? Submission, Accession? Accession, int Version, DraftLimits Limits)
{
    public static DraftResponse Of(Draft draft, DraftLimits limits) =>
        new(draft.Id, draft.Collection, draft.CreatedAt, draft.SealedBy is not null, draft.SealedBy, draft.Accession, draft.Version, limits);
}
