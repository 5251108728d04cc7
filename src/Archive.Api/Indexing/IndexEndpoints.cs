using System.Text.Json.Serialization;
using Archive.Api.Errors;
using Archive.Api.Http;
using Archive.Api.Jobs;
using Archive.Api.Monitoring;
using Archive.Model.Datasets;
using Archive.Model.Errors;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Archive.Api.Indexing;

/// <summary>The search index, for operators and programs on the same machine.</summary>
internal static class IndexEndpoints
{
    private const string Address = "/api/index";

    public static IEndpointRouteBuilder MapIndex(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup(Address).WithTags("Operation").AddEndpointFilter(HealthEndpoints.OperatorsOnlyAsync);
        group.MapGet("", ReadAsync).WithSummary("State of the index: what answers, what is kept and published, what is being done").Refuses(401, 403);
        group.MapPost("/rollback", RollBackAsync).WithSummary("Goes back to an older generation until the next build")
            .WithDescription("Done on this node when the answer comes, and on the others within seconds. What was withdrawn since stays hidden, what was released since stays found.")
            .Refuses(400, 401, 403, 404, 409);
        group.MapPost("/rebuild", RebuildAsync).WithSummary("Builds the index and reads every dataset and file list again")
            .WithDescription("Runs as the job index-rebuild on a node with the role indexer. The job index, which runs each night, takes over what did not change.").Refuses(401, 403);
        group.MapPost("/datasets/{accession}/rebuild", RebuildDatasetAsync).WithSummary("Makes one dataset's part of the index anew")
            .WithDescription("Reads its page tab and files again, and all nodes take in what comes of it.").Refuses(401, 403, 404);
        group.MapPost("/verify", Verify).WithSummary("Checks every section of every generation that this node keeps, and all published ones")
            .WithDescription("What is found stands in the field checks of the index's state.").Refuses(401, 403);
        return routes;
    }

    private static async Task<Ok<IndexReport>> ReadAsync(HttpContext http, IndexDesk desk, CancellationToken ct)
    {
        http.Response.Headers.CacheControl = "no-store";
        return TypedResults.Ok(await desk.ReadAsync(ct));
    }

    private static async Task<Accepted> RollBackAsync(RollBackRequest request, IndexDesk desk, CancellationToken ct)
    {
        if (string.IsNullOrEmpty(request.Generation)) throw new ArchiveException(Problems.BadRequest, "Name the generation to go back to in the field generation.");
        await desk.RollBackAsync(request.Generation, ct);
        return TypedResults.Accepted(Address);
    }

    private static async Task<Accepted> RebuildAsync(IJobScheduler jobs, CancellationToken ct)
    {
        await jobs.TryRunAsync(JobCatalogue.IndexRebuild, ct);
        return TypedResults.Accepted(Address);
    }

    private static async Task<Accepted> RebuildDatasetAsync(string accession, IndexDesk desk, CancellationToken ct) =>
        Accession.TryParse(accession, null, out var named) && await desk.TryRebuildAsync(named, ct) ? TypedResults.Accepted(Address) : throw StatusPages.NotFound();

    private static Accepted Verify(IndexDesk desk)
    {
        desk.Verify();
        return TypedResults.Accepted(Address);
    }
}

/// <summary>Where to go back to.</summary>
/// <param name="Generation">One of the kept or published generations that the index's state lists.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record RollBackRequest(string? Generation);
