using Archive.Api.Accounts;
using Archive.Api.Curation;
using Archive.Api.Http;
using Archive.Model.Datasets;
using Archive.Model.Errors;
using Archive.Model.PageTab;
using Archive.Storage.Metadata;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Net.Http.Headers;

namespace Archive.Api.Datasets;

/// <summary>Datasets: heads, versions and their metadata.</summary>
internal static class DatasetEndpoints
{
    public static IEndpointRouteBuilder MapDatasets(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/api/datasets").WithTags("Datasets");
        group.MapGet("/{accession}", GetAsync).WithSummary("A dataset").Produces(304).Refuses(404, 410);
        group.MapGet("/{accession}/versions", ListVersionsAsync).WithSummary("The committed versions, oldest first")
            .WithDescription("A version that was superseded before the dataset was released is shown to its owner, to those with whom it is shared, and to curators only.").Refuses(404, 410);
        group.MapGet("/{accession}/versions/{number:int}", GetVersionAsync).WithSummary("A version").Refuses(404, 410);
        group.MapGet("/{accession}/pagetab", GetPageTabAsync).WithSummary("The page tab, with its effective accession and release date")
            .WithDescription("JSON, TSV or XML by Accept, JSON where it says nothing; they say the same. XML has no way to write control characters: 406 names them.")
            .Produces<object>(StatusCodes.Status200OK, PageTabMedia.Json, PageTabMedia.Tsv, PageTabMedia.Xml).Produces(304).Refuses(403, 404, 406, 410, 503);
        group.MapGet("/{accession}/pagetab.json", GetJsonAsync).WithSummary("The page tab as JSON")
            .Produces<object>(StatusCodes.Status200OK, PageTabMedia.Json).Produces(304).Refuses(403, 404, 410);
        group.MapGet("/{accession}/pagetab.tsv", GetTsvAsync).WithSummary("The page tab as TSV")
            .Produces<string>(StatusCodes.Status200OK, PageTabMedia.Tsv).Produces(304).Refuses(403, 404, 410, 503);
        group.MapGet("/{accession}/pagetab.xml", GetXmlAsync).WithSummary("The page tab as XML")
            .Produces<string>(StatusCodes.Status200OK, PageTabMedia.Xml).Produces(304).Refuses(403, 404, 406, 410, 503);
        return routes;
    }

    private static async Task<Results<Ok<DatasetResponse>, StatusCodeHttpResult>> GetAsync(
        string accession, HttpContext http, IDatasetStore datasets, CancellationToken ct)
    {
        var dataset = await DatasetAccess.RequireAsync(accession, http, datasets, ct);
        var versions = dataset.VersionsFor(http).ToList();
        // Who sees more versions gets another answer.
        return IsKnown(http, dataset, new EntityTagHeaderValue($"\"r{dataset.Revision}-{versions.Count}\""), isVersioned: false, versions)
            ? TypedResults.StatusCode(StatusCodes.Status304NotModified)
            : TypedResults.Ok(DatasetResponse.Of(dataset, versions) with { Review = ReviewResponse.For(dataset, http.Account()) });
    }

    private static async Task<Ok<Page<VersionResponse>>> ListVersionsAsync(string accession, HttpContext http, IDatasetStore datasets, CancellationToken ct)
    {
        var dataset = await DatasetAccess.RequireAsync(accession, http, datasets, ct);
        var versions = dataset.VersionsFor(http).ToList();
        http.Response.Headers.CacheControl = dataset.CacheControl(isVersioned: false, versions);
        return TypedResults.Ok(new Page<VersionResponse>([.. versions.Select(v => VersionResponse.Of(dataset, v))], null));
    }

    private static async Task<Ok<VersionResponse>> GetVersionAsync(
        string accession, int number, HttpContext http, IDatasetStore datasets, CancellationToken ct)
    {
        var dataset = await DatasetAccess.RequireAsync(accession, http, datasets, ct);
        var version = dataset.Version(number, http);
        http.Response.Headers.CacheControl = dataset.CacheControl(isVersioned: true, version);
        return TypedResults.Ok(VersionResponse.Of(dataset, version));
    }

    private static async Task<IResult> GetPageTabAsync(
        string accession, int? version, HttpContext http, IDatasetStore datasets, DatasetDocuments documents, CancellationToken ct)
    {
        // Who may see the dataset is judged before anything else is.
        var dataset = await DatasetAccess.RequireAsync(accession, http, datasets, ct);
        RefuseReviewers(http);
        var (form, mediaType) = PageTabAnswer.Negotiate(http);
        return await AnswerAsync(dataset, version, form, mediaType, http, documents, ct);
    }

    private static Task<IResult> GetJsonAsync(
        string accession, int? version, HttpContext http, IDatasetStore datasets, DatasetDocuments documents, CancellationToken ct) =>
        GetFormAsync(accession, version, PageTabForm.Json, http, datasets, documents, ct);

    private static Task<IResult> GetTsvAsync(
        string accession, int? version, HttpContext http, IDatasetStore datasets, DatasetDocuments documents, CancellationToken ct) =>
        GetFormAsync(accession, version, PageTabForm.Tsv, http, datasets, documents, ct);

