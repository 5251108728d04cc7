using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.RegularExpressions;
using Archive.Api.Accounts;
using Archive.Api.Tests.Support;
using Archive.Model.Accounts;
using Archive.TestKit;
using Archive.TestKit.Processes;

namespace Archive.Api.Tests.Accounts;

/// <summary>API tokens: what each scope reaches, and when one ends.</summary>
[TestClass]
public sealed partial class TokenTests : HttpTest
{
    // By the words of the scopes: a token never touches accounts, a reading one never writes, a new address is closed to all.
    [TestMethod]
    [DataRow("GET", "/api/drafts", "Read Deposit Partner Operate")]
    [DataRow("HEAD", "/api/drafts/1/files/a", "Read Deposit Partner Operate")]
    [DataRow("GET", "/files/S-BIAR1/a.tif", "Read Deposit Partner Operate")]
    [DataRow("GET", "/api/accounts/me", "Read Deposit Partner Operate")]
    [DataRow("POST", "/api/drafts", "Deposit")]
    [DataRow("PUT", "/API/Drafts/1/files/a", "Deposit")]
    [DataRow("POST", "/api/uploads", "Deposit")]
    [DataRow("DELETE", "/api/submissions/1", "Deposit")]
    [DataRow("PATCH", "/api/datasets/S-BIAR1", "Deposit")]
    [DataRow("GET", "/api/accounts/me/tokens", "")]
    [DataRow("POST", "/api/accounts/me/tokens", "")]
    [DataRow("POST", "/Api/Accounts/Me/Tokens/", "")]
    [DataRow("PATCH", "/api/accounts/me", "")]
    [DataRow("DELETE", "/api/sessions/current", "")]
    [DataRow("GET", "/api/accounts", "Operate")]
    [DataRow("PATCH", "/api/accounts/1", "Operate")]
    [DataRow("GET", "/api/audit", "Operate")]
    [DataRow("POST", "/api/jobs/index/runs", "Operate")]
    [DataRow("POST", "/api/something/new", "")]
    public void Allows_ForEachScope_IsWhatItsWordsSay(string method, string path, string expected)
    {
        var allowed = Enum.GetValues<TokenScope>().Where(s => TokenScopes.Allows(s, TokenScopes.Of(method, path)));

        Assert.AreEqual(expected, string.Join(' ', allowed));
    }

    // What only a sign-in may write is what concerns the person; a new noun that tokens are to reach must be named by the scopes.
    [TestMethod]
    public async Task Of_ForEveryWriteThatIsDescribed_IsDepositOrOperateButForAccountsAndSessions()
    {
        var writes = new List<(string Method, string Path)>();
        var path = "";
        await foreach (var line in File.ReadLinesAsync(Path.Combine(Repository.Root, "openapi.yaml"), Ct))
        {
            if (PathLine().Match(line) is { Success: true } match) path = match.Groups["path"].Value;
            else if (WriteLine().Match(line) is { Success: true } write) writes.Add((write.Groups["method"].Value.ToUpperInvariant(), path));
        }

        Assert.Contains(("POST", "/api/drafts/{id}/proposals/acceptance"), writes);
        foreach (var (method, address) in writes)
        {
            var expected = address switch
            {
                "/api/accounts/{id}" => Need.Operate,
                _ when address.StartsWith("/api/jobs/", StringComparison.Ordinal) || address.StartsWith("/api/index/", StringComparison.Ordinal) => Need.Operate,
                _ when address.StartsWith("/api/collections/", StringComparison.Ordinal) || address.StartsWith("/api/rule-sets/", StringComparison.Ordinal) => Need.Operate,
                // Strangers use these, and no token is looked at.
                "/api/accounts" or "/api/accounts/confirm" or "/api/accounts/password-reset" or "/api/accounts/password-reset/confirm" => Need.Operate,
                _ when address.StartsWith("/api/accounts/me", StringComparison.Ordinal) || address.StartsWith("/api/sessions", StringComparison.Ordinal) => Need.SignIn,
                _ => Need.Deposit,
            };
            Assert.AreEqual(expected, TokenScopes.Of(method, address), $"{method} {address}");
        }
    }

