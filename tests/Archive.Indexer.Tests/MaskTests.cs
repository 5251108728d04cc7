using Archive.Indexer.Tests.Support;
using Archive.Model.Search;

namespace Archive.Indexer.Tests;

/// <summary>What is withdrawn is hidden at once, whatever else is being done to the index.</summary>
[TestClass]
public sealed class MaskTests
{
    public TestContext TestContext { get; set; } = null!;

    private CancellationToken Ct => TestContext.CancellationToken;

    [TestMethod]
    public async Task Hide_WhileALargeReleaseIsTakenIn_WaitsForNothingAndStaysHidden()
    {
        var corpus = new Corpus(5);
        using var index = new IndexUnderTest(new FakeFeed());
        for (var i = 1; i <= 5; i++) index.Feed.Release(corpus.Document(i), corpus.Files());
        await index.Builder.OpenAsync(Ct);
        var reading = new TaskCompletionSource();
        var goOn = new TaskCompletionSource();
        index.Feed.BeforeFiles = async _ =>
        {
            reading.TrySetResult();
            await goOn.Task;
        };
        index.Feed.Release(corpus.Document(20), corpus.Files());
        var update = index.Builder.UpdateAsync(Ct);
        await reading.Task.WaitAsync(TimeSpan.FromSeconds(10), Ct);

        index.Feed.Withdraw(Corpus.AccessionOf(2));
        await index.Builder.HideAsync(Ct).WaitAsync(TimeSpan.FromSeconds(10), Ct);

        Assert.IsFalse(update.IsCompleted);
        Assert.AreEqual(4, Total(index));
        Assert.AreEqual(7, index.Search.Describe()!.MaskedChange);
        goOn.SetResult();
        await update;
        Assert.AreEqual(5, Total(index), "The release came, and what was hidden meanwhile did not come back.");
        // The withdrawal comes after what the update saw; the next one has nothing left to show.
        await index.Builder.UpdateAsync(Ct);
        Assert.AreEqual((5L, 7L), (Total(index), index.Search.Describe()!.Stamp.NewestChange));
    }

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public async Task Withdrawal_WhileChangesAreListed_IsHiddenThoughTheReleaseWasListedBefore(bool builds)
    {
        var corpus = new Corpus(6);
        using var index = new IndexUnderTest(new FakeFeed());
        for (var i = 1; i <= 3; i++) index.Feed.Release(corpus.Document(i), corpus.Files());
        await index.Builder.OpenAsync(Ct);
        // In what answers, so that neither a delta nor a build asks for it again.
        index.Feed.Release(corpus.Document(4), corpus.Files());
        await index.Builder.UpdateAsync(Ct);
        index.Feed.Release(corpus.Document(5), corpus.Files());
        index.Feed.OnTold = told =>
        {
            if (told.Accession != Corpus.AccessionOf(4)) return;
            index.Feed.OnTold = null;
            index.Feed.Withdraw(told.Accession);
        };

        if (builds) await index.Builder.BuildAsync(Ct);
        else await index.Builder.UpdateAsync(Ct);

        Assert.AreEqual((4L, 6L), (Total(index), index.Search.Describe()!.Stamp.NewestChange));
        if (builds) Assert.AreEqual(4, index.Search.Describe()!.Datasets + index.Search.Describe()!.CutDatasets, "Nothing of it is in the generation.");
    }

    private static long Total(IndexUnderTest index) => index.Search.SearchDatasets(new DatasetQuery(), default).Total;
}
