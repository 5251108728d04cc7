using System.Net;
using System.Text.Json;
using Archive.Api.Tests.Support;
using Archive.TestKit;
using Archive.TestKit.Databases;
using Archive.TestKit.Mails;
using Archive.TestKit.Processes;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace Archive.Api.Tests.Http;

/// <summary>Release, embargo and withdrawal over HTTP, by those who may and those who may not.</summary>
[TestClass]
public sealed class ReleaseTests : HttpTest
{
    private const string Reason = "A donor took back their <consent>.";

    [TestMethod]
    public async Task Release_WhenACuratorUndoesIt_IsPrivateAgainEverywhereWhenTheAnswerComes()
    {
        var (owner, curator) = (await DepositorAsync(), await CuratorAsync());
        var (accession, word) = await ReleasedAsync(owner);

        var answer = await ChangeAsync(curator, accession, new { releaseDate = InDays(100) });

        Assert.AreEqual("Private", answer.GetProperty("state").GetString());
        Assert.IsEmpty(await owner.ListAsync($"/api/search?q={word}", Ct));
        using (var dataset = await Http.GetAsync($"/api/datasets/{accession}", Ct)) await ExpectAsync(dataset, HttpStatusCode.NotFound, "not-found");
        using (var file = await Http.GetAsync($"/files/{accession}/plate-0/image_0000.tif", Ct)) await ExpectAsync(file, HttpStatusCode.NotFound, "not-found");
        var mail = await MailAsync(owner, "changed");
        Assert.Contains("private", mail.Text);

        Assert.AreEqual("Released", (await ChangeAsync(curator, accession, new { releaseDate = "2001-02-03" })).GetProperty("state").GetString());

        var pageTab = await Http.GetStringAsync($"/api/datasets/{accession}/pagetab", Ct);
        Assert.Contains("2001-02-03", pageTab, "a curator backdates, and the page tab tells it");
        Assert.HasCount(1, await owner.ListAsync($"/api/search?q={word}", Ct));
    }

    [TestMethod]
    public async Task History_WhenThingsWereDone_TellsOwnerAndCuratorsWhoDidWhat()
    {
        var (owner, curator, other) = (await DepositorAsync(), await CuratorAsync(), await DepositorAsync());
        var (accession, _) = await ReleasedAsync(owner);
        await ChangeAsync(curator, accession, new { releaseDate = InDays(100) });
        await ChangeAsync(owner, accession, new { releaseDate = InDays(50) });
        await ChangeAsync(owner, accession, new { releaseDate = InDays(-1) });

        var told = (await owner.GetJsonAsync($"/api/datasets/{accession}/history", Ct)).GetProperty("items").EnumerateArray().ToList();
        using var byOther = await other.SendAsync(HttpMethod.Get, $"/api/datasets/{accession}/history", null, Ct);
        using var byStranger = await Http.GetAsync($"/api/datasets/{accession}/history", Ct);

        CollectionAssert.AreEqual(new[] { "released", "release-date-changed", "release-undone", "deposited" }, told.Select(e => e.GetProperty("action").GetString()).ToArray());
        CollectionAssert.AreEqual(new[] { "depositor", "depositor", "curator", "depositor" }, told.Select(e => e.GetProperty("as").GetString()).ToArray());
        Assert.AreEqual(InDays(100), told[1].GetProperty("before").GetProperty("releaseDate").GetString());
        Assert.AreEqual(InDays(50), told[1].GetProperty("after").GetProperty("releaseDate").GetString());
        Assert.AreEqual(told.Count, (await curator.GetJsonAsync($"/api/datasets/{accession}/history", Ct)).GetProperty("items").GetArrayLength());
        await ExpectAsync(byOther, HttpStatusCode.Forbidden, "forbidden");
        await ExpectAsync(byStranger, HttpStatusCode.Unauthorized, "sign-in-required");
    }

    [TestMethod]
    public async Task Withdrawal_WhenDone_LeavesATombstoneAndKeepsTheFilesForCurators()
    {
        var (owner, curator) = (await DepositorAsync(), await CuratorAsync());
        var (accession, word) = await ReleasedAsync(owner);

        using (var byOwner = await owner.SendAsync(HttpMethod.Post, $"/api/datasets/{accession}/withdrawal", Json(new { reason = Reason }), Ct))
            await ExpectAsync(byOwner, HttpStatusCode.Forbidden, "forbidden");
        using (var silent = await curator.SendAsync(HttpMethod.Post, $"/api/datasets/{accession}/withdrawal", Json(new { reason = " \n " }), Ct))
            CollectionAssert.AreEqual(new[] { "reason-length" }, Findings(await ExpectAsync(silent, HttpStatusCode.UnprocessableEntity, "invalid-input")).ToArray());
        var withdrawn = await WithdrawAsync(curator, accession, Reason);

        Assert.IsEmpty(await owner.ListAsync($"/api/search?q={word}", Ct), "searches know it no more when the answer comes");
        foreach (var address in new[] { $"/api/datasets/{accession}", $"/api/datasets/{accession}/pagetab", $"/api/datasets/{accession}/files", $"/api/datasets/{accession}/versions/1", $"/files/{accession}/plate-0/image_0000.tif" })
        {
            using var byStranger = await Http.GetAsync(address, Ct);
            using var byOwner = await owner.SendAsync(HttpMethod.Get, address, null, Ct);
            var problem = await ExpectAsync(byStranger, HttpStatusCode.Gone, "withdrawn");
            Assert.AreEqual(Reason, problem.GetProperty("reason").GetString());
            Assert.AreEqual(withdrawn.GetProperty("withdrawal").GetProperty("at").GetString(), problem.GetProperty("withdrawnAt").GetString());
            await ExpectAsync(byOwner, HttpStatusCode.Gone, "withdrawn");
        }
        Assert.AreEqual("Withdrawn", (await curator.GetJsonAsync($"/api/datasets/{accession}", Ct)).GetProperty("state").GetString());
        using (var file = await curator.SendAsync(HttpMethod.Get, $"/files/{accession}/plate-0/image_0000.tif", null, Ct))
        {
            Assert.AreEqual(HttpStatusCode.OK, file.StatusCode);
            Assert.HasCount(100, await file.Content.ReadAsByteArrayAsync(Ct));
        }
        Assert.HasCount(2, await curator.ListAsync($"/api/datasets/{accession}/files", Ct));
        Assert.Contains(Reason, (await MailAsync(owner, "withdrawn")).Text);
        Assert.AreEqual(Reason, (await WithdrawAsync(curator, accession, "Another reason for the same.")).GetProperty("withdrawal").GetProperty("reason").GetString());
    }

