using System.Net;
using System.Text.Json;
using Archive.Api.Tests.Support;
using Archive.TestKit;
using Archive.TestKit.Databases;
using Archive.TestKit.Mails;
using Archive.TestKit.Processes;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace Archive.Api.Tests.Http;

/// <summary>Quotas, limits in answers and the end of drafts over HTTP, on an archive with small limits.</summary>
[TestClass]
public sealed class StagingLimitTests : HttpTest
{
    private const string Operator = "operator@localhost";

    [TestMethod]
    public async Task Limits_WhenFilesCome_AreInEveryAnswerAndWarnNearTheEnd()
    {
        await using var world = await WorldAsync();
        var client = await world.DepositorAsync();
        using var begun = await client.SendAsync(HttpMethod.Post, "/api/drafts", Json(new { }), Ct);
        var first = (await ReadAsync(begun)).GetProperty("limits");
        var draft = await client.BeginDraftAsync(Ct);
        await client.BeginDraftAsync(Ct);

        using var half = await PutAsync(client, draft, "a", 50_000);
        using var near = await PutAsync(client, draft, "b", 40_000);
        using var over = await PutAsync(client, draft, "c", 10_001);
        using var smaller = await PutAsync(client, draft, "a", 10);

        Assert.IsLessThan(1, Math.Abs((first.GetProperty("expiresAt").GetDateTimeOffset() - TimeProvider.System.GetUtcNow()).TotalDays - 180));
        Assert.AreEqual((0L, 0L, 100_000L, 40L, 5_000_000_000_000L), (Number(first, "usedBytes"), Number(first, "usedFiles"), Number(first, "quotaBytes"), Number(first, "quotaFiles"), Number(first, "maxFileBytes")));
        Assert.IsFalse(half.Headers.Contains("Staging-Warning"));
        Assert.StartsWith("quota-bytes-near; 90000 of 100000", near.Headers.GetValues("Staging-Warning").Single());
        var refusal = await ExpectAsync(over, HttpStatusCode.RequestEntityTooLarge, "quota-exceeded");
        Assert.AreEqual((100_000L, 90_000L, 10_001L), (Number(refusal, "limitBytes"), Number(refusal, "usedBytes"), Number(refusal, "neededBytes")));
        Assert.AreEqual(HttpStatusCode.OK, smaller.StatusCode);
        var shown = (await client.GetJsonAsync($"/api/drafts/{draft}", Ct)).GetProperty("limits");
        Assert.AreEqual((40_010L, 2L, 40_010L), (Number(shown, "usedBytes"), Number(shown, "usedFiles"), Number(shown, "draftBytes")));
        var listed = await client.ListAsync("/api/drafts", Ct);
        CollectionAssert.AreEqual(new[] { (40_010L, 0L), (40_010L, 40_010L), (40_010L, 0L) }, listed.Select(d => (Number(d.GetProperty("limits"), "usedBytes"), Number(d.GetProperty("limits"), "draftBytes"))).ToArray());
    }

    [TestMethod]
    public async Task Quota_WhenAnOfferedDraftDoesNotFit_IsNotAcceptedUntilThereIsRoom()
    {
        await using var world = await WorldAsync();
        var (giver, taker) = (await world.DepositorAsync(), await world.DepositorAsync());
        var (given, own) = (await giver.BeginDraftAsync(Ct), await taker.BeginDraftAsync(Ct));
        using (var staged = await PutAsync(giver, given, "a", 60_000)) Assert.AreEqual(HttpStatusCode.Created, staged.StatusCode);
        using (var staged = await PutAsync(taker, own, "b", 60_000)) Assert.AreEqual(HttpStatusCode.Created, staged.StatusCode);
        using (var offered = await giver.SendAsync(HttpMethod.Post, $"/api/drafts/{given}/owner", Json(new { email = taker.Email }), Ct)) Assert.AreEqual(HttpStatusCode.OK, offered.StatusCode);

        using (var full = await taker.SendAsync(HttpMethod.Post, $"/api/drafts/{given}/owner/acceptance", null, Ct))
            Assert.AreEqual((60_000L, 60_000L, 100_000L), (await ExpectAsync(full, HttpStatusCode.RequestEntityTooLarge, "quota-exceeded")) is var told
                ? (Number(told, "usedBytes"), Number(told, "neededBytes"), Number(told, "limitBytes")) : default);
        using (var kept = await giver.SendAsync(HttpMethod.Get, $"/api/drafts/{given}", null, Ct)) Assert.AreEqual(HttpStatusCode.OK, kept.StatusCode);

        using (var gone = await taker.SendAsync(HttpMethod.Delete, $"/api/drafts/{own}", null, Ct)) Assert.AreEqual(HttpStatusCode.NoContent, gone.StatusCode);
        using var accepted = await taker.SendAsync(HttpMethod.Post, $"/api/drafts/{given}/owner/acceptance", null, Ct);
        Assert.AreEqual(HttpStatusCode.OK, accepted.StatusCode);
        Assert.AreEqual(60_000L, Number((await taker.GetJsonAsync($"/api/drafts/{given}", Ct)).GetProperty("limits"), "usedBytes"));
    }

