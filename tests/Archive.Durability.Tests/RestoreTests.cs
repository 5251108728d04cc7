using System.Diagnostics;
using Archive.Model.Datasets;
using Archive.TestKit;
using Archive.TestKit.Processes;

namespace Archive.Durability.Tests;

/// <summary>A backup taken while people deposit, restored into a new folder, is a whole archive.</summary>
[TestClass]
[TestCategory("Restore")]
public sealed class RestoreTests : DurabilityTest
{
    [TestMethod]
    public async Task Restore_WhenBackedUpUnderLoad_GivesEveryByteAndFreshAccessions()
    {
        List<Depositing> before = [], during = [];
        await using (var archive = new ArchiveProcess(Folder["data"]))
        {
            await archive.StartAsync(Ct);
            var client = await RegisterAsync(archive);
            for (var i = 0; i < 3; i++) before.Add(await DepositAsync(client, SampleDeposit.Generate(i, 40, 20_000)));
            using var enough = CancellationTokenSource.CreateLinkedTokenSource(Ct);
            var load = LoadAsync(client, during, enough.Token);
            await Poll.Until(() => Count(during) > 0, "deposits arrive beside", Ct, TimeSpan.FromMinutes(1));
            await RunAsync("backup.sh", archive.DataFolder, Folder["backup"]);
            var beside = Count(during);
            // The backup ends in the middle of the load, not with it.
            await Poll.Until(() => Count(during) > beside, "deposits go on after the backup", Ct, TimeSpan.FromMinutes(1));
            await enough.CancelAsync();
            await load;
            Say($"{beside} deposits arrived during the backup, {during.Count} in all beside the {before.Count} before it");
        }
        await RunAsync("restore.sh", Folder["backup"], Folder["restored"]);
        await CheckAsync(before, during);
    }

    [TestMethod]
    public async Task Restore_WhenASubmissionWasUnfinished_RejectsItNamingEachFileAndTakesThemAnew()
    {
        var deposit = SampleDeposit.Generate(1, 3, 2000);
        Depositing unfinished;
        ArchiveClient client;
        // Nobody works on submissions, so that it stands as submitted when the backup is made; so nobody sends mails either.
        await using (var archive = new ArchiveProcess(Folder["data"], "--roles", "api", "--confirm-email", "off"))
        {
            await archive.StartAsync(Ct);
            client = await RegisterAsync(archive);
            unfinished = new Depositing(client, deposit);
            await unfinished.BeginAsync(Ct);
            await unfinished.UploadAsync(Ct);
            await unfinished.SubmitAsync(Ct);
            await RunAsync("backup.sh", archive.DataFolder, Folder["backup"]);
        }
        await RunAsync("restore.sh", Folder["backup"], Folder["restored"]);
        await using var restored = new ArchiveProcess(Folder["restored"]);
        await restored.StartAsync(Ct);
        client = client.At(restored.Http);

        var rejected = await client.WaitForEndAsync(unfinished.Submission!, TimeSpan.FromMinutes(2), Ct);

        Assert.AreEqual("Rejected", rejected.GetProperty("state").GetString(), $"{rejected}");
        CollectionAssert.AreEquivalent(
            deposit.Uploads.Select(f => f.Path).ToList(),
            rejected.GetProperty("findings").EnumerateArray().Where(f => f.GetProperty("code").GetString() == "file-lost")
                .Select(f => f.GetProperty("place").GetString()).ToList());
        foreach (var file in deposit.Uploads)
        {
            using var content = new StreamContent(file.Open());
            content.Headers.ContentLength = file.LengthBytes;
            await client.PutFileAsync(unfinished.Draft!, file.Path, content, Ct);
        }
        var again = (await client.SubmitAsync(unfinished.Draft!, Ct)).GetProperty("submission").GetString()!;
        var ended = await client.WaitForEndAsync(again, TimeSpan.FromMinutes(2), Ct);
        Assert.AreEqual("Released", ended.GetProperty("state").GetString(), $"{ended}");
        await CompareAsync(client, unfinished);
    }

    private async Task CheckAsync(List<Depositing> before, List<Depositing> during)
    {
        await using var restored = new ArchiveProcess(Folder["restored"]);
        await restored.StartAsync(Ct);
        var client = await RegisterAsync(restored);
        var listed = (await client.ListAsync("/api/datasets?size=100", Ct)).Select(d => d.GetProperty("accession").GetString()!).ToHashSet(StringComparer.Ordinal);
        foreach (var deposited in before) Assert.Contains(deposited.Accession!, listed, "A dataset released before the backup is not in it.");
        var whole = before.Concat(during).Where(d => listed.Contains(d.Accession!)).ToList();
        Assert.HasCount(listed.Count, whole, "The restored archive holds a dataset that nobody deposited.");
        await CompareAsync(client, whole);
        Say($"{whole.Count} datasets restored");

        var known = listed.Concat(DataFolder.Objects(Path.Combine(restored.DataFolder, "objects")).Select(k => k.Split('/')[0]))
            .Where(a => Accession.TryParse(a, null, out _)).Select(a => Accession.Parse(a, null)).ToList();
        var fresh = await DepositAsync(client, SampleDeposit.Generate(1000, 3, 2000));
        Assert.IsTrue(known.All(a => a.Number < Accession.Parse(fresh.Accession!, null).Number), $"{fresh.Accession} is not above every number in the backup.");
        await Poll.Until(async () => (await client.GetJsonAsync("/api/search?q=durability", Ct)).GetProperty("items").GetArrayLength() > 0,
            "the restored archive is searchable", Ct, TimeSpan.FromMinutes(1));
    }

    // Deposits one after another until it is told to stop; the last one is finished.
    private async Task LoadAsync(ArchiveClient client, List<Depositing> done, CancellationToken enough)
    {
        for (var i = 100; !enough.IsCancellationRequested; i++)
        {
            var deposited = await DepositAsync(client, SampleDeposit.Generate(i, 10, 20_000));
            lock (done) done.Add(deposited);
        }
    }

    private static int Count(List<Depositing> deposits)
    {
        lock (deposits) return deposits.Count;
    }

    private async Task RunAsync(string script, params string[] arguments)
    {
        var start = new ProcessStartInfo("bash", [Path.Combine(Repository.Root, "infra", script), .. arguments])
        {
            RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false,
        };
        using var process = Process.Start(start)!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(Ct), process.StandardError.ReadToEndAsync(Ct));
        await process.WaitForExitAsync(Ct).WaitAsync(TimeSpan.FromMinutes(5), Ct);
        Assert.AreEqual(0, process.ExitCode, $"{script}: {await output}{await errors}");
        Say($"{(await output).TrimEnd()}");
    }
}