    [TestMethod]
    public async Task Withdrawal_WhenTheDatasetNeverWasPublic_IsTheSame404ForStrangers()
    {
        var (owner, curator, stranger) = (await DepositorAsync(), await CuratorAsync(), await DepositorAsync());
        var (accession, _) = await ReleasedAsync(owner, InDays(30));

        await WithdrawAsync(curator, accession, Reason);

        using var byStranger = await stranger.SendAsync(HttpMethod.Get, $"/api/datasets/{accession}", null, Ct);
        using var byOwner = await owner.SendAsync(HttpMethod.Get, $"/api/datasets/{accession}", null, Ct);
        await ExpectAsync(byStranger, HttpStatusCode.NotFound, "not-found");
        await ExpectAsync(byOwner, HttpStatusCode.Gone, "withdrawn");
    }

    [TestMethod]
    public async Task Release_WhenItsDateCameWhileTheArchiveWasDown_HappensAtTheStart()
    {
        await using var database = await TestDatabase.CreateAsync(Ct);
        using var folder = new TempFolder();
        string[] settings = ["--postgres", database.ConnectionString, "--reserve-bytes", "1000000", "--release-cron", "0 0 0 1 1 ? 2099"];
        string accession;
        await using (var before = new ArchiveProcess(folder["data"], settings))
        {
            await before.StartAsync(Ct);
            var owner = new ArchiveClient(before.Http);
            await owner.RegisterAsync(Ct);
            (accession, _) = await ReleasedAsync(owner, InDays(3));
            using var hidden = await before.Http.GetAsync($"/api/datasets/{accession}", Ct);
            Assert.AreEqual(HttpStatusCode.NotFound, hidden.StatusCode);
        }

        await database.MoveClockAsync(TimeSpan.FromDays(4), Ct);
        await using var after = new ArchiveProcess(folder["data"], settings);
        await after.StartAsync(Ct);

        await Poll.Until(async () =>
        {
            using var answer = await after.Http.GetAsync($"/api/datasets/{accession}", Ct);
            return answer.StatusCode == HttpStatusCode.OK;
        }, "the dataset is public", Ct, TimeSpan.FromSeconds(30));
        await Poll.Until(() => new MailBox(folder["data"]).Files().Any(f => File.ReadAllText(f.FullName).Contains("is public", StringComparison.Ordinal)), "its owner hears of it", Ct, TimeSpan.FromSeconds(30));
    }

    private async Task<(string Accession, string Word)> ReleasedAsync(ArchiveClient owner, string? releaseDate = null)
    {
        var word = "release" + Guid.NewGuid().ToString("N")[..12];
        var deposit = SampleDeposit.Generate(1, 1, 100, word);
        if (releaseDate is not null) deposit = deposit with { PageTabJson = deposit.PageTabJson.Replace("2024-01-01", releaseDate, StringComparison.Ordinal) };
        var (accession, _) = await DepositAsync(owner, deposit);
        if (releaseDate is null) await Poll.Until(async () => (await owner.ListAsync($"/api/search?q={word}", Ct)).Count == 1, "the dataset is found", Ct);
        return (accession, word);
    }

    private async Task<JsonElement> ChangeAsync(ArchiveClient client, string accession, object change) =>
        await ReadAsync(await client.SendAsync(HttpMethod.Patch, $"/api/datasets/{accession}", Json(change), Ct));

    private async Task<JsonElement> WithdrawAsync(ArchiveClient client, string accession, string reason) =>
        await ReadAsync(await client.SendAsync(HttpMethod.Post, $"/api/datasets/{accession}/withdrawal", Json(new { reason }), Ct));

    private async Task<JsonElement> ReadAsync(HttpResponseMessage answer)
    {
        using (answer)
        {
            var text = await answer.Content.ReadAsStringAsync(Ct);
            Assert.AreEqual(HttpStatusCode.OK, answer.StatusCode, text);
            using var json = JsonDocument.Parse(text);
            return json.RootElement.Clone();
        }
    }

    private async Task<ReceivedMail> MailAsync(ArchiveClient client, string subject)
    {
        ReceivedMail? found = null;
        await Poll.Until(() => (found = new MailBox(Archive.DataFolder).To(client.Email!).LastOrDefault(m => m.Subject.Contains(subject, StringComparison.Ordinal))) is not null,
            $"a mail about '{subject}'", Ct, TimeSpan.FromSeconds(20));
        return found!;
    }

    private static string InDays(int days) => TimeProvider.System.GetUtcNow().AddDays(days).ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);
}
