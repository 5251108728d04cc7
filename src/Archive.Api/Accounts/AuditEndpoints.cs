using System.Text.Json.Nodes;
using Archive.Api.Http;
using Archive.Model.Accounts;
using Archive.Model.Datasets;
using Archive.Storage.Metadata;
using Archive.Submissions.Release;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Archive.Api.Accounts;

/// <summary>Who did what and when, for operators; an account sees what was done to itself.</summary>
internal static class AuditEndpoints
{
    private const int MaxName = 200;

    public static IEndpointRouteBuilder MapAudit(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/audit", ListAsync).WithTags("Operation").RequireAuthorization().AddEndpointFilter(AccountAdministration.OperatorsOnlyAsync)
            .WithSummary("Everything that was done, newest first; kind and id name a thing, actor an account").Refuses(400, 401, 403);
        return routes;
    }

    /// <summary>What was done to the caller's account.</summary>
    public static Task<Ok<Page<AuditResponse>>> OfCallerAsync(HttpContext http, IAuditStore audit, int? size, string? cursor, CancellationToken ct) =>
        PageAsync(audit, "account", http.RequireAccount().Id.ToString(), null, size, cursor, ct);

    /// <summary>What was done to a dataset.</summary>
    public static Task<Ok<Page<AuditResponse>>> OfDatasetAsync(Dataset dataset, IAuditStore audit, int? size, string? cursor, CancellationToken ct) =>
        PageAsync(audit, DatasetRecord.SubjectKind, dataset.Accession.ToString(), null, size, cursor, ct);

    private static Task<Ok<Page<AuditResponse>>> ListAsync(
        IAuditStore audit, string? kind, string? id, string? actor, int? size, string? cursor, CancellationToken ct)
    {
        if (kind is { Length: > MaxName } || id is { Length: > MaxName }) throw Refusal.OfParameter(kind is { Length: > MaxName } ? "kind" : "id", $"{MaxName} characters at most");
        if (id is not null && kind is null) throw Refusal.OfParameter("kind", "given together with id");
        if (actor is not null && !AccountId.TryParse(actor, null, out _)) throw Refusal.OfParameter("actor", "the id of an account");
        return PageAsync(audit, kind, id, actor is null ? null : AccountId.Parse(actor, null), size, cursor, ct);
    }

    private static async Task<Ok<Page<AuditResponse>>> PageAsync(
        IAuditStore audit, string? kind, string? id, AccountId? actor, int? size, string? cursor, CancellationToken ct)
    {
        var count = Paging.Size(size);
        var found = await audit.ListAsync(kind, id, actor, Paging.Key<long>(cursor), count + 1, ct);
        return TypedResults.Ok(Paging.Cut(found, count, e => e.Sequence.ToString(System.Globalization.CultureInfo.InvariantCulture), AuditResponse.Of));
    }
}

/// <summary>One thing that somebody did.</summary>
/// <param name="At">When (UTC).</param>
/// <param name="Actor">The account that did it; null for the archive itself or a stranger.</param>
/// <param name="OnBehalfOf">In whose place, or null.</param>
/// <param name="As">As what: a role in lower case, archive, or stranger.</param>
/// <param name="Kind">The kind of thing that it was done to.</param>
/// <param name="Id">Which one.</param>
/// <param name="Action">What was done.</param>
/// <param name="Before">What stood before, or null.</param>
/// <param name="After">What stands since, or null.</param>
internal sealed record AuditResponse(
    DateTimeOffset At, AccountId? Actor, AccountId? OnBehalfOf, string As, string Kind, string Id, string Action, JsonNode? Before, JsonNode? After)
{
    public static AuditResponse Of(RecordedEntry recorded)
    {
        var e = recorded.Entry;
        return new(e.At, e.Actor, e.OnBehalfOf, e.As, e.SubjectKind, e.SubjectId, e.Action, e.Before, e.After);
    }
}
