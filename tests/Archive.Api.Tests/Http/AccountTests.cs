using System.Net;
using System.Text.Json;
using Archive.Api.Tests.Support;
using Archive.TestKit.Processes;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace Archive.Api.Tests.Http;

/// <summary>Registering, signing in and out.</summary>
[TestClass]
public sealed class AccountTests : HttpTest
{
    [TestMethod]
    public async Task Register_WhenTheAddressIsTaken_AnswersAlikeAndTheFirstPasswordHolds()
    {
        var email = $"{Guid.NewGuid():N}@example.org";
        using var first = await Http.PostAsync("/api/accounts", Json(new { email, password = "the first password", name = "First" }), Ct);
        using var second = await Http.PostAsync("/api/accounts", Json(new { email, password = "another password", name = "Second" }), Ct);

        using var signedIn = await Http.PostAsync("/api/sessions", Json(new { email = email.ToUpperInvariant(), password = "the first password" }), Ct);
        using var refused = await Http.PostAsync("/api/sessions", Json(new { email, password = "another password" }), Ct);

        Assert.AreEqual(first.StatusCode, second.StatusCode);
        Assert.AreEqual(await first.Content.ReadAsStringAsync(Ct), await second.Content.ReadAsStringAsync(Ct));
        Assert.AreEqual(HttpStatusCode.OK, signedIn.StatusCode);
        await ExpectAsync(refused, HttpStatusCode.Unauthorized, "wrong-credentials");
    }

    [TestMethod]
    public async Task Register_WhenSeveralFieldsAreWrong_NamesThemAll()
    {
        using var answer = await Http.PostAsync("/api/accounts", Json(new { email = "Ada <ada@example.org>", password = "short", name = " " }), Ct);

        var body = await ExpectAsync(answer, HttpStatusCode.UnprocessableEntity, "invalid-input");
        CollectionAssert.AreEqual(new[] { "email", "password", "name" }, Findings(body).ToArray());
    }

    [TestMethod]
    [DataRow("{\"email\":", "bad-request")]
    [DataRow("[]", "bad-request")]
    [DataRow("{\"email\":5}", "bad-request")]
    public async Task Register_WhenTheBodyIsNoSuchJson_IsRefusedWithItsPlace(string text, string code)
    {
        using var answer = await Http.PostAsync("/api/accounts", JsonText(text), Ct);

        Assert.IsNotEmpty(Findings(await ExpectAsync(answer, HttpStatusCode.BadRequest, code)));
    }

    [TestMethod]
    public async Task Register_WhenTheBodyIsNestedDeep_IsRefused()
    {
        using var answer = await Http.PostAsync("/api/accounts", JsonText(new string('[', 10_000) + new string(']', 10_000)), Ct);

        await ExpectAsync(answer, HttpStatusCode.BadRequest, "bad-request");
    }

    [TestMethod]
    public async Task SignOut_WhenDone_TheTokenIsWorthNothing()
    {
        var client = await DepositorAsync();
        using (var out1 = await client.SendAsync(HttpMethod.Delete, "/api/sessions/current", null, Ct)) Assert.AreEqual(HttpStatusCode.NoContent, out1.StatusCode);

        using var drafts = await client.SendAsync(HttpMethod.Get, "/api/drafts", null, Ct);
        using var publicPart = await client.SendAsync(HttpMethod.Get, "/api/datasets", null, Ct);

        await ExpectAsync(drafts, HttpStatusCode.Unauthorized, "session-expired");
        // An ended sign-in is told everywhere, so that its owner is not taken for a stranger without a word.
        await ExpectAsync(publicPart, HttpStatusCode.Unauthorized, "session-expired");
    }

    [TestMethod]
    public async Task Drafts_WhenNobodyIsSignedIn_AskForASignIn()
    {
        using var answer = await Http.GetAsync("/api/drafts", Ct);

        await ExpectAsync(answer, HttpStatusCode.Unauthorized, "sign-in-required");
        Assert.AreEqual("Bearer", answer.Headers.WwwAuthenticate.Single().Scheme);
    }

