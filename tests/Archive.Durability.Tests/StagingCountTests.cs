using System.Diagnostics;
using System.Globalization;
using Archive.TestKit.Files;
using Archive.TestKit.Processes;

namespace Archive.Durability.Tests;

/// <summary>Counts of what is staged are those of the rows after any kill, before any sweep.</summary>
[TestClass]
[TestCategory("Kill")]
public sealed class StagingCountTests : DurabilityTest
{
    private const int FileBytes = 40_000;

    [TestMethod]
    public async Task Kill_WhenUploadsAreUnderWay_LeavesNoCountWrongAndNoRoomLost()
    {
        var random = new Random();
        await using var archive = new ArchiveProcess(Folder["data"], "--lease-seconds", "3", "--account-quota-bytes", "2000000", "--rate-limit-signed-in", "0");
        await archive.StartAsync(Ct);
        var client = await RegisterAsync(archive);
        var draft = await client.BeginDraftAsync(Ct);
        for (var kill = 0; kill < (IsLong ? 40 : 6); kill++)
        {
            // 64 at a time, more than fit: some come whole, some are under way, some are refused.
            var work = Task.WhenAll(Enumerable.Range(0, 64).Select(i => Task.Run(() => SwallowAsync(() => PutAsync(client, draft, $"k{kill % 3}/f{i}", i)), Ct)));
            await Task.WhenAny(work, Task.Delay(TimeSpan.FromMilliseconds(random.Next(20, 1500)), Ct));
            await archive.KillAsync();
            await work;
            Assert.IsEmpty(await DataFolder.WrongCountsAsync(archive, Ct), $"after kill {kill}");
            Say($"kill {kill}: {await DataFolder.StagedCountAsync(archive, Ct)}");
            if (kill % 2 == 1) await KillDatabaseAsync();
            await archive.StartAsync(Ct);
            Assert.IsEmpty(await DataFolder.WrongCountsAsync(archive, Ct), $"after the start that follows kill {kill}");
            var used = (await client.GetJsonAsync($"/api/drafts/{draft}", Ct)).GetProperty("limits").GetProperty("usedBytes").GetInt64();
            Assert.IsLessThanOrEqualTo(2_000_000, used);
        }

        // What was promised to the killed ones is free again: the whole quota fits.
        using (var deleted = await client.SendAsync(HttpMethod.Delete, $"/api/drafts/{draft}", null, Ct)) deleted.EnsureSuccessStatusCode();
        Assert.AreEqual("0 bytes, 0 files", await DataFolder.StagedCountAsync(archive, Ct));
        draft = await client.BeginDraftAsync(Ct);
        for (var i = 0; i < 50; i++) Assert.AreEqual(201, await PutAsync(client, draft, $"f{i}", 2 * i));
        Assert.AreEqual(413, await PutAsync(client, draft, "more", 0));
        Assert.AreEqual("2000000 bytes, 50 files", await DataFolder.StagedCountAsync(archive, Ct));
        Assert.IsEmpty(await DataFolder.WrongCountsAsync(archive, Ct));
    }

    // Every other one without a length.
    private async Task<int> PutAsync(ArchiveClient client, string draft, string path, int seed)
    {
        using var content = new StreamContent(new RandomStream(seed, FileBytes, 8000));
        content.Headers.ContentLength = seed % 2 == 0 ? FileBytes : null;
        using var answer = await client.SendAsync(HttpMethod.Put, $"/api/drafts/{draft}/files/{path}", content, Ct);
        return (int)answer.StatusCode;
    }

    private async Task KillDatabaseAsync()
    {
        var id = int.Parse((await File.ReadAllLinesAsync(Path.Combine(Folder["data"], "postgres", "data", "postmaster.pid"), Ct))[0], CultureInfo.InvariantCulture);
        using var process = Process.GetProcessById(id);
        process.Kill();
        await process.WaitForExitAsync(Ct);
    }

    private static async Task SwallowAsync(Func<Task> work)
    {
        try
        {
            await work();
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            // The archive is gone in the middle of it: that is the point.
        }
    }
}
