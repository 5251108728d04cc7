using Archive.Model.Submissions;
using Archive.Storage.Metadata;
using Archive.TestKit;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace Archive.Contracts.Metadata;

/// <summary>What every store of uploads promises.</summary>
public abstract class UploadStoreContract : MetadataContract<IUploadStore>
{
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(5);
    private readonly DraftId draft = DraftId.New();
    private readonly UploadId upload = UploadId.New();

    [TestMethod]
    public async Task TryBeginAsync_WhenManyTakeOnePath_ExactlyOneHoldsIt()
    {
        var uploads = Enumerable.Range(0, 64).Select(_ => UploadId.New()).ToList();

        var begun = await RaceAsync(64, i => Store.TryBeginAsync(draft, Sample.Path("a.tif"), uploads[i], 10, Long, Ct));

        Assert.AreEqual(1, begun.Count(b => b));
        var running = (await Store.ListRunningAsync(draft, Ct)).Single();
        Assert.AreEqual(new RunningTransfer(draft, Sample.Path("a.tif"), uploads[begun.ToList().IndexOf(true)], 10), running);
    }

    [TestMethod]
    public async Task TryBeginAsync_WhenRepeatedByTheHolder_IsGranted()
    {
        Assert.IsTrue(await Store.TryBeginAsync(draft, Sample.Path("a"), upload, 0, Long, Ct));
        Assert.IsTrue(await Store.TryBeginAsync(draft, Sample.Path("a"), upload, 0, Long, Ct));
        Assert.IsTrue(await Store.TryBeginAsync(draft, Sample.Path("A"), UploadId.New(), 0, Long, Ct), "another case is another path");
        Assert.IsTrue(await Store.TryBeginAsync(DraftId.New(), Sample.Path("a"), UploadId.New(), 0, Long, Ct), "another draft");
    }

    [TestMethod]
    public async Task TryCompleteAsync_WhenHeld_PutsTheFileThereAndEndsTheTransfer()
    {
        await Store.TryBeginAsync(draft, Sample.Path("a"), upload, 0, Long, Ct);
        Assert.IsNull(await Store.FindAsync(draft, Sample.Path("a"), Ct));
        var file = Sample.Staged(draft, "a", upload);

        Assert.IsTrue(await Store.TryCompleteAsync(file, Ct));
        Assert.IsTrue(await Store.TryCompleteAsync(file, Ct), "a repetition");

        Assert.AreEqual(file, await Store.FindAsync(draft, Sample.Path("a"), Ct));
        Assert.IsEmpty(await Store.ListRunningAsync(null, Ct));
    }

    [TestMethod]
    public async Task TryCompleteAsync_WhenTheLeaseLapsed_IsRefusedEvenIfNobodyTookThePath()
    {
        await Store.TryBeginAsync(draft, Sample.Path("a"), upload, 0, TimeSpan.FromMilliseconds(1), Ct);
        await Poll.Until(async () => (await Store.ListRunningAsync(draft, Ct)).Count == 0, "the lease lapses", Ct);

        Assert.IsFalse(await Store.TryRenewAsync(draft, Sample.Path("a"), upload, Long, Ct));
        Assert.IsFalse(await Store.TryCompleteAsync(Sample.Staged(draft, "a", upload), Ct));
        Assert.IsNull(await Store.FindAsync(draft, Sample.Path("a"), Ct));
    }

    [TestMethod]
    public async Task TryBeginAsync_WhenTheLeaseLapsed_TakesThePathOver()
    {
        var later = UploadId.New();
        await Store.TryBeginAsync(draft, Sample.Path("a"), upload, 0, TimeSpan.FromMilliseconds(1), Ct);
        await Poll.Until(() => Store.TryBeginAsync(draft, Sample.Path("a"), later, 0, Long, Ct), "the path is taken over", Ct);

        Assert.IsFalse(await Store.TryCompleteAsync(Sample.Staged(draft, "a", upload), Ct));
        await Store.AbandonAsync(draft, Sample.Path("a"), upload, Ct);
        Assert.IsTrue(await Store.TryRenewAsync(draft, Sample.Path("a"), later, Long, Ct), "the old holder's end does not touch it");
        Assert.IsTrue(await Store.TryCompleteAsync(Sample.Staged(draft, "a", later), Ct));
    }

