using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Archive.TestKit;
using Archive.TestKit.Mails;
using Archive.TestKit.Processes;

namespace Archive.Api.Tests.Accounts;

/// <summary>Signing in by ORCID, against a provider that the test runs itself.</summary>
[TestClass]
public sealed class OrcidTests
{
    private static readonly SemaphoreSlim Gate = new(1, 1);
    private static TempFolder? folder;
    private static FakeOrcid? orcid;
    private static ArchiveProcess? archive;

    public TestContext TestContext { get; set; } = null!;

    private CancellationToken Ct => TestContext.CancellationToken;

    private static FakeOrcid Provider => orcid!;

    private static ArchiveProcess Archive => archive!;

    private static MailBox Mails => new(Archive.DataFolder);

    [TestInitialize]
    public async Task StartAsync()
    {
        await Gate.WaitAsync(Ct);
        if (archive is null)
        {
            folder = new TempFolder();
            orcid = await FakeOrcid.StartAsync(Ct);
            await File.WriteAllTextAsync(folder["secret"], FakeOrcid.ClientSecret + "\n", Ct);
            var made = new ArchiveProcess(folder["data"], "--orcid-client-id", FakeOrcid.ClientId, "--orcid-secret-file", folder["secret"],
                "--orcid-base-url", orcid.Address, "--reserve-bytes", "1000000", "--logs", "json", "--rate-limit", "0");
            made.Arguments = [.. made.Arguments, "--base-url", made.Address.ToString()];
            await made.StartAsync(Ct);
            archive = made;
        }
        (Provider.Orcid, Provider.Name, Provider.Lie) = ("0000-0002-1825-0097", "Josiah Carberry", _ => { });
    }

    [TestCleanup]
    public void Leave() => Gate.Release();

    [ClassCleanup]
    public static async Task EndAsync()
    {
        if (archive is not null) await archive.DisposeAsync();
        if (orcid is not null) await orcid.DisposeAsync();
        folder?.Dispose();
    }

    [TestMethod]
    public async Task SignIn_WhenTheIdIsNew_AsksForAnAddressThenSignsIn()
    {
        Provider.Orcid = "0000-0001-5109-3700";
        var email = $"{Guid.NewGuid():N}@example.org";

        var offered = await VisitAsync();
        Assert.AreEqual((Provider.Orcid, "Josiah Carberry"), (offered.GetProperty("orcid").GetString(), offered.GetProperty("name").GetString()));
        Assert.IsFalse(offered.TryGetProperty("token", out _));
        using (var made = await Archive.Http.PostAsJsonAsync("/api/sessions/orcid/registration", new { registration = offered.GetProperty("registration").GetString(), email }, Ct))
            Assert.AreEqual(HttpStatusCode.Accepted, made.StatusCode, await made.Content.ReadAsStringAsync(Ct));

        var me = await MeAsync(await VisitAsync());
        Assert.AreEqual((email, false, false), (me.GetProperty("email").GetString(), me.GetProperty("confirmed").GetBoolean(), me.GetProperty("hasPassword").GetBoolean()));
        await new ArchiveClient(Archive.Http).ConfirmAsync(await Mails.TokenAsync(email, Ct), Ct);
        me = await MeAsync(await VisitAsync());
        Assert.AreEqual((true, Provider.Orcid, "Josiah Carberry"), (me.GetProperty("confirmed").GetBoolean(), me.GetProperty("orcid").GetString(), me.GetProperty("name").GetString()));
    }

    [TestMethod]
    public async Task Register_WhenTheAddressHasAnAccount_NeverLinksTheTwo()
    {
        Provider.Orcid = "0000-0002-1694-233X";
        var client = new ArchiveClient(Archive.Http);
        await client.RegisterAsync(Ct);
        var registration = (await VisitAsync()).GetProperty("registration").GetString();

        using var answer = await Archive.Http.PostAsJsonAsync("/api/sessions/orcid/registration", new { registration, email = client.Email }, Ct);
        using var forged = await Archive.Http.PostAsJsonAsync("/api/sessions/orcid/registration", new { registration = "x" + registration, email = "a@example.org" }, Ct);

        Assert.AreEqual(HttpStatusCode.Accepted, answer.StatusCode);
        Assert.AreEqual(HttpStatusCode.BadRequest, forged.StatusCode);
        await Poll.Until(() => Mails.To(client.Email!).Any(m => m.Subject == "You already have an account"), "its owner is told", Ct);
        Assert.IsTrue((await VisitAsync()).TryGetProperty("registration", out _));
        Assert.AreEqual(JsonValueKind.Null, (await client.GetJsonAsync("/api/accounts/me", Ct)).GetProperty("orcid").ValueKind);
    }

