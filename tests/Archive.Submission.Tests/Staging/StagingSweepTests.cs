using Archive.Model.Submissions;
using Archive.Storage.Objects;
using Archive.Submissions.Staging;
using Archive.TestKit;

namespace Archive.Submissions.Tests.Staging;

[TestClass]
public sealed class StagingSweepTests : StagingFixture
{
    private StagingSweep Sweep => new(Staging, Uploads, Drafts, Meter, TimeProvider.System, Microsoft.Extensions.Logging.Abstractions.NullLogger<StagingSweep>.Instance);

    [TestMethod]
    public async Task Run_WhenContentHasNoRow_RemovesTheOldAlone()
    {
        var named = await ReceiveAsync("f", 1, 1000);
        Age(Staging.PathOf(named));
        var old = Orphan(Draft.Id, old: true);
        var young = Orphan(Draft.Id, old: false);
        var ofNoDraft = Orphan(DraftId.New(), old: true);

        Assert.AreEqual(2, await Sweep.RunAsync("an-archive", TimeSpan.FromHours(1), Ct));

        Assert.IsFalse(File.Exists(old));
        Assert.IsFalse(File.Exists(ofNoDraft));
        Assert.IsTrue(File.Exists(young));
        Assert.IsTrue(File.Exists(Staging.PathOf(named)));
        Assert.AreEqual(0, await Sweep.RunAsync("an-archive", TimeSpan.FromHours(1), Ct));
    }

    [TestMethod]
    public async Task Run_WhenTheRemovalOfADraftWasCutAfterItsDocument_RemovesItsFilesToo()
    {
        var file = await ReceiveAsync("f", 1, 1000);
        Age(Staging.PathOf(file));
        Assert.IsTrue(await Drafts.TryDeleteAsync((await Drafts.FindAsync(Draft.Id, Ct))!, Ct));

        Assert.AreEqual(1, await Sweep.RunAsync("an-archive", TimeSpan.FromHours(1), Ct));

        Assert.IsEmpty(await RowsAsync());
        Assert.IsFalse(File.Exists(Staging.PathOf(file)));
    }

    [TestMethod]
    public async Task Run_WhenATransferIsRunning_LeavesItsContent()
    {
        var content = Orphan(Draft.Id, old: true);
        var upload = UploadId.Parse(System.IO.Path.GetFileName(content), null);
        Assert.IsTrue(await Uploads.TryBeginAsync(Draft.Id, Path("f"), upload, 0, TimeSpan.FromMinutes(1), Ct));
        Assert.AreEqual(0, await Sweep.RunAsync("an-archive", TimeSpan.FromHours(1), Ct));
        Assert.IsTrue(File.Exists(content));
    }

    [TestMethod]
    public async Task Run_WhenStagingIsAnotherArchives_RemovesNothing()
    {
        var content = Orphan(Draft.Id, old: true);
        await Assert.ThrowsExactlyAsync<WrongVolumeException>(() => Sweep.RunAsync("another", TimeSpan.FromHours(1), Ct));
        File.Delete(Folder["staging/archive-id"]);
        await Assert.ThrowsExactlyAsync<WrongVolumeException>(() => Sweep.RunAsync("an-archive", TimeSpan.FromHours(1), Ct));
        Assert.IsTrue(File.Exists(content));
    }

    [TestMethod]
    public async Task Run_WhenAFolderIsOldAndEmpty_RemovesItAndUploadsStillWork()
    {
        await ReceiveAsync("f", 1, 1000);
        await Staging.DeleteAsync(Draft.Id, Path("f"), Ct);
        Directory.SetLastWriteTimeUtc(Folder[$"staging/{Draft.Id}"], Long);
        await Sweep.RunAsync("an-archive", TimeSpan.FromHours(1), Ct);
        Assert.IsFalse(Directory.Exists(Folder[$"staging/{Draft.Id}"]));
        await ReceiveAsync("f", 1, 1000);
    }

    private static readonly DateTime Long = new(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    private static void Age(string file) => File.SetLastWriteTimeUtc(file, Long);

    private string Orphan(DraftId draft, bool old)
    {
        Directory.CreateDirectory(Folder[$"staging/{draft}"]);
        var file = Folder[$"staging/{draft}/{UploadId.New()}"];
        File.WriteAllText(file, "left behind");
        if (old) Age(file);
        return file;
    }
}
