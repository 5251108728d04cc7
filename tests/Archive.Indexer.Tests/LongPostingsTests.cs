using Archive.Indexer.Tests.Support;
using Archive.Model.Search;

namespace Archive.Indexer.Tests;

/// <summary>Words that more datasets have than lie between two places to go on from, beside rare ones.</summary>
[TestClass]
public sealed class LongPostingsTests
{
    private const int Datasets = 1200;

    public TestContext TestContext { get; set; } = null!;

    [TestMethod]
    public async Task Search_ForARareWordBesideAFrequentOne_FindsWhatCountingDoes()
    {
        using var index = new IndexUnderTest(new FakeFeed());
        for (var i = 1; i <= Datasets; i++) index.Feed.Release(Document(i), []);
        await index.Builder.OpenAsync(TestContext.CancellationToken);
        foreach (var step in new[] { 2, 3, 127, 128, 129, 255, 256, 257, 500, 1200 })
        {
            var multiples = Enumerable.Range(1, Datasets).Where(i => i % step == 0).ToList();
            Compare(index, $"common x{step}", multiples);
            Compare(index, $"x{step} x2", multiples.FindAll(i => i % 2 == 0));
            Compare(index, $"\"common x{step}\"", multiples.FindAll(i => Steps(i)[0] == step));
            Compare(index, $"\"x{step} common\"~3", multiples.FindAll(i => Array.IndexOf(Steps(i), step) < 2));
        }
    }

    [TestMethod]
    public async Task Search_ForAPhraseOfOneWordManyTimes_TakesNoMoreRoomThanForOne()
    {
        using var index = new IndexUnderTest(new FakeFeed());
        for (var i = 1; i <= Datasets; i++) index.Feed.Release(Document(i), []);
        await index.Builder.OpenAsync(TestContext.CancellationToken);
        var many = $"\"{string.Join(' ', Enumerable.Repeat("common", 580))}\"~50";
        Compare(index, many, []);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Compare(index, many, []);
        // A list for each word and dataset were 70 MB.
        Assert.IsLessThan(4_000_000, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    // "common", then the steps that divide the number, in order.
    private static SearchDocument Document(int number)
    {
        var title = string.Join(' ', ["common", .. Steps(number).Select(s => $"x{s}")]);
        return new SearchDocument
        {
            Accession = Archive.Model.Datasets.Accession.From("S-BIAR", number), Version = 1, Change = 0, Title = title, Texts = [new SearchText("title", title)], Facets = [],
        };
    }

    private static int[] Steps(int number) => [.. new[] { 2, 3, 127, 128, 129, 255, 256, 257, 500, 1200 }.Where(s => number % s == 0)];

    private static void Compare(IndexUnderTest index, string text, List<int> expected)
    {
        var found = index.Search.SearchDatasets(new DatasetQuery { Text = text, Size = 1000, Sort = "accession" }, default).Items.Select(i => (int)i.Accession.Number).ToList();
        CollectionAssert.AreEqual(expected, found, text);
    }
}
