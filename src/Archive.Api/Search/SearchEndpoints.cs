using Archive.Api.Http;
using Archive.Indexer;
using Archive.Model.Search;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Archive.Api.Search;

/// <summary>Searching datasets, and files over all of them.</summary>
internal static class SearchEndpoints
{
    public static IEndpointRouteBuilder MapSearch(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/search", Search).WithTags("Search").WithSummary("Searches datasets")
            .WithDescription("q takes words, \"phrases\", AND OR NOT, prefix* and field:value. facet.{name}= chooses values, repeatable; min.{name}= and max.{name}= bound facets of numbers and days. sort is relevance, released, title, accession, files or size, with - for descending. Every answer says which index gave it.")
            .Refuses(400, 410, 503);
        routes.MapGet("/api/files", FindFilesAsync).WithTags("Search").WithSummary("Searches the files of all public datasets")
            .WithDescription("q takes words of paths and attribute values. filter.{attribute}= chooses values, min.{attribute}= and max.{attribute}= bound numbers, facets= names attributes to count. Built in are @path, @size, @format and @dataset.")
            .Refuses(400, 503);
        return routes;
    }

    private static Ok<SearchPage<DatasetHit>> Search(HttpContext http, ISearchIndex index, string? q, string? sort, int? size, string? cursor, CancellationToken ct)
    {
        var page = index.SearchDatasets(new DatasetQuery
        {
            Text = q ?? "",
            Facets = SearchParameters.Selections(http.Request.Query, "facet."),
            Ranges = SearchParameters.Bounds(http.Request.Query),
            Sort = sort,
            Size = Size(size, 20, DatasetQuery.MaxSize),
            Cursor = string.IsNullOrEmpty(cursor) ? null : cursor,
        }, ct);
        http.Response.Headers.CacheControl = "no-cache";
        return TypedResults.Ok(page);
    }

    private static async Task<Ok<FilePage>> FindFilesAsync(
        HttpContext http, ISearchIndex index, FileDigestLookup digests, string? q, string? sort, int? size, string? cursor, long? at, CancellationToken ct)
    {
        var found = index.SearchFiles(Query(http, q, sort, size, cursor, at), ct);
        http.Response.Headers.CacheControl = "no-cache";
        return TypedResults.Ok(await digests.CompleteAsync(found, ct));
    }

    /// <summary>The parameters of a file search, as both addresses take them.</summary>
    public static FileQuery Query(HttpContext http, string? q, string? sort, int? size, string? cursor, long? at) => new()
    {
        Text = q ?? "",
        Filters = SearchParameters.Selections(http.Request.Query, "filter."),
        Ranges = SearchParameters.Ranges(http.Request.Query),
        Facets = SearchParameters.Facets(http.Request.Query),
        Sort = sort,
        Size = Size(size, 50, Paging.MaxSize),
        Cursor = string.IsNullOrEmpty(cursor) ? null : cursor,
        At = at,
    };

    private static int Size(int? size, int standard, int maximum) => size switch
    {
        null => standard,
        >= 0 when size <= maximum => size.Value,
        _ => throw Refusal.OfParameter("size", $"0 to {maximum}"),
    };
}
