using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Archive.Api.Tests.Support;
using Archive.TestKit;
using Archive.TestKit.Processes;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace Archive.Api.Tests.Http;

/// <summary>What operators do with the search index.</summary>
[TestClass]
[DoNotParallelize]
public sealed class IndexOperationTests : HttpTest
{
    [TestMethod]
    public async Task State_WhenRead_TellsWhatAnswersIsKeptAndPublished()
    {
        var (accession, _) = await DepositAsync(await DepositorAsync(), SampleDeposit.Generate(1, 3, 100, "operated"));
        await RunAsync("index", "/api/jobs/index/runs");
        var state = await StateAsync();

        var stamp = state.GetProperty("stamp");
        var generation = stamp.GetProperty("generation").GetString();
        Assert.AreEqual(generation, state.GetProperty("kept")[0].GetString());
        var published = state.GetProperty("published")[0];
        Assert.AreEqual(generation, published.GetProperty("generation").GetString());
        Assert.AreEqual(state.GetProperty("generationBytes").GetInt64(), published.GetProperty("lengthBytes").GetInt64());
        Assert.AreEqual(64, published.GetProperty("sha256").GetString()!.Length);
        Assert.IsTrue(state.GetProperty("sections").EnumerateArray().Sum(s => s.GetProperty("lengthBytes").GetInt64()) is var bytes && bytes > 0 && bytes < state.GetProperty("generationBytes").GetInt64());
        Assert.AreEqual(generation, state.GetProperty("nodes").EnumerateArray().Single().GetProperty("generation").GetString());
        Assert.IsTrue(state.GetProperty("last").EnumerateArray().Any(w => w.GetProperty("kind").GetString() is "build" && w.GetProperty("succeeded").GetBoolean()));
        // Every answer of a search names the same.
        var found = await Http.GetFromJsonAsync<JsonElement>($"/api/files?filter.%40dataset={accession}", Ct);
        Assert.AreEqual(stamp.GetProperty("generation").GetString(), found.GetProperty("index").GetProperty("generation").GetString());
        Assert.StartsWith("S-", found.GetProperty("index").GetProperty("newestAccession").GetString());
        Assert.IsTrue(found.GetProperty("index").GetProperty("builtAt").GetDateTimeOffset() <= TimeProvider.System.GetUtcNow());
    }

    [TestMethod]
    public async Task RollBack_WhenTheGenerationIsKnown_AnswersFromItUntilTheNextBuild()
    {
        await RunAsync("index", "/api/jobs/index/runs");
        var older = (await StateAsync()).GetProperty("stamp").GetProperty("generation").GetString();
        await RunAsync("index", "/api/jobs/index/runs");
        Assert.AreNotEqual(older, (await StateAsync()).GetProperty("stamp").GetProperty("generation").GetString());

        using (var answer = await Http.PostAsJsonAsync("/api/index/rollback", new { generation = older }, Ct)) Assert.AreEqual(HttpStatusCode.Accepted, answer.StatusCode);
        Assert.AreEqual(older, (await StateAsync()).GetProperty("stamp").GetProperty("generation").GetString());
        using (var unknown = await Http.PostAsJsonAsync("/api/index/rollback", new { generation = "../current" }, Ct)) await ExpectAsync(unknown, HttpStatusCode.NotFound, "generation-absent");
        using (var none = await Http.PostAsJsonAsync("/api/index/rollback", new { }, Ct)) await ExpectAsync(none, HttpStatusCode.BadRequest, "bad-request");
        using (var odd = await Http.PostAsJsonAsync("/api/index/rollback", new { generation = older, force = true }, Ct)) await ExpectAsync(odd, HttpStatusCode.BadRequest, "bad-request");

        await RunAsync("index-rebuild", "/api/index/rebuild");
        Assert.AreNotEqual(older, (await StateAsync()).GetProperty("stamp").GetProperty("generation").GetString());
    }

    [TestMethod]
    public async Task Rebuild_OfOneDataset_IsTakenInAndOfAnUnknownOneRefused()
    {
        var (accession, _) = await DepositAsync(await DepositorAsync(), SampleDeposit.Generate(2, 3, 100, "renewed"));
        await RunAsync("index", "/api/jobs/index/runs");
        using (var answer = await Http.PostAsync($"/api/index/datasets/{accession}/rebuild", null, Ct)) Assert.AreEqual(HttpStatusCode.Accepted, answer.StatusCode);
        await Poll.Until(async () => (await StateAsync()).GetProperty("last").EnumerateArray().Any(w => w.GetProperty("kind").GetString() == "dataset"
            && w.GetProperty("subject").GetString() == accession && w.GetProperty("succeeded").GetBoolean()), "it is taken in", Ct, TimeSpan.FromSeconds(30));
        Assert.HasCount(1, await new ArchiveClient(Http).ListAsync($"/api/search?q=accession:{accession}", Ct));
        using var unknown = await Http.PostAsync("/api/index/datasets/S-BIAR999999/rebuild", null, Ct);
        await ExpectAsync(unknown, HttpStatusCode.NotFound, "not-found");
    }

    [TestMethod]
    public async Task Verify_WhenAsked_ChecksEveryGenerationHereAndInTheStore()
    {
        await RunAsync("index", "/api/jobs/index/runs");
        using (var answer = await Http.PostAsync("/api/index/verify", null, Ct)) Assert.AreEqual(HttpStatusCode.Accepted, answer.StatusCode);
        JsonElement checks = default;
        await Poll.Until(async () => (checks = (await StateAsync()).GetProperty("checks")).ValueKind == JsonValueKind.Array, "it is done", Ct, TimeSpan.FromSeconds(30));
        Assert.IsTrue(checks.EnumerateArray().All(c => c.GetProperty("damages").GetArrayLength() == 0), checks.ToString());
        Assert.IsTrue(checks.EnumerateArray().Any(c => c.GetProperty("place").GetString() == "node" && c.GetProperty("sections").GetInt32() > 10));
        Assert.IsTrue(checks.EnumerateArray().Any(c => c.GetProperty("place").GetString() == "store"));
    }

    private Task<JsonElement> StateAsync() => Http.GetFromJsonAsync<JsonElement>("/api/index", Ct);

    // Waits for the end of the run that the address begins.
    private async Task RunAsync(string job, string address)
    {
        var before = await NewestAsync(job);
        using (var answer = await Http.PostAsync(address, null, Ct)) Assert.AreEqual(HttpStatusCode.Accepted, answer.StatusCode);
        await Poll.Until(async () => await NewestAsync(job) is { } now && now != before, $"{job} has ended", Ct, TimeSpan.FromMinutes(1));
        Assert.Contains("\"succeeded\":true", (await NewestAsync(job))!);
    }

    private async Task<string?> NewestAsync(string job)
    {
        var runs = (await Http.GetFromJsonAsync<JsonElement>("/api/jobs", Ct)).GetProperty("items").EnumerateArray().Single(j => j.GetProperty("name").GetString() == job).GetProperty("lastRuns");
        return runs.GetArrayLength() == 0 ? null : runs[0].GetRawText();
    }
}
