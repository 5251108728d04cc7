using Archive.Model.Errors;
using Archive.Submissions.Staging;
using Archive.TestKit.Files;

namespace Archive.Submissions.Tests.Staging;

[TestClass]
public sealed class StagingAreaTests : StagingFixture
{
    [TestMethod]
    [DataRow(0)]
    [DataRow(1)]
    [DataRow(262_145)]
    [DataRow(5_000_000)]
    public async Task Receive_WhenWhole_StagesItUnderANameOfOurs(int length)
    {
        var bytes = RandomStream.Bytes(1, length);
        var digests = Digests.Of(bytes);
        var file = await Staging.ReceiveAsync(
            Draft.Id, Path("a/evil name.tif"), new RandomStream(1, length, 70_000), length, new(digests.Md5.ToUpperInvariant(), digests.Sha256), static _ => true, Ct);

        Assert.AreEqual(length, file.LengthBytes);
        Assert.AreEqual(digests, file.Digests);
        Assert.AreEqual(file.Content, (await RowsAsync()).Single().Content);
        CollectionAssert.AreEqual(new[] { file.Content.ToString() }, Contents());
        await AssertHoldsAsync(file, bytes);
    }

    [TestMethod]
    public async Task Receive_WhenLengthIsUnknown_TakesWhatComes()
    {
        var file = await Staging.ReceiveAsync(Draft.Id, Path("f"), new RandomStream(1, 300_000, 70_000), null, DeclaredDigests.None, static _ => true, Ct);
        await AssertHoldsAsync(file, RandomStream.Bytes(1, 300_000));
    }

    [TestMethod]
    public async Task Receive_WhenPathIsTaken_ReplacesTheFileAndItsContent()
    {
        await ReceiveAsync("f", 1, 1000);
        var second = await ReceiveAsync("f", 2, 2000);
        Assert.AreEqual(second.Content, (await RowsAsync()).Single().Content);
        CollectionAssert.AreEqual(new[] { second.Content.ToString() }, Contents());
        await AssertHoldsAsync(second, RandomStream.Bytes(2, 2000));
    }

    [TestMethod]
    public async Task Receive_WhenManyComeAtOnce_StagesThemAll()
    {
        await Parallel.ForAsync(0, 60, Ct, async (i, _) => await ReceiveAsync($"p{i % 3}/f{i}", i, 1000 + i));
        var rows = await RowsAsync();
        Assert.HasCount(60, rows);
        foreach (var row in rows) await AssertHoldsAsync(row, RandomStream.Bytes((int)row.LengthBytes - 1000, (int)row.LengthBytes));
    }

    [TestMethod]
    [DataRow(999)]
    [DataRow(0)]
    [DataRow(600_000)]
    public async Task Receive_WhenBodyEndsEarly_RefusesAndKeepsTheFormerFile(int came)
    {
        await ReceiveAsync("f", 1, 1000);
        var refusal = await RefusedAsync(Problems.UploadTruncated, "f", new RandomStream(2, came), came + 1);
        Assert.AreEqual((long)came, refusal.Facts["receivedBytes"]);
    }

    [TestMethod]
    public async Task Receive_WhenConnectionTears_Refuses()
    {
        var torn = new RandomStream(2, 3000, 1000) { BeforeRead = (at, _) => at == 2000 ? throw new IOException("reset") : Task.CompletedTask };
        await RefusedAsync(Problems.UploadTruncated, "f", torn, 3000);
        var tornWithoutLength = new RandomStream(2, 3000, 1000) { BeforeRead = (at, _) => at == 2000 ? throw new IOException("reset") : Task.CompletedTask };
        await RefusedAsync(Problems.UploadTruncated, "f", tornWithoutLength, null);
    }

    [TestMethod]
    public async Task Receive_WhenBodyIsTooLong_RefusesWithoutReadingOn()
    {
        var endless = new RandomStream(2, long.MaxValue, 1000);
        await RefusedAsync(Problems.UploadTooLong, "f", endless, 10_000);
        Assert.IsLessThan(1_000_000L, endless.Position);
    }

    [TestMethod]
    [DataRow("MD5")]
    [DataRow("SHA-256")]
    public async Task Receive_WhenADeclaredDigestDiffers_NamesBoth(string which)
    {
        await ReceiveAsync("f", 1, 1000);
        var right = Digests.Of(RandomStream.Bytes(2, 1000));
        var wrong = new string('0', which == "MD5" ? 32 : 64);
        var declared = which == "MD5" ? new DeclaredDigests(wrong, right.Sha256) : new DeclaredDigests(right.Md5, wrong);
        var refusal = await RefusedAsync(Problems.DigestMismatch, "f", new RandomStream(2, 1000), 1000, declared);
        Assert.AreEqual(wrong, refusal.Facts["declared"]);
        Assert.AreEqual(which == "MD5" ? right.Md5 : right.Sha256, refusal.Facts["received"]);
    }