    [TestMethod]
    public async Task Operator_WhenSignedInWithTheFirstPassword_SeesJobs()
    {
        var file = Path.Combine(Archive.DataFolder, "operator-password");
        var client = new ArchiveClient(Http);
        await client.SignInAsync("operator@localhost", (await File.ReadAllTextAsync(file, Ct)).Trim(), Ct);

        var me = await client.GetJsonAsync("/api/accounts/me", Ct);

        Assert.AreEqual("Operator", me.GetProperty("role").GetString());
        Assert.AreEqual(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        Assert.DoesNotContain((await File.ReadAllTextAsync(file, Ct)).Trim(), Archive.Output);
    }

    [TestMethod]
    public async Task Jobs_WhenAskedThroughAProxyByADepositor_AreForbidden()
    {
        var token = await TokenAsync(await DepositorAsync());
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/jobs");
        request.Headers.Authorization = new("Bearer", token);
        request.Headers.Add("X-Forwarded-For", "192.0.2.1");
        using var anonymous = new HttpRequestMessage(HttpMethod.Get, "/metrics");
        anonymous.Headers.Add("X-Forwarded-For", "192.0.2.1");

        using var forbidden = await Http.SendAsync(request, Ct);
        using var unknown = await Http.SendAsync(anonymous, Ct);

        await ExpectAsync(forbidden, HttpStatusCode.Forbidden, "forbidden");
        await ExpectAsync(unknown, HttpStatusCode.Unauthorized, "sign-in-required");
    }

    [TestMethod]
    public async Task Jobs_WhenRunOnDemand_TellTheirOutcome()
    {
        using var started = await Http.PostAsync("/api/jobs/index/runs", null, Ct);
        using var unknown = await Http.PostAsync("/api/jobs/absent/runs", null, Ct);

        Assert.AreEqual(HttpStatusCode.Accepted, started.StatusCode);
        await ExpectAsync(unknown, HttpStatusCode.NotFound, "not-found");
        await TestKit.Poll.Until(async () =>
        {
            using var json = JsonDocument.Parse(await Http.GetStringAsync("/api/jobs", Ct));
            var index = json.RootElement.GetProperty("items").EnumerateArray().Single(j => j.GetProperty("name").GetString() == "index");
            return index.GetProperty("lastRuns").EnumerateArray().Any(r => r.GetProperty("succeeded").GetBoolean());
        }, "the index was built", Ct, TimeSpan.FromSeconds(30));
    }

    [TestMethod]
    public async Task Log_WhenAnAddressHoldsAKey_HasTheRequestWithoutIt()
    {
        var (secret, mark) = (Guid.NewGuid().ToString("N"), Guid.NewGuid().ToString("N"));

        using var answer = await Http.GetAsync($"/api/search?q={mark}&key={secret}&token={secret}", Ct);

        await TestKit.Poll.Until(() => Archive.Output.Contains(mark, StringComparison.Ordinal), "the request is logged", Ct);
        Assert.DoesNotContain(secret, Archive.Output);
    }

    [TestMethod]
    [DataRow("/api/accounts/me", "no-store")]
    [DataRow("/api/drafts", "no-store")]
    [DataRow("/api/submissions", "no-store")]
    public async Task Read_WhenSignedIn_IsKeptByNoCache(string address, string expected)
    {
        using var answer = await (await DepositorAsync()).SendAsync(HttpMethod.Get, address, null, Ct);
        using var ofAStranger = await Http.GetAsync("/api/collections", Ct);

        Assert.AreEqual(HttpStatusCode.OK, answer.StatusCode);
        Assert.AreEqual(expected, answer.Headers.CacheControl?.ToString());
        Assert.AreEqual("no-cache", ofAStranger.Headers.CacheControl?.ToString());
    }

    [TestMethod]
    public async Task Log_WhenARequestIsAnswered_HasTheBytesOfTheAnswer()
    {
        var mark = Guid.NewGuid().ToString("N");
        var body = await Http.GetByteArrayAsync($"/api/collections?{mark}", Ct);

        string? line = null;
        await TestKit.Poll.Until(() => (line = Archive.Output.Split('\n').FirstOrDefault(l => l.Contains(mark, StringComparison.Ordinal))) is not null,
            "the request is logged", Ct);

        using var json = JsonDocument.Parse(line!);
        Assert.AreEqual(body.Length, json.RootElement.GetProperty("State").GetProperty("Bytes").GetInt64());
    }
}