    [TestMethod]
    public async Task TryRenewAsync_WhenHeld_ProlongsTheLease()
    {
        await Store.TryBeginAsync(draft, Sample.Path("a"), upload, 0, TimeSpan.FromSeconds(20), Ct);
        Assert.IsTrue(await Store.TryRenewAsync(draft, Sample.Path("a"), upload, TimeSpan.FromMilliseconds(1), Ct));
        await Poll.Until(async () => (await Store.ListRunningAsync(draft, Ct)).Count == 0, "the new end of the lease holds", Ct);
    }

    [TestMethod]
    public async Task AbandonAsync_WhenAFileStoodThere_LeavesIt()
    {
        await PutAsync("a", 1);
        var before = await Store.FindAsync(draft, Sample.Path("a"), Ct);
        await Store.TryBeginAsync(draft, Sample.Path("a"), upload, 0, Long, Ct);

        await Store.AbandonAsync(draft, Sample.Path("a"), upload, Ct);

        Assert.AreEqual(before, await Store.FindAsync(draft, Sample.Path("a"), Ct));
        Assert.IsTrue(await Store.TryBeginAsync(draft, Sample.Path("a"), UploadId.New(), 0, Long, Ct));
    }

    [TestMethod]
    public async Task TryCompleteAsync_WhenAFileStoodThere_ReplacesIt()
    {
        await PutAsync("a", 1);
        var second = await PutAsync("a", 2);

        Assert.AreEqual(second, await Store.FindAsync(draft, Sample.Path("a"), Ct));
        AreSame([second], await ToListAsync(Store.ListAsync(draft, null, Ct)));
    }

    [TestMethod]
    public async Task ListAsync_WhenPaged_GoesByCodePoint()
    {
        // Expected order: bytes of UTF-8. U+FF5E sorts before U+10000 there, and after it in UTF-16.
        string[] expected = ["A", "B/a", "a", "a b", "a/b", "a0", "é", "\uff5e", "\U00010000"];
        foreach (var path in expected.Reverse()) await PutAsync(path, 1);
        await Store.TryBeginAsync(draft, Sample.Path("running"), UploadId.New(), 0, Long, Ct);

        var all = await ToListAsync(Store.ListAsync(draft, null, Ct));
        var later = await ToListAsync(Store.ListAsync(draft, Sample.Path("a/b"), Ct));

        CollectionAssert.AreEqual(expected, all.Select(f => f.Path.Value).ToArray());
        CollectionAssert.AreEqual(expected[5..], later.Select(f => f.Path.Value).ToArray());
    }

    [TestMethod]
    public async Task RemoveAsync_WhenOnePath_LeavesTheOthersAndARunningTransfer()
    {
        await PutAsync("a", 1);
        await PutAsync("b", 1);
        await Store.TryBeginAsync(draft, Sample.Path("a"), upload, 0, Long, Ct);

        await Store.RemoveAsync(draft, Sample.Path("a"), null, Ct);
        await Store.RemoveAsync(draft, Sample.Path("c"), null, Ct);

        Assert.IsNull(await Store.FindAsync(draft, Sample.Path("a"), Ct));
        Assert.IsNotNull(await Store.FindAsync(draft, Sample.Path("b"), Ct));
        Assert.IsTrue(await Store.TryCompleteAsync(Sample.Staged(draft, "a", upload), Ct));
    }

    [TestMethod]
    public async Task RemoveAsync_WhenItsHolderLapsed_RemovesNothing()
    {
        await PutAsync("a", 1);
        await Store.TryBeginAsync(draft, Sample.Path("a"), upload, 0, TimeSpan.FromMilliseconds(1), Ct);
        await Poll.Until(async () => (await Store.ListRunningAsync(draft, Ct)).Count == 0, "the lease lapses", Ct);

        Assert.IsFalse(await Store.RemoveAsync(draft, Sample.Path("a"), upload, Ct));
        Assert.IsNotNull(await Store.FindAsync(draft, Sample.Path("a"), Ct));

        await Store.TryBeginAsync(draft, Sample.Path("a"), upload, 0, Long, Ct);
        Assert.IsTrue(await Store.RemoveAsync(draft, Sample.Path("a"), upload, Ct));
        Assert.IsNull(await Store.FindAsync(draft, Sample.Path("a"), Ct));
    }

