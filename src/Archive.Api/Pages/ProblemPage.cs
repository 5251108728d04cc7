using Archive.Model.Errors;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Abstractions;
using Microsoft.AspNetCore.Mvc.Infrastructure;
using Microsoft.AspNetCore.Mvc.ModelBinding;
using Microsoft.AspNetCore.Mvc.ViewFeatures;
using Microsoft.Net.Http.Headers;

namespace Archive.Api.Pages;

/// <summary>What the page of a refusal shows.</summary>
/// <param name="Problem">The row of the catalogue.</param>
/// <param name="Detail">What happened this time.</param>
/// <param name="TraceId">Names the request in the log; shown where the fault is ours.</param>
internal sealed record ProblemView(Problem Problem, string Detail, string? TraceId);

/// <summary>Shows a refusal as a page of the site, to those who asked for a page.</summary>
internal sealed class ProblemPage(IActionResultExecutor<ViewResult> executor, IModelMetadataProvider metadata)
{
    private static readonly PathString[] Machines = ["/api", "/healthz", "/readyz", "/metrics", "/openapi.yaml"];

    /// <summary>Whether a request came from a browser that shows a page: it names text/html, and the address is not the API's.</summary>
    public static bool IsWanted(HttpRequest request) =>
        (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method))
        && !Array.Exists(Machines, m => request.Path.StartsWithSegments(m, StringComparison.Ordinal))
        && MediaTypeHeaderValue.TryParseList(request.Headers.Accept, out var accepted)
        && accepted.Any(type => type.MediaType.Equals("text/html", StringComparison.OrdinalIgnoreCase) && type.Quality is not 0);

    /// <summary>Writes the page; the caller has set the status.</summary>
    public Task WriteAsync(HttpContext http, Problem problem, string detail, string traceId)
    {
        PageHeaders.Set(http);
        var view = new ProblemView(problem, detail, problem.Status >= 500 ? traceId : null);
        var action = new ActionContext(http, new RouteData(), new ActionDescriptor());
        var result = new ViewResult
        {
            ViewName = "/Pages/Shared/Refusal.cshtml",
            StatusCode = http.Response.StatusCode,
            ViewData = new ViewDataDictionary<ProblemView>(metadata, new ModelStateDictionary()) { Model = view },
        };
        return executor.ExecuteAsync(action, result);
    }
}
