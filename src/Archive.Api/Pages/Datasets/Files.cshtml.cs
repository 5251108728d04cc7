using Archive.Api.Datasets;
using Archive.Indexer;
using Archive.Model.Datasets;
using Archive.Model.Files;
using Archive.Model.Search;
using Archive.Storage.Metadata;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Archive.Api.Pages.Datasets;

/// <summary>The file table of a dataset.</summary>
internal sealed class FilesModel(DatasetReading datasets, IFileReferenceStore files, ISearchIndex index, VersionTables tables) : PageModel
{
    private const int PageSize = 50;

    /// <summary>What is shown.</summary>
    public FilesView View { get; private set; } = null!;

    /// <summary>Shows the files of the newest version by the index, of others by their own table, and in path order while neither is there.</summary>
    public async Task OnGetAsync(string acc, int? version, CancellationToken ct)
    {
        var dataset = await datasets.RequireAsync(HttpContext, acc, ct);
        var committed = dataset.Version(version, HttpContext);
        Response.Headers.CacheControl = dataset.CacheControl(isVersioned: false, committed);
        var address = FilesAddress.Read(dataset.Accession, Request.Query, committed == dataset.Latest ? null : committed.Number);
        var isPublic = dataset.State == DatasetState.Released && committed == dataset.Latest;
        View = (isPublic ? Search(dataset, address, ct) : await SearchTableAsync(dataset, committed, address, ct))
            ?? await ListAsync(dataset, committed, ArchivePath.TryParse(Request.Query["after"], null, out var after) ? after : null, ct);
    }

    // Null while the index does not hold this version's files: in the first seconds after a release or a revision.
    private FilesView? Search(Dataset dataset, FilesAddress address, CancellationToken ct)
    {
        if (index.ReadColumns(dataset.Accession, ct) is not { } columns) return null;
        var page = index.SearchFiles(Query(address, columns), ct);
        return address.IsWhole && (page.Index.NewestChange < dataset.Change || page.Total != dataset.Latest.FileCount) ? null : Found(dataset, dataset.Latest, address, columns, page);
    }

    // Null while the table is being made.
    private async Task<FilesView?> SearchTableAsync(Dataset dataset, CommittedVersion version, FilesAddress address, CancellationToken ct)
    {
        using var table = await tables.TryOpenAsync(HttpContext, dataset, version, address.IsWhole ? VersionTables.ListPatience : VersionTables.Patience, ct);
        return table is null ? null : Found(dataset, version, address, table.Columns, VersionTables.Search(table, Query(address, table.Columns), ct));
    }

    private static FileQuery Query(FilesAddress address, IReadOnlyList<FileColumn> columns)
    {
        var facets = FilesTable.FacetsOf(columns);
        return address.ToQuery(PageSize, facets, FilesTable.FacetSize(facets.Count));
    }

    private static FilesView Found(Dataset dataset, CommittedVersion version, FilesAddress address, IReadOnlyList<FileColumn> columns, SearchPage<FileHit> page) => new()
    {
        Dataset = dataset,
        Version = version,
        Address = address,
        Table = FilesTable.Build(address, columns, page),
        Total = page.Total,
        PageSize = PageSize,
        IsSearchable = true,
    };

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
            Address = FilesAddress.Of(dataset.Accession, named),
            Table = FileTableView.Plain($"Files of {dataset.Accession}, version {version.Number}, by path", shown, named),
            Total = version.FileCount,
            PageSize = PageSize,
            IsSearchable = false,
            IsContinued = after is not null,
            NextAfter = rows.Count > PageSize ? shown[^1].Path : null,
        };
    }
}
