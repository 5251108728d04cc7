using System.Buffers;
using Archive.Indexer.Format;
using Archive.Indexer.Searching;
using Archive.Indexer.Tests.Support;
using Archive.Model.Search;
using Archive.TestKit;

namespace Archive.Indexer.Tests;

[TestClass]
public sealed class GenerationTests
{
    public TestContext TestContext { get; set; } = null!;

    private CancellationToken Ct => TestContext.CancellationToken;

    [TestMethod]
    public async Task Search_WhileGenerationsAreSwapped_NeverFailsAndUnmapsTheOld()
    {
        using var index = await BuildAsync(20);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        var searches = 0;
        var readers = Enumerable.Range(0, 2).Select(_ => Task.Run(() =>
        {
            while (!stop.IsCancellationRequested)
            {
                var page = index.Search.SearchDatasets(new DatasetQuery { Text = "cell OR image*", Size = 50 }, default);
                Assert.IsTrue(page.Total > 0);
                Assert.IsTrue(index.Search.SearchFiles(new FileQuery { Text = "raw", Facets = ["Channel"] }, default).Facets.Count == 1);
                Interlocked.Increment(ref searches);
            }
        }, Ct)).ToList();
        for (var i = 0; i < 10; i++)
        {
            await index.Builder.BuildAsync(Ct);
            index.Feed.Release(new Corpus(i).Document(30 + i), []);
            await index.Builder.UpdateAsync(Ct);
        }
        var atEnd = searches;
        await Poll.Until(() => searches > atEnd, "searches go on", Ct);
        await stop.CancelAsync();
        await Task.WhenAll(readers);
        Assert.IsTrue(searches > 10, $"only {searches} searches ran");
        await Poll.Until(() => MappedFiles(index).Count == 2, "one main generation and one delta stay mapped: everything older ended with its last lease", Ct);
    }

    [TestMethod]
    public async Task Lease_WhenSwappedOut_ReadsOnUntilItEnds()
    {
        using var index = await BuildAsync(3);
        var lease = index.Current.Lease();
        await index.Builder.BuildAsync(Ct);
        Assert.AreEqual(2, MappedFiles(index).Count);
        Assert.AreEqual(Corpus.AccessionOf(1), lease.Snapshot.Segments[0].Generation.Accession(0));
        Assert.AreEqual(1, index.Current.PinnedGenerations);
        lease.Dispose();
        lease.Dispose();
        await Poll.Until(() => MappedFiles(index).Count == 1, "it is unmapped", Ct);
        Assert.AreEqual(0, index.Current.PinnedGenerations);
    }

