using Archive.Demo.Datasets;
using Archive.TestKit;
using Archive.TestKit.Processes;

namespace Archive.Api.Tests.Operating;

/// <summary>A stopped archive is backed up too, and a second backup into the same folder adds what is new.</summary>
[TestClass]
public sealed class BackupTests
{
    public TestContext TestContext { get; set; } = null!;

    private CancellationToken Ct => TestContext.CancellationToken;

    [TestMethod]
    public async Task Restore_WhenBackedUpRunningAndThenStopped_GivesBackBoth()
    {
        using var folder = new TempFolder();
        var deposits = new Deposits();
        await using (var archive = new ArchiveProcess(folder["data"]))
        {
            await archive.StartAsync(Ct);
            await deposits.RegisterAsync(archive, Ct);
            await deposits.DepositAsync(NumberedDataset.Create(5, 1, Today), Ct);
            await Script.RunAsync("backup.sh", [folder["data"], folder["backup"]], Ct);
            await deposits.DepositAsync(NumberedDataset.Create(5, 2, Today, jsonFileList: true), Ct);
        }

        await Script.RunAsync("backup.sh", [folder["data"], folder["backup"]], Ct);
        await Script.RunAsync("restore.sh", ["--link", folder["backup"], folder["restored"]], Ct);

        await using var restored = new ArchiveProcess(folder["restored"]);
        await restored.StartAsync(Ct);
        Assert.HasCount(2, deposits.Released);
        foreach (var (accession, files) in deposits.Released)
            await Deposits.RequireEveryByteAsync(restored.Http, accession, files, Ct);
    }

    private static DateOnly Today => DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime);
}
