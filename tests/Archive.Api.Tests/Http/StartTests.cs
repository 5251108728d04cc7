using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Archive.Api.Tests.Support;
using Archive.TestKit;
using Archive.TestKit.Processes;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace Archive.Api.Tests.Http;

/// <summary>Starting, stopping, and settings that change how the archive answers; each on data of its own.</summary>
[TestClass]
public sealed class StartTests
{
    public TestContext TestContext { get; set; } = null!;

    private CancellationToken Ct => TestContext.CancellationToken;

    [TestMethod]
    [DataRow("--port", "99999", "port")]
    [DataRow("--roles", "cook", "roles")]
    [DataRow("--index-cron", "at night", "index-cron")]
    [DataRow("--no-such-setting", "1", "--no-such-setting")]
    public async Task Start_WhenASettingIsWrong_EndsWithCode2AndOneSentence(string setting, string value, string named)
    {
        using var folder = new TempFolder();
        await using var archive = new ArchiveProcess(folder["data"], setting, value);

        archive.Launch();
        var code = await archive.WaitForExitAsync(Ct);

        Assert.AreEqual(2, code, archive.Output);
        Assert.HasCount(1, archive.Output.Trim().Split('\n'));
        Assert.Contains(named, archive.Output);
        Assert.IsFalse(Directory.Exists(folder["data"]));
    }

    [TestMethod]
    public async Task Start_WhenPostgresIsMissing_EndsWithCode2AndOneSentence()
    {
        using var folder = new TempFolder();
        await using var archive = new ArchiveProcess(folder["data"], "--postgres-bin", folder["nothing"], "--logs", "json");

        archive.Launch();
        var code = await archive.WaitForExitAsync(Ct);

        Assert.AreEqual(2, code, archive.Output);
        var sentence = archive.Output.Trim().Split('\n').Single(line => !line.StartsWith('{'));
        Assert.Contains("PostgreSQL", sentence);
    }

    [TestMethod]
    public async Task Start_WhenAnotherProcessHasTheData_IsRefusedAndTheFirstGoesOn()
    {
        var first = await SharedArchive.StartedAsync(Ct);
        // Not disposed of: that would end the database cluster of the data folder, which is the first one's.
        var second = new ArchiveProcess(first.DataFolder);

        second.Launch();
        var code = await second.WaitForExitAsync(Ct);

        Assert.AreEqual(2, code, second.Output);
        Assert.Contains("Another archive process", second.Output);
        using var ready = await first.Http.GetAsync("/readyz", Ct);
        Assert.AreEqual(HttpStatusCode.OK, ready.StatusCode);
    }

    [TestMethod]
    public async Task Restart_WhenKilledOrStopped_FindsWhatWasThereAndRefusesALostVolume()
    {
        // Odd characters and length: sockets end at 107 bytes, shells at spaces.
        using var folder = new TempFolder();
        var data = folder[$"a folder with 'quotes' and $signs {new string('x', 120)}"];
        await using var archive = new ArchiveProcess(data, "--session-seconds", "6", "--sign-in-failures", "3", "--event-streams", "1",
            "--reserve-bytes", "1000000", "--base-url", "https://archive.example.org/bia/");
        await archive.StartAsync(Ct);
        var client = new ArchiveClient(archive.Http);
        await client.RegisterAsync(Ct);
        var draft = await client.BeginDraftAsync(Ct);

        await ExpireAsync(client);
        await ThrottleAsync(archive);
        await ExpectBaseUrlAsync(archive);
        await archive.KillAsync();
        await archive.StartAsync(Ct);
        await client.RegisterAsync(Ct);
        using (var gone = await client.SendAsync(HttpMethod.Get, $"/api/drafts/{draft}", null, Ct)) Assert.AreEqual(HttpStatusCode.NotFound, gone.StatusCode);
        Assert.AreEqual(0, await archive.StopAsync(), archive.Output);

        Directory.Move(Path.Combine(data, "objects"), Path.Combine(data, "elsewhere"));
        archive.Launch();
        var code = await archive.WaitForExitAsync(Ct);
        Assert.AreEqual(2, code, archive.Output);
        Assert.Contains("identity", archive.Output);
        Directory.Move(Path.Combine(data, "elsewhere"), Path.Combine(data, "objects"));
        await archive.StartAsync(Ct);
    }

