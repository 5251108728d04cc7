using System.Net;
using Archive.Api.Accounts;
using Archive.Api.Running;
using Archive.Model.Accounts;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Archive.Api.Monitoring;

/// <summary>Liveness, readiness and measurements.</summary>
internal static class HealthEndpoints
{
    public static IEndpointRouteBuilder MapHealth(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/healthz", () => TypedResults.Ok(new HealthResponse("alive"))).WithTags("Operation").WithSummary("Whether the process lives")
            .WithMetadata(new IgnoresSignIn()).DisableRateLimiting();
        routes.MapGet("/readyz", Ready).WithTags("Operation").WithSummary("Whether requests are served, and what each dependency does")
            .WithDescription("Dependencies are named to operators and on the loopback address only.")
            .Produces<ReadyResponse>(StatusCodes.Status503ServiceUnavailable)
            .WithMetadata(new IgnoresSignIn()).DisableRateLimiting();
        routes.MapGet("/metrics", Metrics).WithTags("Operation").WithSummary("Measurements as Prometheus text")
            .Produces<string>(StatusCodes.Status200OK, "text/plain").AddEndpointFilter(OperatorsOnlyAsync).DisableRateLimiting();
        return routes;
    }

    // What proxies say of whom they speak for.
    private static readonly string[] Forwarding = ["X-Forwarded-For", "Forwarded", "X-Real-IP", "Via"];

    /// <summary>
    /// Whether the caller may see how the archive is run: an operator, or a program on the same machine that no proxy speaks for. A
    /// browser there that another site's page made ask is no such program.
    /// </summary>
    public static bool MayOperate(HttpContext http) =>
        http.Account()?.Role is Role.Operator ||
        (http.Connection.RemoteIpAddress is { } address && IPAddress.IsLoopback(address)
            && !Array.Exists(Forwarding, http.Request.Headers.ContainsKey)
            && http.Request.Headers["Sec-Fetch-Site"].ToString() is "" or "none" or "same-origin");

    /// <summary>Refuses everybody else.</summary>
    public static async ValueTask<object?> OperatorsOnlyAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        if (MayOperate(context.HttpContext)) return await next(context);
        return TypedResults.StatusCode(context.HttpContext.Account() is null ? StatusCodes.Status401Unauthorized : StatusCodes.Status403Forbidden);
    }

    private static JsonHttpResult<ReadyResponse> Ready(HttpContext http, Readiness readiness)
    {
        var details = MayOperate(http)
            ? readiness.Dependencies.ToDictionary(d => d.Key, d => d.Value, StringComparer.Ordinal)
            : null;
        http.Response.Headers.CacheControl = "no-store";
        return TypedResults.Json(new ReadyResponse(readiness.IsSound ? "ready" : readiness.IsReady ? "impaired" : "starting", details),
            statusCode: readiness.IsSound ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable);
    }

    private static ContentHttpResult Metrics(PrometheusExporter exporter) =>
        TypedResults.Text(exporter.Write(), "text/plain; version=0.0.4; charset=utf-8");
}

/// <summary>The process lives.</summary>
internal sealed record HealthResponse(string Status);

/// <summary>Whether requests are served.</summary>
/// <param name="Status">ready, starting, or impaired: something that all requests need has gone.</param>
/// <param name="Dependencies">Each by name; left out for strangers.</param>
internal sealed record ReadyResponse(string Status, IReadOnlyDictionary<string, DependencyState>? Dependencies);
