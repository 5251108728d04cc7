using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Archive.Api.Tests.Accounts;

/// <summary>
/// ORCID as an OpenID provider plays it (authorization code flow, RFC 6749 section 4.1, with PKCE, RFC 7636), for one person at a time.
/// It checks what a provider has to and lies on demand.
/// </summary>
internal sealed class FakeOrcid : IAsyncDisposable
{
    public const string ClientId = "APP-TEST";
    public const string ClientSecret = "a secret of the client";

    private readonly WebApplication app;
    private readonly ConcurrentDictionary<string, (string Challenge, string Redirect, string Nonce)> codes = new();

    private FakeOrcid(WebApplication app) => this.app = app;

    public string Orcid { get; set; } = "0000-0002-1825-0097";

    public string? Name { get; set; } = "Josiah Carberry";

    /// <summary>Changes the claims of the next id token.</summary>
    public Action<Dictionary<string, object?>> Lie { get; set; } = _ => { };

    public string Address => app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();

    public static async Task<FakeOrcid> StartAsync(CancellationToken ct)
    {
        var builder = WebApplication.CreateSlimBuilder(["--urls", "http://127.0.0.1:0"]);
        var provider = builder.Build();
        var fake = new FakeOrcid(provider);
        provider.MapGet("/oauth/authorize", fake.Authorize);
        provider.MapPost("/oauth/token", fake.TokenAsync);
        await provider.StartAsync(ct);
        return fake;
    }

    public async ValueTask DisposeAsync() => await app.DisposeAsync();

    private IResult Authorize(HttpRequest request)
    {
        var q = request.Query;
        if (q["client_id"] != ClientId || q["response_type"] != "code" || q["code_challenge_method"] != "S256" || !q["scope"].ToString().Contains("openid", StringComparison.Ordinal))
            return Results.BadRequest();
        var code = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(8));
        codes[code] = (q["code_challenge"]!, q["redirect_uri"]!, q["nonce"]!);
        return Results.Redirect($"{q["redirect_uri"]}?code={code}&state={Uri.EscapeDataString(q["state"]!)}");
    }

    private async Task<IResult> TokenAsync(HttpRequest request)
    {
        var form = await request.ReadFormAsync();
        if (form["client_id"] != ClientId || form["client_secret"] != ClientSecret || form["grant_type"] != "authorization_code"
            || !codes.TryRemove(form["code"].ToString(), out var asked) || form["redirect_uri"] != asked.Redirect
            || Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(form["code_verifier"]!))) != asked.Challenge)
            return Results.Json(new { error = "invalid_grant" }, statusCode: 400);
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();
        var claims = new Dictionary<string, object?> { ["iss"] = Address, ["aud"] = ClientId, ["sub"] = Orcid, ["nonce"] = asked.Nonce, ["iat"] = now, ["exp"] = now + 600 };
        Lie(claims);
        var token = string.Join('.', new[] { JsonSerializer.Serialize(new { alg = "RS256" }), JsonSerializer.Serialize(claims), "signature" }
            .Select(p => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(p))));
        return Results.Json(new { access_token = "unused", token_type = "bearer", orcid = Orcid, name = Name, id_token = token });
    }
}