    [TestMethod]
    public async Task Lease_WhenHeldOverManyBuilds_IsAskedToEndSoThatFewGenerationsStayMapped()
    {
        using var index = await BuildAsync(3);
        using var release = new CancellationTokenSource();
        var readers = new List<Task>();
        for (var i = 0; i < 12; i++)
        {
            var lease = index.Current.Lease();
            // As an export does that looks between two pieces.
            readers.Add(Task.Run(async () =>
            {
                using (lease) await Task.Delay(Timeout.Infinite, CancellationTokenSource.CreateLinkedTokenSource(lease.Ending, release.Token).Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }, Ct));
            await index.Builder.BuildAsync(Ct);
        }
        await Poll.Until(() => MappedFiles(index).Count == 3, "the one that answers and two others are mapped", Ct);
        Assert.AreEqual(2, readers.Count(r => !r.IsCompleted));
        await release.CancelAsync();
        await Task.WhenAll(readers);
        await Poll.Until(() => MappedFiles(index).Count == 1, "the one that answers is mapped", Ct);
    }

    [TestMethod]
    public async Task Export_WhenHeldOverManyBuilds_IsAskedToEndAndWholeForWhoGoesOn()
    {
        using var index = await BuildAsync(3);
        using var export = index.Search.ExportFiles(new FileQuery(), FileExportForm.JsonLines, Ct);
        var lines = new ArrayBufferWriter<byte>();
        export.Write(lines, 1, Ct);
        await index.Builder.BuildAsync(Ct);
        using var second = index.Current.Lease();
        await index.Builder.BuildAsync(Ct);
        using var third = index.Current.Lease();
        Assert.IsFalse(export.Ending.IsCancellationRequested);
        await index.Builder.BuildAsync(Ct);
        await Poll.Until(() => export.Ending.IsCancellationRequested, "it is asked to end", Ct);
        while (export.Write(lines, 100, Ct))
        {
        }
        Assert.AreEqual(export.Total, lines.WrittenSpan.Count((byte)'\n'));
        Assert.IsGreaterThan(3, export.Total);
    }

    [TestMethod]
    public async Task Stamp_NamesTheDatasetThatWasReleasedOrRevisedLast()
    {
        using var index = await BuildAsync(4);
        Assert.AreEqual(Corpus.AccessionOf(4), Stamp().NewestAccession);
        index.Feed.Release(new Corpus(3).Document(2), []);
        await index.Builder.UpdateAsync(Ct);
        Assert.AreEqual(Corpus.AccessionOf(2), Stamp().NewestAccession);
        index.Feed.Withdraw(Corpus.AccessionOf(2));
        await index.Builder.UpdateAsync(Ct);
        Assert.AreEqual((Corpus.AccessionOf(4), 6L), (Stamp().NewestAccession!.Value, Stamp().NewestChange));
        index.Feed.Withdraw(Corpus.AccessionOf(4));
        await index.Builder.UpdateAsync(Ct);
        Assert.AreEqual((Corpus.AccessionOf(3), 7L), (Stamp().NewestAccession!.Value, Stamp().NewestChange));

        IndexStamp Stamp() => index.Search.SearchDatasets(new DatasetQuery(), default).Index;
    }

    [TestMethod]
    public async Task Build_KeepsTheLastThreeAndRollsBackToAnyOfThem()
    {
        using var index = await BuildAsync(4);
        for (var i = 0; i < 4; i++) await index.Builder.BuildAsync(Ct);
        var kept = index.Builder.Kept;
        Assert.AreEqual(3, kept.Count);
        index.Feed.Withdraw(Corpus.AccessionOf(2));
        var back = await index.Builder.RollBackAsync(kept[2], Ct);
        Assert.AreEqual(kept[2], back.Generation);
        // What was withdrawn since is hidden in the older generation too.
        Assert.AreEqual(3, index.Search.SearchDatasets(new DatasetQuery(), default).Total);
        await Assert.ThrowsExactlyAsync<FileNotFoundException>(() => index.Builder.RollBackAsync("../current", Ct));
    }

    [TestMethod]
    public async Task Open_AfterRestart_ServesTheSameWithWhatChangedMeanwhile()
    {
        using var index = await BuildAsync(5);
        var made = index.Feed.ShelvesMade;
        index.Feed.Withdraw(Corpus.AccessionOf(1));
        index.Feed.Release(new Corpus(9).Document(8), new Corpus(9).Files());
        using var restarted = index.Restarted();
        var opened = await restarted.Builder.OpenAsync(Ct);
        Assert.AreEqual(index.Builder.Kept[0], opened.Generation);
        Assert.AreEqual(5, opened.Datasets);
        Assert.AreEqual(7, opened.NewestChange);
        Assert.AreEqual(made + 1, index.Feed.ShelvesMade);
    }

    [TestMethod]
    public async Task Open_WhenTheCurrentGenerationIsDamaged_ServesTheOneBefore()
    {
        using var index = await BuildAsync(5);
        await index.Builder.BuildAsync(Ct);
        var newest = Path.Combine(index.Options.Folder, index.Builder.Kept[0] + ".index");
        var bytes = await File.ReadAllBytesAsync(newest, Ct);
        bytes[bytes.Length / 2] ^= 1;
        File.Delete(newest);
        await File.WriteAllBytesAsync(newest, bytes, Ct);
        using var restarted = index.Restarted();
        Assert.AreEqual(index.Builder.Kept[1], (await restarted.Builder.OpenAsync(Ct)).Generation);
    }

    [TestMethod]
    public async Task Update_WhenADatasetIsWithdrawn_HidesItBeforeTheDeltaIsBuilt()
    {
        using var index = await BuildAsync(5);
        index.Feed.Release(new Corpus(7).Document(9), []);
        await index.Builder.UpdateAsync(Ct);
        index.Feed.Withdraw(Corpus.AccessionOf(2));
        index.Feed.Withdraw(Corpus.AccessionOf(9));
        index.Feed.Release(new Corpus(8).Document(11), []);
        long? seen = null;
        index.Feed.OnRead = _ => seen ??= index.Search.SearchDatasets(new DatasetQuery(), default).Total;
        await index.Builder.UpdateAsync(Ct);
        Assert.AreEqual(4, seen);
        Assert.AreEqual(5, index.Search.SearchDatasets(new DatasetQuery(), default).Total);
        Assert.AreEqual(2, index.Search.Describe()!.CutDatasets + 1);
    }

    [TestMethod]
    public async Task Update_WhenTheFeedFails_LeavesServingWhatServed()
    {
        using var index = await BuildAsync(5);
        index.Feed.Release(new Corpus(7).Document(9), []);
        index.Feed.OnRead = _ => throw new IOException("the store is away");
        await Assert.ThrowsExactlyAsync<IOException>(() => index.Builder.UpdateAsync(Ct));
        Assert.AreEqual(5, index.Search.SearchDatasets(new DatasetQuery(), default).Total);
        index.Feed.OnRead = null;
        await index.Builder.UpdateAsync(Ct);
        Assert.AreEqual(6, index.Search.SearchDatasets(new DatasetQuery(), default).Total);
        Assert.AreEqual(0, Directory.GetFiles(index.Options.Folder, "*.tmp.stored").Length);
    }

    [TestMethod]
    public async Task Build_WhenItFails_LeavesTheOldOneServingAndTellsOfIt()
    {
        using var index = await BuildAsync(5);
        var kept = index.Builder.Kept;
        index.Feed.RecipeText = "another";
        index.Feed.OnRead = a => _ = a == Corpus.AccessionOf(4) ? throw new IOException("the store is away") : a;
        await Assert.ThrowsExactlyAsync<IOException>(() => index.Builder.BuildAsync(Ct));

        CollectionAssert.AreEqual(kept.ToList(), index.Builder.Kept.ToList());
        Assert.AreEqual(kept[0], index.Search.SearchDatasets(new DatasetQuery(), default).Index.Generation);
        Assert.IsFalse(index.Builder.Activity.Last.Single(w => w.Kind == "build").Succeeded);
        Assert.IsEmpty(index.Builder.Activity.Running);
        Assert.IsEmpty(Directory.GetFiles(index.Options.Folder, "*.tmp*"));
        index.Feed.OnRead = null;
        await index.Builder.BuildAsync(Ct);
        Assert.IsTrue(index.Builder.Activity.Last.Single(w => w.Kind == "build").Succeeded);
    }

    [TestMethod]
    public async Task Build_WhenAShelfIsDamaged_MakesItAgain()
    {
        using var index = await BuildAsync(3);
        var before = index.Search.SearchFiles(new FileQuery(), default).Total;
        foreach (var (key, bytes) in index.Feed.Shelves.ToList())
        {
            var damaged = (byte[])bytes.Clone();
            damaged[damaged.Length / 2] ^= 4;
            index.Feed.Shelves[key] = key.Accession == Corpus.AccessionOf(1) ? damaged[..50] : damaged;
        }
        // Shelves in the generation that answers are sound, and are not used where documents are made otherwise.
        index.Feed.RecipeText = "another";
        await index.Builder.BuildAsync(Ct);
        Assert.AreEqual(6, index.Feed.ShelvesMade);
        Assert.AreEqual(before, index.Search.SearchFiles(new FileQuery(), default).Total);
    }

    [TestMethod]
    public async Task Publish_WhenTheFileIsDamaged_LeavesTheOldOne()
    {
        using var index = await BuildAsync(3);
        var folder = new Generations.GenerationFolder(index.Options);
        await File.WriteAllTextAsync(folder.TemporaryPath("bad"), new string('x', 500), Ct);
        Assert.ThrowsExactly<DamagedIndexException>(() => folder.Publish(folder.TemporaryPath("bad"), "bad"));
        Assert.AreEqual(index.Builder.Kept[0], folder.Current());
    }

    private async Task<IndexUnderTest> BuildAsync(int datasets)
    {
        var corpus = new Corpus(11);
        var feed = new FakeFeed();
        for (var i = 1; i <= datasets; i++) feed.Release(corpus.Document(i), corpus.Files());
        var index = new IndexUnderTest(feed);
        await index.Builder.OpenAsync(Ct);
        return index;
    }

    private static List<string> MappedFiles(IndexUnderTest index) =>
        [.. File.ReadLines("/proc/self/maps").Where(l => l.Contains(index.Options.Folder, StringComparison.Ordinal)).Select(l => l[l.IndexOf('/')..]).Distinct()];
}
