using System.Globalization;
using Archive.Api.Http;
using Archive.Storage.Metadata;
using Microsoft.Net.Http.Headers;

namespace Archive.Api.Datasets;

/// <summary>The enumeration of what is public, in the order of changes, for those who keep a copy of the catalogue.</summary>
internal static class ChangeEndpoints
{
    public static IEndpointRouteBuilder MapChanges(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/datasets", ListAsync).WithTags("Datasets").WithSummary("Public datasets in the order of their changes")
            .WithDescription("Each dataset once, at its newest change; those that are public no more as tombstones. since= a change number gives what changed after it. "
                + "Keep change of the last item, and nothing is missed, whatever is written meanwhile. A cursor never expires. As JSON Lines (application/x-ndjson or "
                + "format=jsonl) and CSV (text/csv or format=csv) everything up to the newest change comes in one answer, unless size= is given; when it is cut, go on "
                + "with since= the change of the last whole line.")
            .Produces<DatasetPage>(StatusCodes.Status200OK, ListForms.Json, ListForms.JsonLines, ListForms.Csv).Produces(StatusCodes.Status304NotModified)
            .Refuses(400);
        return routes;
    }

    private static async Task<IResult> ListAsync(
        IDatasetStore datasets, BaseAddress address, HttpContext http, long? since, int? size, string? cursor, string? format, CancellationToken ct)
    {
        if (since < 0) throw Refusal.OfParameter("since", "0 or more");
        var after = Paging.Key<long>(cursor) ?? since ?? 0;
        if (after < 0) throw Refusal.OfParameter("cursor", "one that a page before gave");
        var count = Paging.Size(size);
        var form = ListForms.Negotiate(http, format);
        http.Response.Headers.CacheControl = "no-cache";
        if (form != ListForm.Json) return new ChangeLines(datasets, address, form, after, size is null ? null : count);
        var found = await datasets.ListChangesAsync(after, count + 1, ct);
        var page = Paging.Cut(found, count, d => d.Change.ToString(CultureInfo.InvariantCulture), d => DatasetItem.Of(d, address));
        var last = page.Items.Count == 0 ? after : page.Items[^1].Change;
        // What stood between two numbers only ever gets fewer, and an item is the same as long as its number is: so these tell a page.
        var etag = new EntityTagHeaderValue(string.Create(CultureInfo.InvariantCulture, $"\"c{after}-{last}-{page.Items.Count}-{(page.Next is null ? 0 : 1)}\""));
        http.Response.GetTypedHeaders().ETag = etag;
        return ETags.IsKnown(http.Request.Headers.IfNoneMatch, etag)
            ? TypedResults.StatusCode(StatusCodes.Status304NotModified)
            : TypedResults.Ok(new DatasetPage(page.Items, page.Next, last));
    }
}
