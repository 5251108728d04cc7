using Archive.Api.Http;
using Archive.Api.Running;
using Archive.Model.Accounts;
using Archive.Model.Errors;
using Archive.Storage.Metadata;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Archive.Api.Accounts;

/// <summary>Signing in and out.</summary>
internal static class SessionEndpoints
{
    public static IEndpointRouteBuilder MapSessions(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/api/sessions").WithTags("Accounts");
        group.MapPost("", SignInAsync).WithMetadata(new IgnoresSignIn()).RequireRateLimiting(RateLimits.Passwords)
            .WithSummary("Signs in")
            .WithDescription("Send the token as Authorization: Bearer. It is told once and kept as a digest only.")
            .Refuses(StatusCodes.Status400BadRequest, StatusCodes.Status401Unauthorized, StatusCodes.Status429TooManyRequests);
        group.MapDelete("/current", SignOutAsync).RequireAuthorization()
            .WithSummary("Signs out")
            .Refuses(StatusCodes.Status401Unauthorized);
        return routes;
    }

    private static async Task<Results<Ok<SessionResponse>, EmptyHttpResult>> SignInAsync(SignInRequest request, HttpContext http,
        IAccountStore accounts, ISessionStore sessions, PasswordCheck passwords, SignInThrottle throttle, Settings settings, CancellationToken ct)
    {
        var (email, password) = (request.Email?.Trim() ?? "", request.Password ?? "");
        if (email.Length is 0 or > 254 || password.Length is 0 or > 256) throw Wrong();
        var client = RateLimits.ClientKey(http);
        if (await throttle.EnterAsync(client, email, ct) is { } wait)
        {
            await RateLimits.RefuseAsync(http, throttle.Limit, SignInThrottle.Window, wait);
            return TypedResults.Empty;
        }
        var account = await accounts.FindByEmailAsync(email, ct);
        if (!passwords.IsRight(account, password) || !account!.IsActive) throw Wrong();
        await throttle.NoteSuccessAsync(client, email, ct);
        return TypedResults.Ok(await BeginAsync(account, http, sessions, settings, ct));
    }

    /// <summary>Begins a sign-in of an account that has shown who it is.</summary>
    public static async Task<SessionResponse> BeginAsync(Account account, HttpContext http, ISessionStore sessions, Settings settings, CancellationToken ct)
    {
        var token = SessionToken.New();
        var session = await sessions.AddAsync(SessionToken.Hash(token), account, settings.SessionLifetime, ct);
        http.Response.Headers.CacheControl = "no-store";
        return new SessionResponse(token, session.ExpiresAt);
    }

    private static async Task<NoContent> SignOutAsync(HttpContext http, ISessionStore sessions, CancellationToken ct)
    {
        if (http.Features.Get<SignIn>()?.Session is { } session) await sessions.RemoveAsync(session.TokenHash, ct);
        return TypedResults.NoContent();
    }

    private static ArchiveException Wrong() => new(Problems.WrongCredentials, "Address and password do not belong together.");
}

/// <summary>A sign-in.</summary>
internal sealed record SignInRequest(string? Email, string? Password);

/// <summary>A token that signs requests in.</summary>
/// <param name="Token">To be sent as Authorization: Bearer.</param>
/// <param name="ExpiresAt">From then on it is worth nothing (UTC).</param>
internal sealed record SessionResponse(string Token, DateTimeOffset ExpiresAt);
