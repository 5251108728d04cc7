using System.Text.Json.Serialization;
using Archive.Api.Accounts;
using Archive.Api.Http;
using Archive.Api.Submissions;
using Archive.Model.Errors;
using Archive.Model.Files;
using Archive.Model.Submissions;
using Archive.Storage.Metadata;
using Archive.Submissions.FileLists.Proposing;
using Archive.Submissions.Revisions;

namespace Archive.Api.Drafts;

/// <summary>File lists proposed from the names of staged files.</summary>
internal static class FileListProposalEndpoints
{
    private const string Tsv = "text/tab-separated-values";

    public static IEndpointRouteBuilder MapFileListProposals(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/api/drafts/{id}/file-list-proposal", ProposeAsync).WithTags("Drafts").RequireAuthorization()
            .WithSummary("Proposes a file list from the names of staged files")
            .WithDescription("""
                Reads attributes off names by a pattern of whole paths, such as pos{position}/{prefix}_{t:int}_{channel}_{z:int}.png, or by a separator
                and positions in file names; {name:path} stands for folders too, and a name that begins with _ becomes no column. Answers with the
                first rows, the hypercube that the names span, the planes that are missing from it and the files that are of another form.
                Numbers count from 0 when it occurs, else from 1, to the largest that occurs. With store=true the whole list is put into the draft
                under its name; with format=tsv, or Accept: text/tab-separated-values, it is the answer.
                """)
            .Produces<FileListProposalResponse>(StatusCodes.Status200OK, "application/json", Tsv)
            .Refuses(400, 401, 404, 409, 415, 422, 503, 507);
        return routes;
    }

    private static async Task<IResult> ProposeAsync(
        string id, FileListProposalRequest request, HttpContext http, IDraftStore drafts, NextFiles next, FileListProposer proposer, DraftChecks checks,
        bool? store, bool? replace, string? format, int? size, CancellationToken ct)
    {
        var draft = await DraftEndpoints.FindAsync(id, http, drafts, ct, store == true ? DraftAct.Write : DraftAct.Read);
        var rows = Paging.Size(size);
        if (format is not (null or "json" or "tsv")) throw Refusal.OfParameter("format", "json or tsv");
        var isTsv = format == "tsv" || (format is null && http.Request.GetTypedHeaders().Accept.Any(a => a.MediaType == Tsv));
        if (isTsv && store == true) throw Refusal.OfParameter("store", "left out when the list is to be the answer");
        using var place = checks.Enter(http.RequireAccount().Id);
        var files = await next.OpenAsync(draft, ct);
        if (isTsv) return await DownloadAsync(files, request.ToWish(), http, ct);
        if (store != true) return TypedResults.Ok(FileListProposalResponse.Of(await FileListProposer.ProposeAsync(files, request.ToWish(), rows, null, ct), null));
        await RequirePlaceAsync(files, request.ToWish().Name, replace == true, http, ct);
        var (proposal, stored) = await proposer.StoreAsync(draft.Id, files, request.ToWish(), rows, replace == true, ct);
        return TypedResults.Ok(FileListProposalResponse.Of(proposal, StagedFileResponse.Of(NextFile.Of(stored))));
    }

    // What the version before has under the list's name is as good as staged. A name that is no path is the proposer's to refuse.
    private static async Task RequirePlaceAsync(NextFileSet files, string name, bool mayReplace, HttpContext http, CancellationToken ct)
    {
        if (!ArchivePath.TryParse(name, null, out var path)) return;
        await PublicFiles.RequireChangeableAsync(files, path, http.RequireAccount().AsEditor(), null, ct);
        if (!mayReplace && await files.FindAsync(path, ct) is { State: not NextFileState.Removed })
            throw new ArchiveException(Problems.FileStaged, $"There is a file '{path}' in the draft already.");
    }

    private static async Task<IResult> DownloadAsync(NextFileSet files, ProposalWish wish, HttpContext http, CancellationToken ct)
    {
        http.Response.ContentType = Tsv + "; charset=utf-8";
        http.Response.Headers.CacheControl = "no-store";
        http.Response.Headers.ContentDisposition = "attachment; filename=\"file-list.tsv\"";
        await FileListProposer.ProposeAsync(files, wish, 0, http.Response.Body, ct);
        return TypedResults.Empty;
    }
}

/// <summary>What a file list is to be proposed from: a pattern, or a separator with positions.</summary>
/// <param name="Pattern">A pattern of whole paths with fields in braces.</param>
/// <param name="Separator">What file names, without extension, are cut at.</param>
/// <param name="Positions">Which part of a name is which attribute.</param>
/// <param name="Folder">Only files in this folder and below.</param>
/// <param name="Filter">Only files whose name matches, such as *.png; with a / in it the whole path is meant, and ** crosses folders.</param>
/// <param name="Dimensions">The attributes that span the hypercube; all but one named prefix when left out.</param>
/// <param name="Name">The path of the list in the draft; file-list.tsv when left out.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record FileListProposalRequest(
    string? Pattern = null, string? Separator = null, IReadOnlyList<NamePosition>? Positions = null, string? Folder = null, string? Filter = null,
    IReadOnlyList<string>? Dimensions = null, string? Name = null)
{
    public ProposalWish ToWish() => new(Name ?? "file-list.tsv", Pattern, Separator, Positions, Folder, Filter, Dimensions);
}

/// <summary>A proposed file list.</summary>
/// <param name="Columns">Its columns behind the first, which names the file.</param>
/// <param name="Files">Files that were looked at.</param>
/// <param name="Matched">How many have a row.</param>
/// <param name="Rows">The first rows.</param>
/// <param name="Hypercube">What the names span; null when a finding says why not.</param>
/// <param name="Unmatched">Files of another form, at most 1,000.</param>
/// <param name="UnmatchedOmitted">How many more there are.</param>
/// <param name="Findings">Warnings.</param>
/// <param name="Stored">The list as a staged file, when it was to be stored.</param>
internal sealed record FileListProposalResponse(
    IReadOnlyList<string> Columns, long Files, long Matched, IReadOnlyList<ProposedRow> Rows, HypercubeReport? Hypercube,
    IReadOnlyList<Archive.Model.Files.ArchivePath> Unmatched, long UnmatchedOmitted, IReadOnlyList<Finding> Findings, StagedFileResponse? Stored)
{
    public static FileListProposalResponse Of(FileListProposal proposal, StagedFileResponse? stored) => new(
        proposal.Columns, proposal.Files, proposal.Matched, proposal.Rows, proposal.Hypercube, proposal.Unmatched, proposal.UnmatchedOmitted, proposal.Findings, stored);
}
