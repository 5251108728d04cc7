using Archive.Api.Datasets;
using Archive.Indexer;
using Archive.Model.Datasets;
using Archive.Model.Files;
using Archive.Model.Search;
using Archive.Storage.Metadata;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Archive.Api.Pages.Datasets;

/// <summary>The file table of a dataset.</summary>
internal sealed class FilesModel(DatasetReading datasets, IFileReferenceStore files, ISearchIndex index) : PageModel
{
    private const int PageSize = 50;

    /// <summary>What is shown.</summary>
    public FilesView View { get; private set; } = null!;

    /// <summary>Shows the files of the newest version by the index, of others in path order.</summary>
    public async Task OnGetAsync(string acc, int? version, CancellationToken ct)
    {
        var dataset = await datasets.RequireAsync(HttpContext, acc, ct);
        var committed = dataset.Version(version, HttpContext);
        Response.Headers.CacheControl = dataset.CacheControl(isVersioned: false, committed);
        var address = FilesAddress.Read(dataset.Accession, Request.Query);
        View = committed == dataset.Latest && Search(dataset, address, ct) is { } found
            ? found
            : await ListAsync(dataset, committed, ArchivePath.TryParse(Request.Query["after"], null, out var after) ? after : null, ct);
    }

    // Null while the index does not hold this version's files: in the first seconds after a release or a revision, and for private
    // datasets.
    private FilesView? Search(Dataset dataset, FilesAddress address, CancellationToken ct)
    {
        if (dataset.State != DatasetState.Released || index.ReadColumns(dataset.Accession, ct) is not { } columns) return null;
        var facets = FilesTable.FacetsOf(columns);
        var page = index.SearchFiles(address.ToQuery(PageSize, facets, FilesTable.FacetSize(facets.Count)), ct);
        if (address.IsWhole && (page.Index.NewestChange < dataset.Change || page.Total != dataset.Latest.FileCount)) return null;
        return new()
        {
            Dataset = dataset,
            Version = dataset.Latest,
            Address = address,
            Table = FilesTable.Build(address, columns, page),
            Total = page.Total,
            PageSize = PageSize,
            Index = page.Index,
        };
    }

    // Pages by the path they begin after, so that the last page of a large dataset costs no more than the first.
    private async Task<FilesView> ListAsync(Dataset dataset, CommittedVersion version, ArchivePath? after, CancellationToken ct)
    {
        var rows = new List<FileReference>(PageSize + 1);
        await foreach (var file in files.ListAsync(dataset, version.Number, after, ct))
        {
            rows.Add(HttpContext.Shown(file));
            if (rows.Count > PageSize) break;
        }
        int? named = version == dataset.Latest ? null : version.Number;
        var shown = rows.Take(PageSize).ToList();
        return new()
        {
            Dataset = dataset,
            Version = version,
            Address = FilesAddress.Of(dataset.Accession),
            Table = FileTableView.Plain($"Files of {dataset.Accession}, version {version.Number}, by path", shown, named),
            Total = version.FileCount,
            PageSize = PageSize,
            Index = null,
            IsContinued = after is not null,
            NextAfter = rows.Count > PageSize ? shown[^1].Path : null,
        };
    }
}
