using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using Archive.Model.Accounts;
using Archive.Storage.Metadata;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;

namespace Archive.Api.Accounts;

/// <summary>Signs a request in by <c>Authorization: Bearer TOKEN</c>, the token of a sign-in or an API token.</summary>
internal sealed class BearerAuthentication(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logs, UrlEncoder encoder)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logs, encoder)
{
    /// <summary>The name of the scheme.</summary>
    public const string SchemeName = "Bearer";

    /// <summary>The claim of a request with the rate limit of partners.</summary>
    public const string PartnerClaim = "partner";

    private const string Prefix = "Bearer ";

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        var header = Request.Headers.Authorization.ToString();
        if (!header.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase)) return AuthenticateResult.NoResult();
        var token = header[Prefix.Length..].Trim();
        if (token.Length is 0 or > SessionToken.MaxLength) return Refuse();
        // Resolved here: until the archive is ready there is no store, and the addresses that answer then need none.
        if (!Context.RequestServices.GetRequiredService<Running.Readiness>().IsReady) return AuthenticateResult.NoResult();
        if (await FindAsync(token) is not { } signIn) return Refuse();
        Context.Features.Set(signIn);
        var identity = new ClaimsIdentity([new Claim(ClaimTypes.NameIdentifier, signIn.Account.Id.ToString())], SchemeName);
        if (TokenScopes.IsPartner(signIn)) identity.AddClaim(new Claim(PartnerClaim, ""));
        return AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(identity), SchemeName));
    }

    private async Task<SignIn?> FindAsync(string token)
    {
        var hash = SessionToken.Hash(token);
        if (!SessionToken.IsApiToken(token))
            return await Context.RequestServices.GetRequiredService<ISessionStore>().FindAsync(hash, Context.RequestAborted) is var (session, signedIn)
                ? new SignIn(signedIn, session, null)
                : null;
        if (await Context.RequestServices.GetRequiredService<IAccountStore>().FindByTokenAsync(hash, Context.RequestAborted) is not { IsActive: true } account)
            return null;
        var found = account.Tokens.FirstOrDefault(t => t.ExpiresAt > account.AsOf &&
            CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(t.TokenHash), Encoding.ASCII.GetBytes(hash)));
        return found is null ? null : new SignIn(account, null, found);
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
/// <param name="Account">The account.</param>
/// <param name="Session">The sign-in, or null where an API token was sent.</param>
/// <param name="Token">The API token, or null where a sign-in was.</param>
internal sealed record SignIn(Account Account, Session? Session, ApiToken? Token);
