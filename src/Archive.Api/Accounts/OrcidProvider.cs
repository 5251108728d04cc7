using System.Buffers.Text;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Archive.Api.Http;
using Archive.Api.Running;
using Archive.Model.Accounts;
using Archive.Model.Errors;

namespace Archive.Api.Accounts;

/// <summary>Somebody whom ORCID has shown to be who he is.</summary>
/// <param name="Orcid">The iD.</param>
/// <param name="Name">The name that ORCID gives, or null where it is private.</param>
internal sealed record OrcidPerson(Orcid Orcid, string? Name);

/// <summary>
/// ORCID as an OpenID provider: the authorization code flow with PKCE (RFC 7636), state and nonce. All three follow from a seed that
/// the visitor's cookie carries, so nothing is kept here and any node can take the answer.
/// </summary>
internal sealed class OrcidProvider(Settings settings, SharedSecret secret, BaseAddress address, IHttpClientFactory clients, TimeProvider clock)
{
    /// <summary>How long a visitor may take at ORCID.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    private const int MaxAnswerBytes = 64 * 1024;
    private static readonly TimeSpan ClockTolerance = TimeSpan.FromMinutes(2);

    /// <summary>The name of its HTTP client.</summary>
    public const string ClientName = "orcid";

    /// <summary>Whether the archive is registered with ORCID.</summary>
    public bool IsConfigured => ClientId.Length > 0;

    private string ClientId => settings.Get(SettingCatalogue.OrcidClientId);

    private string Base => settings.Get(SettingCatalogue.OrcidBaseUrl).TrimEnd('/');

    private string Return => address.To("/api/sessions/orcid/callback");

    /// <summary>Begins a visit: the seed for the cookie, and the address to send the visitor to.</summary>
    /// <param name="linkTo">The account that the iD is to sign in; null to sign in by it.</param>
    public (string Seed, string Address) Begin(AccountId? linkTo)
    {
        var random = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));
        var seed = secret.Sign("orcid-visit", $"{clock.GetUtcNow().ToUnixTimeSeconds()} {linkTo?.ToString() ?? "-"} {random}");
        var query = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["client_id"] = ClientId,
            ["response_type"] = "code",
            ["scope"] = "openid",
            ["redirect_uri"] = Return,
            ["state"] = Word("orcid-state", seed),
            ["nonce"] = Word("orcid-nonce", seed),
            ["code_challenge"] = Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(Word("orcid-verifier", seed)))),
            ["code_challenge_method"] = "S256",
        };
        return (seed, $"{Base}/oauth/authorize?" + string.Join('&', query.Select(q => $"{q.Key}={Uri.EscapeDataString(q.Value)}")));
    }

    /// <summary>Ends a visit: checks that it is the one that the cookie began, and asks ORCID who the visitor is.</summary>
    /// <returns>The person, and the account that the visit was begun for.</returns>
    /// <exception cref="ArchiveException"><see cref="Problems.OrcidFailed"/>.</exception>
    public async Task<(OrcidPerson Person, AccountId? LinkTo)> EndAsync(string? seed, string? state, string? code, CancellationToken ct)
    {
        if (secret.Verify("orcid-visit", seed)?.Split(' ') is not [var begun, var linkTo, _] || !long.TryParse(begun, out var seconds)
            || (clock.GetUtcNow() - DateTimeOffset.FromUnixTimeSeconds(seconds)).Duration() > Patience)
            throw Failed("The visit was not begun in this browser, or took longer than ten minutes.");
        if (!CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(state ?? ""), Encoding.UTF8.GetBytes(Word("orcid-state", seed!))))
            throw Failed("The answer belongs to another visit.");
        if (code is not { Length: > 0 and <= 1000 }) throw Failed("The answer carries no code.");
        var person = await ExchangeAsync(code, seed!, ct);
        return (person, AccountId.TryParse(linkTo, null, out var account) ? account : null);
    }

    private async Task<OrcidPerson> ExchangeAsync(string code, string seed, CancellationToken ct)
    {
        var lines = await File.ReadAllLinesAsync(settings.Get(SettingCatalogue.OrcidSecretFile), ct);
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{Base}/oauth/token");
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        request.Content = new FormUrlEncodedContent(new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["client_id"] = ClientId,
            ["client_secret"] = lines.Length > 0 ? lines[0].Trim() : "",
            ["grant_type"] = "authorization_code",
            ["code"] = code,
            ["redirect_uri"] = Return,
            ["code_verifier"] = Word("orcid-verifier", seed),
        });
        try
        {
            using var answer = await clients.CreateClient(ClientName).SendAsync(request, ct);
            if (!answer.IsSuccessStatusCode) throw Failed($"ORCID refused the code ({(int)answer.StatusCode}).");
            using var json = JsonDocument.Parse(await answer.Content.ReadAsByteArrayAsync(ct), new JsonDocumentOptions { MaxDepth = 16 });
            return Read(json.RootElement, seed);
        }
        catch (Exception fault) when (fault is HttpRequestException or JsonException or InvalidOperationException || (fault is TaskCanceledException && !ct.IsCancellationRequested))
        {
            throw new ArchiveException(Problems.OrcidFailed, "ORCID does not answer as it should.", inner: fault);
        }
    }

    // The token comes from ORCID itself over TLS, which stands for its signature (OpenID Connect Core 1.0, section 3.1.3.7, item 6).
    private OrcidPerson Read(JsonElement answer, string seed)
    {
        if (Text(answer, "id_token")?.Split('.') is not [_, var payload, _] || !Base64Url.IsValid(payload)) throw Failed("ORCID sent no id token.");
        using var json = JsonDocument.Parse(Base64Url.DecodeFromChars(payload), new JsonDocumentOptions { MaxDepth = 16 });
        var claims = json.RootElement;
        var now = clock.GetUtcNow();
        if (Text(claims, "iss")?.TrimEnd('/') != Base) throw Failed("The id token is another provider's.");
        // Of several audiences none is taken: ORCID names one.
        if (Text(claims, "aud") is not { } audience || audience != ClientId) throw Failed("The id token is for somebody else.");
        if (!claims.TryGetProperty("exp", out var end) || !end.TryGetInt64(out var seconds) || seconds < (now - ClockTolerance).ToUnixTimeSeconds())
            throw Failed("The id token has expired.");
        if (!CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(Text(claims, "nonce") ?? ""), Encoding.UTF8.GetBytes(Word("orcid-nonce", seed))))
            throw Failed("The id token belongs to another visit.");
        if (!Orcid.TryParse(Text(claims, "sub"), null, out var orcid)) throw Failed("The id token names no ORCID iD.");
        var name = Text(answer, "name") ?? string.Join(' ', new[] { Text(claims, "given_name"), Text(claims, "family_name") }.Where(n => n is not null));
        return new OrcidPerson(orcid, string.IsNullOrWhiteSpace(name) || name.Length > 200 || name.Any(char.IsControl) ? null : name.Trim());
    }

    private string Word(string purpose, string seed) => Base64Url.EncodeToString(secret.Derive(purpose, seed));

    private static string? Text(JsonElement json, string name) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static ArchiveException Failed(string detail) => new(Problems.OrcidFailed, detail);

    /// <summary>A client that asks ORCID and nobody else, briefly.</summary>
    public static void Limit(HttpClient client)
    {
        client.Timeout = TimeSpan.FromSeconds(20);
        client.MaxResponseContentBufferSize = MaxAnswerBytes;
    }
}
