using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Archive.Api.Tests.Support;
using Archive.Model.Accounts;
using Archive.Model.Datasets;
using Archive.Storage.Metadata.Postgres;
using Archive.TestKit;
using Archive.TestKit.Databases;
using Archive.TestKit.Processes;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace Archive.Api.Tests.Http;

/// <summary>The curators' queue over HTTP: what curators, owners and strangers see of a dataset that waits.</summary>
[TestClass]
public sealed class CurationTests : HttpTest
{
    [TestMethod]
    public async Task Queue_FromWaitingToPublic_TellsEachWhatIsTheirs()
    {
        await using var database = await TestDatabase.CreateAsync(Ct);
        using var folder = new TempFolder();
        await using var archive = new ArchiveProcess(folder["data"], "--postgres", database.ConnectionString, "--reserve-bytes", "1000000", "--rate-limit", "0");
        await archive.StartAsync(Ct);
        var collections = new PostgresCollectionStore(database.Metadata);
        await collections.PutAsync((await collections.FindAsync("BioImages", Ct))! with { ReleasePolicy = ReleasePolicy.Curator }, Ct);
        var (owner, curator) = (new ArchiveClient(archive.Http), new ArchiveClient(archive.Http));
        await owner.RegisterAsync(Ct);
        await curator.RegisterAsync(Ct);
        await MakeCuratorAsync(new PostgresAccountStore(database.Metadata), curator);
        var (first, submission) = await DepositAsync(owner, SampleDeposit.Generate(91, 1, 100));
        var (second, _) = await DepositAsync(owner, SampleDeposit.Generate(92, 1, 100));

        // The queue, a page at a time.
        var page = await JsonAsync(curator, HttpMethod.Get, "/api/curation?size=1");
        Assert.AreEqual(first, page.GetProperty("items")[0].GetProperty("accession").GetString());
        Assert.AreEqual("A Depositor", page.GetProperty("items")[0].GetProperty("ownerName").GetString());
        var rest = await JsonAsync(curator, HttpMethod.Get, "/api/curation?size=1&cursor=" + page.GetProperty("next").GetString());
        Assert.AreEqual(second, rest.GetProperty("items")[0].GetProperty("accession").GetString());
        Assert.AreEqual(JsonValueKind.Null, rest.GetProperty("next").ValueKind);
        using (var forged = await curator.SendAsync(HttpMethod.Get, "/api/curation?cursor=AAAA", null, Ct)) await ExpectAsync(forged, HttpStatusCode.BadRequest, "bad-request");

        // To a stranger what waits is as what does not exist; its owner sees that it waits.
        Assert.AreEqual(await StrangerAsync(archive, first), (await StrangerAsync(archive, "S-BIAR999")).Replace("S-BIAR999", first, StringComparison.Ordinal));
        Assert.AreEqual("Waiting", (await JsonAsync(owner, HttpMethod.Get, $"/api/datasets/{first}")).GetProperty("review").GetProperty("state").GetString());
        Assert.AreEqual("Waiting", (await JsonAsync(owner, HttpMethod.Get, $"/api/submissions/{submission}")).GetProperty("review").GetProperty("state").GetString());
        using (var moved = await owner.SendAsync(HttpMethod.Patch, $"/api/datasets/{first}", Json(new { releaseDate = "2020-01-01" }), Ct)) Assert.AreEqual(HttpStatusCode.OK, moved.StatusCode);
        Assert.AreEqual("Private", (await JsonAsync(owner, HttpMethod.Get, $"/api/datasets/{first}")).GetProperty("state").GetString(), "a date that has come does not let it past the curator");

        // Returned with a message, which the owner reads.
        using (var silent = await curator.SendAsync(HttpMethod.Post, $"/api/curation/{first}/return", Json(new { message = " " }), Ct)) await ExpectAsync(silent, HttpStatusCode.UnprocessableEntity, "invalid-input");
        await JsonAsync(curator, HttpMethod.Post, $"/api/curation/{first}/return", new { message = "Say what was imaged.", version = 1 });
        var review = (await JsonAsync(owner, HttpMethod.Get, $"/api/submissions/{submission}")).GetProperty("review");
        Assert.AreEqual("Returned", review.GetProperty("state").GetString());
        Assert.AreEqual("Say what was imaged.", review.GetProperty("message").GetString());
        Assert.AreEqual("Say what was imaged.", (await JsonAsync(owner, HttpMethod.Get, $"/api/datasets/{first}")).GetProperty("review").GetProperty("message").GetString());
        using (var late = await curator.SendAsync(HttpMethod.Post, $"/api/curation/{first}/approval", null, Ct)) await ExpectAsync(late, HttpStatusCode.Conflict, "review-decided");

        // Approved, and public at once since its date is due; repeating it is no fault.
        using (var old = await curator.SendAsync(HttpMethod.Post, $"/api/curation/{second}/approval", Json(new { version = 2 }), Ct)) await ExpectAsync(old, HttpStatusCode.Conflict, "version-moved");
        for (var i = 0; i < 2; i++) Assert.AreEqual("Released", (await JsonAsync(curator, HttpMethod.Post, $"/api/curation/{second}/approval")).GetProperty("state").GetString());
        using var seen = await archive.Http.GetAsync($"/api/datasets/{second}", Ct);
        Assert.AreEqual(JsonValueKind.Null, (await seen.Content.ReadFromJsonAsync<JsonElement>(Ct)).GetProperty("review").ValueKind, "the public is not told");
        using (var absent = await curator.SendAsync(HttpMethod.Post, "/api/curation/S-BIAR999/approval", null, Ct)) await ExpectAsync(absent, HttpStatusCode.NotFound, "not-found");
        Assert.AreEqual(0, (await JsonAsync(curator, HttpMethod.Get, "/api/curation")).GetProperty("items").GetArrayLength());
    }

    private async Task MakeCuratorAsync(PostgresAccountStore accounts, ArchiveClient client)
    {
        var me = await JsonAsync(client, HttpMethod.Get, "/api/accounts/me");
        var account = await accounts.FindByEmailAsync(me.GetProperty("email").GetString()!, Ct);
        Assert.IsTrue(await accounts.TryReplaceAsync(account! with { Role = Role.Curator }, Ct));
    }

    private async Task<string> StrangerAsync(ArchiveProcess archive, string accession)
    {
        using var answer = await archive.Http.GetAsync($"/api/datasets/{accession}", Ct);
        var body = await answer.Content.ReadFromJsonAsync<Dictionary<string, JsonElement>>(Ct);
        body!.Remove("traceId");
        return (int)answer.StatusCode + JsonSerializer.Serialize(body) + string.Join(';', answer.Headers.Where(h => h.Key != "Date").Select(h => h.Key + h.Value.First()));
    }

    private async Task<JsonElement> JsonAsync(ArchiveClient client, HttpMethod method, string address, object? body = null)
    {
        using var answer = await client.SendAsync(method, address, body is null ? null : Json(body), Ct);
        var text = await answer.Content.ReadAsStringAsync(Ct);
        Assert.IsTrue(answer.IsSuccessStatusCode, $"{address}: {text}");
        return JsonDocument.Parse(text).RootElement.Clone();
    }
}
