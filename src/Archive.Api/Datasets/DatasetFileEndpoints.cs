using Archive.Api.Http;
using Archive.Api.Search;
using Archive.Indexer;
using Archive.Indexer.Shelves;
using Archive.Model.Datasets;
using Archive.Model.Errors;
using Archive.Model.Files;
using Archive.Model.Search;
using Archive.Storage.Metadata;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Archive.Api.Datasets;

/// <summary>
/// The files of a dataset: searched in the index for the newest public version, and by their own table for older and private ones and for one
/// that was released moments ago. Until a table is there a plain list comes from the catalogue.
/// </summary>
internal static class DatasetFileEndpoints
{
    public static IEndpointRouteBuilder MapDatasetFiles(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/datasets/{accession}/files", FindAsync).WithTags("Datasets").WithSummary("Searches the files of a dataset")
            .WithDescription("Parameters and forms as of /api/files. version= names an older version. Private versions and older ones are searched alike by who may read them; under an access key "
                + "attributes that tell who somebody is are not there to be searched, and names are taken out of the others. A table that is still being made answers 503 busy. "
                + "columns tells which attributes there are, of which type, with how many values.")
            .Produces<FilePage>(StatusCodes.Status200OK, ListForms.Json, ListForms.JsonLines, ListForms.Csv)
            .Refuses(400, 404, 410, 503);
        routes.MapGet("/api/datasets/{accession}/files/values", FindValuesAsync).WithTags("Datasets").WithSummary("Lists the values of an attribute among the files of a dataset")
            .WithDescription("As /api/files/values. version= names an older version; private versions and older ones as of the files.")
            .Refuses(400, 404, 410, 503);
        return routes;
    }

    private static async Task<Results<Ok<FilePage>, EmptyHttpResult>> FindAsync(string accession, HttpContext http, IDatasetStore datasets, IFileReferenceStore files,
        ISearchIndex index, VersionTables tables, FileDigestLookup digests, FileExports exports, string? q, string? sort, int? size, string? cursor, long? at,
        int? version, string? format, CancellationToken ct)
    {
        // The request is read before and not while another thread looks who asks.
        var ready = version is null && format is null ? TryRead(accession, http, q, sort, size, cursor, at) : null;
        var finding = DatasetAccess.RequireAsync(accession, http, datasets, ct);
        var early = ready is null ? null : TrySearch(index, ready, ct);
        var dataset = await finding;
        var asked = dataset.Version(version, http);
        http.Response.Headers.CacheControl = dataset.CacheControl(version is not null, asked);
        var query = ready ?? SearchEndpoints.Query(http, q, sort, size, cursor, at) with { Accession = dataset.Accession };
        if (FileExports.IsAskedFor(http, format, out var form))
        {
            if (IsIndexed(dataset, asked, query, index)) await exports.WriteAsync(http, query, form, dataset.Accession.ToString(), ct);
            else
            {
                using var whole = await tables.TryOpenAsync(http, dataset, asked, VersionTables.Patience, ct) ?? throw Busy();
                await exports.WriteAsync(http, whole, query, form, $"{dataset.Accession}-v{asked.Number}", ct);
            }
            return TypedResults.Empty;
        }
        return TypedResults.Ok(await FindPageAsync(http, dataset, asked, files, index, tables, digests, query, early, ct));
    }

    private static async Task<FilePage> FindPageAsync(HttpContext http, Dataset dataset, CommittedVersion asked, IFileReferenceStore files,
        ISearchIndex index, VersionTables tables, FileDigestLookup digests, FileQuery query, SearchPage<FileHit>? early, CancellationToken ct)
    {
        if (ListCursor.Is(query.Cursor)) return await ListAsync(http, dataset, asked, files, query, ct);
        if (!TableCursor.Is(query.Cursor) && IsIndexed(dataset, asked, query, index))
        {
            var found = early ?? index.SearchFiles(query, ct);
            return await digests.CompleteAsync(found, dataset, asked, found.Index, ct);
        }
        var isFirst = IsPlain(query) && query.Cursor is null;
        // The index is about to make the table of what was just released.
        var isAwaited = isFirst && dataset.State == DatasetState.Released && asked == dataset.Latest;
        using var table = isAwaited ? null : await tables.TryOpenAsync(http, dataset, asked, isFirst ? VersionTables.ListPatience : VersionTables.Patience, ct);
        if (table is not null) return await digests.CompleteAsync(Search(table, query, ct), dataset, asked, null, ct);
        return isFirst ? await ListAsync(http, dataset, asked, files, query, ct) : throw Busy();
    }

