using System.Globalization;
using Archive.Demo.Datasets;
using Archive.TestKit;
using Archive.TestKit.Processes;

namespace Archive.Api.Tests.Operating;

/// <summary>What is backed up while depositors work comes back whole in another folder.</summary>
[TestClass]
public sealed class BackupTests
{
    public TestContext TestContext { get; set; } = null!;

    private CancellationToken Ct => TestContext.CancellationToken;

    [TestMethod]
    public async Task Restore_WhenBackedUpUnderLoad_GivesBackEveryByteAndNoAccessionTwice()
    {
        using var folder = new TempFolder();
        await using var archive = new ArchiveProcess(folder["data"]);
        await archive.StartAsync(Ct);
        var deposits = new Deposits(archive);
        await deposits.RegisterAsync(Ct);
        for (var seed = 1; seed <= 3; seed++)
            await deposits.DepositAsync(NumberedDataset.Create(20, seed, Today), Ct);
        var before = deposits.Released.ToDictionary();

        using var enough = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        var load = Enumerable.Range(1, 3).Select(lane => DepositUntilAsync(deposits, lane * 1000, enough)).ToList();
        await Script.RunAsync("backup.sh", [folder["data"], folder["backup"]], Ct);
        var within = deposits.Released.Count - before.Count;
        await enough.CancelAsync();
        await Task.WhenAll(load);
        await archive.StopAsync();
        await Script.RunAsync("restore.sh", [folder["backup"], folder["restored"]], Ct);

        await using var restored = new ArchiveProcess(folder["restored"]);
        await restored.StartAsync(Ct);
        foreach (var (accession, files) in before)
            await Deposits.RequireEveryByteAsync(restored.Http, accession, files, Ct);
        foreach (var (accession, files) in deposits.Released.Where(d => !before.ContainsKey(d.Key)))
            if ((await restored.Http.GetAsync($"/api/datasets/{accession}", Ct)).IsSuccessStatusCode)
                await Deposits.RequireEveryByteAsync(restored.Http, accession, files, Ct);
        TestContext.WriteLine($"{before.Count} released before the backup, {within} during it, {deposits.Given.Count} accessions in all");

        var again = new Deposits(restored);
        await again.RegisterAsync(Ct);
        var next = await again.DepositAsync(NumberedDataset.Create(2, 99, Today), Ct);
        Assert.IsGreaterThan(before.Keys.Max(Number), Number(next));
        Assert.IsGreaterThan(KeysIn(folder["restored"]).Where(a => a != next).Max(Number), Number(next));
    }

    [TestMethod]
    public async Task Restore_WhenBackedUpStoppedAndTwice_AddsWhatIsNew()
    {
        using var folder = new TempFolder();
        await using var archive = new ArchiveProcess(folder["data"]);
        await archive.StartAsync(Ct);
        var deposits = new Deposits(archive);
        await deposits.RegisterAsync(Ct);
        await deposits.DepositAsync(NumberedDataset.Create(5, 1, Today), Ct);
        await Script.RunAsync("backup.sh", [folder["data"], folder["backup"]], Ct);
        await deposits.DepositAsync(NumberedDataset.Create(5, 2, Today, jsonFileList: true), Ct);
        await archive.StopAsync();

        await Script.RunAsync("backup.sh", [folder["data"], folder["backup"]], Ct);
        await Script.RunAsync("restore.sh", ["--link", folder["backup"], folder["restored"]], Ct);

        await using var restored = new ArchiveProcess(folder["restored"]);
        await restored.StartAsync(Ct);
        foreach (var (accession, files) in deposits.Released)
            await Deposits.RequireEveryByteAsync(restored.Http, accession, files, Ct);
    }

    private static DateOnly Today => DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime);

    private static int Number(string accession) =>
        int.Parse(accession.AsSpan(accession.LastIndexOfAny(['R', '-']) + 1), CultureInfo.InvariantCulture);

    /// <summary>The accessions that objects are kept under.</summary>
    private static IEnumerable<string> KeysIn(string data) => Directory.EnumerateDirectories(Path.Combine(data, "objects"))
        .Select(folder => Path.GetFileName(folder)!).Where(name => !name.StartsWith('.'));

    private static async Task DepositUntilAsync(Deposits deposits, int seed, CancellationTokenSource enough)
    {
        while (!enough.IsCancellationRequested)
            await deposits.DepositAsync(NumberedDataset.Create(10, ++seed, Today), CancellationToken.None);
    }
}