    [TestMethod]
    public async Task RateLimit_WhenExceeded_Answers429WithTheLimitAndHowLongToWait()
    {
        using var folder = new TempFolder();
        await using var archive = new ArchiveProcess(folder["data"], "--rate-limit", "5");
        await archive.StartAsync(Ct);

        HttpResponseMessage answer;
        var sent = 0;
        while ((answer = await archive.Http.GetAsync("/api/datasets", Ct)).StatusCode == HttpStatusCode.OK && sent++ < 50) answer.Dispose();

        var body = await answer.Content.ReadFromJsonAsync<JsonElement>(Ct);
        Assert.AreEqual(HttpStatusCode.TooManyRequests, answer.StatusCode);
        Assert.AreEqual("rate-limited", body.GetProperty("code").GetString());
        Assert.AreEqual(5, body.GetProperty("limit").GetInt32());
        Assert.IsGreaterThanOrEqualTo(1.0, answer.Headers.RetryAfter!.Delta!.Value.TotalSeconds);
        answer.Dispose();
        // Whoever watches over the archive is never kept out.
        using var health = await archive.Http.GetAsync("/healthz", Ct);
        Assert.AreEqual(HttpStatusCode.OK, health.StatusCode);
    }

    [TestMethod]
    public async Task Help_WhenAsked_ListsEverySettingWithRangeAndDefault()
    {
        var archive = Path.Combine(Repository.Root, "src", "Archive.Api", "bin", Repository.Configuration, "net10.0", "Archive.Api");
        using var help = Process.Start(new ProcessStartInfo(archive, "--help") { RedirectStandardOutput = true, UseShellExecute = false })!;

        var text = await help.StandardOutput.ReadToEndAsync(Ct);
        await help.WaitForExitAsync(Ct);

        Assert.AreEqual(0, help.ExitCode);
        foreach (var setting in Running.SettingCatalogue.All)
        {
            Assert.Contains("--" + setting.Key, text);
            Assert.Contains(setting.Range, text);
        }
    }

    private async Task ExpireAsync(ArchiveClient client) => await Poll.Until(async () =>
    {
        using var answer = await client.SendAsync(HttpMethod.Get, "/api/drafts", null, Ct);
        if (answer.StatusCode == HttpStatusCode.OK) return false;
        Assert.AreEqual(HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.Contains("session-expired", await answer.Content.ReadAsStringAsync(Ct));
        return true;
    }, "the sign-in ends", Ct, TimeSpan.FromSeconds(30));

    private async Task ThrottleAsync(ArchiveProcess archive)
    {
        var statuses = new List<HttpStatusCode>();
        for (var i = 0; i < 4; i++)
        {
            using var answer = await archive.Http.PostAsJsonAsync("/api/sessions", new { email = "nobody@example.org", password = "wrong password" }, Ct);
            statuses.Add(answer.StatusCode);
            if (i == 3) Assert.IsNotNull(answer.Headers.RetryAfter);
        }
        CollectionAssert.AreEqual(
            new[] { HttpStatusCode.Unauthorized, HttpStatusCode.Unauthorized, HttpStatusCode.Unauthorized, HttpStatusCode.TooManyRequests }, statuses);
    }

    // A forged Host must not turn links into another's.
    private async Task ExpectBaseUrlAsync(ArchiveProcess archive)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/absent");
        request.Headers.Host = "evil.example.com";
        using var answer = await archive.Http.SendAsync(request, Ct);
        var body = await answer.Content.ReadFromJsonAsync<JsonElement>(Ct);
        Assert.AreEqual("https://archive.example.org/bia/problems/not-found", body.GetProperty("type").GetString());
    }
}
