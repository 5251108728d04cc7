using System.Globalization;
using Archive.Api.Datasets;
using Archive.Api.Http;
using Archive.Indexer;
using Archive.Indexer.Searching;
using Archive.Indexer.Shelves;
using Archive.Model.Errors;
using Archive.Model.Search;

namespace Archive.Api.Search;

/// <summary>
/// All files that a search finds as one stream of lines, read from the index as it is when it begins. Whoever reads too slowly is cut
/// off, since until then that state of the index stays mapped: the connection ends without the last chunk, so a client knows.
/// </summary>
internal sealed class FileExports(ISearchIndex index, TimeProvider time)
{
    /// <summary>How long an export may take.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromMinutes(30);

    private const int FilesAtOnce = 500;

    /// <summary>Whether a list of files is asked for as an export; a page is JSON.</summary>
    /// <exception cref="ArchiveException">It is, with the parameters of a page.</exception>
    public static bool IsAskedFor(HttpContext http, string? format, out ListForm form)
    {
        form = ListForms.Negotiate(http, format);
        if (form == ListForm.Json) return false;
        foreach (var name in new[] { "size", "cursor", "at", "facets" })
            if (http.Request.Query.ContainsKey(name))
                throw new ArchiveException(Problems.SearchParameter, $"An export has all files that are found: leave out {name}, or ask for JSON.");
        return true;
    }

    /// <summary>Writes what is found among the public.</summary>
    /// <param name="name">Of the file that a browser stores, without ending.</param>
    public Task WriteAsync(HttpContext http, FileQuery query, ListForm form, string name, CancellationToken ct) =>
        WriteAsync(http, (lines, both) => index.ExportFiles(query, lines, both), form, name, ct);

    /// <summary>Writes what is found in a version's own table.</summary>
    /// <inheritdoc cref="WriteAsync(HttpContext, FileQuery, ListForm, string, CancellationToken)"/>
    public Task WriteAsync(HttpContext http, OpenShelf table, FileQuery query, ListForm form, string name, CancellationToken ct) =>
        WriteAsync(http, (lines, both) => VersionTables.Read(() => table.Export(query, lines, both)), form, name, ct);

    private async Task WriteAsync(HttpContext http, Func<FileExportForm, CancellationToken, FileExport> begin, ListForm form, string name, CancellationToken ct)
    {
        using var bound = new CancellationTokenSource(Longest, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(ct, bound.Token);
        var isCsv = form == ListForm.Csv;
        using var export = begin(isCsv ? FileExportForm.Csv : FileExportForm.JsonLines, both.Token);
        http.Response.ContentType = isCsv ? ListForms.Csv + "; charset=utf-8; header=present" : ListForms.JsonLines;
        http.Response.Headers.ContentDisposition = $"attachment; filename=\"{name}{(isCsv ? ".csv" : ".jsonl")}\"";
        http.Response.Headers["Archive-Total"] = export.Total.ToString(CultureInfo.InvariantCulture);
        http.Response.Headers["Archive-Notes"] = export.Notes.Count.ToString(CultureInfo.InvariantCulture);
        if (export.Index is { } stamp) http.Response.Headers["Archive-Generation"] = stamp.Generation;
        using var reading = CancellationTokenSource.CreateLinkedTokenSource(both.Token, export.Ending);
        for (var isMore = true; isMore;)
        {
            isMore = export.Write(http.Response.BodyWriter, FilesAtOnce, reading.Token);
            await http.Response.BodyWriter.FlushAsync(reading.Token);
        }
    }
}
