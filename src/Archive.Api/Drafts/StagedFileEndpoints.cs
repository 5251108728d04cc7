using Archive.Api.Accounts;
using Archive.Api.Errors;
using Archive.Api.Http;
using Archive.Model.Errors;
using Archive.Model.Files;
using Archive.Model.Submissions;
using Archive.Storage.Metadata;
using Archive.Submissions.Drafts;
using Archive.Submissions.Revisions;
using Archive.Submissions.Staging;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using Microsoft.Net.Http.Headers;

namespace Archive.Api.Drafts;

/// <summary>A draft's staged files. A PUT streams one whole file, from the connection to the disk.</summary>
internal static class StagedFileEndpoints
{
    private const string WarningField = "Staging-Warning";

    public static IEndpointRouteBuilder MapDraftFiles(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/api/drafts/{id}/files").WithTags("Drafts").RequireAuthorization();
        group.MapGet("", ListAsync).WithSummary("The draft's files in path order")
            .WithDescription("Of a revision, the files of the version before too; status says what becomes of each: New, Kept, Replaced or Removed. changes=true leaves out what stays as it is.")
            .Refuses(400, 401, 404);
        group.MapPut("/{**path}", PutAsync).WithSummary("Uploads one whole file")
            .WithDescription("Replaces what stands at the path; If-None-Match: * refuses to, and If-Match replaces only the file of that ETag. "
                + "Names are the same when they are so under Unicode NFC, and are kept as sent: a name that is staged in another form is refused (path-taken). "
                + "In a revision of a public dataset only curators replace its files (file-public); to upload one again as it is, send its digest along. "
                + "Content-MD5 and Repr-Digest (sha-256) are compared with what arrives. When the answer comes, the file is durable. "
                + "A declared length is held against the quota (quota-exceeded) before the file is sent, an unknown one while it comes; of a file that replaces another only the difference counts. "
                + "From nine tenths of a quota on, each answer has a field Staging-Warning.")
            .WithMetadata(new DisableRequestSizeLimitAttribute())
            .Accepts<Stream>("application/octet-stream", "*/*")
            .Refuses(400, 401, 404, 408, 409, 412, 413, 415, 422, 507);
        group.MapMethods("/{**path}", [HttpMethods.Head], HeadAsync).WithSummary("Length and digest of a file").Refuses(401, 404);
        group.MapDelete("/{**path}", DeleteAsync).WithSummary("Removes a file")
            .WithDescription("A staged file is gone; of a file that the version before has, the next version has none. Older versions keep it. "
                + "In a revision of a public dataset only curators remove its files (file-public).").Refuses(400, 401, 404, 409);
        routes.MapDelete("/api/drafts/{id}/changes/{**path}", TakeBackAsync).WithTags("Drafts").RequireAuthorization()
            .WithSummary("Takes back what a revision does to a path")
            .WithDescription("What was uploaded there is thrown away, a removal is undone: the file is again what it is in the version before.").Refuses(400, 401, 404, 409);
        return routes;
    }

    private static async Task<Ok<Page<StagedFileResponse>>> ListAsync(
        string id, HttpContext http, IDraftStore drafts, NextFiles next, bool? changes, int? size, string? cursor, CancellationToken ct)
    {
        var files = await next.OpenAsync(await DraftEndpoints.FindAsync(id, http, drafts, ct), ct);
        var (count, after) = (Paging.Size(size), Paging.Key<ArchivePath>(cursor));
        var listed = changes is true ? files.ListStagedAsync(after, ct).Where(f => f.State != NextFileState.Kept) : files.ListAsync(after, ct);
        var found = await Paging.TakeAsync(listed, count + 1, ct);
        return TypedResults.Ok(Paging.Cut(found, count, f => f.Path.Value, StagedFileResponse.Of));
    }

    private static async Task<Results<Ok<StagedFileResponse>, Created<StagedFileResponse>>> PutAsync(
        string id, string path, HttpContext http, IDraftStore drafts, NextFiles next, StagingArea staging, CancellationToken ct)
    {
        var draft = await DraftEndpoints.FindAsync(id, http, drafts, ct);
        var place = Read(path);
        RequireWholeAndPlain(http);
        var declared = DigestFields.Read(http.Request.Headers);
        var files = await next.OpenAsync(draft, ct);
        await PublicFiles.RequireChangeableAsync(files, place, http.RequireAccount().AsEditor(), declared.Sha256, ct);
        // A first version has nothing besides what staging itself looks at.
        var before = files.Base is null ? null : await files.FindAsync(place, ct);
        // Staging has a rolling deadline of its own for a body that stands still, and tells it as a problem.
        if (http.Features.Get<IHttpMinRequestBodyDataRateFeature>() is { } rate) rate.MinDataRate = null;
        var isNew = true;
        var (file, level) = await staging.ReceiveAndCountAsync(draft.Id, place, http.Request.Body, http.Request.ContentLength, declared, Allows, ct);
        http.Response.GetTypedHeaders().ETag = ETag(file.Digests);
        // Near the end each answer tells it, so that a program that sends a million files need not ask for the draft.
        if (level is not null)
            foreach (var warning in LimitWarning.Of(level)) http.Response.Headers.Append(WarningField, $"{warning.Code}; {warning.Message}");
        var answer = StagedFileResponse.Of((files.Base is null ? null : await files.FindAsync(place, ct)) ?? NextFile.Of(file));
        return isNew ? TypedResults.Created((string?)null, answer) : TypedResults.Ok(answer);

        bool Allows(StagedFile? standing)
        {
            // What the version before has at the path stands there until it is removed.
            var etag = standing is not null ? ETag(standing.Digests) : before is { State: NextFileState.Kept, Staged: null } ? ETag(before.Digests) : null;
            isNew = etag is null;
            return ETags.AllowWrite(http.Request.Headers, etag);
        }
    }

