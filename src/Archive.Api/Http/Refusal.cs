using Archive.Api.Errors;
using Archive.Model.Errors;
using Archive.Model.Submissions;

namespace Archive.Api.Http;

/// <summary>Refusals that several slices share.</summary>
internal static class Refusal
{
    /// <summary>A refusal with everything that is wrong.</summary>
    public static ArchiveException Of(IReadOnlyList<Finding> findings) => new(Problems.Unprocessable,
        findings.Count == 1 ? findings[0].Message : $"{findings.Count} things are wrong; findings lists them.", Facts(findings));

    /// <summary>A refusal of one parameter of the address.</summary>
    public static ArchiveException OfParameter(string name, string rule) => new(Problems.BadRequest, $"The parameter {name} must be {rule}.");

    /// <summary>Findings as a fact of an answer.</summary>
    public static Dictionary<string, object?> Facts(IReadOnlyList<Finding> findings) => new(StringComparer.Ordinal) { ["findings"] = findings };

    /// <summary>Writes into the description of the API which refusals an address has.</summary>
    public static RouteHandlerBuilder Refuses(this RouteHandlerBuilder route, params int[] statuses)
    {
        foreach (var status in statuses) route.Produces<ProblemBody>(status, ProblemAnswer.MediaType);
        return route;
    }
}

/// <summary>A refusal (RFC 9457).</summary>
/// <param name="Type">Address of the page that explains it.</param>
/// <param name="Title">The same for every occurrence.</param>
/// <param name="Status">The HTTP status.</param>
/// <param name="Detail">What happened this time.</param>
/// <param name="Code">Stable name of the problem.</param>
/// <param name="TraceId">Names the request in the archive's log.</param>
/// <param name="Findings">Everything that is wrong with the input, where there is something to list.</param>
internal sealed record ProblemBody(string Type, string Title, int Status, string Detail, string Code, string TraceId, IReadOnlyList<Finding>? Findings);
