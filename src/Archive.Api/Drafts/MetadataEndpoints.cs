using Archive.Api.Accounts;
using Archive.Api.Http;
using Archive.Model.Accounts;
using Archive.Model.Errors;
using Archive.Model.Submissions;
using Archive.Storage.Metadata;
using Archive.Submissions.Drafts;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

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
            .WithDescription("Stored as sent, but for a byte order mark at its start, which JSON must not have (RFC 8259, section 8.1); If-Match refuses to overwrite another edit. Errors of the format are refused; the rules of the template are judged by validation and submission.")
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
        string id, HttpContext http, IDraftStore drafts, DraftDesk desk, IncomingPageTabs incoming, CancellationToken ct)
    {
        var draft = await DraftEndpoints.FindAsync(id, http, drafts, ct);
        if (!http.Request.HasJsonContentType())
            throw new ArchiveException(Problems.UnsupportedMediaType, "The field Content-Type must be application/json.");
        var ifMatch = http.Request.Headers.IfMatch;
        if (!ETags.Allows(ifMatch, ETags.OfRevision(draft.Revision)))
            throw new ArchiveException(Problems.PreconditionFailed, "The draft has changed since the ETag in If-Match.");
        // Whoever names a revision wins only while it stands; others write over whatever stands.
        var revision = ifMatch.Count == 0 || ifMatch.ToString().Trim() == "*" ? (long?)null : draft.Revision;
        using var place = incoming.Enter(http.RequireAccount().Id, http.Request.ContentLength ?? long.MaxValue);
        var (stored, report) = await desk.SetPageTabAsync(draft.Id, http.Request.Body, revision, ct);
        http.Response.GetTypedHeaders().ETag = ETags.OfRevision(stored.Revision);
        return TypedResults.Ok(new MetadataResponse(stored.Id, report.Findings, report.Omitted));
    }
}

/// <summary>
/// Bounds the long page tabs that are read and judged at once on this node, for validation and submission: each takes up to some 100 MB
/// in memory for a moment, while nearly all page tabs have a few dozen kilobytes.
/// </summary>
internal sealed class LargePageTabs() : LongPageTabs(all: 4, "long page tabs");

/// <summary>
/// Bounds the long page tabs, and those of unknown length, that are on their way at once: each takes its own length in memory for as long
/// as its sender needs, which <see cref="DraftOptions.ReceiveWithin"/> bounds. Apart from the others, so that slow senders stop nobody's checks.
/// </summary>
internal sealed class IncomingPageTabs() : LongPageTabs(all: 16, "long page tabs on their way");

/// <summary>Places for page tabs that are long, one for an account.</summary>
internal abstract class LongPageTabs(long all, string what) : Places(all, ofOne: 1, what)
{
    /// <summary>A page tab above this length takes a place.</summary>
    public const long FromBytes = 1 << 20;

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
