using Archive.Api.Accounts;
using Archive.Api.Errors;
using Archive.Api.Http;
using Archive.Model.Accounts;
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
            .WithDescription("A draft has no accession yet. With revises, it prepares the next version of a dataset.").Refuses(400, 401, 404, 422);
        group.MapGet("/{id}", GetAsync).WithSummary("A draft").Refuses(401, 404);
        group.MapDelete("/{id}", DeleteAsync).WithSummary("Throws a draft and its staged files away").Refuses(401, 404, 409);
        return routes;
    }

    /// <summary>The draft, when the caller may use it; else the same 404 as for none.</summary>
    public static async Task<Draft> FindAsync(string id, HttpContext http, IDraftStore drafts, CancellationToken ct) =>
        DraftId.TryParse(id, null, out var draftId) && await drafts.FindAsync(draftId, ct) is { } draft && http.RequireAccount().MayUse(draft)
            ? draft
            : throw StatusPages.NotFound();

    private static async Task<Ok<Page<DraftResponse>>> ListAsync(HttpContext http, IDraftStore drafts, int? size, string? cursor, CancellationToken ct)
    {
        var count = Paging.Size(size);
        var found = await drafts.ListAsync(http.RequireAccount().Id, Paging.Key<DraftId>(cursor), count + 1, ct);
        return TypedResults.Ok(Paging.Cut(found, count, d => d.Id.ToString(), DraftResponse.Of));
    }

    private static async Task<Created<DraftResponse>> BeginAsync(BeginDraftRequest request, HttpContext http, DraftDesk desk, IDraftStore drafts,
        IDatasetStore datasets, TimeProvider clock, CancellationToken ct)
    {
        var account = http.RequireAccount();
        var draft = request.Revises is { } accession
            ? await ReviseAsync(await FindRevisedAsync(accession, account, datasets, ct), datasets, drafts, clock, ct)
            : await desk.BeginAsync(account.Id, request.Collection, ct);
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

    private static async Task<Dataset> FindRevisedAsync(string revises, Account account, IDatasetStore datasets, CancellationToken ct)
    {
        if (Accession.TryParse(revises, null, out var accession) && await datasets.FindAsync(accession, ct) is { } dataset &&
            dataset.State != DatasetState.Withdrawn && (dataset.Owner == account.Id || account.Role is Role.Curator))
            return dataset;
        throw StatusPages.NotFound();
    }

    // The next version begins with the page tab of the newest; its files stay by reference and are not staged again.
    private static async Task<Draft> ReviseAsync(Dataset dataset, IDatasetStore datasets, IDraftStore drafts, TimeProvider clock, CancellationToken ct)
    {
        var draft = new Draft
        {
            Id = DraftId.New(),
            Owner = dataset.Owner,
            Collection = dataset.Collection,
            CreatedAt = clock.GetUtcNow(),
            Accession = dataset.Accession,
            Version = dataset.Latest.Number + 1,
            PageTab = (await datasets.FindDocumentAsync(dataset.Accession, dataset.Latest, ct))?.AsSent,
        };
        await drafts.AddAsync(draft, ct);
        return await drafts.FindAsync(draft.Id, ct) ?? draft;
    }
}

/// <summary>A draft to begin.</summary>
/// <param name="Collection">The collection whose rules hold; the default one when left out.</param>
/// <param name="Revises">The accession whose next version is prepared; a new dataset when left out.</param>
internal sealed record BeginDraftRequest(string? Collection = null, string? Revises = null);

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
        new(draft.Id, draft.Collection, draft.CreatedAt, draft.IsSealed, draft.SealedBy, draft.Accession, draft.Version);
}
