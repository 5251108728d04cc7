using System.Buffers;
using System.Text;
using Archive.Indexer.Searching;
using Archive.Indexer.Tests.Support;
using Archive.Model.Files;
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

    [TestMethod]
    public async Task ExportAsCsv_AfterAWithdrawal_NamesNoAttributeOfWhatIsGone()
    {
        var corpus = new Corpus(7);
        using var index = new IndexUnderTest(new FakeFeed());
        // So few files that the datasets share a table.
        for (var i = 1; i <= 3; i++) index.Feed.Release(corpus.Document(i), [new SearchFile(ArchivePath.Parse("a.tiff", null), 1, "TIFF", [new("Well", "A1"), new($"Only of {i}", "x")])]);
        await index.Builder.OpenAsync(Ct);
        for (var i = 1; i <= 3; i++) Assert.Contains($"Only of {i}", Header(index));

        index.Feed.Withdraw(Corpus.AccessionOf(2));
        await index.Builder.HideAsync(Ct);

        Assert.DoesNotContain("Only of 2", Header(index));
        Assert.Contains("Only of 3", Header(index));
    }

    private static string Header(IndexUnderTest index)
    {
        var written = new ArrayBufferWriter<byte>();
        using var export = index.Search.ExportFiles(new FileQuery(), FileExportForm.Csv, default);
        export.Write(written, 100, default);
        return Encoding.UTF8.GetString(written.WrittenSpan).Split("\r\n")[0];
    }

    private static long Total(IndexUnderTest index) => index.Search.SearchDatasets(new DatasetQuery(), default).Total;
}