    [TestMethod]
    public async Task Quota_WhenAnOperatorSetsAnother_HoldsThatOneAndIsRecorded()
    {
        await using var world = await WorldAsync();
        var (client, boss) = (await world.DepositorAsync(), await world.OperatorAsync());
        var id = (await client.GetJsonAsync("/api/accounts/me", Ct)).GetProperty("id").GetString();
        var draft = await client.BeginDraftAsync(Ct);
        using (var refused = await PutAsync(client, draft, "a", 100_001)) await ExpectAsync(refused, HttpStatusCode.RequestEntityTooLarge, "quota-exceeded");

        using (var wrong = await boss.SendAsync(HttpMethod.Patch, $"/api/accounts/{id}", Json(new { stagingQuota = new { bytes = -1 } }), Ct))
            CollectionAssert.AreEqual(new[] { "quota-range" }, Findings(await ExpectAsync(wrong, HttpStatusCode.UnprocessableEntity, "invalid-input")).ToArray());
        using (var own = await client.SendAsync(HttpMethod.Patch, $"/api/accounts/{id}", Json(new { stagingQuota = new { bytes = 0 } }), Ct)) await ExpectAsync(own, HttpStatusCode.Forbidden, "forbidden");
        using (var set = await boss.SendAsync(HttpMethod.Patch, $"/api/accounts/{id}", Json(new { stagingQuota = new { bytes = 200_000 } }), Ct))
            Assert.AreEqual(200_000, Number((await ReadAsync(set)).GetProperty("stagingQuota"), "bytes"));
        using (var fits = await PutAsync(client, draft, "a", 100_001)) Assert.AreEqual(HttpStatusCode.Created, fits.StatusCode);
        var limits = (await client.GetJsonAsync($"/api/drafts/{draft}", Ct)).GetProperty("limits");
        Assert.AreEqual((200_000L, 40L), (Number(limits, "quotaBytes"), Number(limits, "quotaFiles")));
        using (var back = await boss.SendAsync(HttpMethod.Patch, $"/api/accounts/{id}", Json(new { stagingQuota = new { } }), Ct))
            Assert.AreEqual(JsonValueKind.Null, (await ReadAsync(back)).GetProperty("stagingQuota").ValueKind);
        using (var more = await PutAsync(client, draft, "b", 1)) await ExpectAsync(more, HttpStatusCode.RequestEntityTooLarge, "quota-exceeded");

        var told = (await client.GetJsonAsync("/api/accounts/me/audit", Ct)).GetProperty("items").EnumerateArray().Count(e => e.GetProperty("action").GetString() == "staging-quota-set");
        Assert.AreEqual(2, told);
    }

    [TestMethod]
    public async Task Put_When64RaceAtTheEdge_NeverPassesTheQuota()
    {
        await using var world = await WorldAsync();
        var client = await world.DepositorAsync();
        var drafts = new[] { await client.BeginDraftAsync(Ct), await client.BeginDraftAsync(Ct) };

        var answers = await Task.WhenAll(Enumerable.Range(0, 64).Select(async i =>
        {
            using var answer = await PutAsync(client, drafts[i % 2], $"f{i}", 9_000, isDeclared: i % 4 < 2);
            return answer.StatusCode;
        }));

        var stored = answers.Count(a => a == HttpStatusCode.Created);
        Assert.AreEqual(64, stored + answers.Count(a => a == HttpStatusCode.RequestEntityTooLarge), string.Join(' ', answers.Distinct()));
        Assert.IsLessThanOrEqualTo(11, stored);
        Assert.IsGreaterThan(0, stored);
        var files = new List<JsonElement>();
        foreach (var draft in drafts) files.AddRange(await client.ListAsync($"/api/drafts/{draft}/files", Ct));
        Assert.HasCount(stored, files);
        Assert.AreEqual(stored * 9_000L, Number((await client.GetJsonAsync($"/api/drafts/{drafts[0]}", Ct)).GetProperty("limits"), "usedBytes"));
        Assert.HasCount(stored, drafts.SelectMany(d => Directory.GetFiles(Path.Combine(world.Archive.DataFolder, "staging", d))).ToList(), "nothing stays of what was refused");
        while (stored++ < 11)
            using (var fills = await PutAsync(client, drafts[0], $"more{stored}", 9_000)) Assert.AreEqual(HttpStatusCode.Created, fills.StatusCode);
    }

