using Archive.Api.Datasets;
using Archive.Api.Http;
using Archive.Model.Files;
using Archive.Storage.Metadata;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Net.Http.Headers;

namespace Archive.Api.Pages.Datasets;

/// <summary>The page of a dataset.</summary>
internal sealed class DatasetModel(DatasetReading datasets, IFileReferenceStore files, ICollectionStore collections, BaseAddress baseAddress) : PageModel
{
    private const int FirstRows = 10;

    /// <summary>What is shown.</summary>
    public DatasetView View { get; private set; } = null!;

    /// <summary>Shows the dataset, or tells a stranger of a private one what it tells of one that does not exist.</summary>
    public async Task<IActionResult> OnGetAsync(string acc, int? version, CancellationToken ct)
    {
        var read = await datasets.ReadAsync(HttpContext, acc, version, ct);
        var versions = read.Dataset.VersionsFor(HttpContext).ToList();
        Response.Headers.CacheControl = read.Dataset.CacheControl(isVersioned: false, versions);
        var answer = Preferred(Request);
        if (answer == "application/json") return Redirect($"/api/datasets/{read.Dataset.Accession}");
        View = new()
        {
            Dataset = read.Dataset,
            Version = read.Version,
            Versions = versions,
            Study = read.Study,
            IsShortened = read.IsShortened,
            IsBlind = ReviewAccess.Review(HttpContext) is not null,
            Collection = await collections.FindAsync(read.Dataset.Collection, ct),
            Files = FileTableView.Plain($"The first files of {read.Dataset.Accession}", await FirstFilesAsync(read, ct), version),
            BaseAddress = baseAddress.Value,
        };
        return answer == DatasetJsonLd.MediaType ? Content(DatasetJsonLd.Write(View), DatasetJsonLd.MediaType) : Page();
    }

    // Read from the store and not from the index, so that the page of a dataset is right in the moment of its release.
    private async Task<IReadOnlyList<FileReference>> FirstFilesAsync(DatasetRead read, CancellationToken ct)
    {
        var first = new List<FileReference>(FirstRows);
        await foreach (var file in files.ListAsync(read.Dataset, read.Version.Number, null, ct))
        {
            first.Add(HttpContext.Shown(file));
            if (first.Count == FirstRows) break;
        }
        return first;
    }

    private static string? Preferred(HttpRequest request) =>
        !MediaTypeHeaderValue.TryParseList(request.Headers.Accept, out var accepted)
            ? null
            : accepted.OrderByDescending(t => t.Quality ?? 1).Select(t => t.MediaType.Value)
                .FirstOrDefault(t => t is "text/html" or "application/json" or DatasetJsonLd.MediaType);
}
