using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Archive.Api.Tests.Support;
using Archive.TestKit.Processes;

namespace Archive.Api.Tests.Accounts;

/// <summary>What operators do with accounts, and what is told of it.</summary>
[TestClass]
public sealed class AdministrationTests : HttpTest
{
    [TestMethod]
    public async Task Deactivate_WhenDone_EndsSignInsAndTokensForGoodAndKeepsPublicDatasets()
    {
        var (boss, owner) = (await OperatorAsync(), await DepositorAsync());
        var (accession, _) = await DepositAsync(owner, SampleDeposit.Generate(1, 1, 100));
        var token = await TokenAsync(owner, "Deposit");
        var id = await IdAsync(boss, owner);

        await PatchAsync(boss, id, new { active = false });

        using (var session = await owner.SendAsync(HttpMethod.Get, "/api/drafts", null, Ct)) await ExpectAsync(session, HttpStatusCode.Unauthorized, "session-expired");
        using (var byToken = await SendAsync(token, "/api/drafts")) await ExpectAsync(byToken, HttpStatusCode.Unauthorized, "session-expired");
        using (var signIn = await Http.PostAsync("/api/sessions", Json(new { email = owner.Email, password = ArchiveClient.Password }), Ct))
            await ExpectAsync(signIn, HttpStatusCode.Unauthorized, "wrong-credentials");
        using (var dataset = await Http.GetAsync($"/api/datasets/{accession}", Ct)) Assert.AreEqual(HttpStatusCode.OK, dataset.StatusCode);

        await PatchAsync(boss, id, new { active = true });

        using (var session = await owner.SendAsync(HttpMethod.Get, "/api/drafts", null, Ct)) await ExpectAsync(session, HttpStatusCode.Unauthorized, "session-expired");
        using (var byToken = await SendAsync(token, "/api/drafts")) await ExpectAsync(byToken, HttpStatusCode.Unauthorized, "session-expired");
        await new ArchiveClient(Http).SignInAsync(owner.Email!, ArchiveClient.Password, Ct);
        var told = (await boss.GetJsonAsync($"/api/audit?kind=account&id={id}&size=2", Ct)).GetProperty("items").EnumerateArray().ToList();
        CollectionAssert.AreEqual(new[] { "reactivated", "deactivated" }, told.Select(e => e.GetProperty("action").GetString()).ToArray());
        Assert.AreEqual((await boss.GetJsonAsync("/api/accounts/me", Ct)).GetProperty("id").GetString(), told[0].GetProperty("actor").GetString());
        Assert.AreEqual("operator", told[0].GetProperty("as").GetString());
    }

    [TestMethod]
    public async Task Role_WhenSet_HoldsAtOnceAndIsToldWithWhatStoodBefore()
    {
        var (boss, account) = (await OperatorAsync(), await DepositorAsync());
        var id = await IdAsync(boss, account);

        await PatchAsync(boss, id, new { role = "Partner" });

        Assert.AreEqual("Partner", (await account.GetJsonAsync("/api/accounts/me", Ct)).GetProperty("role").GetString());
        Assert.StartsWith("archive_", await TokenAsync(account, "Partner"));
        var told = (await account.GetJsonAsync("/api/accounts/me/audit", Ct)).GetProperty("items").EnumerateArray().Single(e => e.GetProperty("action").GetString() == "role-changed");
        Assert.AreEqual(("Depositor", "Partner"), (told.GetProperty("before").GetProperty("role").GetString(), told.GetProperty("after").GetProperty("role").GetString()));
    }

    [TestMethod]
    public async Task Administration_WhenAskedByOthers_IsRefused()
    {
        var (boss, account) = (await OperatorAsync(), await DepositorAsync());
        var own = (await boss.GetJsonAsync("/api/accounts/me", Ct)).GetProperty("id").GetString();

        foreach (var (method, address) in new[] { ("GET", "/api/accounts"), ("GET", $"/api/accounts/{own}"), ("PATCH", $"/api/accounts/{own}"), ("GET", "/api/audit") })
        {
            using var byDepositor = await account.SendAsync(new HttpMethod(method), address, method == "PATCH" ? Json(new { active = false }) : null, Ct);
            using var request = new HttpRequestMessage(new HttpMethod(method), address) { Content = method == "PATCH" ? Json(new { active = false }) : null };
            using var byStranger = await Http.SendAsync(request, Ct);
            await ExpectAsync(byDepositor, HttpStatusCode.Forbidden, "forbidden");
            await ExpectAsync(byStranger, HttpStatusCode.Unauthorized, "sign-in-required");
        }
        using var lockout = await boss.SendAsync(HttpMethod.Patch, $"/api/accounts/{own}", Json(new { active = false }), Ct);
        using var absent = await boss.SendAsync(HttpMethod.Get, $"/api/accounts/{Guid.NewGuid():N}", null, Ct);
        await ExpectAsync(lockout, HttpStatusCode.UnprocessableEntity, "invalid-input");
        await ExpectAsync(absent, HttpStatusCode.NotFound, "not-found");
    }

    [TestMethod]
    public async Task List_WhenPaged_FindsByTextAndGivesEachOnce()
    {
        var boss = await OperatorAsync();
        var account = await DepositorAsync();
        await DepositorAsync();

        var seen = new List<string>();
        string? cursor = null;
        do
        {
            var page = await boss.GetJsonAsync("/api/accounts?size=1" + (cursor is null ? "" : $"&cursor={cursor}"), Ct);
            seen.AddRange(page.GetProperty("items").EnumerateArray().Select(a => a.GetProperty("email").GetString()!));
            cursor = page.GetProperty("next").GetString();
        }
        while (cursor is not null && seen.Count < 5);

        Assert.AreEqual(seen.Count, seen.Distinct().Count());
        var found = await boss.GetJsonAsync($"/api/accounts?q={account.Email![..30].ToUpperInvariant()}", Ct);
        Assert.AreEqual(account.Email, found.GetProperty("items").EnumerateArray().Single().GetProperty("email").GetString());
        Assert.DoesNotContain("hash", found.GetRawText());
    }

    private async Task<string> IdAsync(ArchiveClient boss, ArchiveClient account) =>
        (await boss.GetJsonAsync($"/api/accounts?q={account.Email}", Ct)).GetProperty("items").EnumerateArray().Single().GetProperty("id").GetString()!;

    private async Task PatchAsync(ArchiveClient boss, string id, object change)
    {
        using var answer = await boss.SendAsync(HttpMethod.Patch, $"/api/accounts/{id}", Json(change), Ct);
        Assert.AreEqual(HttpStatusCode.OK, answer.StatusCode, await answer.Content.ReadAsStringAsync(Ct));
    }

    private async Task<string> TokenAsync(ArchiveClient owner, string scope)
    {
        using var answer = await owner.SendAsync(HttpMethod.Post, "/api/accounts/me/tokens", Json(new { name = "a program", scope }), Ct);
        using var json = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(Ct));
        return json.RootElement.GetProperty("token").GetString()!;
    }

    private async Task<HttpResponseMessage> SendAsync(string token, string address)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return await Http.SendAsync(request, Ct);
    }
}