    [TestMethod]
    public async Task Link_WhenTheOwnerAsks_SignsTheAccountInAndNoOtherMayHaveTheId()
    {
        Provider.Orcid = "0000-0003-1415-9269";
        var (one, two) = (new ArchiveClient(Archive.Http), new ArchiveClient(Archive.Http));
        await one.RegisterAsync(Ct);
        await two.RegisterAsync(Ct);

        var linked = await VisitAsync(one.Token);
        Assert.AreEqual(Provider.Orcid, linked.GetProperty("orcid").GetString());
        Assert.AreEqual(one.Email, (await MeAsync(await VisitAsync())).GetProperty("email").GetString());
        Assert.AreEqual("orcid-taken", (await VisitAsync(two.Token)).GetProperty("code").GetString());

        using (var unlinked = await one.SendAsync(HttpMethod.Delete, "/api/accounts/me/orcid", null, Ct)) Assert.AreEqual(HttpStatusCode.NoContent, unlinked.StatusCode);
        Assert.IsTrue((await VisitAsync()).TryGetProperty("registration", out _));
        Assert.AreEqual(Provider.Orcid, (await VisitAsync(two.Token)).GetProperty("orcid").GetString());
    }

    public static IEnumerable<object[]> Lies =>
    [
        ["nonce", "another visit's"], ["iss", "https://evil.example"], ["aud", "somebody else"], ["exp", 1L], ["sub", "0000-0002-1825-0098"], ["sub", null!],
    ];

    [TestMethod]
    [DynamicData(nameof(Lies))]
    public async Task SignIn_WhenTheIdTokenIsNotForThisVisit_IsRefused(string claim, object? value)
    {
        Provider.Lie = claims => claims[claim] = value;

        Assert.AreEqual("orcid-failed", (await VisitAsync()).GetProperty("code").GetString());
    }

    [TestMethod]
    public async Task Callback_WhenTheStateOrTheBrowserIsAnother_IsRefused()
    {
        using var mine = Browser();
        using var others = Browser();
        var back = await WayBackAsync(mine, await AuthorizeAsync(mine));

        using var without = await others.GetAsync(back, Ct); // a link that somebody was sent: the attacker's visit in the victim's browser
        using var begun = await others.GetAsync("/api/sessions/orcid", Ct);
        using var withAnother = await others.GetAsync(back, Ct);
        using var wrongState = await mine.GetAsync(back.ToString().Replace("state=", "state=x", StringComparison.Ordinal), Ct);

        foreach (var refused in new[] { without, withAnother, wrongState })
            Assert.AreEqual("orcid-failed", (await refused.Content.ReadFromJsonAsync<JsonElement>(Ct)).GetProperty("code").GetString());
        using var denied = await mine.GetAsync("/api/sessions/orcid/callback?error=access_denied", Ct);
        Assert.AreEqual(HttpStatusCode.BadRequest, denied.StatusCode);
    }

    [TestMethod]
    public async Task Cookie_WhenAVisitBegins_IsForThisPlaceAlone()
    {
        using var browser = Browser(withCookies: false);

        using var begun = await browser.GetAsync("/api/sessions/orcid", Ct);

        var cookie = begun.Headers.GetValues("Set-Cookie").Single();
        foreach (var part in new[] { "httponly", "samesite=lax", "path=/api/sessions/orcid", "max-age=600" }) Assert.Contains(part, cookie.ToLowerInvariant());
        var asked = begun.Headers.Location!.Query;
        foreach (var part in new[] { "code_challenge=", "code_challenge_method=S256", "state=", "nonce=", "scope=openid" }) Assert.Contains(part, asked);
        Assert.AreEqual("no-store", begun.Headers.CacheControl?.ToString());
    }

    // Goes all the way as a browser does, and gives what the callback answers.
    private async Task<JsonElement> VisitAsync(string? asOwner = null)
    {
        using var browser = Browser();
        var toOrcid = await AuthorizeAsync(browser, asOwner);
        using var answer = await browser.GetAsync(await WayBackAsync(browser, toOrcid), Ct);
        return await answer.Content.ReadFromJsonAsync<JsonElement>(Ct);
    }

    private async Task<Uri> AuthorizeAsync(HttpClient browser, string? asOwner = null)
    {
        if (asOwner is null)
        {
            using var begun = await browser.GetAsync("/api/sessions/orcid", Ct);
            Assert.AreEqual(HttpStatusCode.Redirect, begun.StatusCode);
            return begun.Headers.Location!;
        }
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/accounts/me/orcid");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", asOwner);
        using var asked = await browser.SendAsync(request, Ct);
        return new Uri((await asked.Content.ReadFromJsonAsync<JsonElement>(Ct)).GetProperty("address").GetString()!);
    }

    private async Task<Uri> WayBackAsync(HttpClient browser, Uri toOrcid)
    {
        using var agreed = await browser.GetAsync(toOrcid, Ct);
        Assert.AreEqual(HttpStatusCode.Redirect, agreed.StatusCode);
        return agreed.Headers.Location!;
    }

    private async Task<JsonElement> MeAsync(JsonElement session)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/accounts/me");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", session.GetProperty("token").GetString());
        using var answer = await Archive.Http.SendAsync(request, Ct);
        return await answer.Content.ReadFromJsonAsync<JsonElement>(Ct);
    }

    private static HttpClient Browser(bool withCookies = true) =>
        new(new HttpClientHandler { AllowAutoRedirect = false, UseCookies = withCookies }) { BaseAddress = Archive.Address };
}
