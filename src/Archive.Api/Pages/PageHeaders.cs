using Microsoft.AspNetCore.Mvc.Filters;

namespace Archive.Api.Pages;

/// <summary>The header fields of every page.</summary>
internal sealed class PageHeaders : IResultFilter
{
    // No script at all, nothing from another host, and nobody may frame a page.
    private const string Policy = "default-src 'none'; style-src 'self'; img-src 'self'; font-src 'self'; form-action 'self'; "
        + "base-uri 'none'; frame-ancestors 'none'";

    /// <summary>Sets them; a caching rule that stands already is kept.</summary>
    public static void Set(HttpContext http)
    {
        var headers = http.Response.Headers;
        headers.ContentSecurityPolicy = Policy;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "same-origin";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers.Vary = "Accept, Authorization, Cookie";
        if (headers.CacheControl.Count == 0) headers.CacheControl = "no-cache";
    }

    /// <inheritdoc/>
    public void OnResultExecuting(ResultExecutingContext context) => Set(context.HttpContext);

    /// <inheritdoc/>
    public void OnResultExecuted(ResultExecutedContext context)
    {
        // The fields are set before the page is written; nothing follows it.
    }
}
