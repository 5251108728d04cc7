using System.Text.Json.Serialization;
using Archive.Api.Errors;
using Archive.Api.Http;
using Archive.Model.Accounts;
using Archive.Model.Errors;
using Archive.Model.Submissions;
using Archive.Storage.Metadata;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Archive.Api.Accounts;

/// <summary>Everybody's accounts, for operators.</summary>
internal static class AccountAdministration
{
    private const int MaxQuery = 200;

    public static IEndpointRouteBuilder MapAccountAdministration(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/api/accounts").WithTags("Operation").RequireAuthorization().AddEndpointFilter(OperatorsOnlyAsync);
        group.MapGet("", ListAsync).WithSummary("Accounts, newest first; q finds in address and name").Refuses(400, 401, 403);
        group.MapGet("/{id}", GetAsync).WithSummary("An account").Refuses(401, 403, 404);
        group.MapPatch("/{id}", ChangeAsync).WithSummary("Sets an account's role or quota, deactivates or reactivates it, or confirms its address")
            .WithDescription("Deactivating ends its sign-ins and API tokens at once and for good; its public datasets stay. stagingQuota is replaced as a whole: bytes and files of it, 0 for no bound, left out for the archive's own.").Refuses(400, 401, 403, 404, 422);
        return routes;
    }

    /// <summary>Refuses everybody but operators, wherever the request comes from: unlike what concerns this machine, accounts are people.</summary>
    public static async ValueTask<object?> OperatorsOnlyAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next) =>
        context.HttpContext.RequireAccount().Role is Role.Operator ? await next(context) : throw new ArchiveException(Problems.Forbidden, "This needs the role operator.");

    private static async Task<Ok<Page<AccountResponse>>> ListAsync(IAccountStore accounts, string? q, int? size, string? cursor, CancellationToken ct)
    {
        if (q is { Length: > MaxQuery }) throw Refusal.OfParameter("q", $"{MaxQuery} characters at most");
        var count = Paging.Size(size);
        var found = await accounts.ListAsync(string.IsNullOrWhiteSpace(q) ? null : q.Trim(), Paging.Key<AccountId>(cursor), count + 1, ct);
        return TypedResults.Ok(Paging.Cut(found, count, a => a.Id.ToString(), AccountResponse.Of));
    }

    private static async Task<Ok<AccountResponse>> GetAsync(string id, IAccountStore accounts, CancellationToken ct) =>
        AccountId.TryParse(id, null, out var account) && await accounts.FindAsync(account, ct) is { } found
            ? TypedResults.Ok(AccountResponse.Of(found))
            : throw StatusPages.NotFound();

    private static async Task<Ok<AccountResponse>> ChangeAsync(string id, AdministerRequest request, HttpContext http, AccountDesk desk, CancellationToken ct)
    {
        var caller = http.RequireAccount();
        if (!AccountId.TryParse(id, null, out var account)) throw StatusPages.NotFound();
        // An archive whose last operator has locked himself out could not be helped from outside.
        if (account == caller.Id && (request.Active is false || (request.Role is not null && request.Role != caller.Role)))
            throw Refusal.Of([new(Severity.Error, "own-account", "$", "Operators neither deactivate themselves nor change their own role: ask another operator.")]);
        if (request.StagingQuota is { Bytes: < 0 } or { Files: < 0 })
            throw Refusal.Of([new(Severity.Error, "quota-range", "$.stagingQuota", "Give bytes and files from 0; 0 is no bound, and what is left out is the archive's own.")]);
        return TypedResults.Ok(AccountResponse.Of(
            await desk.AdministerAsync(caller, account, request.Role, request.Active, request.Confirmed, request.StagingQuota, ct) ?? throw StatusPages.NotFound()));
    }
}

/// <summary>A change of an account by an operator; what is left out stays.</summary>
/// <param name="Role">Depositor, Curator, Operator or Partner.</param>
/// <param name="Active">Whether the account may do anything.</param>
/// <param name="Confirmed">Whether its address counts as confirmed.</param>
/// <param name="StagingQuota">What all its drafts may stage, bytes and files; empty for the archive's own quota.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record AdministerRequest(Role? Role = null, bool? Active = null, bool? Confirmed = null, StagingQuota? StagingQuota = null);
