using Archive.Indexer.Tests.Support;
using Archive.Model.Search;
using Archive.Storage.Objects;
using Archive.Storage.Objects.FileSystem;
using Archive.TestKit;

namespace Archive.Indexer.Tests;

/// <summary>One node builds and publishes, others fetch, on a real object store.</summary>
[TestClass]
public sealed class PublishingTests : IDisposable
{
    private readonly TempFolder folder = new();
    private readonly FakeFeed feed = new();
    private FileSystemObjectStore store = null!;

    public TestContext TestContext { get; set; } = null!;

    private CancellationToken Ct => TestContext.CancellationToken;

    [TestInitialize]
    public async Task BeginAsync()
    {
        store = new FileSystemObjectStore(folder["store"]);
        await store.ClaimAsync("an-archive", Ct);
        for (var i = 1; i <= 6; i++) Release(i);
    }

    public void Dispose() => folder.Dispose();

    [TestMethod]
    public async Task Follow_WhenAnotherNodePublishes_SearchesTheSameGeneration()
    {
        using var builder = Node("builder", builds: true);
        using var reader = Node("reader", builds: false);
        Assert.IsNull(await reader.Builder.TryOpenAsync(Ct), "Nothing was published.");
        await builder.Builder.OpenAsync(Ct);

        var opened = await reader.Builder.TryOpenAsync(Ct);
        Assert.AreEqual(builder.Builder.Kept[0], opened!.Generation);
        Assert.AreEqual(Stamp(builder), Stamp(reader));
        Release(7);
        await reader.Builder.UpdateAsync(Ct);
        Assert.AreEqual(7, Total(reader), "Deltas are made by each node.");
        await builder.Builder.BuildAsync(Ct);
        await reader.Builder.FollowAsync(Ct);
        Assert.AreEqual(Stamp(builder), Stamp(reader));
        Assert.AreEqual(0, reader.Search.Describe()!.DeltaDatasets);
        CollectionAssert.AreEqual(
            await File.ReadAllBytesAsync(Path.Combine(builder.Options.Folder, builder.Builder.Kept[0] + ".index"), Ct),
            await File.ReadAllBytesAsync(Path.Combine(reader.Options.Folder, reader.Builder.Kept[0] + ".index"), Ct));
    }

    [TestMethod]
    public async Task Follow_WhenTheStoredBytesAreDamaged_RefusesThemAndTriesAgainLater()
    {
        using var builder = Node("builder", builds: true);
        using var reader = Node("reader", builds: false);
        await builder.Builder.OpenAsync(Ct);
        await reader.Builder.TryOpenAsync(Ct);
        var first = Stamp(reader);
        var second = (await builder.Builder.BuildAsync(Ct)).Generation;
        var stored = Stored(second);
        var sound = await File.ReadAllBytesAsync(stored, Ct);
        foreach (var damaged in new[] { Flipped(sound, sound.Length / 3), sound[..^1], [.. sound, 0], [] })
        {
            await ReplaceAsync(stored, damaged);
            using var other = Node("other", builds: false);
            await other.Builder.TryOpenAsync(Ct);
            Assert.AreEqual(first.Generation, Stamp(other).Generation, "Where nothing answers, the one before does.");
            Assert.IsEmpty(Directory.GetFiles(other.Options.Folder, "*.tmp*"));
            Directory.Delete(other.Options.Folder, recursive: true);
        }
        await reader.Builder.FollowAsync(Ct);
        Assert.AreEqual(first, Stamp(reader));

        await ReplaceAsync(stored, sound);
        await Poll.Until(async () =>
        {
            await reader.Builder.FollowAsync(Ct);
            return Stamp(reader).Generation == second;
        }, "it is tried again", Ct, TimeSpan.FromSeconds(30));
    }

    [TestMethod]
    public async Task Follow_WhenAFetchWasCutOff_BeginsAnewAndLeavesNothingBehind()
    {
        using var builder = Node("builder", builds: true);
        await builder.Builder.OpenAsync(Ct);
        var bytes = await File.ReadAllBytesAsync(Stored(builder.Builder.Kept[0]), Ct);
        Directory.CreateDirectory(folder["reader"]);
        await File.WriteAllBytesAsync(Path.Combine(folder["reader"], "20260101T000000000-0001.fetched.tmp"), bytes[..1000], Ct);
        await File.WriteAllTextAsync(Path.Combine(folder["reader"], "20260101T000000000-0000.index.documents"), "of a generation that went", Ct);
        using var reader = Node("reader", builds: false);
        await reader.Builder.TryOpenAsync(Ct);
        CollectionAssert.AreEquivalent(new[] { "current", builder.Builder.Kept[0] + ".index" }, Directory.GetFiles(folder["reader"]).Select(Path.GetFileName).ToList());
    }

