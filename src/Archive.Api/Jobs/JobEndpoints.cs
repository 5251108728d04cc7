using Archive.Api.Errors;
using Archive.Api.Http;
using Archive.Api.Monitoring;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Archive.Api.Jobs;

/// <summary>Jobs, for operators and programs on the same machine.</summary>
internal static class JobEndpoints
{
    public static IEndpointRouteBuilder MapJobs(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/api/jobs").WithTags("Operation").AddEndpointFilter(HealthEndpoints.OperatorsOnlyAsync);
        group.MapGet("", ListAsync).WithSummary("Every job with its last runs").Refuses(401, 403);
        group.MapPost("/{name}/runs", RunAsync).WithSummary("Has a job run once, now").Refuses(401, 403, 404);
        return routes;
    }

    private static async Task<Ok<Page<JobStatus>>> ListAsync(IJobScheduler jobs, CancellationToken ct) =>
        TypedResults.Ok(new Page<JobStatus>(await jobs.ListAsync(ct), null));

    private static async Task<Accepted> RunAsync(string name, IJobScheduler jobs, CancellationToken ct) =>
        await jobs.TryRunAsync(name, ct) ? TypedResults.Accepted("/api/jobs") : throw StatusPages.NotFound();
}
