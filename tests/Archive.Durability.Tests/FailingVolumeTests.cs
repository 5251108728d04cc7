using System.Globalization;
using System.Net;
using System.Text.Json;
using Archive.TestKit;
using Archive.TestKit.Processes;

namespace Archive.Durability.Tests;

/// <summary>
/// A disk that is full or fails, under the objects alone or under everything: a submission waits and says why, people sign in,
/// read and search as before, and when the fault ends the submission arrives by itself.
/// </summary>
[TestClass]
[TestCategory("Power")]
public sealed class FailingVolumeTests : DurabilityTest
{
    // What a broken disk refuses: bytes, names and syncs alike. The database is another process and keeps its own disk.
    private const string AllWrites = "pwrite64,?pwritev,?link,linkat,?mkdir,mkdirat,?rename,?renameat,?renameat2,fsync,?fdatasync";

    [TestMethod]
    public async Task Submission_WhenTheVolumeOfTheObjectsIsFull_WaitsAndArrivesWhenThereIsRoom()
    {
        using var volume = Volumes.Mount(64_000_000);
        await using var archive = new ArchiveProcess(Folder["data"], "--objects", volume.FullPath);
        await CheckFullAsync(archive, () => Volumes.Fill(volume, 0));
    }

    [TestMethod]
    [DataRow(8_000_000, DisplayName = "below the reserve")]
    [DataRow(0, DisplayName = "to the last byte")]
    public async Task Submission_WhenTheVolumeOfEverythingIsFull_WaitsAndArrivesWhenThereIsRoom(int leaveBytes)
    {
        using var volume = Volumes.Mount(700_000_000);
        await using var archive = new ArchiveProcess(Path.Combine(volume.FullPath, "data"));
        await CheckFullAsync(archive, () => Volumes.Fill(volume, leaveBytes));
    }

    [TestMethod]
    public async Task Submission_WhenWritesOfObjectsFail_WaitsAndArrivesWhenTheyDoNot()
    {
        using var volume = Volumes.Mount(64_000_000); // another volume: objects are copied, so that bytes are written
        await using var archive = new ArchiveProcess(Folder["data"], "--objects", volume.FullPath);
        await archive.StartAsync(Ct);
        var (client, released) = await BeginAsync(archive);
        var waiting = await UploadedAsync(client, 2);
        await using (var trace = await SystemCallTrace.AttachAsync(
            archive.ProcessId, ["-e", "trace=pwrite64,?pwritev", "-e", "inject=pwrite64,?pwritev:error=EIO"], null, Ct))
        {
            await SubmitAndSeeItWaitAsync(client, waiting);
            Assert.Contains(c => c.IsInjected, trace.Calls, "No write was made to fail.");
            await CheckReadingAsync(archive, client, released);
        }
        await FinishAsync(waiting);
        await CompareAsync(client, released, waiting);
    }

    [TestMethod]
    public async Task Submission_WhenEveryWriteFails_WaitsAndArrivesWhenTheyDoNot()
    {
        await using var archive = new ArchiveProcess(Folder["data"]);
        await archive.StartAsync(Ct);
        var (client, released) = await BeginAsync(archive);
        var waiting = await UploadedAsync(client, 2);
        var refused = new Depositing(client, SampleDeposit.Generate(3, 3, 3000));
        await refused.BeginAsync(Ct);
        await using (await SystemCallTrace.AttachAsync(
            archive.ProcessId, ["-e", $"trace={AllWrites}", "-e", $"inject={AllWrites}:error=EIO"], null, Ct))
        {
            await SubmitAndSeeItWaitAsync(client, waiting);
            var refusal = await Assert.ThrowsExactlyAsync<HttpRequestException>(() => refused.UploadAsync(Ct, atOnce: 1));
            Assert.IsInRange(500, 599, (int)refusal.StatusCode!.Value, refusal.Message);
            await CheckReadingAsync(archive, client, released);
        }
        await FinishAsync(waiting);
        await FinishAsync(refused);
        await CompareAsync(client, released, waiting, refused);
    }

    private async Task CheckFullAsync(ArchiveProcess archive, Func<string> fill)
    {
        await archive.StartAsync(Ct);
        var (client, released) = await BeginAsync(archive);
        var waiting = await UploadedAsync(client, 2);
        var ballast = fill();
        var isRefused = false;
        try
        {
            await SubmitAndSeeItWaitAsync(client, waiting);
        }
        catch (HttpRequestException refusal) when (refusal.StatusCode == HttpStatusCode.InsufficientStorage)
        {
            // Where the database has no room either, not even for the submission's row, the depositor is told so and asks again.
            Say($"it is refused: {refusal.Message}");
            isRefused = true;
        }
        await CheckReadingAsync(archive, client, released);
        File.Delete(ballast);
        if (isRefused) await waiting.SubmitAsync(Ct);
        await FinishAsync(waiting);
        await CompareAsync(client, released, waiting);
    }

    // A dataset that can be read and found, before anything fails.
    private async Task<(ArchiveClient Client, Depositing Released)> BeginAsync(ArchiveProcess archive)
    {
        var client = await RegisterAsync(archive);
        var released = await DepositAsync(client, SampleDeposit.Generate(1, 3, 3000, "lighthouse"));
        await Poll.Until(() => IsFoundAsync(client, released), "the released dataset was found", Ct, TimeSpan.FromMinutes(1));
        return (client, released);
    }

    private async Task<Depositing> UploadedAsync(ArchiveClient client, int seed)
    {
        var depositing = new Depositing(client, SampleDeposit.Generate(seed, 3, 300_000));
        await depositing.BeginAsync(Ct);
        await depositing.UploadAsync(Ct);
        return depositing;
    }

    private async Task SubmitAndSeeItWaitAsync(ArchiveClient client, Depositing waiting)
    {
        await waiting.SubmitAsync(Ct);
        JsonElement now = default;
        await Poll.Until(async () => (now = await client.GetSubmissionAsync(waiting.Submission!, Ct)).GetProperty("waiting").ValueKind == JsonValueKind.Object,
            "the submission waits", Ct, TimeSpan.FromMinutes(1));
        var reason = now.GetProperty("waiting").GetProperty("reason").GetString()!;
        Say($"it waits: {reason}");
        Assert.IsGreaterThan(10, reason.Length, "It does not say why it waits.");
        Assert.DoesNotContain("/", reason, "A path of the installation is told to the depositor.");
    }

    private async Task CheckReadingAsync(ArchiveProcess archive, ArchiveClient client, Depositing released)
    {
        await new ArchiveClient(archive.Http).SignInAsync(client.Email!, ArchiveClient.Password, Ct);
        Assert.IsTrue(await IsFoundAsync(client, released), "Search does not find what was released before.");
        await CompareAsync(client, released);
        var state = await client.GetJsonAsync(string.Create(CultureInfo.InvariantCulture, $"/api/datasets/{released.Accession}"), Ct);
        Assert.AreEqual(released.Accession, state.GetProperty("accession").GetString());
    }

    private async Task<bool> IsFoundAsync(ArchiveClient client, Depositing released) =>
        (await client.GetJsonAsync("/api/search?q=lighthouse", Ct)).GetProperty("items").EnumerateArray()
        .Any(hit => hit.GetProperty("accession").GetString() == released.Accession);
}
