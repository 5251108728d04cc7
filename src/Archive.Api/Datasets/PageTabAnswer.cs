using Archive.Model.PageTab;

namespace Archive.Api.Datasets;

/// <summary>Writes a page tab as JSON.</summary>
internal sealed class PageTabAnswer(PageTabDocument document) : IResult
{
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.Response.ContentType = "application/json; charset=utf-8";
        if (HttpMethods.IsHead(httpContext.Request.Method)) return;
        await PageTabJson.WriteAsync(document, httpContext.Response.Body, httpContext.RequestAborted);
    }
}
