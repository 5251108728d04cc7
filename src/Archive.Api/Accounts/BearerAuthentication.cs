using System.Security.Claims;
using System.Text.Encodings.Web;
using Archive.Model.Accounts;
using Archive.Storage.Metadata;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;

namespace Archive.Api.Accounts;

/// <summary>Signs a request in by <c>Authorization: Bearer TOKEN</c>.</summary>
internal sealed class BearerAuthentication(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logs, UrlEncoder encoder)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logs, encoder)
{
    /// <summary>The name of the scheme.</summary>
    public const string SchemeName = "Bearer";

    private const string Prefix = "Bearer ";

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        var header = Request.Headers.Authorization.ToString();
        if (!header.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase)) return AuthenticateResult.NoResult();
        var token = header[Prefix.Length..].Trim();
        if (token.Length is 0 or > SessionToken.MaxLength) return Refuse();
        // Resolved here: until the archive is ready there is no store, and the addresses that answer then need none.
        if (!Context.RequestServices.GetRequiredService<Running.Readiness>().IsReady) return AuthenticateResult.NoResult();
        var accounts = Context.RequestServices.GetRequiredService<IAccountStore>();
        var hash = SessionToken.Hash(token);
        if (await accounts.FindSessionAsync(hash, Context.RequestAborted) is not var (session, account))
            return Refuse();
        Context.Features.Set(new SignIn(session, account));
        var identity = new ClaimsIdentity(
            [new Claim(ClaimTypes.NameIdentifier, account.Id.ToString()), new Claim(ClaimTypes.Role, account.Role.ToString())], SchemeName);
        return AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(identity), SchemeName));
    }

    private AuthenticateResult Refuse()
    {
        Context.Features.Set(new BadToken());
        return AuthenticateResult.Fail("The token is unknown or has expired.");
    }
}

/// <summary>The request carries a token that is worth nothing.</summary>
internal sealed class BadToken;

/// <summary>Who sent a request, as found once for each.</summary>
internal sealed record SignIn(Session Session, Account Account);