    // A search that may be made while the database is asked for the dataset. A list of what was just released is not: it must be as new as the dataset.
    private static FileQuery? TryRead(string accession, HttpContext http, string? q, string? sort, int? size, string? cursor, long? at)
    {
        if (!Accession.TryParse(accession, null, out var known) || ListCursor.Is(cursor) || TableCursor.Is(cursor)) return null;
        try
        {
            var query = SearchEndpoints.Query(http, q, sort, size, cursor, at) with { Accession = known };
            return IsPlain(query) ? null : query;
        }
        catch (ArchiveException)
        {
            // Told once it is sure that there is such a dataset.
            return null;
        }
    }

    // The index has only what is public, and nothing of it is told before the dataset was found so.
    private static SearchPage<FileHit>? TrySearch(ISearchIndex index, FileQuery query, CancellationToken ct)
    {
        try
        {
            return index.Has(query.Accession!.Value) ? index.SearchFiles(query, ct) : null;
        }
        catch (ArchiveException)
        {
            return null;
        }
    }

    // Right after a revision the index still has the version before: a search is answered by it, and says how fresh it is; a list is not.
    private static bool IsIndexed(Dataset dataset, CommittedVersion asked, FileQuery query, ISearchIndex index) =>
        dataset.State == DatasetState.Released && asked == dataset.Latest && index.Has(dataset.Accession)
        && (!IsPlain(query) || query.Cursor is not null || index.Describe()?.Stamp.NewestChange >= dataset.Change);

    private static SearchPage<FileHit> Search(OpenShelf table, FileQuery query, CancellationToken ct)
    {
        var found = VersionTables.Search(table, query with { Cursor = TableCursor.Read(query.Cursor) }, ct);
        return found with { Next = TableCursor.Of(found.Next) };
    }

    private static async Task<Ok<FileValuesPage>> FindValuesAsync(string accession, HttpContext http, IDatasetStore datasets, ISearchIndex index, VersionTables tables,
        string attribute, string? q, string? containing, int? size, string? cursor, int? version, CancellationToken ct)
    {
        var dataset = await DatasetAccess.RequireAsync(accession, http, datasets, ct);
        var asked = dataset.Version(version, http);
        http.Response.Headers.CacheControl = dataset.CacheControl(version is not null, asked);
        var query = SearchEndpoints.Values(http, attribute, q, containing, size, cursor);
        query = query with { Files = query.Files with { Accession = dataset.Accession } };
        if (dataset.State == DatasetState.Released && asked == dataset.Latest && index.Has(dataset.Accession))
            return TypedResults.Ok(index.SearchFileValues(query, ct));
        using var table = await tables.TryOpenAsync(http, dataset, asked, VersionTables.Patience, ct) ?? throw Busy();
        return TypedResults.Ok(VersionTables.Read(() => table.SearchValues(query, ct)));
    }

    private static ArchiveException Busy() => new(Problems.Busy, "The table of this version's files is being made. A list of them in path order can be had at once.");

    private static async Task<FilePage> ListAsync(
        HttpContext http, Dataset dataset, CommittedVersion version, IFileReferenceStore files, FileQuery query, CancellationToken ct)
    {
        if (!IsPlain(query)) throw ListCursor.Foreign();
        var found = await Paging.TakeAsync(files.ListAsync(dataset, version.Number, ListCursor.Read(query.Cursor), ct), query.Size + 1, ct);
        var next = found.Count > query.Size && query.Size > 0 ? ListCursor.After(found[query.Size - 1].Path) : null;
        return new FilePage([.. found.Take(query.Size).Select(f => FileItem.Of(http.Shown(f)))], next, version.FileCount, [], null, null);
    }

    private static bool IsPlain(FileQuery query) =>
        query is { Text.Length: 0, Filters.Count: 0, Ranges.Count: 0, Facets.Count: 0, At: null } && query.Sort is null or "@path";
}

/// <summary>Cursors of lists from the catalogue, told from those of the index by their first letter.</summary>
internal static class ListCursor
{
    private const string Mark = "p.";

    public static bool Is(string? cursor) => cursor?.StartsWith(Mark, StringComparison.Ordinal) is true;

    public static string After(ArchivePath path) => Mark + Paging.Cursor(path.Value);

    public static ArchivePath? Read(string? cursor) => string.IsNullOrEmpty(cursor) ? null
        : Is(cursor) ? Paging.Key<ArchivePath>(cursor[Mark.Length..])
        : throw Foreign();

    public static ArchiveException Foreign() => new(Problems.CursorInvalid, "The cursor belongs to another list.");
}

/// <summary>Cursors into the table of one version, good for it as long as it is there, whatever the index takes in meanwhile.</summary>
internal static class TableCursor
{
    private const string Mark = "v.";

    public static bool Is(string? cursor) => cursor?.StartsWith(Mark, StringComparison.Ordinal) is true;

    public static string? Of(string? next) => next is null ? null : Mark + next;

    public static string? Read(string? cursor) => string.IsNullOrEmpty(cursor) ? null : Is(cursor) ? cursor[Mark.Length..] : throw ListCursor.Foreign();
}
