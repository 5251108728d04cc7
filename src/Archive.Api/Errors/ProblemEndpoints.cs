using Archive.Api.Accounts;
using Archive.Api.Http;
using Archive.Model.Errors;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Archive.Api.Errors;

/// <summary>The catalogue of errors as JSON; the pages show the same to people.</summary>
internal static class ProblemEndpoints
{
    public static IEndpointRouteBuilder MapProblems(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/problems", List).WithTags("Operation").WithMetadata(new IgnoresSignIn()).WithSummary("Every error that there is");
        return routes;
    }

    private static Ok<Page<Problem>> List() =>
        TypedResults.Ok(new Page<Problem>([.. Problems.ByCode.Values.OrderBy(p => p.Code, StringComparer.Ordinal)], null));
}
