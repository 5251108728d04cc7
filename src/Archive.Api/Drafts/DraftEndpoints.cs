using System.Text.Json.Serialization;
using Archive.Api.Accounts;
using Archive.Api.Datasets;
using Archive.Api.Errors;
using Archive.Api.Http;
using Archive.Model.Accounts;
using Archive.Model.Datasets;
using Archive.Model.Errors;
using Archive.Model.Sharing;
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
        group.MapGet("", ListAsync).WithSummary("The caller's drafts and those that are shared with him, newest first; access tells which").Refuses(401);
        group.MapPost("", BeginAsync).WithSummary("Begins a draft")
            .WithDescription("A draft has no accession yet. A collection that does not take the depositor's datasets is refused. With onBehalfOf a curator begins one that belongs "
                + "to the account of that address. With revises= it makes the next version of that "
                + "dataset: it carries the accession and begins with the page tab and the files of the newest version. A dataset has one open revision, which its owner, its "
                + "editors and curators share: where there is one, it is the answer (200).")
            .Produces<DraftResponse>(StatusCodes.Status201Created).Refuses(400, 401, 403, 404, 409, 410, 422, 503);
        group.MapGet("/{id}", GetAsync).WithSummary("A draft").Refuses(401, 404);
        group.MapDelete("/{id}", DeleteAsync).WithSummary("Throws a draft and its staged files away").Refuses(401, 403, 404, 409);
        return routes;
    }

    /// <summary>
    /// The draft, when the caller may do what he is about to: what the request's method says, unless it is told; else the same 404 as for none.
    /// What somebody does to another's draft is recorded.
    /// </summary>
    /// <exception cref="ArchiveException"><see cref="Problems.NotFound"/>; <see cref="Problems.Forbidden"/> for who may read it, but not do this.</exception>
    public static async Task<Draft> FindAsync(string id, HttpContext http, IDraftStore drafts, CancellationToken ct, DraftAct? act = null) =>
        DraftId.TryParse(id, null, out var draft) && await TryFindAsync(draft, http, drafts, ct, act) is { } found ? found : throw StatusPages.NotFound();

    /// <summary>The same; null when it is gone, never was, or is hidden from the caller.</summary>
    /// <exception cref="ArchiveException"><see cref="Problems.Forbidden"/> for who may read it, but not do this.</exception>
    public static async Task<Draft?> TryFindAsync(DraftId id, HttpContext http, IDraftStore drafts, CancellationToken ct, DraftAct? act = null)
    {
        var (account, services) = (http.RequireAccount(), http.RequestServices);
        if (await drafts.FindAsync(id, ct) is not { } draft) return null;
        var done = act ?? (HttpMethods.IsGet(http.Request.Method) || HttpMethods.IsHead(http.Request.Method) ? DraftAct.Read : DraftAct.Write);
        var standing = await services.GetRequiredService<Standings>().OfAsync(account, draft, ct);
        if (!standing.Allows(DraftAct.Read)) return null;
        if (!standing.Allows(done)) throw new ArchiveException(Problems.Forbidden, "The draft is shared with you, but not to do this with it: ask its owner.");
        await services.GetRequiredService<DraftRecord>().NoteAsync(account, draft, done, ct);
        return await services.GetRequiredService<DraftCloser>().OpenIfRefusedAsync(draft, ct);
    }

    private static async Task<Ok<Page<DraftResponse>>> ListAsync(
        HttpContext http, IDraftStore drafts, DraftLimitsDesk limits, int? size, string? cursor, CancellationToken ct)
    {
        var (account, count, after) = (http.RequireAccount(), Paging.Size(size), Paging.Key<DraftId>(cursor));
        var own = await drafts.ListAsync(account.Id, after, count + 1, ct);
        var found = own.Select(draft => (Draft: draft, Access: Standing.Owner)).ToList();
        found.AddRange((await drafts.ListSharedAsync(account, after, count + 1, ct)).Select(shared => (shared.Draft, Standings.Of(shared.Entry))));
        found.Sort((a, b) => string.CompareOrdinal(b.Draft.Id.ToString(), a.Draft.Id.ToString()));
        var page = found.Take(count + 1).ToList();
        var bounds = await limits.OfAsync([.. page.Select(d => d.Draft)], ct);
        return TypedResults.Ok(Paging.Cut(page, count, d => d.Draft.Id.ToString(), d => DraftResponse.Of(d.Draft, bounds[d.Draft.Id]) with { Access = d.Access }));
    }

    private static async Task<Results<Created<DraftResponse>, Ok<DraftResponse>>> BeginAsync(BeginDraftRequest request, HttpContext http, DraftDesk desk,
        DraftsForOthers others, DraftLimitsDesk limits, RevisionDesk revisions, IDatasetStore datasets, Standings standings, IncomingPageTabs incoming, CancellationToken ct)
    {
        var account = http.RequireAccount();
        var (draft, isNew) = request switch
        {
            { Revises: not null, OnBehalfOf: not null } => throw Refusal.Of([new(Severity.Error, "owner-kept", "$.onBehalfOf", "A revision belongs to its dataset's owner: leave onBehalfOf out.")]),
            { Revises: { } accession } => await ReviseAsync(accession, request, http, revisions, datasets, incoming, ct),
            { OnBehalfOf: { } email } => (await others.BeginAsync(account, email, request.Collection, ct), true),
            _ => (await desk.BeginAsync(account.Id, account.Role, request.Collection, ct), true),
        };
        var answer = DraftResponse.Of(draft, await limits.OfAsync(draft, ct)) with { Access = await standings.AccessAsync(account, draft, ct) };
        return isNew ? TypedResults.Created($"/api/drafts/{draft.Id}", answer) : TypedResults.Ok(answer);
    }

    private static async Task<(Draft Draft, bool IsNew)> ReviseAsync(string accession, BeginDraftRequest request, HttpContext http,
        RevisionDesk revisions, IDatasetStore datasets, IncomingPageTabs incoming, CancellationToken ct)
    {
        var dataset = await DatasetAccess.RequireAsync(accession, http, datasets, ct, DatasetAct.Revise);
        if (request.Collection is { } collection && !string.Equals(collection, dataset.Collection, StringComparison.OrdinalIgnoreCase))
            throw Refusal.Of([new(Severity.Error, "collection-kept", "$.collection", $"A revision stays in its dataset's collection: leave it out, or name '{dataset.Collection}'.")]);
        // The page tab is copied as a text: a long one takes its length in memory for a moment.
        await using var newest = await datasets.OpenPageTabAsync(dataset.DocumentOf(dataset.Latest), ct);
        using var place = incoming.Enter(http.RequireAccount().Id, newest?.LengthBytes);
        return await revisions.BeginAsync(dataset, ct);
    }

    private static async Task<Ok<DraftResponse>> GetAsync(
        string id, HttpContext http, IDraftStore drafts, DraftLimitsDesk limits, Standings standings, CancellationToken ct)
    {
        var draft = await FindAsync(id, http, drafts, ct);
        http.Response.GetTypedHeaders().ETag = ETags.OfRevision(draft.Revision);
        http.Response.Headers.CacheControl = "no-store";
        return TypedResults.Ok(DraftResponse.Of(draft, await limits.OfAsync(draft, ct)) with { Access = await standings.AccessAsync(http.RequireAccount(), draft, ct) });
    }

    private static async Task<NoContent> DeleteAsync(string id, HttpContext http, IDraftStore drafts, DraftDesk desk, CancellationToken ct)
    {
        var draft = await FindAsync(id, http, drafts, ct, DraftAct.Delete);
        await desk.DeleteAsync(draft.Id, ct);
        return TypedResults.NoContent();
    }
}

/// <summary>A draft to begin.</summary>
/// <param name="Collection">The collection whose rules hold; the default one when left out.</param>
/// <param name="Revises">The accession of the dataset to make the next version of; left out for a new dataset.</param>
// A member that is not known here must not be passed over: the draft would be another than was meant.
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record BeginDraftRequest(string? Collection = null, string? Revises = null)
{
    /// <summary>The address of the depositor whose draft it is to be, for curators; the caller's own when left out.</summary>
    public string? OnBehalfOf { get; init; }
}

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
    /// <summary>What the caller is to it: Owner; Editor or Reader of one that is shared; Curator.</summary>
    public Standing Access { get; init; } = Standing.Owner;

    public static DraftResponse Of(Draft draft, DraftLimits limits) =>
        new(draft.Id, draft.Collection, draft.CreatedAt, draft.SealedBy is not null, draft.SealedBy, draft.Accession, draft.Version, limits);
}