    [TestMethod]
    public async Task RollBack_OnOneNode_HoldsOnAllUntilTheNextBuild()
    {
        using var builder = Node("builder", builds: true);
        using var reader = Node("reader", builds: false);
        await builder.Builder.OpenAsync(Ct);
        var first = builder.Builder.Kept[0];
        var second = (await builder.Builder.BuildAsync(Ct)).Generation;
        await reader.Builder.TryOpenAsync(Ct);
        feed.Withdraw(Corpus.AccessionOf(3));

        Assert.AreEqual(first, (await reader.Builder.RollBackAsync(first, Ct)).Generation);
        await builder.Builder.FollowAsync(Ct);
        Assert.AreEqual((first, first), (Stamp(builder).Generation, Stamp(reader).Generation));
        Assert.AreEqual((5, 5), (Total(builder), Total(reader)), "What was withdrawn since is hidden in the older generation too.");
        using (var restarted = builder.Restarted())
        {
            await restarted.Builder.TryOpenAsync(Ct);
            await restarted.Builder.FollowAsync(Ct);
            Assert.AreEqual(first, Stamp(restarted).Generation);
        }
        var third = (await builder.Builder.BuildAsync(Ct)).Generation;
        await reader.Builder.FollowAsync(Ct);
        Assert.AreEqual(third, Stamp(reader).Generation);
        CollectionAssert.AreEquivalent(new[] { third, first, second }, (await reader.Builder.ListPublishedAsync(Ct)).Select(m => m.Generation).ToList());
        await Assert.ThrowsExactlyAsync<FileNotFoundException>(() => reader.Builder.RollBackAsync("../current", Ct));
    }

    [TestMethod]
    public async Task Publish_KeepsTheLastThree_AndTakesOverWhatACutOffOneLeft()
    {
        using var builder = Node("builder", builds: true);
        await builder.Builder.OpenAsync(Ct);
        var first = builder.Builder.Kept[0];
        // Killed after the bytes and before the manifest.
        foreach (var manifest in Directory.GetFiles(folder["store/objects/index/manifests"])) File.Delete(manifest);
        using (var restarted = builder.Restarted())
        {
            await restarted.Builder.TryOpenAsync(Ct);
            await restarted.Builder.FollowAsync(Ct);
        }
        Assert.AreEqual(first, (await builder.Builder.ListPublishedAsync(Ct)).Single().Generation);
        for (var i = 0; i < 4; i++) await builder.Builder.BuildAsync(Ct);
        CollectionAssert.AreEqual(builder.Builder.Kept.ToList(), (await builder.Builder.ListPublishedAsync(Ct)).Select(m => m.Generation).ToList());
        Assert.HasCount(3, Directory.GetFiles(folder["store/objects/index/generations"]));
        Assert.HasCount(3, Directory.GetFiles(folder["store/objects/index/manifests"]));
    }

    [TestMethod]
    public async Task Build_WhenTheStoreIsAway_AnswersHereAndIsPublishedWhenItIsBack()
    {
        using var builder = Node("builder", builds: true);
        using var reader = Node("reader", builds: false);
        await builder.Builder.OpenAsync(Ct);
        Directory.Move(folder["store/tmp"], folder["store/away"]);
        await Assert.ThrowsAsync<IOException>(() => builder.Builder.BuildAsync(Ct));
        Assert.AreEqual(builder.Builder.Kept[0], Stamp(builder).Generation);
        Assert.IsFalse(builder.Builder.Activity.Last.Single(w => w.Kind == "build").Succeeded);
        Directory.Move(folder["store/away"], folder["store/tmp"]);
        await builder.Builder.FollowAsync(Ct);
        Assert.AreEqual(Stamp(builder).Generation, (await reader.Builder.TryOpenAsync(Ct))!.Generation);
    }

