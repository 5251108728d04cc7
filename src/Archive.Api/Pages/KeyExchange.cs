using Archive.Api.Datasets;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;

namespace Archive.Api.Pages;

/// <summary>
/// A page that was opened by an access key is answered by a cookie in its place and an address without it, so that the key stays out of the
/// history, of screenshots and of what other sites are told.
/// </summary>
internal sealed class KeyExchange : IResultFilter
{
    /// <inheritdoc/>
    public void OnResultExecuting(ResultExecutingContext context)
    {
        var http = context.HttpContext;
        if (ReviewAccess.Review(http) is not { IsByKey: true } visit) return;
        http.Response.Headers.Location = http.RequestServices.GetRequiredService<ReviewAccess>().Exchange(http, visit);
        context.Result = new StatusCodeResult(StatusCodes.Status303SeeOther);
    }

    /// <inheritdoc/>
    public void OnResultExecuted(ResultExecutedContext context)
    {
        // Everything is done before the page is written.
    }
}
