using Archive.Api.Errors;
using Archive.Api.Http;
using Archive.Api.Running;
using Archive.Model.Accounts;
using Archive.Model.Errors;
using Archive.Model.Submissions;
using Archive.Storage.Metadata;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Archive.Api.Accounts;

/// <summary>
/// Signing in by ORCID, where the archive is registered there; 404 where it is not. An iD that no account has is offered a
/// registration, which asks for an address and has it confirmed by mail: no account is ever found by an address here.
/// </summary>
internal static class OrcidEndpoints
{
    private const string VisitCookie = "orcid-visit";
    private const string Ticket = "orcid-registration";

    public static IEndpointRouteBuilder MapOrcid(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/api/sessions/orcid").WithTags("Accounts");
        group.MapGet("", Begin).WithMetadata(new IgnoresSignIn()).WithSummary("Sends the visitor to ORCID to sign in").Refuses(404);
        group.MapGet("/callback", EndAsync).WithMetadata(new IgnoresSignIn()).WithSummary("Where ORCID sends the visitor back to")
            .WithDescription("Answers a sign-in; or, for an iD that no account has, a registration to be completed by POST /api/sessions/orcid/registration.")
            .Refuses(400, 401, 404, 409);
        group.MapPost("/registration", RegisterAsync).WithMetadata(new IgnoresSignIn()).RequireRateLimiting(RateLimits.Mails)
            .WithSummary("Makes an account that signs in by ORCID").WithDescription("The address has to be confirmed by the token of a mail. The answer is the same whether or not the address was registered before.")
            .Refuses(400, 404, 422, 429);
        routes.MapPost("/api/accounts/me/orcid", Link).WithTags("Accounts").RequireAuthorization()
            .WithSummary("Begins to link an ORCID iD to the account").WithDescription("Answers the address to send the visitor to, with a cookie that the way back needs.").Refuses(401, 403, 404);
        routes.MapDelete("/api/accounts/me/orcid", UnlinkAsync).WithTags("Accounts").RequireAuthorization()
            .WithSummary("Takes the ORCID iD from the account").Refuses(401, 403, 422);
        return routes;
    }

    private static RedirectHttpResult Begin(HttpContext http, OrcidProvider orcid, BaseAddress address)
    {
        Require(orcid);
        var (seed, target) = orcid.Begin(null);
        SetVisit(http, address, seed);
        return TypedResults.Redirect(target);
    }

    private static Ok<OrcidVisitResponse> Link(HttpContext http, OrcidProvider orcid, BaseAddress address)
    {
        Require(orcid);
        var (seed, target) = orcid.Begin(http.RequireAccount().Id);
        SetVisit(http, address, seed);
        return TypedResults.Ok(new OrcidVisitResponse(target));
    }

    private static async Task<NoContent> UnlinkAsync(HttpContext http, AccountDesk desk, CancellationToken ct)
    {
        await desk.LinkOrcidAsync(http.RequireAccount().Id, null, ct);
        return TypedResults.NoContent();
    }

    private static async Task<Results<Ok<SessionResponse>, Ok<OrcidRegistrationResponse>, Ok<AccountResponse>>> EndAsync(HttpContext http, string? state, string? code, string? error,
        OrcidProvider orcid, SharedSecret secret, AccountDesk desk, IAccountStore accounts, ISessionStore sessions, Settings settings, TimeProvider clock, CancellationToken ct)
    {
        Require(orcid);
        var seed = http.Request.Cookies[VisitCookie];
        http.Response.Cookies.Delete(VisitCookie, new CookieOptions { Path = "/api/sessions/orcid" });
        http.Response.Headers.CacheControl = "no-store";
        if (error is not null) throw new ArchiveException(Problems.OrcidFailed, "ORCID did not let the visitor in, or the visitor did not want to.");
        var (person, linkTo) = await orcid.EndAsync(seed, state, code, ct);
        if (linkTo is { } owner)
            return await desk.LinkOrcidAsync(owner, person.Orcid, ct) is { IsActive: true } linked ? TypedResults.Ok(AccountResponse.Of(linked)) : throw StatusPages.NotFound();
        if (await accounts.FindByOrcidAsync(person.Orcid, ct) is { } account)
            return account.IsActive
                ? TypedResults.Ok(await SessionEndpoints.BeginAsync(account, http, sessions, settings, ct))
                : throw new ArchiveException(Problems.WrongCredentials, "The account of this iD cannot sign in.");
        var end = clock.GetUtcNow() + TimeSpan.FromHours(1);
        return TypedResults.Ok(new OrcidRegistrationResponse(person.Orcid, person.Name, end,
            secret.Sign(Ticket, $"{end.ToUnixTimeSeconds()} {person.Orcid} {person.Name}")));
    }

    private static async Task<Accepted<RegisteredResponse>> RegisterAsync(OrcidRegistrationRequest request, OrcidProvider orcid, SharedSecret secret, AccountDesk desk,
        TimeProvider clock, CancellationToken ct)
    {
        Require(orcid);
        if (secret.Verify(Ticket, request.Registration)?.Split(' ', 3) is not [var end, var id, var given] || !Orcid.TryParse(id, null, out var person)
            || !long.TryParse(end, out var seconds) || DateTimeOffset.FromUnixTimeSeconds(seconds) < clock.GetUtcNow())
            throw new ArchiveException(Problems.OrcidFailed, "The registration is not one that was answered in the last hour.");
        var (findings, email, name) = (new List<Finding>(), request.Email?.Trim(), (request.Name ?? given).Trim());
        AccountRules.CheckEmail(findings, email);
        AccountRules.CheckName(findings, name);
        if (findings.Count > 0) throw Refusal.Of(findings);
        await AccountEndpoints.InEqualTimeAsync(clock, () => desk.RegisterAsync(email!, name, null, person, ct), ct);
        return TypedResults.Accepted((string?)null, new RegisteredResponse(email!));
    }

    private static void Require(OrcidProvider orcid)
    {
        if (!orcid.IsConfigured) throw StatusPages.NotFound();
    }

    // Lax, since the way back is a link from another site.
    private static void SetVisit(HttpContext http, BaseAddress address, string seed)
    {
        http.Response.Headers.CacheControl = "no-store";
        http.Response.Cookies.Append(VisitCookie, seed, new CookieOptions
        {
            HttpOnly = true,
            SameSite = SameSiteMode.Lax,
            Secure = address.Value.StartsWith("https:", StringComparison.OrdinalIgnoreCase),
            Path = "/api/sessions/orcid",
            MaxAge = OrcidProvider.Patience,
        });
    }
}

/// <summary>Where to go on.</summary>
/// <param name="Address">Send the visitor there.</param>
internal sealed record OrcidVisitResponse(string Address);

/// <summary>The iD has no account yet.</summary>
/// <param name="Orcid">The iD.</param>
/// <param name="Name">The name that ORCID gives, or null.</param>
/// <param name="ExpiresAt">From then on the registration is worth nothing (UTC).</param>
/// <param name="Registration">To be sent with an address to POST /api/sessions/orcid/registration.</param>
internal sealed record OrcidRegistrationResponse(Orcid Orcid, string? Name, DateTimeOffset ExpiresAt, string Registration);

/// <summary>An account to make for an ORCID iD.</summary>
/// <param name="Registration">What the callback answered.</param>
/// <param name="Email">The address; a mail to it has to be answered.</param>
/// <param name="Name">The name that others see; ORCID's when left out.</param>
internal sealed record OrcidRegistrationRequest(string? Registration, string? Email, string? Name = null);