    [TestMethod]
    public async Task TryMarkRemovedAsync_WhenHeld_TakesTheFileAwayAndStaysUntilAFileComes()
    {
        await PutAsync("a", 1);
        await PutAsync("c", 1);
        await MarkAsync("a");
        await MarkAsync("b");

        Assert.IsNull(await Store.FindAsync(draft, Sample.Path("a"), Ct));
        Assert.AreEqual("-a -b c", await PathsAsync());
        Assert.AreEqual("c", string.Join(' ', (await ToListAsync(Store.ListAsync(draft, null, Ct))).Select(f => f.Path)));
        Assert.AreEqual("-b c", string.Join(' ', (await Store.FindPathsAsync(draft, [.. new[] { "c", "b", "x" }.Select(Sample.Path)], Ct)).Select(Text).Order()));

        // Another transfer that gives up leaves the mark; one that ends takes it back.
        await Store.TryBeginAsync(draft, Sample.Path("a"), upload, 0, Long, Ct);
        await Store.AbandonAsync(draft, Sample.Path("a"), upload, Ct);
        Assert.AreEqual("-a -b c", await PathsAsync());
        await PutAsync("a", 2);
        Assert.AreEqual("a -b c", await PathsAsync());

        // Taking the mark back leaves the path to the version before.
        await Store.TryBeginAsync(draft, Sample.Path("b"), upload, 0, Long, Ct);
        Assert.IsTrue(await Store.RemoveAsync(draft, Sample.Path("b"), upload, Ct));
        await Store.AbandonAsync(draft, Sample.Path("b"), upload, Ct);
        Assert.AreEqual("a c", await PathsAsync());
        Assert.AreEqual("c", string.Join(' ', (await ToListAsync(Store.ListPathsAsync(draft, Sample.Path("a"), Ct))).Select(Text)));
    }

    [TestMethod]
    public async Task TryMarkRemovedAsync_WhenNotHeld_ChangesNothing()
    {
        await PutAsync("a", 1);

        Assert.IsFalse(await Store.TryMarkRemovedAsync(draft, Sample.Path("a"), upload, Ct));
        Assert.IsFalse(await Store.TryMarkRemovedAsync(draft, Sample.Path("b"), upload, Ct));

        Assert.AreEqual("a", await PathsAsync());
    }

    [TestMethod]
    public async Task RemoveAsync_WhenTheWholeDraft_EndsItsTransfersToo()
    {
        await PutAsync("a", 1);
        await Store.TryBeginAsync(draft, Sample.Path("b"), upload, 0, Long, Ct);
        await MarkAsync("c");

        await Store.RemoveAsync(draft, null, null, Ct);

        Assert.AreEqual("", await PathsAsync());

        Assert.IsEmpty(await ToListAsync(Store.ListAsync(draft, null, Ct)));
        Assert.IsFalse(await Store.TryCompleteAsync(Sample.Staged(draft, "b", upload), Ct));
    }

    private static string Text(StagedPath path) => path.File is null ? "-" + path.Path : path.Path.Value;

    private async Task<string> PathsAsync() => string.Join(' ', (await ToListAsync(Store.ListPathsAsync(draft, null, Ct))).Select(Text));

    private async Task MarkAsync(string path)
    {
        var holder = UploadId.New();
        Assert.IsTrue(await Store.TryBeginAsync(draft, Sample.Path(path), holder, 0, Long, Ct));
        Assert.IsTrue(await Store.TryMarkRemovedAsync(draft, Sample.Path(path), holder, Ct));
        await Store.AbandonAsync(draft, Sample.Path(path), holder, Ct);
    }

    private async Task<StagedFile> PutAsync(string path, int seed)
    {
        var content = UploadId.New();
        Assert.IsTrue(await Store.TryBeginAsync(draft, Sample.Path(path), content, 0, Long, Ct));
        var file = Sample.Staged(draft, path, content, seed);
        Assert.IsTrue(await Store.TryCompleteAsync(file, Ct));
        return file;
    }
}