    private static Task<IResult> GetXmlAsync(
        string accession, int? version, HttpContext http, IDatasetStore datasets, DatasetDocuments documents, CancellationToken ct) =>
        GetFormAsync(accession, version, PageTabForm.Xml, http, datasets, documents, ct);

    private static async Task<IResult> GetFormAsync(
        string accession, int? version, PageTabForm form, HttpContext http, IDatasetStore datasets, DatasetDocuments documents, CancellationToken ct) =>
        await AnswerAsync(await DatasetAccess.RequireAsync(accession, http, datasets, ct), version, form, PageTabMedia.Of(form), http, documents, ct);

    private static void RefuseReviewers(HttpContext http) =>
        http.RefuseReviewers("A page tab tells who deposited, so reviewers are not given it: /api/datasets and the dataset's page show the blind view.");

    private static async Task<IResult> AnswerAsync(
        Dataset dataset, int? version, PageTabForm form, string mediaType, HttpContext http, DatasetDocuments documents, CancellationToken ct)
    {
        RefuseReviewers(http);
        var asked = dataset.Version(version, http);
        // Moving the release date changes what the page tab tells of it, so the head's revision is part of the tag.
        var etag = PageTabMedia.TagOf(new EntityTagHeaderValue($"\"v{asked.Number}-r{dataset.Revision}\""), form);
        if (IsKnown(http, dataset, etag, version is not null, asked)) return TypedResults.StatusCode(StatusCodes.Status304NotModified);
        if (await documents.OpenPageTabAsync(dataset, asked, ct) is not { } pageTab)
            throw new ArchiveException(Problems.Unavailable, "The document cannot be read now.");
        // Kept as JSON, a page tab is handed on without a tree; other forms need one.
        if (form == PageTabForm.Json) return new StoredPageTabAnswer(pageTab);
        await using var stored = pageTab;
        if (await documents.EnterFormAsync(stored, ct) is { } place) PageTabAnswer.Hold(place, http);
        return PageTabAnswer.Of(await DatasetDocuments.ReadAllAsync(stored, ct), form, mediaType);
    }

    private static bool IsKnown(HttpContext http, Dataset dataset, EntityTagHeaderValue etag, bool isVersioned, params IEnumerable<CommittedVersion> versions)
    {
        http.Response.GetTypedHeaders().ETag = etag;
        http.Response.Headers.CacheControl = dataset.CacheControl(isVersioned, versions);
        return ETags.IsKnown(http.Request.Headers.IfNoneMatch, etag);
    }
}

/// <summary>A dataset.</summary>
/// <param name="Accession">Its number.</param>
/// <param name="Collection">Its collection.</param>
/// <param name="State">Who may read it.</param>
/// <param name="Title">Title of the newest version.</param>
/// <param name="ReleaseDate">When it became or will become public (UTC); null when it stays private.</param>
/// <param name="Version">The newest version.</param>
/// <param name="FileCount">Its files.</param>
/// <param name="TotalBytes">Their bytes.</param>
/// <param name="Change">Order of public changes; 0 while it never was public.</param>
/// <param name="Versions">The versions that the caller may read, oldest first.</param>
/// <param name="Withdrawal">Why and when it was withdrawn, for curators, who alone may read it then; else null.</param>
internal sealed record DatasetResponse(Accession Accession, string Collection, DatasetState State, string Title, DateTimeOffset? ReleaseDate,
    int Version, long FileCount, long TotalBytes, long Change, IReadOnlyList<VersionResponse> Versions, WithdrawalResponse? Withdrawal)
{
    /// <summary>Where it stands with the curators; told to its owner and to curators while it is private, else null.</summary>
    public ReviewResponse? Review { get; init; }

    public static DatasetResponse Of(Dataset dataset, IEnumerable<CommittedVersion> versions) => new(dataset.Accession, dataset.Collection, dataset.State,
        dataset.Title, dataset.ReleaseDate, dataset.Latest.Number, dataset.Latest.FileCount, dataset.Latest.TotalBytes, dataset.Change,
        [.. versions.Select(v => VersionResponse.Of(dataset, v))],
        dataset.State == DatasetState.Withdrawn ? new(dataset.WithdrawalReason, dataset.WithdrawnAt) : null);
}

/// <summary>That a dataset was withdrawn.</summary>
/// <param name="Reason">What readers are told; null where none was given.</param>
/// <param name="At">When (UTC); null where it was not recorded.</param>
internal sealed record WithdrawalResponse(string? Reason, DateTimeOffset? At);

/// <summary>A committed version.</summary>
/// <param name="Version">1 for the first.</param>
/// <param name="CommittedAt">When it was committed (UTC).</param>
/// <param name="FileCount">Its files.</param>
/// <param name="TotalBytes">Their bytes.</param>
/// <param name="Public">Whether everybody may read it.</param>
/// <param name="Changes">How its files differ from those of the version before; null where that was not recorded.</param>
internal sealed record VersionResponse(int Version, DateTimeOffset CommittedAt, long FileCount, long TotalBytes, bool Public, VersionChanges? Changes)
{
    public static VersionResponse Of(Dataset dataset, CommittedVersion version) =>
        new(version.Number, version.CommittedAt, version.FileCount, version.TotalBytes, dataset.IsOpen(version), version.Changes);
}