    private static async Task<EmptyHttpResult> HeadAsync(
        string id, string path, HttpContext http, IDraftStore drafts, NextFiles next, CancellationToken ct)
    {
        var files = await next.OpenAsync(await DraftEndpoints.FindAsync(id, http, drafts, ct), ct);
        if (!ArchivePath.TryParse(path, null, out var place) || await files.FindAsync(place, ct) is not { State: not NextFileState.Removed } file)
            throw StatusPages.NotFound();
        var headers = http.Response.Headers;
        headers.CacheControl = "no-store";
        headers.ETag = ETag(file.Digests).ToString();
        headers["Repr-Digest"] = $"sha-256=:{Convert.ToBase64String(Convert.FromHexString(file.Digests.Sha256))}:";
        http.Response.ContentType = FileFormat.Of(file.Path).MediaType;
        http.Response.ContentLength = file.LengthBytes;
        return TypedResults.Empty;
    }

    private static async Task<NoContent> DeleteAsync(
        string id, string path, HttpContext http, IDraftStore drafts, NextFiles next, StagingArea staging, CancellationToken ct)
    {
        var draft = await DraftEndpoints.FindAsync(id, http, drafts, ct);
        var (place, files) = (Read(path), await next.OpenAsync(draft, ct));
        if (await files.FindAsync(place, ct) is not { State: not NextFileState.Removed } file) throw StatusPages.NotFound();
        if (file.Base is null) return await staging.DeleteAsync(draft.Id, place, ct) ? TypedResults.NoContent() : throw StatusPages.NotFound();
        await PublicFiles.RequireChangeableAsync(files, place, http.RequireAccount().AsEditor(), null, ct);
        await staging.MarkRemovedAsync(draft.Id, place, ct);
        return TypedResults.NoContent();
    }

    private static async Task<NoContent> TakeBackAsync(
        string id, string path, HttpContext http, IDraftStore drafts, StagingArea staging, CancellationToken ct)
    {
        var draft = await DraftEndpoints.FindAsync(id, http, drafts, ct);
        return await staging.DeleteAsync(draft.Id, Read(path), ct) ? TypedResults.NoContent() : throw StatusPages.NotFound();
    }

    // A resuming client sends the rest of a file with Content-Range: stored as a whole one it would replace the file by its end
    // (RFC 9110, section 14.5). A coded body would be kept in its coding under the plain file's name.
    private static void RequireWholeAndPlain(HttpContext http)
    {
        var headers = http.Request.Headers;
        if (http.Request.ContentLength is null && headers.TransferEncoding.Count == 0)
            throw new ArchiveException(Problems.BadRequest, "The request has no body: send Content-Length, 0 for an empty file, or Transfer-Encoding: chunked.");
        if (headers.TransferEncoding.Any(coding => !string.Equals(coding, "chunked", StringComparison.OrdinalIgnoreCase)))
            throw new ArchiveException(Problems.UnsupportedMediaType, "Send the file's own bytes: of Transfer-Encoding only chunked is undone here.");
        if (headers.ContentRange.Count > 0)
            throw new ArchiveException(Problems.BadRequest, "A PUT carries the whole file: Content-Range is not taken.");
        if (headers.ContentEncoding.Any(coding => !string.Equals(coding, "identity", StringComparison.OrdinalIgnoreCase)))
            throw new ArchiveException(Problems.UnsupportedMediaType, "Send the file's own bytes: no Content-Encoding is undone here.");
    }

    private static EntityTagHeaderValue ETag(FileDigests digests) => new($"\"{digests.Sha256}\"");

    private static ArchivePath Read(string path) => ArchivePath.Check(path) is { } fault
        ? throw new ArchiveException(Problems.PathRefused, fault)
        : ArchivePath.Parse(path, null);
}

/// <summary>A file of a draft.</summary>
/// <param name="Path">Its path in the dataset to be.</param>
/// <param name="LengthBytes">Its length; that of the file which goes, where it is removed.</param>
/// <param name="Md5">32 hexadecimal digits.</param>
/// <param name="Sha256">64 hexadecimal digits.</param>
/// <param name="Attributes">What it has in the version before; else empty: attributes come from the file lists, at submission.</param>
/// <param name="ReceivedAt">When it was whole (UTC); null of a file that only the version before has.</param>
/// <param name="Status">What becomes of the path in the next version; New for every file of a first one.</param>
internal sealed record StagedFileResponse(
    ArchivePath Path, long LengthBytes, string Md5, string Sha256, IReadOnlyList<FileAttribute> Attributes, DateTimeOffset? ReceivedAt, NextFileState Status)
{
    public static StagedFileResponse Of(NextFile file) => new(
        file.Path, file.LengthBytes, file.Digests.Md5, file.Digests.Sha256, file.Base?.Attributes ?? [], file.Staged?.ReceivedAt, file.State);
}