    [TestMethod]
    public async Task Rebuild_OfOneDataset_IsTakenInByAllNodes()
    {
        using var builder = Node("builder", builds: true);
        using var reader = Node("reader", builds: false);
        await builder.Builder.OpenAsync(Ct);
        await reader.Builder.TryOpenAsync(Ct);
        var files = new Corpus(77).Files().Concat(new Corpus(78).Files()).DistinctBy(f => f.Path).Take(40).ToList();
        feed.Replace(Corpus.AccessionOf(2), files);
        await reader.Builder.RebuildAsync(Corpus.AccessionOf(2), Ct);
        await builder.Builder.FollowAsync(Ct);
        await builder.Builder.UpdateAsync(Ct);
        Assert.AreEqual((40L, 40L), (Files(builder), Files(reader)));
        await builder.Builder.BuildAsync(Ct);
        await reader.Builder.FollowAsync(Ct);
        Assert.AreEqual((40L, 0), (Files(reader), reader.Search.Describe()!.DeltaDatasets));

        static long Files(IndexUnderTest node) => node.Search.SearchFiles(new FileQuery { Accession = Corpus.AccessionOf(2) }, default).Total;
    }

    [TestMethod]
    public async Task Verify_NamesEverySectionAndCopyThatIsDamaged()
    {
        using var builder = Node("builder", builds: true);
        await builder.Builder.OpenAsync(Ct);
        await builder.Builder.BuildAsync(Ct);
        Release(9);
        await builder.Builder.UpdateAsync(Ct);
        Assert.IsTrue((await builder.Builder.VerifyAsync(Ct)).All(c => c.Damages.Count == 0));
        var older = builder.Builder.Kept[1];
        var path = Path.Combine(builder.Options.Folder, older + ".index");
        List<string> damaged = [];
        var bytes = await File.ReadAllBytesAsync(path, Ct);
        using (var file = Format.IndexFile.Open(path))
            foreach (var section in file.Sections.Where(s => s.Length > 0).Take(3))
            {
                bytes[section.Offset] ^= 1;
                damaged.Add(section.Name);
            }
        await ReplaceAsync(path, bytes);
        await ReplaceAsync(Stored(older), bytes);

        var checks = await builder.Builder.VerifyAsync(Ct);

        CollectionAssert.AreEquivalent(new[] { "node", "node", "delta", "store", "store" }, checks.Select(c => c.Place).ToList());
        var node = checks.Single(c => c is { Place: "node", Damages.Count: > 0 });
        Assert.AreEqual(older, node.Generation);
        CollectionAssert.AreEquivalent(damaged.ConvertAll(s => $"section {s} has another checksum"), node.Damages.ToList());
        Assert.AreEqual(older, checks.Single(c => c is { Place: "store", Damages.Count: > 0 }).Generation);
    }

    [TestMethod]
    public async Task Open_AfterGoingBackToABackup_RefusesGenerationsOfTheStateThatWasLost()
    {
        using var builder = Node("builder", builds: true);
        await builder.Builder.OpenAsync(Ct);
        Release(8);
        await builder.Builder.BuildAsync(Ct);
        feed.GoBackTo(6);
        using var restarted = builder.Restarted();
        await restarted.Builder.TryOpenAsync(Ct);
        Assert.AreEqual(6, Total(restarted));
        Assert.HasCount(1, restarted.Builder.Kept);
    }

    private IndexUnderTest Node(string name, bool builds) => IndexUnderTest.Node(feed, folder[name], store, builds);

    private void Release(int number) => feed.Release(new Corpus(number).Document(number), new Corpus(number).Files());

    private string Stored(string generation) => folder[$"store/objects/index/generations/{generation}"];

    private static IndexStamp Stamp(IndexUnderTest node) => node.Search.SearchDatasets(new DatasetQuery(), default).Index;

    private static long Total(IndexUnderTest node) => node.Search.SearchDatasets(new DatasetQuery(), default).Total;

    private static byte[] Flipped(byte[] bytes, int at) => [.. bytes[..at], (byte)(bytes[at] ^ 1), .. bytes[(at + 1)..]];

    // Another file under the name: whoever reads the one that was there goes on doing so.
    private async Task ReplaceAsync(string path, byte[] bytes)
    {
        File.Delete(path);
        await File.WriteAllBytesAsync(path, bytes, Ct);
    }
}