    [TestMethod]
    public async Task Receive_WhenDraftIsSealed_Refuses()
    {
        await ReceiveAsync("f", 1, 1000);
        await SealAsync();
        await RefusedAsync(Problems.DraftSealed, "f", new RandomStream(2, 1000), 1000);
        await RefusedAsync(Problems.DraftSealed, "g", new RandomStream(2, 1000), 1000);
    }

    [TestMethod]
    public async Task Receive_WhenDraftIsGone_Refuses()
    {
        Assert.IsTrue(await Drafts.TryDeleteAsync(Draft, Ct));
        await RefusedAsync(Problems.DraftNotFound, "f", new RandomStream(2, 1000), 1000);
    }

    [TestMethod]
    public async Task Receive_WhenAnotherHoldsThePath_RefusesTheSecondAlone()
    {
        var (reached, go) = (new TaskCompletionSource(), new TaskCompletionSource());
        var first = Staging.ReceiveAsync(Draft.Id, Path("\u00e4"), Halting(1, 5000, 2000, reached, go), 5000, DeclaredDigests.None, static _ => true, Ct);
        await reached.Task.WaitAsync(Ct);

        // The same name to people: decomposed instead of composed.
        var refusal = await Assert.ThrowsExactlyAsync<ArchiveException>(
            () => Staging.ReceiveAsync(Draft.Id, Path("a\u0308"), new RandomStream(2, 10), 10, DeclaredDigests.None, static _ => true, Ct));
        Assert.AreEqual(Problems.UploadInProgress, refusal.Problem);
        await ReceiveAsync("other", 3, 10);
        go.SetResult();
        await AssertHoldsAsync(await first, RandomStream.Bytes(1, 5000));
    }

    [TestMethod]
    public async Task Receive_WhenNothingComes_EndsAtTheIdleDeadline()
    {
        var area = await ANewAreaAsync(Options with { IdleTimeout = TimeSpan.FromMilliseconds(200) });
        var body = Halting(1, 5000, 2000, new(), new());
        var refusal = await RefusedAsync(Problems.UploadIdle, "f", body, 5000, area: area);
        Assert.AreEqual(2000L, refusal.Facts["receivedBytes"]);
    }

