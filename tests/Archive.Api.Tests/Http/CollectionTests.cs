using System.Net;
using System.Text.Json;
using Archive.Api.Tests.Support;
using Archive.TestKit.Processes;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace Archive.Api.Tests.Http;

/// <summary>Collections and rule sets as operators make them and as others see them.</summary>
[TestClass]
public sealed class CollectionTests : HttpTest
{
    [TestMethod]
    public async Task Collections_WhenAnOperatorMakesThem_HoldForDeposits()
    {
        var (boss, depositor) = (await OperatorAsync(), await DepositorAsync());
        await PutAsync(boss, "/api/rule-sets/http-strict", new { title = "Strict", rules = new { keywords = new { severity = "error", parameters = new { min = 40 } } } }, HttpStatusCode.Created);
        await PutAsync(boss, "/api/collections/Http-Lab", new { title = "Lab", description = "Ours.", accessionTemplate = "S-HTTPLAB{n}", ruleSet = "http-strict", releasePolicy = "first-by-curator" }, HttpStatusCode.Created);
        await PutAsync(boss, "/api/collections/Http-Lab", new { title = "The lab", accessionTemplate = "S-HTTPLAB{n}", ruleSet = "http-strict" }, HttpStatusCode.OK);
        await PutAsync(boss, "/api/collections/Http-Room", new { title = "Room", parent = "http-lab", attach = "curators" }, HttpStatusCode.Created);

        var room = JsonDocument.Parse(await Http.GetStringAsync("/api/collections/http-room", Ct)).RootElement;
        Assert.AreEqual("S-HTTPLAB{n}", room.GetProperty("accessionTemplate").GetString());
        Assert.AreEqual("Http-Lab", room.GetProperty("parent").GetString());
        Assert.AreEqual("http-strict", room.GetProperty("ruleSet").GetString());
        Assert.AreEqual("direct", room.GetProperty("releasePolicy").GetString());
        Assert.AreEqual(JsonValueKind.Null, room.GetProperty("accounts").ValueKind);
        Assert.Contains("Http-Room", await Http.GetStringAsync("/api/collections", Ct));

        using (var closed = await depositor.SendAsync(HttpMethod.Post, "/api/drafts", Json(new { collection = "Http-Room" }), Ct))
            await ExpectAsync(closed, HttpStatusCode.Forbidden, "collection-closed");
        using var begun = await depositor.SendAsync(HttpMethod.Post, "/api/drafts", Json(new { collection = "http-lab" }), Ct);
        var draft = JsonDocument.Parse(await begun.Content.ReadAsStringAsync(Ct)).RootElement.GetProperty("id").GetString()!;
        await depositor.PutPageTabAsync(draft, SampleDeposit.Generate(77, 1, 100).PageTabJson.Replace("\"BioImages\"", "\"Http-Lab\"", StringComparison.Ordinal), Ct);
        using var refused = await depositor.SendAsync(HttpMethod.Post, $"/api/drafts/{draft}/submission", null, Ct);
        var findings = (await ExpectAsync(refused, HttpStatusCode.UnprocessableEntity, "submission-refused")).GetProperty("findings").EnumerateArray().ToList();
        Assert.IsTrue(findings.Any(f => f.GetProperty("rule").GetString() == "keywords" && f.GetProperty("severity").GetString() == "Error"));

        using (var used = await boss.SendAsync(HttpMethod.Delete, "/api/collections/Http-Lab", null, Ct)) await ExpectAsync(used, HttpStatusCode.Conflict, "collection-in-use");
        using (var used = await boss.SendAsync(HttpMethod.Delete, "/api/rule-sets/http-strict", null, Ct)) await ExpectAsync(used, HttpStatusCode.Conflict, "rule-set-in-use");
        using (var gone = await boss.SendAsync(HttpMethod.Delete, "/api/collections/Http-Room", null, Ct)) Assert.AreEqual(HttpStatusCode.NoContent, gone.StatusCode);
        using (var absent = await boss.SendAsync(HttpMethod.Delete, "/api/collections/Http-Room", null, Ct)) await ExpectAsync(absent, HttpStatusCode.NotFound, "not-found");
    }

