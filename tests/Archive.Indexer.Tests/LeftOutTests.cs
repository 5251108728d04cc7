using Archive.Indexer.Tests.Support;
using Archive.Model.Datasets;
using Archive.Model.Search;

namespace Archive.Indexer.Tests;

/// <summary>One dataset that cannot be read keeps no other from being found, and is told of; where nothing can be read, what answered goes on.</summary>
[TestClass]
public sealed class LeftOutTests
{
    private static readonly Accession Odd = Corpus.AccessionOf(3);

    public TestContext TestContext { get; set; } = null!;

    private CancellationToken Ct => TestContext.CancellationToken;

    [TestMethod]
    [DataRow(true)]
    [DataRow(false)]
    public async Task Build_WhenOneDatasetCannotBeRead_HasTheOthersAndTellsWhich(bool asDelta)
    {
        using var index = new IndexUnderTest(new FakeFeed());
        if (asDelta) await index.Builder.BuildAsync(Ct);
        Release(index, 5);
        index.Feed.OnRead = a => Break(a, Odd);

        var built = asDelta ? await index.Builder.UpdateAsync(Ct) : await index.Builder.BuildAsync(Ct);
        Release(index, 6, 6);
        await index.Builder.UpdateAsync(Ct);
        var whileBroken = index.Search.Describe()!;
        index.Feed.OnRead = null;
        var mended = await index.Builder.BuildAsync(Ct);

        Assert.AreEqual(4, built.Datasets);
        Assert.AreEqual(5, index.Search.SearchDatasets(new DatasetQuery(), default).Total - 1);
        CollectionAssert.AreEqual(new[] { Odd.ToString() }, whileBroken.LeftOut.ToList());
        Assert.AreEqual((6, 0), (mended.Datasets, index.Search.Describe()!.LeftOut.Count));
    }

    [TestMethod]
    public async Task Update_WhenARevisionCannotBeRead_HidesTheVersionBefore()
    {
        using var index = new IndexUnderTest(new FakeFeed());
        Release(index, 5);
        await index.Builder.BuildAsync(Ct);
        Release(index, 3, 3);
        index.Feed.OnRead = a => Break(a, Odd);

        await index.Builder.UpdateAsync(Ct);

        Assert.IsFalse(index.Search.Has(Odd));
        Assert.AreEqual(Odd.ToString(), index.Search.Describe()!.LeftOut.Single());
    }

    [TestMethod]
    public async Task Build_WhenMostDatasetsCannotBeRead_FailsAndLeavesWhatAnswers()
    {
        using var index = new IndexUnderTest(new FakeFeed());
        Release(index, 9);
        var before = await index.Builder.BuildAsync(Ct);
        index.Feed.OnRead = a => Break(a, a.Number > 4 ? a : Odd);

        await Assert.ThrowsExactlyAsync<InvalidOperationException>(() => index.Builder.BuildAsync(anew: true, Ct));

        var now = index.Search.Describe()!;
        Assert.AreEqual((before.Generation, 9), (now.Stamp.Generation, now.Datasets));
        Assert.IsFalse(index.Builder.Activity.Last.Single(w => w.Kind == "rebuild").Succeeded);
    }

    private static void Break(Accession read, Accession broken)
    {
        if (read == broken) throw new InvalidOperationException("It is not as it should be.");
    }

    private static void Release(IndexUnderTest index, int last, int first = 1)
    {
        for (var i = first; i <= last; i++) index.Feed.Release(new Corpus(i).Document(i), new Corpus(i).Files());
    }
}
