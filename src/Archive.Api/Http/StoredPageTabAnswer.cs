using Archive.Storage.Metadata;

namespace Archive.Api.Http;

/// <summary>Hands a stored page tab on as it comes from the database; cut off when it is replaced meanwhile, so that no mixture is given.</summary>
internal sealed class StoredPageTabAnswer(StoredPageTab pageTab) : IResult
{
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        await using var stored = pageTab;
        httpContext.Response.ContentType = "application/json; charset=utf-8";
        httpContext.Response.Headers.XContentTypeOptions = "nosniff";
        httpContext.Response.ContentLength = stored.LengthBytes;
        if (HttpMethods.IsHead(httpContext.Request.Method)) return;
        await stored.Content.CopyToAsync(httpContext.Response.Body, httpContext.RequestAborted);
    }
}
