using System.Text.Json.Serialization;
using Archive.Api.Errors;
using Archive.Api.Http;
using Archive.Model.Accounts;
using Archive.Model.Submissions;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Archive.Api.Accounts;

/// <summary>An account's API tokens: for programs that act in its name, each with a scope and an end.</summary>
internal static class AccountTokenEndpoints
{
    private const int MaxName = 100;
    private const int StandardDays = 90;
    private const int MaxDays = 366;

    public static IEndpointRouteBuilder MapAccountTokens(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/api/accounts/me/tokens").WithTags("Accounts").RequireAuthorization();
        group.MapGet("", List).WithSummary("The account's API tokens, oldest first").Refuses(401, 403);
        group.MapPost("", AddAsync).WithSummary("Makes an API token")
            .WithDescription("The token is told once and kept as a digest only. Send it as Authorization: Bearer, like that of a sign-in.").Refuses(400, 401, 403, 422);
        group.MapDelete("", RevokeAllAsync).WithSummary("Revokes every API token").Refuses(401, 403);
        group.MapDelete("/{id}", RevokeAsync).WithSummary("Revokes an API token").Refuses(401, 403, 404);
        return routes;
    }

    private static Ok<Page<TokenResponse>> List(HttpContext http)
    {
        var account = http.RequireAccount();
        return TypedResults.Ok(new Page<TokenResponse>([.. account.Tokens.Where(t => t.ExpiresAt > account.AsOf).Select(TokenResponse.Of)], null));
    }

    private static async Task<Created<NewTokenResponse>> AddAsync(NewTokenRequest request, HttpContext http, AccountDesk desk, CancellationToken ct)
    {
        var (account, findings, name) = (http.RequireAccount(), new List<Finding>(), request.Name?.Trim() ?? "");
        var days = request.Days ?? StandardDays;
        if (name.Length is 0 or > MaxName || name.Any(char.IsControl))
            findings.Add(new(Severity.Error, "name", "$.name", $"Give a name that tells you later what the token is for, {MaxName} characters at most."));
        if (days is < 1 or > MaxDays) findings.Add(new(Severity.Error, "days", "$.days", $"A token lives 1 to {MaxDays} days."));
        if (!Enum.TryParse<TokenScope>(request.Scope ?? "Read", ignoreCase: true, out var scope) || !Enum.IsDefined(scope) || char.IsAsciiDigit(request.Scope?.FirstOrDefault() ?? 'R'))
            findings.Add(new(Severity.Error, "scope", "$.scope", $"The scopes are {string.Join(", ", Enum.GetNames<TokenScope>())}."));
        else if (!TokenScopes.MayHave(account, scope))
            findings.Add(new(Severity.Error, "scope", "$.scope", $"The scope {scope} needs a role that the account does not have."));
        if (findings.Count > 0) throw Refusal.Of(findings);
        var (record, token) = await desk.AddTokenAsync(account.Id, name, scope, TimeSpan.FromDays(days), ct);
        return TypedResults.Created($"/api/accounts/me/tokens/{record.Id}", new NewTokenResponse(record.Id, record.Name, record.Scope, record.CreatedAt, record.ExpiresAt, token));
    }

    private static async Task<NoContent> RevokeAsync(string id, HttpContext http, AccountDesk desk, CancellationToken ct) =>
        await desk.RevokeTokensAsync(http.RequireAccount().Id, id, ct) ? TypedResults.NoContent() : throw StatusPages.NotFound();

    private static async Task<NoContent> RevokeAllAsync(HttpContext http, AccountDesk desk, CancellationToken ct)
    {
        await desk.RevokeTokensAsync(http.RequireAccount().Id, null, ct);
        return TypedResults.NoContent();
    }
}

/// <summary>An API token to make.</summary>
/// <param name="Name">What it is for.</param>
/// <param name="Scope">Read, Deposit, Partner or Operate; Read when left out.</param>
/// <param name="Days">How long it lives, 1 to 366; 90 when left out.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record NewTokenRequest(string? Name, string? Scope = null, int? Days = null);

/// <summary>An API token.</summary>
internal sealed record TokenResponse(string Id, string Name, TokenScope Scope, DateTimeOffset CreatedAt, DateTimeOffset ExpiresAt)
{
    public static TokenResponse Of(ApiToken token) => new(token.Id, token.Name, token.Scope, token.CreatedAt, token.ExpiresAt);
}

/// <summary>A new API token.</summary>
/// <param name="Token">To be sent as Authorization: Bearer; told this once.</param>
internal sealed record NewTokenResponse(string Id, string Name, TokenScope Scope, DateTimeOffset CreatedAt, DateTimeOffset ExpiresAt, string Token);