    [TestMethod]
    public async Task Expiry_WhenNobodyWorksOnADraft_WarnsByMailAndRemovesIt()
    {
        await using var world = await WorldAsync();
        var client = await world.DepositorAsync();
        var draft = await client.BeginDraftAsync(Ct);
        using (var put = await PutAsync(client, draft, "a", 100)) Assert.AreEqual(HttpStatusCode.Created, put.StatusCode);
        var mails = new List<int>();

        foreach (var days in new[] { 149.0, 151, 174, 179.5, 181 })
        {
            await world.Database.MoveClockAsync(TimeSpan.FromDays(days), Ct);
            await world.SweepAsync();
            if (days is 151)
            {
                var limits = (await client.GetJsonAsync($"/api/drafts/{draft}", Ct)).GetProperty("limits");
                Assert.AreEqual("expires-soon", limits.GetProperty("warnings")[0].GetProperty("code").GetString());
                Assert.IsLessThan(1, Math.Abs((limits.GetProperty("expiresAt").GetDateTimeOffset() - TimeProvider.System.GetUtcNow()).TotalDays - 180));
            }
            await Poll.Until(async () => await world.WaitingMailsAsync() == 0, "mails are sent", Ct, TimeSpan.FromSeconds(30));
            mails.Add(new MailBox(world.Archive.DataFolder).To(client.Email!).Count(m => m.Subject.Contains("draft", StringComparison.Ordinal)));
        }

        CollectionAssert.AreEqual(new[] { 0, 1, 2, 3, 4 }, mails);
        using (var gone = await client.SendAsync(HttpMethod.Get, $"/api/drafts/{draft}", null, Ct)) await ExpectAsync(gone, HttpStatusCode.NotFound, "not-found");
        Assert.IsFalse(Directory.Exists(Path.Combine(world.Archive.DataFolder, "staging", draft)));
        var entries = (await (await world.OperatorAsync()).GetJsonAsync("/api/audit", Ct)).GetProperty("items").EnumerateArray();
        Assert.AreEqual(1, entries.Count(e => e.GetProperty("action").GetString() == "expired" && e.GetProperty("id").GetString() == draft));
    }

    private async Task<World> WorldAsync()
    {
        var world = new World(await TestDatabase.CreateAsync(Ct), Ct);
        await world.Archive.StartAsync(Ct);
        return world;
    }

    private async Task<HttpResponseMessage> PutAsync(ArchiveClient client, string draft, string path, int length, bool isDeclared = true)
    {
        using var content = new StreamContent(new TestKit.Files.RandomStream(1, length, 1000));
        content.Headers.ContentLength = isDeclared ? length : null;
        return await client.SendAsync(HttpMethod.Put, $"/api/drafts/{draft}/files/{path}", content, Ct);
    }

    private async Task<JsonElement> ReadAsync(HttpResponseMessage answer)
    {
        var text = await answer.Content.ReadAsStringAsync(Ct);
        Assert.IsTrue(answer.IsSuccessStatusCode, text);
        using var json = JsonDocument.Parse(text);
        return json.RootElement.Clone();
    }

    private static long Number(JsonElement from, string name) => from.GetProperty(name).GetInt64();

    private sealed class World(TestDatabase database, CancellationToken ct) : IAsyncDisposable
    {
        private readonly TempFolder folder = new();

        public TestDatabase Database { get; } = database;

        public ArchiveProcess Archive => field ??= new ArchiveProcess(folder["data"], "--postgres", Database.ConnectionString, "--reserve-bytes", "1000000", "--rate-limit", "0",
            "--account-quota-bytes", "100000", "--account-quota-files", "40", "--sweep-cron", "0 0 0 1 1 ? 2099");

        public async Task<ArchiveClient> DepositorAsync()
        {
            var client = new ArchiveClient(Archive.Http);
            await client.RegisterAsync(ct);
            return client;
        }

        public async Task<ArchiveClient> OperatorAsync()
        {
            var client = new ArchiveClient(Archive.Http);
            await client.SignInAsync(Operator, (await File.ReadAllTextAsync(Path.Combine(Archive.DataFolder, "operator-password"), ct)).Trim(), ct);
            return client;
        }

        public async Task SweepAsync()
        {
            var boss = await OperatorAsync();
            var before = await RunAsync(boss);
            using (var answer = await boss.SendAsync(HttpMethod.Post, "/api/jobs/sweep/runs", null, ct)) answer.EnsureSuccessStatusCode();
            string? after = null;
            await Poll.Until(async () => (after = await RunAsync(boss)) != before, "the sweep ended", ct, TimeSpan.FromMinutes(1));
            Assert.Contains("\"succeeded\":true", after!);
        }

        public async Task<long> WaitingMailsAsync()
        {
            await using var connection = new Npgsql.NpgsqlConnection(Database.ConnectionString);
            await connection.OpenAsync(ct);
            await using var command = new Npgsql.NpgsqlCommand("SELECT count(*) FROM mails WHERE due_at IS NOT NULL", connection);
            return (long)(await command.ExecuteScalarAsync(ct))!;
        }

        public async ValueTask DisposeAsync()
        {
            await Archive.DisposeAsync();
            await Database.DisposeAsync();
            folder.Dispose();
        }

        private async Task<string> RunAsync(ArchiveClient boss)
        {
            var runs = (await boss.GetJsonAsync("/api/jobs", ct)).GetProperty("items").EnumerateArray().First(j => j.GetProperty("name").GetString() == "sweep").GetProperty("lastRuns");
            return runs.GetArrayLength() == 0 ? "" : runs[0].GetRawText();
        }
    }
}
