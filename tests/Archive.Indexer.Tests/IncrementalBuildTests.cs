using Archive.Indexer.Tests.Support;
using Archive.Model.Datasets;
using Archive.Model.Search;

namespace Archive.Indexer.Tests;

/// <summary>A build that takes over what did not change gives the same generation as one that makes everything.</summary>
[TestClass]
public sealed class IncrementalBuildTests
{
    public TestContext TestContext { get; set; } = null!;

    private CancellationToken Ct => TestContext.CancellationToken;

    [TestMethod]
    public async Task Build_AfterChanges_ReadsOnlyWhatChangedAndWritesWhatAFullOneWould()
    {
        using var index = await BuildAsync(30);
        index.Feed.Withdraw(Corpus.AccessionOf(5));
        index.Feed.Release(new Corpus(50).Document(7), new Corpus(50).Files());
        await index.Builder.UpdateAsync(Ct);
        index.Feed.Release(new Corpus(51).Document(31), new Corpus(51).Files());
        var read = new List<Accession>();
        index.Feed.OnRead = read.Add;

        var build = await index.Builder.BuildAsync(Ct);
        var incremental = await SectionsAsync(index, build.Generation);

        // The revision came with the delta and is taken from there; swapping the new generation in reads nothing.
        CollectionAssert.AreEqual(new[] { Corpus.AccessionOf(31) }, read);
        Assert.AreEqual(29, build.Reused);
        var made = index.Feed.ShelvesMade;
        var full = await index.Builder.BuildAsync(anew: true, Ct);
        Assert.AreEqual((0, made + 30), (full.Reused, index.Feed.ShelvesMade));
        CollectionAssert.AreEqual(incremental, await SectionsAsync(index, full.Generation));
    }

    [TestMethod]
    public async Task Update_WhenMoreIsReleased_DoesNotReadTheEarlierReleasesAgain()
    {
        using var index = await BuildAsync(5);
        for (var i = 10; i < 14; i++) index.Feed.Release(new Corpus(i).Document(i), new Corpus(i).Files());
        await index.Builder.UpdateAsync(Ct);
        index.Feed.Release(new Corpus(14).Document(14), []);
        var read = new List<Accession>();
        index.Feed.OnRead = read.Add;
        await index.Builder.UpdateAsync(Ct);
        CollectionAssert.AreEqual(new[] { Corpus.AccessionOf(14) }, read);
        Assert.AreEqual(10, index.Search.SearchDatasets(new DatasetQuery(), default).Total);
    }

    [TestMethod]
    [DataRow("recipe")]
    [DataRow("absent")]
    [DataRow("cut")]
    [DataRow("flipped")]
    public async Task Build_WhenKeptDocumentsAreOfNoUse_ReadsThem(string fault)
    {
        using var index = await BuildAsync(30);
        var path = Path.Combine(index.Options.Folder, index.Builder.Kept[0] + ".index.documents");
        var bytes = await File.ReadAllBytesAsync(path, Ct);
        if (fault == "recipe") index.Feed.RecipeText = "another";
        if (fault == "absent") File.Delete(path);
        if (fault == "cut") await File.WriteAllBytesAsync(path, bytes[..(bytes.Length / 2)], Ct);
        if (fault == "flipped") await File.WriteAllBytesAsync(path, [.. bytes[..(bytes.Length / 2)], (byte)(bytes[bytes.Length / 2] ^ 64), .. bytes[(bytes.Length / 2 + 1)..]], Ct);
        var read = 0;
        index.Feed.OnRead = _ => read++;

        var build = await index.Builder.BuildAsync(Ct);

        Assert.AreEqual((30, 30 - read), (build.Datasets, build.Reused));
        Assert.IsTrue(fault is "recipe" or "absent" ? read == 30 : read is > 0 and < 30, $"{read} were read");
        var incremental = await SectionsAsync(index, build.Generation);
        CollectionAssert.AreEqual(incremental, await SectionsAsync(index, (await index.Builder.BuildAsync(anew: true, Ct)).Generation));
    }

    [TestMethod]
    public async Task Rebuild_OfADatasetWhoseShelfIsWrong_TakesItInNowAndInLaterBuilds()
    {
        using var index = await BuildAsync(6);
        var wrong = Corpus.AccessionOf(4);
        var files = new Corpus(77).Files().Concat(new Corpus(78).Files()).DistinctBy(f => f.Path).Take(40).ToList();
        index.Feed.Replace(wrong, files);
        await index.Builder.BuildAsync(Ct);
        Assert.AreNotEqual(files.Count, Files());

        await index.Builder.RebuildAsync(wrong, Ct);
        Assert.AreEqual(files.Count, Files());
        await index.Builder.BuildAsync(Ct);
        Assert.AreEqual(files.Count, Files());
        Assert.AreEqual(0, index.Search.Describe()!.DeltaDatasets);
        await index.Builder.RollBackAsync(index.Builder.Kept[1], Ct);
        Assert.AreEqual(files.Count, Files(), "An older generation has the old shelf.");
        await Assert.ThrowsExactlyAsync<FileNotFoundException>(() => index.Builder.RebuildAsync(Corpus.AccessionOf(99), Ct));

        long Files() => index.Search.SearchFiles(new FileQuery { Accession = wrong }, default).Total;
    }

    private async Task<IndexUnderTest> BuildAsync(int datasets)
    {
        var corpus = new Corpus(12);
        var feed = new FakeFeed();
        for (var i = 1; i <= datasets; i++) feed.Release(corpus.Document(i), corpus.Files());
        var index = new IndexUnderTest(feed);
        await index.Builder.OpenAsync(Ct);
        return index;
    }

    // Name and checksum of each section but the one that tells name and time.
    private static async Task<List<string>> SectionsAsync(IndexUnderTest index, string generation)
    {
        await Task.Yield();
        using var file = Format.IndexFile.Open(Path.Combine(index.Options.Folder, generation + ".index"));
        return [.. file.Sections.Where(s => s.Name != "info").Select(s => $"{s.Name} {s.Length} {s.Checksum}")];
    }
}
