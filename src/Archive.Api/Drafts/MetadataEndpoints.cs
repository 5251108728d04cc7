using Archive.Api.Accounts;
using Archive.Api.Http;
using Archive.Model.Accounts;
using Archive.Model.Errors;
using Archive.Model.Submissions;
using Archive.Storage.Metadata;
using Archive.Submissions.Drafts;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;

namespace Archive.Api.Drafts;

/// <summary>A draft's page tab.</summary>
internal static class MetadataEndpoints
{
    public static IEndpointRouteBuilder MapDraftMetadata(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/api/drafts/{id}/metadata").WithTags("Drafts").RequireAuthorization();
        group.MapGet("", GetAsync).WithSummary("The page tab as last sent")
            .Produces<object>(StatusCodes.Status200OK, "application/json")
            .Produces(StatusCodes.Status204NoContent).Produces(StatusCodes.Status304NotModified).Refuses(401, 404);
        // The length is judged while reading, so that the refusal can name the limit and what to do instead.
        group.MapPut("", PutAsync).WithSummary("Replaces the page tab")
            .WithDescription("Stored as sent; If-Match refuses to overwrite another edit. Errors of the format are refused; the rules of the template are judged by validation and submission.")
            .WithMetadata(new DisableRequestSizeLimitAttribute())
            .Accepts<object>("application/json")
            .Refuses(400, 401, 404, 408, 409, 412, 413, 415, 422, 503);
        return routes;
    }

    private static async Task<IResult> GetAsync(string id, HttpContext http, IDraftStore drafts, CancellationToken ct)
    {
        var draft = await DraftEndpoints.FindAsync(id, http, drafts, ct);
        var etag = ETags.OfRevision(draft.Revision);
        http.Response.GetTypedHeaders().ETag = etag;
        http.Response.Headers.CacheControl = "no-store";
        if (ETags.IsKnown(http.Request.Headers.IfNoneMatch, etag)) return TypedResults.StatusCode(StatusCodes.Status304NotModified);
        if (await drafts.OpenPageTabAsync(draft.Id, ct) is not { } pageTab) return TypedResults.NoContent();
        // It may be newer than the draft read above.
        http.Response.GetTypedHeaders().ETag = ETags.OfRevision(pageTab.Revision);
        return new StoredPageTabAnswer(pageTab);
    }

    private static async Task<Ok<MetadataResponse>> PutAsync(
        string id, HttpContext http, IDraftStore drafts, DraftDesk desk, LargePageTabs large, CancellationToken ct)
    {
        var draft = await DraftEndpoints.FindAsync(id, http, drafts, ct);
        if (!http.Request.HasJsonContentType())
            throw new ArchiveException(Problems.UnsupportedMediaType, "The field Content-Type must be application/json.");
        var ifMatch = http.Request.Headers.IfMatch;
        if (!ETags.Allows(ifMatch, ETags.OfRevision(draft.Revision)))
            throw new ArchiveException(Problems.PreconditionFailed, "The draft has changed since the ETag in If-Match.");
        // Whoever names a revision wins only while it stands; others write over whatever stands.
        var revision = ifMatch.Count == 0 || ifMatch.ToString().Trim() == "*" ? (long?)null : draft.Revision;
        using var place = large.Enter(http.RequireAccount().Id, http.Request.ContentLength ?? long.MaxValue);
        // Who holds a place has to get on; the server's own rate would let the largest page tab take a day.
        if (place is not null && http.Features.Get<IHttpMinRequestBodyDataRateFeature>() is { } rate) rate.MinDataRate = LargePageTabs.LeastRate;
        var (stored, report) = await desk.SetPageTabAsync(draft.Id, http.Request.Body, revision, ct);
        http.Response.GetTypedHeaders().ETag = ETags.OfRevision(stored.Revision);
        return TypedResults.Ok(new MetadataResponse(stored.Id, report.Findings, report.Omitted));
    }
}

/// <summary>
/// Bounds the long page tabs that are received, checked or submitted at once on this node, and those of unknown length: each takes up to
/// some 100 MB in memory for a moment, while nearly all page tabs have a few dozen kilobytes.
/// </summary>
internal sealed class LargePageTabs() : Places(all: 4, ofOne: 1, "long page tabs")
{
    /// <summary>A page tab above this length takes a place.</summary>
    public const long FromBytes = 1 << 20;

    /// <summary>A body that holds a place and is slower than this for half a minute is refused with 408.</summary>
    public static readonly MinDataRate LeastRate = new(bytesPerSecond: 16 << 10, gracePeriod: TimeSpan.FromSeconds(30));

    /// <summary>Takes a place when a page tab is long; null when it needs none.</summary>
    /// <param name="lengthBytes">Its length; null when there is none.</param>
    /// <exception cref="ArchiveException"><see cref="Problems.Busy"/>.</exception>
    public IDisposable? Enter(AccountId account, long? lengthBytes) => lengthBytes > FromBytes ? Enter(account) : null;
}

/// <summary>What was found in a page tab that was stored.</summary>
/// <param name="Id">The draft.</param>
/// <param name="Findings">Warnings of the format.</param>
/// <param name="Omitted">How many more there were.</param>
internal sealed record MetadataResponse(DraftId Id, IReadOnlyList<Finding> Findings, long Omitted);
