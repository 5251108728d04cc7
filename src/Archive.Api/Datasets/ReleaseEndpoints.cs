using System.Text.Json.Serialization;
using Archive.Api.Accounts;
using Archive.Api.Curation;
using Archive.Api.Errors;
using Archive.Api.Http;
using Archive.Api.Running;
using Archive.Model.Datasets;
using Archive.Storage.Metadata;
using Archive.Submissions.Release;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Archive.Api.Datasets;

/// <summary>Release, embargo and withdrawal of datasets, and the record of them.</summary>
internal static class ReleaseEndpoints
{
    public static IEndpointRouteBuilder MapReleases(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/api/datasets/{accession}").WithTags("Datasets").RequireAuthorization();
        group.MapPatch("", ChangeAsync).WithSummary("Changes the release date")
            .WithDescription("releaseDate is YYYY-MM-DD, meaning 00:00 UTC, or an ISO instant; one that has come releases at once, and today is recorded, unless the dataset waits for a curator. "
                + "An embargo lasts as long as the collection allows, two years at most. Of a public dataset only curators move the date: to a past one, or ahead, which takes it back under embargo.")
            .Refuses(400, 401, 403, 404, 409, 410, 422);
        group.MapPost("/withdrawal", WithdrawAsync).WithSummary("Withdraws a dataset, for curators")
            .WithDescription("Everybody is told the reason and the date from then on, and nothing else: the answer is 410, and searches know the dataset no more. "
                + "Curators still read its metadata and files. Repeating it changes nothing.")
            .Refuses(400, 401, 403, 404, 409, 410, 422);
        group.MapGet("/history", ListHistoryAsync).WithSummary("What was done to a dataset, newest first, for its owner and curators")
            .Refuses(400, 401, 403, 404, 410);
        return routes;
    }

    private static async Task<Ok<DatasetResponse>> ChangeAsync(string accession, ChangeDatasetRequest request, HttpContext http,
        IDatasetStore datasets, ReleaseDesk desk, IndexCatchUp index, CancellationToken ct)
    {
        var account = http.RequireAccount();
        var dataset = await DatasetAccess.RequireAsync(accession, http, datasets, ct, DatasetAct.MoveDate);
        return await ToldAsync(await desk.ChangeDateAsync(dataset.Accession, request.ReleaseDate, account, ct), http, index, ct);
    }

    private static async Task<Ok<DatasetResponse>> WithdrawAsync(string accession, WithdrawRequest request, HttpContext http,
        IDatasetStore datasets, ReleaseDesk desk, IndexCatchUp index, CancellationToken ct)
    {
        var account = http.RequireAccount();
        var dataset = await DatasetAccess.RequireAsync(accession, http, datasets, ct, DatasetAct.Withdraw);
        return await ToldAsync(await desk.WithdrawAsync(dataset.Accession, request.Reason, account, ct), http, index, ct);
    }

    private static async Task<Ok<Page<AuditResponse>>> ListHistoryAsync(
        string accession, HttpContext http, IDatasetStore datasets, IAuditStore audit, int? size, string? cursor, CancellationToken ct)
    {
        var dataset = await DatasetAccess.RequireAsync(accession, http, datasets, ct, DatasetAct.Follow);
        http.Response.Headers.CacheControl = "no-store";
        return await AuditEndpoints.OfDatasetAsync(dataset, audit, size, cursor, ct);
    }

    // Searches of this node know it when the answer comes.
    private static async Task<Ok<DatasetResponse>> ToldAsync(Dataset? written, HttpContext http, IndexCatchUp index, CancellationToken ct)
    {
        if (written is null) throw StatusPages.NotFound();
        await index.WaitAsync(written.Change, hides: written.State is not DatasetState.Released, ct);
        return TypedResults.Ok(DatasetResponse.Of(written, written.VersionsFor(http)) with { Review = ReviewResponse.For(written, http.Account()) });
    }
}

/// <summary>A change of a dataset.</summary>
/// <param name="ReleaseDate">YYYY-MM-DD, meaning 00:00 UTC, or an ISO instant with its offset.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record ChangeDatasetRequest(string? ReleaseDate);

/// <summary>A dataset to be taken back.</summary>
/// <param name="Reason">What readers are told, 10 to 2,000 characters in one paragraph.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record WithdrawRequest(string? Reason);
