using Archive.Api.Http;
using Archive.Api.Search;
using Archive.Indexer;
using Archive.Model.Datasets;
using Archive.Model.Errors;
using Archive.Model.Files;
using Archive.Model.Search;
using Archive.Storage.Metadata;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Archive.Api.Datasets;

/// <summary>
/// The files of a dataset: searched in the index for the newest public version, listed in path order from the catalogue for
/// older and private ones, and for one that was released moments ago.
/// </summary>
internal static class DatasetFileEndpoints
{
    public static IEndpointRouteBuilder MapDatasetFiles(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/datasets/{accession}/files", FindAsync).WithTags("Datasets").WithSummary("Searches the files of a dataset")
            .WithDescription("Parameters and forms as of /api/files. version= names an older version, which is listed in path order and takes no search. columns tells which attributes there are, of which type, with how many values.")
            .Produces<string>(StatusCodes.Status200OK, ListForms.JsonLines, ListForms.Csv)
            .Refuses(400, 404, 410, 503);
        routes.MapGet("/api/datasets/{accession}/files/values", FindValuesAsync).WithTags("Datasets").WithSummary("Lists the values of an attribute among the files of a dataset")
            .WithDescription("As /api/files/values, for the newest public version.")
            .Refuses(400, 404, 410, 503);
        return routes;
    }

    private static async Task<Results<Ok<FilePage>, EmptyHttpResult>> FindAsync(string accession, HttpContext http, IDatasetStore datasets, IFileReferenceStore files,
        ISearchIndex index, FileDigestLookup digests, FileExports exports, string? q, string? sort, int? size, string? cursor, long? at, int? version,
        string? format, CancellationToken ct)
    {
        var dataset = await DatasetAccess.RequireAsync(accession, http, datasets, ct);
        var asked = dataset.Version(version, http);
        http.Response.Headers.CacheControl = dataset.CacheControl(version is not null, asked);
        var query = SearchEndpoints.Query(http, q, sort, size, cursor, at) with { Accession = dataset.Accession };
        // Right after a revision the index still has the version before: a search is answered by it, and says how fresh it is; a list is not.
        var isIndexed = dataset.State == DatasetState.Released && asked == dataset.Latest && index.ReadColumns(dataset.Accession, ct) is not null
            && (!IsPlain(query) || (!string.IsNullOrEmpty(cursor) && !ListCursor.Is(cursor)) || index.Describe()?.Stamp.NewestChange >= dataset.Change);
        if (FileExports.IsAskedFor(http, format, out var form))
        {
            if (!isIndexed) throw NotIndexed();
            await exports.WriteAsync(http, query, form, dataset.Accession.ToString(), ct);
            return TypedResults.Empty;
        }
        if (isIndexed && !ListCursor.Is(cursor)) return TypedResults.Ok(await digests.CompleteAsync(index.SearchFiles(query, ct), ct));
        RefuseSearch(query);
        return TypedResults.Ok(await ListAsync(http, dataset, asked, files, query, ct));
    }

    private static async Task<Ok<FileValuesPage>> FindValuesAsync(string accession, HttpContext http, IDatasetStore datasets, ISearchIndex index,
        string attribute, string? q, string? containing, int? size, string? cursor, CancellationToken ct)
    {
        var dataset = await DatasetAccess.RequireAsync(accession, http, datasets, ct);
        if (dataset.State != DatasetState.Released || index.ReadColumns(dataset.Accession, ct) is null) throw NotIndexed();
        http.Response.Headers.CacheControl = dataset.CacheControl(isVersioned: false, dataset.Latest);
        var query = SearchEndpoints.Values(http, attribute, q, containing, size, cursor);
        return TypedResults.Ok(index.SearchFileValues(query with { Files = query.Files with { Accession = dataset.Accession } }, ct));
    }

    private static async Task<FilePage> ListAsync(
        HttpContext http, Dataset dataset, CommittedVersion version, IFileReferenceStore files, FileQuery query, CancellationToken ct)
    {
        var found = await Paging.TakeAsync(files.ListAsync(dataset, version.Number, ListCursor.Read(query.Cursor), ct), query.Size + 1, ct);
        var next = found.Count > query.Size && query.Size > 0 ? ListCursor.After(found[query.Size - 1].Path) : null;
        return new FilePage([.. found.Take(query.Size).Select(f => FileItem.Of(http.Shown(f)))], next, version.FileCount, [], null, null);
    }

    private static bool IsPlain(FileQuery query) =>
        query is { Text.Length: 0, Filters.Count: 0, Ranges.Count: 0, Facets.Count: 0, At: null } && query.Sort is null or "@path";

    private static void RefuseSearch(FileQuery query)
    {
        if (!IsPlain(query)) throw NotIndexed();
    }

    private static ArchiveException NotIndexed() => new(Problems.SearchParameter,
        "This version is not in the search index: it is listed in path order, with size and cursor. The newest public version is searched.");
}

/// <summary>Cursors of lists from the catalogue, told from those of the index by their first letter.</summary>
internal static class ListCursor
{
    private const string Mark = "p.";

    public static bool Is(string? cursor) => cursor?.StartsWith(Mark, StringComparison.Ordinal) is true;

    public static string After(ArchivePath path) => Mark + Paging.Cursor(path.Value);

    public static ArchivePath? Read(string? cursor) => string.IsNullOrEmpty(cursor) ? null
        : Is(cursor) ? Paging.Key<ArchivePath>(cursor[Mark.Length..])
        : throw new ArchiveException(Problems.CursorInvalid, "The cursor belongs to another list.");
}
