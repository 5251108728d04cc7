using Archive.Api.Accounts;
using Archive.Api.Datasets;
using Archive.Api.Errors;
using Archive.Api.Http;
using Archive.Model.Accounts;
using Archive.Model.Datasets;
using Archive.Model.Submissions;
using Archive.Storage.Metadata;
using Archive.Submissions.Curation;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Archive.Api.Curation;

/// <summary>The curators' queue: what waits, and what they decide.</summary>
internal static class CurationEndpoints
{
    private const int MaxSize = 200;

    public static IEndpointRouteBuilder MapCuration(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/api/curation").WithTags("Curation").For(Role.Curator);
        group.MapGet("", ListAsync).WithSummary("Datasets that wait for a curator, those that wait longest first").Refuses(400, 401, 403);
        group.MapPost("/{accession}/approval", ApproveAsync).WithSummary("Lets a dataset pass")
            .WithDescription("It becomes public at once when its release date is due, else on that date. version, when given, must be the newest: the one that was looked at. Repeating it changes nothing.")
            .Refuses(400, 401, 403, 404, 409, 410);
        group.MapPost("/{accession}/return", ReturnAsync).WithSummary("Gives a dataset back to its depositor with a message")
            .WithDescription("It stays private; its next version comes into the queue again. Repeating it with the same message changes nothing.")
            .Refuses(400, 401, 403, 404, 409, 410, 422);
        return routes;
    }

    private static async Task<Ok<Page<QueueItem>>> ListAsync(HttpContext http, ICurationStore curation, IAccountStore accounts, int? size, string? cursor, CancellationToken ct)
    {
        var count = Paging.Size(size, MaxSize);
        var found = await curation.ListWaitingAsync(Paging.Key<QueueCursor>(cursor)?.Place, count + 1, ct);
        var names = new Dictionary<AccountId, string?>();
        foreach (var owner in found.Select(d => d.Owner).Distinct()) names[owner] = (await accounts.FindAsync(owner, ct))?.Name;
        http.Response.Headers.CacheControl = "no-store";
        return TypedResults.Ok(Paging.Cut(found, count, d => new QueueCursor(new(d.Review!.Last.At, d.Accession)).ToString(), d => QueueItem.Of(d, names[d.Owner])));
    }

    private static async Task<Ok<DatasetResponse>> ApproveAsync(
        string accession, ApprovalRequest? request, HttpContext http, IDatasetStore datasets, CurationDesk desk, CancellationToken ct)
    {
        var curator = http.RequireAccount();
        var dataset = await DatasetAccess.RequireAsync(accession, http, datasets, ct);
        return Answer(http, await desk.ApproveAsync(dataset.Accession, curator, request?.Version, ct));
    }

    private static async Task<Ok<DatasetResponse>> ReturnAsync(
        string accession, ReturnRequest request, HttpContext http, IDatasetStore datasets, CurationDesk desk, CancellationToken ct)
    {
        var curator = http.RequireAccount();
        var dataset = await DatasetAccess.RequireAsync(accession, http, datasets, ct);
        if (string.IsNullOrWhiteSpace(request.Message) || request.Message.Length > Review.MaxMessage)
            throw Refusal.Of([new(Severity.Error, "message", "$.message", $"Tell the depositor what to mend, in {Review.MaxMessage:N0} characters at most.")]);
        return Answer(http, await desk.ReturnAsync(dataset.Accession, curator, request.Message.Trim(), request.Version, ct));
    }

    private static Ok<DatasetResponse> Answer(HttpContext http, Dataset? dataset)
    {
        http.Response.Headers.CacheControl = "no-store";
        return dataset is null ? throw StatusPages.NotFound() : TypedResults.Ok(DatasetResponse.Of(dataset, dataset.VersionsFor(http)) with { Review = ReviewResponse.Of(dataset) });
    }
}

/// <summary>A decision to let a dataset pass.</summary>
/// <param name="Version">The version that was looked at; left out: whichever is the newest.</param>
internal sealed record ApprovalRequest(int? Version = null);

/// <summary>A decision to give a dataset back.</summary>
/// <param name="Message">What the depositor is told.</param>
/// <param name="Version">The version that was looked at; left out: whichever is the newest.</param>
internal sealed record ReturnRequest(string? Message, int? Version = null);

/// <summary>A dataset in the queue.</summary>
/// <param name="Accession">The dataset.</param>
/// <param name="Title">Its title.</param>
/// <param name="Collection">Its collection.</param>
/// <param name="Version">The version to look at.</param>
/// <param name="WaitingSince">Since when it waits (UTC).</param>
/// <param name="Owner">The depositor's account.</param>
/// <param name="OwnerName">The depositor's name.</param>
/// <param name="ReleaseDate">When it is to become public (UTC); null for none.</param>
/// <param name="FileCount">Its files.</param>
/// <param name="TotalBytes">Their bytes.</param>
/// <param name="TimesReturned">How often it was given back before.</param>
internal sealed record QueueItem(Accession Accession, string Title, string Collection, int Version, DateTimeOffset WaitingSince, AccountId Owner,
    string? OwnerName, DateTimeOffset? ReleaseDate, long FileCount, long TotalBytes, int TimesReturned)
{
    public static QueueItem Of(Dataset dataset, string? ownerName) => new(dataset.Accession, dataset.Title, dataset.Collection, dataset.Latest.Number,
        dataset.Review!.Last.At, dataset.Owner, ownerName, dataset.ReleaseDate, dataset.Latest.FileCount, dataset.Latest.TotalBytes,
        dataset.Review.Moves.Count(m => m.To == ReviewState.Returned));
}
