using Archive.Api.Accounts;
using Archive.Api.Datasets;
using Archive.Api.Http;
using Archive.Model.Accounts;
using Archive.Model.Errors;
using Archive.Model.PageTab;
using Archive.Model.Submissions;
using Archive.Storage.Metadata;
using Archive.Submissions.Drafts;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Net.Http.Headers;

namespace Archive.Api.Drafts;

/// <summary>A draft's page tab.</summary>
internal static class MetadataEndpoints
{
    private static readonly PageTabForm[] Forms = [PageTabForm.Json, PageTabForm.Tsv, PageTabForm.Xml];

    public static IEndpointRouteBuilder MapDraftMetadata(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/api/drafts/{id}/metadata").WithTags("Drafts").RequireAuthorization();
        group.MapGet("", GetAsync).WithSummary("The page tab as last sent")
            .WithDescription("JSON, TSV or XML by Accept, JSON where it says nothing; they say the same. XML has no way to write control characters: 406 names them. Any of their ETags may stand in If-Match.")
            .Produces<object>(StatusCodes.Status200OK, PageTabMedia.Json, PageTabMedia.Tsv, PageTabMedia.Xml)
            .Produces(StatusCodes.Status204NoContent).Produces(StatusCodes.Status304NotModified).Refuses(401, 404, 406, 503);
        // The length is judged while reading, so that the refusal can name the limit and what to do instead.
        group.MapPut("", PutAsync).WithSummary("Replaces the page tab")
            .WithDescription("JSON, TSV, XML or a workbook whose first sheet is read like TSV. Stored as sent, but for a byte order mark at its start, which JSON must not have (RFC 8259, section 8.1); If-Match refuses to overwrite another edit. Errors of the format are refused; the rules of the template are judged by validation and submission.")
            .WithMetadata(new DisableRequestSizeLimitAttribute())
            .Accepts<object>(PageTabMedia.Json, PageTabMedia.Tsv, PageTabMedia.Xml, PageTabMedia.TextXml, PageTabMedia.Xlsx)
            .Refuses(400, 401, 404, 408, 409, 412, 413, 415, 422, 503);
        return routes;
    }

    private static async Task<IResult> GetAsync(
        string id, HttpContext http, IDraftStore drafts, DraftDesk desk, LargePageTabs large, CancellationToken ct)
    {
        var draft = await DraftEndpoints.FindAsync(id, http, drafts, ct);
        var (form, mediaType) = PageTabAnswer.Negotiate(http);
        var etag = TagOf(draft.Revision, form);
        http.Response.GetTypedHeaders().ETag = etag;
        http.Response.Headers.CacheControl = "no-store";
        if (ETags.IsKnown(http.Request.Headers.IfNoneMatch, etag)) return TypedResults.StatusCode(StatusCodes.Status304NotModified);
        if (form != PageTabForm.Json)
        {
            // The tree is held until it is written; kept as JSON, a page tab is handed on without one.
            if (large.Enter(http.RequireAccount().Id, draft.PageTabBytes) is { } place) PageTabAnswer.Hold(place, http);
            if (await desk.ReadPageTabAsync(draft.Id, ct) is not { } read) return TypedResults.NoContent();
            http.Response.GetTypedHeaders().ETag = TagOf(read.Revision, form);
            return PageTabAnswer.Of(read.Document, form, mediaType);
        }
        if (await drafts.OpenPageTabAsync(draft.Id, ct) is not { } pageTab) return TypedResults.NoContent();
        // It may be newer than the draft read above.
        http.Response.GetTypedHeaders().ETag = TagOf(pageTab.Revision, form);
        return new StoredPageTabAnswer(pageTab);
    }

    private static EntityTagHeaderValue TagOf(long revision, PageTabForm form) => PageTabMedia.TagOf(ETags.OfRevision(revision), form);

    private static async Task<Ok<MetadataResponse>> PutAsync(
        string id, HttpContext http, IDraftStore drafts, DraftDesk desk, IncomingPageTabs incoming, LargePageTabs large, CancellationToken ct)
    {
        var draft = await DraftEndpoints.FindAsync(id, http, drafts, ct);
        if (PageTabMedia.FormOf(http.Request.ContentType) is not { } form)
            throw new ArchiveException(Problems.UnsupportedMediaType,
                $"A page tab is read as {PageTabMedia.Json}, {PageTabMedia.Tsv}, {PageTabMedia.Xml} or {PageTabMedia.Xlsx}, in UTF-8.");
        var ifMatch = http.Request.Headers.IfMatch;
        // Whoever read it in any form may write it in any form.
        if (!Forms.Any(f => ETags.Allows(ifMatch, TagOf(draft.Revision, f))))
            throw new ArchiveException(Problems.PreconditionFailed, "The draft has changed since the ETag in If-Match.");
        // Whoever names a revision wins only while it stands; others write over whatever stands.
        var revision = ifMatch.Count == 0 || ifMatch.ToString().Trim() == "*" ? (long?)null : draft.Revision;
        using var place = incoming.Enter(http.RequireAccount().Id, http.Request.ContentLength ?? long.MaxValue);
        // JSON is only looked at; another form becomes a tree, which takes a place of its own once all of it is here.
        var (stored, report) = await desk.SetPageTabAsync(draft.Id, form, http.Request.Body, revision, length => large.Enter(http.RequireAccount().Id, length), ct);
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