    [TestMethod]
    public async Task Put_WhenManyThingsAreWrong_ListsThemAll()
    {
        var boss = await OperatorAsync();

        using var collection = await boss.SendAsync(HttpMethod.Put, "/api/collections/Wrong_One", Json(new { accessionTemplate = "S-BIAD{n}", parent = "Nowhere", releasePolicy = "never" }), Ct);
        using var set = await boss.SendAsync(HttpMethod.Put, "/api/rule-sets/wrong", Json(new { title = "W", rules = new Dictionary<string, object> { ["root-section"] = new { severity = "off" }, ["no-such"] = new { } } }), Ct);
        using var unknown = await boss.SendAsync(HttpMethod.Put, "/api/rule-sets/wrong", Json(new { title = "W", ruels = new { } }), Ct);

        CollectionAssert.AreEquivalent(
            new[] { "collection-id", "collection-title", "accession-prefix-taken", "parent-unknown", "release-policy" },
            Findings(await ExpectAsync(collection, HttpStatusCode.UnprocessableEntity, "invalid-input")).ToArray());
        CollectionAssert.AreEquivalent(new[] { "rule-protective", "rule-unknown" }, Findings(await ExpectAsync(set, HttpStatusCode.UnprocessableEntity, "invalid-input")).ToArray());
        Assert.AreEqual(HttpStatusCode.BadRequest, unknown.StatusCode);
    }

    [TestMethod]
    public async Task RuleSet_WhenABuiltInOneIsReplacedAndRemoved_IsAsItCame()
    {
        var boss = await OperatorAsync();
        var before = await Http.GetStringAsync("/api/rule-sets/mifa", Ct);

        await PutAsync(boss, "/api/rule-sets/mifa", new { title = "Ours" }, HttpStatusCode.OK);
        Assert.AreEqual("Ours", JsonDocument.Parse(await Http.GetStringAsync("/api/rule-sets/mifa", Ct)).RootElement.GetProperty("title").GetString());
        using var removed = await boss.SendAsync(HttpMethod.Delete, "/api/rule-sets/mifa", null, Ct);

        Assert.AreEqual(HttpStatusCode.NoContent, removed.StatusCode);
        Assert.AreEqual(before, await Http.GetStringAsync("/api/rule-sets/mifa", Ct));
        Assert.IsGreaterThan(50, JsonDocument.Parse(await Http.GetStringAsync("/api/rules", Ct)).RootElement.GetProperty("items").GetArrayLength());
    }

    [TestMethod]
    [DataRow("PUT", "/api/collections/BioImages")]
    [DataRow("DELETE", "/api/collections/BioImages")]
    [DataRow("PUT", "/api/rule-sets/rembi-5")]
    [DataRow("DELETE", "/api/rule-sets/none")]
    [DataRow("GET", "/api/curation")]
    [DataRow("POST", "/api/curation/S-BIAR1/approval")]
    [DataRow("POST", "/api/curation/S-BIAR999999/approval")]
    [DataRow("POST", "/api/curation/S-BIAR999999/return")]
    public async Task Write_WhenOthersAsk_IsRefusedWhateverThereIs(string method, string address)
    {
        var depositor = await DepositorAsync();
        HttpContent? Body() => method is "GET" or "DELETE" ? null : Json(new { title = "T", message = "M" });
        using var request = new HttpRequestMessage(new(method), address) { Content = Body() };

        using var stranger = await Http.SendAsync(request, Ct);
        using var known = await depositor.SendAsync(new(method), address, address.EndsWith("approval", StringComparison.Ordinal) ? null : Body(), Ct);

        await ExpectAsync(stranger, HttpStatusCode.Unauthorized, "sign-in-required");
        await ExpectAsync(known, HttpStatusCode.Forbidden, "forbidden");
    }

    private static async Task<string> PutAsync(ArchiveClient client, string address, object body, HttpStatusCode expected)
    {
        using var answer = await client.SendAsync(HttpMethod.Put, address, Json(body), CancellationToken.None);
        var text = await answer.Content.ReadAsStringAsync(CancellationToken.None);
        Assert.AreEqual(expected, answer.StatusCode, text);
        return text;
    }
}
