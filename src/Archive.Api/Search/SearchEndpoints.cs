using Archive.Api.Datasets;
using Archive.Api.Http;
using Archive.Indexer;
using Archive.Model.Search;
using Archive.Storage.Metadata;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Archive.Api.Search;

/// <summary>Searching datasets, and files over all of them.</summary>
internal static class SearchEndpoints
{
    private const int MaxCompletions = 50;
    private const int MaxSimilar = 100;

    public static IEndpointRouteBuilder MapSearch(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/search", Search).WithTags("Search").WithSummary("Searches datasets")
            .WithDescription("q takes words, \"phrases\", AND OR NOT, prefix*, wild?ard, fuzzy~, boost^2, field:value and year:[2020 TO 2024]; what cannot be read is told in notes with its column, and the rest is searched. Other names of what is named are looked for too, told in expanded, unless synonyms=false. suggestions has other spellings where nothing is found. facet.{name}= chooses values, repeatable; min.{name}= and max.{name}= bound facets of numbers and days. sort is relevance, released, title, accession, files or size, with - for descending. Every answer says which index gave it.")
            .Refuses(400, 410, 503);
        routes.MapGet("/api/search/values", FindFacetValues).WithTags("Search").WithSummary("Lists the values of a facet among datasets")
            .WithDescription("Takes the parameters of /api/search for the datasets, of which the choice and the bounds of the facet itself are left out. facet= names it, containing= is what its values must contain, without regard to case and accents. Numbers come first, by size, then words by code point.")
            .Refuses(400, 503);
        routes.MapGet("/api/suggest", Complete).WithTags("Search").WithSummary("Completes what is being typed")
            .WithDescription("q is what is typed so far. Each item has the text, its kind (word, title, organism, method) and the query that looks for it. size is 10 unless given, 50 at most. Only what public datasets have.")
            .Refuses(400, 503);
        routes.MapGet("/api/datasets/{accession}/similar", FindSimilarAsync).WithTags("Search").WithSummary("Datasets like another")
            .WithDescription("By the words that tell most of the dataset: frequent in it, rare elsewhere. size is 5 unless given, 100 at most. Empty where the dataset is not in the search index.")
            .Refuses(400, 404, 503);
        routes.MapGet("/api/files", FindFilesAsync).WithTags("Search").WithSummary("Searches the files of all public datasets")
            .WithDescription("q takes words of paths and attribute values, AND OR NOT, prefix*, wild?ard and fuzzy~; what cannot be read, or stands for more words than are looked for, is told in notes. filter.{attribute}= chooses values, repeatable; min.{attribute}= and max.{attribute}= bound numbers, or dates YYYY-MM-DD with or without THH:MM[:SS] (UTC), of which max takes all of the day, minute or second; a value of another kind lies in no range. facets= names attributes to count. Built in are @path, @size, @format and @dataset. Accept or format= chooses jsonl or csv: an export of all files found, without digests; its header Archive-Notes tells how many notes a page would have. In csv several values are joined by \"; \", attributes beyond the thousand that most of the files have share a last column, and a cell that begins with =, @ or a tab, or with + or - and is no number, has an apostrophe before it.")
            .Produces<FilePage>(StatusCodes.Status200OK, ListForms.Json, ListForms.JsonLines, ListForms.Csv)
            .Refuses(400, 503);
        routes.MapGet("/api/files/values", FindValues).WithTags("Search").WithSummary("Lists the values of an attribute among files")
            .WithDescription("Takes the parameters of /api/files for the files, of which the filter and the bounds of the attribute itself are left out. attribute= names it, containing= is what its values must contain, without regard to case and accents. Numbers come first, by size, then words by code point.")
            .Refuses(400, 503);
        return routes;
    }

    private static Ok<SearchPage<DatasetHit>> Search(HttpContext http, ISearchIndex index, string? q, string? sort, int? size, string? cursor, bool? synonyms, CancellationToken ct)
    {
        var page = index.SearchDatasets(Datasets(http, q, synonyms) with
        {
            Sort = sort,
            Size = Size(size, 20, DatasetQuery.MaxSize),
            Cursor = string.IsNullOrEmpty(cursor) ? null : cursor,
        }, ct);
        http.Response.Headers.CacheControl = "no-cache";
        return TypedResults.Ok(page);
    }

