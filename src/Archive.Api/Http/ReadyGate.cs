using Archive.Api.Errors;
using Archive.Api.Running;
using Archive.Model.Errors;

namespace Archive.Api.Http;

/// <summary>Answers 503 until everything that requests need is there, but for addresses that need nothing.</summary>
internal sealed class ReadyGate(RequestDelegate next, Readiness readiness)
{
    private static readonly PathString[] Open = ["/healthz", "/readyz", "/metrics", "/problems", "/swagger", "/openapi.yaml", "/assets", "/help"];

    public Task InvokeAsync(HttpContext http) =>
        readiness.IsReady || Array.Exists(Open, path => http.Request.Path.StartsWithSegments(path, StringComparison.Ordinal))
            ? next(http)
            : ProblemAnswer.WriteAsync(http, Problems.Starting, "The archive is not ready yet, or is about to stop.");
}
