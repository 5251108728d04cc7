using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Archive.Demo.Deposit;

/// <summary>The few calls of the public API that a deposit needs.</summary>
internal sealed class ArchiveClient(Uri archive, TimeProvider clock) : IDisposable
{
    private const int Attempts = 8;
    private readonly HttpClient http = new() { BaseAddress = archive, Timeout = TimeSpan.FromMinutes(10) };

    public void Dispose() => http.Dispose();

    public async Task RegisterAsync(Depositor who, CancellationToken ct) =>
        await SendAsync(HttpMethod.Post, "api/accounts", () => Json(new JsonObject
        {
            ["email"] = who.Email,
            ["password"] = who.Password,
            ["name"] = who.Name,
        }), ct);

    /// <summary>Signs in; later calls carry the token.</summary>
    public async Task SignInAsync(Depositor who, CancellationToken ct)
    {
        var session = await SendAsync(HttpMethod.Post, "api/sessions", () => Json(new JsonObject { ["email"] = who.Email, ["password"] = who.Password }), ct);
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", (string)session!["token"]!);
    }

    /// <summary>Whether the account that signed in has a confirmed address; without one it may not deposit.</summary>
    public async Task<bool> IsConfirmedAsync(CancellationToken ct) =>
        (bool)(await SendAsync(HttpMethod.Get, "api/accounts/me", () => null, ct))!["confirmed"]!;

    /// <summary>Confirms an address with the token of the mail to it.</summary>
    public async Task ConfirmAsync(string token, CancellationToken ct) =>
        await SendAsync(HttpMethod.Post, "api/accounts/confirm", () => Json(new JsonObject { ["token"] = token }), ct);

    public async Task<string> CreateDraftAsync(CancellationToken ct) =>
        (string)(await SendAsync(HttpMethod.Post, "api/drafts", () => Json([]), ct))!["id"]!;

    public async Task PutMetadataAsync(string draft, string pageTabJson, CancellationToken ct) =>
        await SendAsync(HttpMethod.Put, $"api/drafts/{draft}/metadata", () => new StringContent(pageTabJson, Encoding.UTF8, "application/json"), ct);

    /// <summary>Sends one file with its length and SHA-256 declared, so that the archive refuses whatever arrives otherwise.</summary>
    public async Task PutFileAsync(string draft, GeneratedFile file, CancellationToken ct)
    {
        var temporary = Path.GetTempFileName();
        try
        {
            await using (var stream = File.Create(temporary))
                file.WriteTo(stream);
            string digest;
            await using (var stream = File.OpenRead(temporary))
                digest = Convert.ToBase64String(await SHA256.HashDataAsync(stream, ct));
            var path = string.Join('/', file.Path.Split('/').Select(Uri.EscapeDataString));
            await SendAsync(HttpMethod.Put, $"api/drafts/{draft}/files/{path}", () =>
            {
                var content = new StreamContent(File.OpenRead(temporary));
                content.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
                content.Headers.Add("Repr-Digest", $"sha-256=:{digest}:");
                return content;
            }, ct);
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    /// <summary>Submits a draft, which may be asked again: the answer is the same submission.</summary>
    public async Task<JsonNode> SubmitAsync(string draft, CancellationToken ct) =>
        (await SendAsync(HttpMethod.Post, $"api/drafts/{draft}/submission", () => null, ct))!;

    public async Task<JsonNode> SubmissionAsync(string id, CancellationToken ct) =>
        (await SendAsync(HttpMethod.Get, $"api/submissions/{id}", () => null, ct))!;

    /// <summary>The accession of the public dataset with exactly this title, or null.</summary>
    public async Task<string?> FindByTitleAsync(string title, CancellationToken ct)
    {
        var query = Uri.EscapeDataString($"\"{title}\"");
        var found = await SendAsync(HttpMethod.Get, $"api/search?q={query}&size=50", () => null, ct);
        return (string?)found!["items"]!.AsArray().FirstOrDefault(item => (string?)item!["title"] == title)?["accession"];
    }

    /// <summary>Sends a request, again after 429 and 503, and gives the body of the answer.</summary>
    /// <exception cref="DepositException">The archive refused, with its own words.</exception>
    private async Task<JsonNode?> SendAsync(HttpMethod method, string route, Func<HttpContent?> content, CancellationToken ct)
    {
        for (var attempt = 1; ; attempt++)
        {
            using var request = new HttpRequestMessage(method, route) { Content = content() };
            using var answer = await http.SendAsync(request, ct);
            if (answer.IsSuccessStatusCode)
                return answer.Content.Headers.ContentLength == 0 || answer.StatusCode == HttpStatusCode.NoContent ? null : await BodyAsync(answer, ct);
            if (attempt == Attempts || answer.StatusCode is not (HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable))
                throw new DepositException($"{method} {route} was answered {(int)answer.StatusCode}: {await answer.Content.ReadAsStringAsync(ct)}");
            var wait = answer.Headers.RetryAfter?.Delta ?? TimeSpan.FromSeconds(attempt);
            await Task.Delay(wait, clock, ct);
        }
    }

    private static async Task<JsonNode?> BodyAsync(HttpResponseMessage answer, CancellationToken ct) =>
        answer.Content.Headers.ContentType?.MediaType?.EndsWith("json", StringComparison.Ordinal) == true
            ? await answer.Content.ReadFromJsonAsync<JsonNode>(ct)
            : null;

    private static StringContent Json(JsonObject body) => new(body.ToJsonString(), Encoding.UTF8, "application/json");
}

/// <summary>The account that deposits.</summary>
internal sealed record Depositor(string Email, string Password, string Name);

/// <summary>A deposit that the archive refused or did not finish; the message says which and why.</summary>
internal sealed class DepositException(string message) : Exception(message);