    [TestMethod]
    public async Task Token_WhenItsScopeIsRead_ReadsAndWritesNothing()
    {
        var owner = await DepositorAsync();
        var draft = await owner.BeginDraftAsync(Ct);
        var (_, token) = await MakeAsync(owner, "Read");

        using var read = await SendAsync(token, HttpMethod.Get, $"/api/drafts/{draft}");
        using var write = await SendAsync(token, HttpMethod.Delete, $"/api/drafts/{draft}");
        using var more = await SendAsync(token, HttpMethod.Post, "/api/accounts/me/tokens", Json(new { name = "more" }));

        Assert.AreEqual(HttpStatusCode.OK, read.StatusCode);
        var body = await ExpectAsync(write, HttpStatusCode.Forbidden, "token-scope");
        Assert.AreEqual("Deposit", body.GetProperty("scope").GetString());
        await ExpectAsync(more, HttpStatusCode.Forbidden, "token-scope");
        Assert.DoesNotContain(token, Archive.Output);
    }

    [TestMethod]
    public async Task Token_WhenItsScopeIsDeposit_DepositsUntilItIsRevoked()
    {
        var owner = await DepositorAsync();
        var (id, token) = await MakeAsync(owner, "deposit");
        using (var begun = await SendAsync(token, HttpMethod.Post, "/api/drafts", Json(new { }))) Assert.AreEqual(HttpStatusCode.Created, begun.StatusCode);
        using (var forbidden = await SendAsync(token, HttpMethod.Patch, "/api/accounts/me", Json(new { name = "x" })))
            await ExpectAsync(forbidden, HttpStatusCode.Forbidden, "token-scope");
        var listed = (await owner.GetJsonAsync("/api/accounts/me/tokens", Ct)).GetProperty("items").EnumerateArray().Single();
        Assert.AreEqual(id, listed.GetProperty("id").GetString());
        Assert.DoesNotContain(token, listed.GetRawText());

        using (var revoked = await owner.SendAsync(HttpMethod.Delete, $"/api/accounts/me/tokens/{id}", null, Ct)) Assert.AreEqual(HttpStatusCode.NoContent, revoked.StatusCode);
        using var again = await owner.SendAsync(HttpMethod.Delete, $"/api/accounts/me/tokens/{id}", null, Ct);
        using var ended = await SendAsync(token, HttpMethod.Get, "/api/drafts");

        await ExpectAsync(again, HttpStatusCode.NotFound, "not-found");
        await ExpectAsync(ended, HttpStatusCode.Unauthorized, "session-expired");
        Assert.DoesNotContain(token, Archive.Output);
    }

    [TestMethod]
    [DataRow("""{"name":"","scope":"Everything","days":0}""", "name,days,scope")]
    [DataRow("""{"name":"a","scope":"2","days":367}""", "days,scope")]
    [DataRow("""{"name":"a","scope":"Partner"}""", "scope")]
    [DataRow("""{"name":"a","scope":"Operate"}""", "scope")]
    public async Task Make_WhenItIsNotTheAccountsToHave_NamesEverythingWrong(string body, string codes)
    {
        var owner = await DepositorAsync();

        using var answer = await owner.SendAsync(HttpMethod.Post, "/api/accounts/me/tokens", JsonText(body), Ct);

        Assert.AreEqual(codes, string.Join(',', Findings(await ExpectAsync(answer, HttpStatusCode.UnprocessableEntity, "invalid-input"))));
    }

    [TestMethod]
    [DataRow("archive_worthless")]
    [DataRow("worthless")]
    public async Task Token_WhenUnknown_IsRefused(string token)
    {
        using var answer = await SendAsync(token, HttpMethod.Get, "/api/drafts");

        await ExpectAsync(answer, HttpStatusCode.Unauthorized, "session-expired");
    }

    [GeneratedRegex("^  '?(?<path>/[^':]*)'?:$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex PathLine();

    [GeneratedRegex("^    (?<method>post|put|patch|delete):$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex WriteLine();

    private async Task<(string Id, string Token)> MakeAsync(ArchiveClient owner, string scope)
    {
        using var answer = await owner.SendAsync(HttpMethod.Post, "/api/accounts/me/tokens", Json(new { name = "a program", scope, days = 1 }), Ct);
        Assert.AreEqual(HttpStatusCode.Created, answer.StatusCode);
        using var json = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(Ct));
        return (json.RootElement.GetProperty("id").GetString()!, json.RootElement.GetProperty("token").GetString()!);
    }

    private async Task<HttpResponseMessage> SendAsync(string token, HttpMethod method, string address, HttpContent? content = null)
    {
        using var request = new HttpRequestMessage(method, address) { Content = content };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return await Http.SendAsync(request, Ct);
    }
}
