using Archive.Api.Datasets;
using Archive.Api.Errors;
using Archive.Api.Http;
using Archive.Model.Files;
using Archive.Storage.Metadata;
using Archive.Storage.Objects;

namespace Archive.Api.Files;

/// <summary>The bytes of datasets' files.</summary>
internal static class FileEndpoints
{
    public static IEndpointRouteBuilder MapFiles(this IEndpointRouteBuilder routes)
    {
        routes.MapMethods("/files/{accession}/{**path}", [HttpMethods.Get, HttpMethods.Head], DownloadAsync).WithTags("Files")
            .WithSummary("Downloads a file")
            .WithDescription("Takes Range (also several), If-Range and If-None-Match. The ETag is the SHA-256 of the content. version= names an older version.")
            .Produces(StatusCodes.Status200OK, contentType: "application/octet-stream")
            .Produces(StatusCodes.Status206PartialContent, contentType: "application/octet-stream")
            .Produces(StatusCodes.Status304NotModified)
            .Refuses(400, 403, 404, 410, 416);
        return routes;
    }

    private static async Task<FileAnswer> DownloadAsync(string accession, string path, int? version, HttpContext http,
        IDatasetStore datasets, IFileReferenceStore files, IObjectStore objects, CancellationToken ct)
    {
        var dataset = await DatasetAccess.RequireAsync(accession, http, datasets, ct);
        var committed = dataset.Version(version, http);
        if (!ArchivePath.TryParse(path, null, out var asked) || await files.FindAsync(dataset, asked, committed.Number, ct) is not { } file)
            throw StatusPages.NotFound();
        if (ReviewAccess.Review(http)?.Facts.FileLists.Contains(asked.MatchKey) is true)
            http.RefuseReviewers($"A file list is metadata as the depositor wrote it: /api/datasets/{dataset.Accession}/files has its rows as reviewers see them.");
        return new FileAnswer(file, objects, dataset.CacheControl(version is not null, committed));
    }
}
