using Archive.Api.Datasets;
using Archive.Api.Errors;
using Archive.Api.Http;
using Archive.Model.Files;
using Archive.Storage.Metadata;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Archive.Api.Pages.Datasets;

/// <summary>The page of one file.</summary>
internal sealed class FileModel(DatasetReading datasets, IFileReferenceStore files, BaseAddress baseAddress) : PageModel
{
    /// <summary>What is shown.</summary>
    public FileView View { get; private set; } = null!;

    /// <summary>Shows the file as it is in a version, the newest where none is asked for.</summary>
    public async Task OnGetAsync(string acc, string path, int? version, CancellationToken ct)
    {
        var dataset = await datasets.RequireAsync(HttpContext, acc, ct);
        var committed = dataset.Version(version, HttpContext);
        Response.Headers.CacheControl = dataset.CacheControl(isVersioned: false, committed);
        if (!ArchivePath.TryParse(path, null, out var parsed)
            || await files.FindAsync(dataset, parsed, committed.Number, ct) is not { Digests: { } digests } file)
            throw StatusPages.NotFound();
        View = new() { Dataset = dataset, File = HttpContext.Shown(file), Digests = digests, Version = version, BaseAddress = baseAddress.Value };
    }
}