    [TestMethod]
    public async Task Receive_WhenCancelled_LeavesNothingAndFreesThePath()
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        var (reached, go) = (new TaskCompletionSource(), new TaskCompletionSource());
        var receiving = Staging.ReceiveAsync(Draft.Id, Path("f"), Halting(1, 5000, 2000, reached, go), 5000, DeclaredDigests.None, static _ => true, stop.Token);
        await reached.Task.WaitAsync(Ct);
        await stop.CancelAsync();
        await Assert.ThrowsAsync<OperationCanceledException>(() => receiving);
        Assert.IsEmpty(Contents());
        await ReceiveAsync("f", 2, 1000);
    }

    [TestMethod]
    public async Task Receive_WhenCancelledAfterTheLastByte_Finishes()
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        await using var body = new RandomStream(1, 5000) { AtEnd = stop.CancelAsync };
        var file = await Staging.ReceiveAsync(Draft.Id, Path("f"), body, 5000, DeclaredDigests.None, static _ => true, stop.Token);
        Assert.IsTrue(stop.IsCancellationRequested);
        Assert.AreEqual(file.Content, (await RowsAsync()).Single().Content);
    }

    [TestMethod]
    public async Task Receive_WhenItTakesLongerThanItsLease_KeepsThePath()
    {
        var lease = TimeSpan.FromMilliseconds(900);
        var area = await ANewAreaAsync(Options with { Lease = lease });
        var (reached, go) = (new TaskCompletionSource(), new TaskCompletionSource());
        var receiving = area.ReceiveAsync(Draft.Id, Path("f"), Halting(1, 5000, 2000, reached, go), 5000, DeclaredDigests.None, static _ => true, Ct);
        await reached.Task.WaitAsync(Ct);
        var watch = System.Diagnostics.Stopwatch.StartNew();
        while (watch.Elapsed < lease * 2.5)
        {
            Assert.HasCount(1, await Uploads.ListRunningAsync(Draft.Id, Ct));
            await Task.Delay(50, Ct);
        }
        go.SetResult();
        await receiving;
    }

    [TestMethod]
    public async Task Receive_WhenDraftIsEmptiedMeanwhile_EndsAndLeavesNothing()
    {
        var area = await ANewAreaAsync(Options with { Lease = TimeSpan.FromMilliseconds(300) });
        var (reached, go) = (new TaskCompletionSource(), new TaskCompletionSource());
        var receiving = area.ReceiveAsync(Draft.Id, Path("f"), Halting(1, 5000, 2000, reached, go), 5000, DeclaredDigests.None, static _ => true, Ct);
        await reached.Task.WaitAsync(Ct);
        await area.EmptyAsync(Draft.Id, Ct);
        var refusal = await Assert.ThrowsExactlyAsync<ArchiveException>(() => receiving);
        Assert.AreEqual(Problems.UploadInProgress, refusal.Problem);
        Assert.IsEmpty(await RowsAsync());
        Assert.IsFalse(Directory.Exists(Folder[$"staging/{Draft.Id}"]));
    }

    [TestMethod]
    public async Task Receive_WhenDraftIsEmptiedBeforeTheEnd_LeavesNoRow()
    {
        var (reached, go) = (new TaskCompletionSource(), new TaskCompletionSource());
        var receiving = Staging.ReceiveAsync(Draft.Id, Path("f"), Halting(1, 5000, 2000, reached, go), 5000, DeclaredDigests.None, static _ => true, Ct);
        await reached.Task.WaitAsync(Ct);
        await Staging.EmptyAsync(Draft.Id, Ct);
        go.SetResult();
        Assert.AreEqual(Problems.UploadInProgress, (await Assert.ThrowsExactlyAsync<ArchiveException>(() => receiving)).Problem);
        Assert.IsEmpty(await RowsAsync());
    }

    [TestMethod]
    public async Task Receive_WhenLimitsAreReached_NamesThem()
    {
        var area = await ANewAreaAsync(Options with { MaxFileBytes = 1_000_000, MaxFilesPerDraft = 2 });
        var declared = await RefusedAsync(Problems.FileTooLarge, "f", new RandomStream(1, 1_000_001), 1_000_001, area: area);
        Assert.AreEqual(1_000_000L, declared.Facts["limitBytes"]);
        await RefusedAsync(Problems.FileTooLarge, "f", new RandomStream(1, 1_000_001), null, area: area);

        await ReceiveAsync("1", 1, 10, area);
        await ReceiveAsync("2", 2, 10, area);
        var third = await RefusedAsync(Problems.TooManyFiles, "3", new RandomStream(1, 10), 10, area: area);
        Assert.AreEqual(2, third.Facts["limit"]);
        await ReceiveAsync("2", 4, 10, area);
        Assert.IsTrue(await area.DeleteAsync(Draft.Id, Path("1"), Ct));
        await ReceiveAsync("3", 3, 10, area);
    }

    [TestMethod]
    public async Task Delete_WhenThereIsAFile_RemovesItsContentToo()
    {
        await ReceiveAsync("f", 1, 1000);
        Assert.IsTrue(await Staging.DeleteAsync(Draft.Id, Path("f"), Ct));
        Assert.IsFalse(await Staging.DeleteAsync(Draft.Id, Path("f"), Ct));
        Assert.IsEmpty(await RowsAsync());
        Assert.IsEmpty(Contents());
        await ReceiveAsync("f", 2, 1000);
    }

    [TestMethod]
    public async Task Delete_WhenDraftIsSealed_Refuses()
    {
        await ReceiveAsync("f", 1, 1000);
        await SealAsync();
        var refusal = await Assert.ThrowsExactlyAsync<ArchiveException>(() => Staging.DeleteAsync(Draft.Id, Path("f"), Ct));
        Assert.AreEqual(Problems.DraftSealed, refusal.Problem);
        await AssertHoldsAsync((await RowsAsync()).Single(), RandomStream.Bytes(1, 1000));
    }

    [TestMethod]
    public async Task Empty_WhenRepeated_LeavesNothingOfThisDraftAlone()
    {
        var other = await ADraftAsync();
        var kept = await Staging.ReceiveAsync(other.Id, Path("f"), new RandomStream(1, 10), 10, DeclaredDigests.None, static _ => true, Ct);
        await ReceiveAsync("f", 1, 1000);
        await Staging.EmptyAsync(Draft.Id, Ct);
        await Staging.EmptyAsync(Draft.Id, Ct);
        Assert.IsEmpty(await RowsAsync());
        Assert.IsFalse(Directory.Exists(Folder[$"staging/{Draft.Id}"]));
        await AssertHoldsAsync(kept, RandomStream.Bytes(1, 10));
    }
}