    private static Ok<FacetValuesPage> FindFacetValues(
        HttpContext http, ISearchIndex index, string facet, string? q, string? containing, int? size, string? cursor, bool? synonyms, CancellationToken ct)
    {
        http.Response.Headers.CacheControl = "no-cache";
        return TypedResults.Ok(index.SearchFacetValues(new FacetValuesQuery
        {
            Datasets = Datasets(http, q, synonyms),
            Facet = facet,
            Text = containing ?? "",
            Size = Size(size, 100, FacetValuesQuery.MaxSize),
            Cursor = string.IsNullOrEmpty(cursor) ? null : cursor,
        }, ct));
    }

    private static DatasetQuery Datasets(HttpContext http, string? q, bool? synonyms) => new()
    {
        Text = q ?? "",
        UseSynonyms = synonyms ?? true,
        Facets = SearchParameters.Selections(http.Request.Query, "facet."),
        Ranges = SearchParameters.Bounds(http.Request.Query),
    };

    private static Ok<CompletionPage> Complete(HttpContext http, ISearchIndex index, string? q, int? size, CancellationToken ct)
    {
        http.Response.Headers.CacheControl = "no-cache";
        return TypedResults.Ok(index.Complete(q ?? "", Size(size, 10, MaxCompletions), ct));
    }

    private static async Task<Ok<SimilarDatasets>> FindSimilarAsync(
        string accession, HttpContext http, IDatasetStore datasets, ISearchIndex index, int? size, CancellationToken ct)
    {
        var dataset = await DatasetAccess.RequireAsync(accession, http, datasets, ct);
        http.Response.Headers.CacheControl = "no-cache";
        return TypedResults.Ok(index.FindSimilar(dataset.Accession, Size(size, 5, MaxSimilar), ct));
    }

    private static async Task<Results<Ok<FilePage>, EmptyHttpResult>> FindFilesAsync(
        HttpContext http, ISearchIndex index, FileDigestLookup digests, FileExports exports, string? q, string? sort, int? size, string? cursor, long? at, string? format,
        CancellationToken ct)
    {
        if (FileExports.IsAskedFor(http, format, out var form))
        {
            http.Response.Headers.CacheControl = "no-cache";
            await exports.WriteAsync(http, Query(http, q, sort, size, cursor, at), form, "files", ct);
            return TypedResults.Empty;
        }
        var found = index.SearchFiles(Query(http, q, sort, size, cursor, at), ct);
        http.Response.Headers.CacheControl = "no-cache";
        return TypedResults.Ok(await digests.CompleteAsync(found, ct));
    }

    private static Ok<FileValuesPage> FindValues(
        HttpContext http, ISearchIndex index, string attribute, string? q, string? containing, int? size, string? cursor, CancellationToken ct)
    {
        http.Response.Headers.CacheControl = "no-cache";
        return TypedResults.Ok(index.SearchFileValues(Values(http, attribute, q, containing, size, cursor), ct));
    }

    /// <summary>The parameters of a search for values, as both addresses take them.</summary>
    public static FileValuesQuery Values(HttpContext http, string attribute, string? q, string? containing, int? size, string? cursor) => new()
    {
        Files = Query(http, q, null, 0, null, null) with { Facets = [] },
        Attribute = attribute,
        Text = containing ?? "",
        Size = Size(size, 100, FileValuesQuery.MaxSize),
        Cursor = string.IsNullOrEmpty(cursor) ? null : cursor,
    };

    /// <summary>The parameters of a file search, as both addresses take them.</summary>
    public static FileQuery Query(HttpContext http, string? q, string? sort, int? size, string? cursor, long? at) => new()
    {
        Text = q ?? "",
        Filters = SearchParameters.Selections(SearchParameters.Exact(http.Request), "filter."),
        Ranges = SearchParameters.Ranges(SearchParameters.Exact(http.Request)),
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
