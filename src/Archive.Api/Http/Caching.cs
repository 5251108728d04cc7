namespace Archive.Api.Http;

/// <summary>What caches between the archive and its reader may keep, where an address says nothing of its own.</summary>
internal static class Caching
{
    /// <summary>What was asked with a sign-in is kept by nobody; other answers of the API are asked for again each time.</summary>
    public static Task StandardAsync(HttpContext http, RequestDelegate next)
    {
        if (!http.Request.Path.StartsWithSegments("/api", StringComparison.Ordinal)) return next(http);
        http.Response.OnStarting(() =>
        {
            var isPublic = http.Request.Headers.Authorization.Count == 0 && (HttpMethods.IsGet(http.Request.Method) || HttpMethods.IsHead(http.Request.Method));
            if (http.Response.Headers.CacheControl.Count == 0) http.Response.Headers.CacheControl = isPublic ? "no-cache" : "no-store";
            return Task.CompletedTask;
        });
        return next(http);
    }
}
