using Archive.Model.Errors;
using Archive.Model.Submissions;
using Archive.Storage.Objects;
using Archive.Submissions.Staging;
using Archive.TestKit;
using Archive.TestKit.Files;

namespace Archive.Submissions.Tests.Staging;

[TestClass]
public sealed class StagingRoomTests : StagingFixture
{
    [TestMethod]
    public async Task Receive_WhenRoomIsBelowTheReserve_Refuses()
    {
        var area = await ANewAreaAsync(Options with { Reserve = new SpaceReserve(long.MaxValue, 1) });
        await RefusedAsync(Problems.InsufficientStorage, "f", new RandomStream(1, 10), 10, area: area);
    }

    [TestMethod]
    public async Task Receive_WhenOthersWerePromisedTheRoom_Refuses()
    {
        var free = (await Staging.ProbeAsync(Ct)).FreeBytes!.Value;
        var other = UploadId.New();
        Assert.IsTrue(await Uploads.TryBeginAsync(Draft.Id, Path("other"), other, free * 2, TimeSpan.FromMinutes(1), Ct));
        Assert.AreEqual(free * 2, await Staging.CountPromisedBytesAsync(Ct));
        await RefusedAsync(Problems.InsufficientStorage, "f", new RandomStream(1, 10), 10);
        await Uploads.AbandonAsync(Draft.Id, Path("other"), other, Ct);
        await ReceiveAsync("f", 1, 10);
    }

    [TestMethod]
    public async Task Receive_WhenItDeclaresMoreThanThereIs_RefusesBeforeReading()
    {
        var body = new RandomStream(1, 10);
        await RefusedAsync(Problems.InsufficientStorage, "f", body, 1L << 42);
        Assert.AreEqual(0, body.Position);
    }

    [TestMethod]
    public async Task CountPromised_WhenPartIsWritten_CountsTheRest()
    {
        var (reached, go) = (new TaskCompletionSource(), new TaskCompletionSource());
        // Longer than what is reserved in advance: nothing is outstanding although it has only begun.
        var receiving = Staging.ReceiveAsync(Draft.Id, Path("f"), Halting(1, 5_000_000, 1000, reached, go), 5_000_000, DeclaredDigests.None, static _ => true, Ct);
        await reached.Task.WaitAsync(Ct);
        Assert.AreEqual(0, await Staging.CountPromisedBytesAsync(Ct));
        go.SetResult();
        await receiving;
    }

    [TestMethod]
    [DataRow(3_500_000, true)]
    [DataRow(3_500_000, false)]
    [DataRow(5_000_000, true)]
    [DataRow(5_000_000, false)]
    public async Task Receive_WhenTheVolumeIsFull_RefusesAndWorksWhenThereIsRoom(int length, bool declared)
    {
        using var volume = SmallVolume.TryMount(8_000_000, out var reason);
        if (volume is null) Assert.Inconclusive($"Mounting a small volume is not possible here: {reason}");
        var folder = System.IO.Path.Combine(volume.FullPath, "staging");
        var area = await ANewAreaAsync(Options with { Folder = folder });
        var filler = System.IO.Path.Combine(volume.FullPath, "filler");

        // The room goes while the body is on its way, so that the disk itself says no.
        var body = new RandomStream(1, length, 500_000)
        {
            BeforeRead = async (at, _) =>
            {
                if (at == 0) await FillAsync(filler);
            },
        };
        if (declared && length > 4_000_000) await FillAsync(filler);
        await RefusedAsync(Problems.InsufficientStorage, "f", body, declared ? length : null, area: area);
        Assert.IsEmpty(Contents(folder));

        File.Delete(filler);
        var file = await area.ReceiveAsync(Draft.Id, Path("f"), new RandomStream(1, length), length, DeclaredDigests.None, static _ => true, Ct);
        Assert.AreEqual(length, new FileInfo(area.PathOf(file)).Length);
    }

    [TestMethod]
    public async Task Claim_WhenStagingIsForeign_Fails()
    {
        var area = new StagingArea(Options, Uploads, Drafts, TimeProvider.System);
        Assert.AreEqual("an-archive", (await area.ProbeAsync(Ct)).ArchiveId);
        await Assert.ThrowsExactlyAsync<WrongVolumeException>(() => area.ClaimAsync("another", Ct));
    }

    [TestMethod]
    public async Task Receive_WhenStagingIsNotMounted_FailsAndCreatesNothing()
    {
        var area = new StagingArea(Options with { Folder = Folder["unmounted"] }, Uploads, Drafts, TimeProvider.System);
        await Assert.ThrowsAsync<IOException>(() => ReceiveAsync("f", 1, 10, area));
        Assert.IsFalse(Directory.Exists(Folder["unmounted"]));
        await ReceiveAsync("f", 1, 10);
    }

    // Grows the filler until the volume takes no more.
    private async Task FillAsync(string filler)
    {
        try
        {
            await using var file = new FileStream(filler, FileMode.Create, FileAccess.Write, FileShare.None, 0);
            while (true) await file.WriteAsync(new byte[64 * 1024], Ct);
        }
        catch (IOException e) when (VolumeFullException.Is(e))
        {
        }
    }
}
