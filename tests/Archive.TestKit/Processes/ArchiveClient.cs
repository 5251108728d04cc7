using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;

namespace Archive.TestKit.Processes;

/// <summary>A depositor's program: speaks the public API and nothing else, with the fields that are fixed for clients.</summary>
public sealed class ArchiveClient(HttpClient http)
{
    private string? token;

    /// <summary>The bearer token of the sign-in; null before.</summary>
    public string? Token => token;

    /// <summary>The same depositor, signed in as here, at another address: of an archive that was restored.</summary>
    public ArchiveClient At(HttpClient other) => new(other) { token = token };

    /// <summary>The address of the account that this registered; null before.</summary>
    public string? Email { get; private set; }

    /// <summary>The password of the account that this registered.</summary>
    public const string Password = "a long enough pass phrase 1";

    /// <summary>Registers an account with a fresh address, confirms it with the token of the mail, and signs in.</summary>
    public async Task RegisterAsync(CancellationToken ct)
    {
        var email = $"depositor-{Guid.NewGuid():N}@example.org";
        using var registered = await http.PostAsJsonAsync("/api/accounts", new { email, password = Password, name = "A Depositor" }, ct);
        await ExpectAsync(registered, ct);
        if (ArchiveProcess.MailBoxAt(http.BaseAddress!) is { } mails) await ConfirmAsync(await mails.TokenAsync(email, ct), ct);
        await SignInAsync(email, Password, ct);
        Email = email;
    }

    /// <summary>Confirms an address with the token of a mail.</summary>
    public async Task ConfirmAsync(string mailToken, CancellationToken ct)
    {
        using var confirmed = await http.PostAsJsonAsync("/api/accounts/confirm", new { token = mailToken }, ct);
        await ExpectAsync(confirmed, ct);
    }

    /// <summary>Signs in.</summary>
    public async Task SignInAsync(string email, string password, CancellationToken ct)
    {
        using var signedIn = await http.PostAsJsonAsync("/api/sessions", new { email, password }, ct);
        token = (await ReadAsync(signedIn, ct)).GetProperty("token").GetString();
    }

    /// <summary>Begins a draft and returns its id.</summary>
    public async Task<string> BeginDraftAsync(CancellationToken ct)
    {
        using var answer = await SendAsync(HttpMethod.Post, "/api/drafts", JsonContent.Create(new { }), ct);
        return (await ReadAsync(answer, ct)).GetProperty("id").GetString()!;
    }

    /// <summary>Begins the revision of a dataset, or finds the one that was begun, and returns its draft's id.</summary>
    public async Task<string> ReviseAsync(string accession, CancellationToken ct)
    {
        using var answer = await SendAsync(HttpMethod.Post, "/api/drafts", JsonContent.Create(new { revises = accession }), ct);
        return (await ReadAsync(answer, ct)).GetProperty("id").GetString()!;
    }

    /// <summary>Sends the page tab.</summary>
    public async Task PutPageTabAsync(string draft, string json, CancellationToken ct)
    {
        using var content = new StringContent(json, System.Text.Encoding.UTF8, "application/json");
        using var answer = await SendAsync(HttpMethod.Put, $"/api/drafts/{draft}/metadata", content, ct);
        await ExpectAsync(answer, ct);
    }

    /// <summary>Uploads one file and returns what the archive says of it.</summary>
    public async Task<JsonElement> PutFileAsync(string draft, string path, HttpContent content, CancellationToken ct)
    {
        using var answer = await SendAsync(HttpMethod.Put, $"/api/drafts/{draft}/files/{EscapePath(path)}", content, ct);
        return await ReadAsync(answer, ct);
    }

    /// <summary>Submits and returns the answer: submission, accession, version.</summary>
    public async Task<JsonElement> SubmitAsync(string draft, CancellationToken ct)
    {
        using var answer = await SendAsync(HttpMethod.Post, $"/api/drafts/{draft}/submission", null, ct);
        return await ReadAsync(answer, ct);
    }

    /// <summary>The submission as it stands.</summary>
    public async Task<JsonElement> GetSubmissionAsync(string submission, CancellationToken ct)
    {
        using var answer = await SendAsync(HttpMethod.Get, $"/api/submissions/{submission}", null, ct);
        return await ReadAsync(answer, ct);
    }

    /// <summary>Waits until the submission has reached an end, and returns it.</summary>
    /// <exception cref="TimeoutException">It has not within the time; the message shows where it stands.</exception>
    public async Task<JsonElement> WaitForEndAsync(string submission, TimeSpan within, CancellationToken ct)
    {
        var clock = System.Diagnostics.Stopwatch.StartNew();
        while (true)
        {
            var now = await GetSubmissionAsync(submission, ct);
            if (now.GetProperty("state").GetString() is "Released" or "Private" or "Rejected" or "Cancelled") return now;
            if (clock.Elapsed > within) throw new TimeoutException($"Not at an end after {within}: {now}");
            await Task.Delay(50, ct);
        }
    }

    /// <summary>Sends any request with the sign-in.</summary>
    public async Task<HttpResponseMessage> SendAsync(HttpMethod method, string address, HttpContent? content, CancellationToken ct)
    {
        using var request = new HttpRequestMessage(method, address) { Content = content };
        if (token is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, ct);
    }

    /// <summary>Percent-encodes each segment of a path.</summary>
    public static string EscapePath(string path) => string.Join('/', path.Split('/').Select(Uri.EscapeDataString));

    private static async Task<JsonElement> ReadAsync(HttpResponseMessage answer, CancellationToken ct)
    {
        await ExpectAsync(answer, ct);
        return await answer.Content.ReadFromJsonAsync<JsonElement>(ct);
    }

    private static async Task ExpectAsync(HttpResponseMessage answer, CancellationToken ct)
    {
        if (answer.IsSuccessStatusCode) return;
        var body = answer.StatusCode == HttpStatusCode.NoContent ? "" : await answer.Content.ReadAsStringAsync(ct);
        throw new HttpRequestException($"{answer.RequestMessage?.Method} {answer.RequestMessage?.RequestUri} answered {(int)answer.StatusCode}: {body}",
            null, answer.StatusCode);
    }
}
