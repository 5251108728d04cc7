using Archive.Indexer.Searching;
using Archive.Indexer.Tests.Support;
using Archive.Model.Files;
using Archive.Model.Search;

namespace Archive.Indexer.Tests;

/// <summary>Patterns and likenesses in queries for files: how much is looked up, and that it is told.</summary>
[TestClass]
public sealed class FilePatternTests
{
    public TestContext TestContext { get; set; } = null!;

    [TestMethod]
    [DataRow("a?", "a1 a2 a3 a4 a5 a6 a7 a8 a9 ab", 0)]
    [DataRow("*9 OR b*", "a9 b0", 0)]
    [DataRow("a5~1", "a1 a2 a3 a4 a5 a6 a7 a8 a9 ab", 0)]
    [DataRow("ba~1", "b0", 0)]
    [DataRow("a9 -a?", "", 0)]
    [DataRow("* -a?", "b0", 0)]
    [DataRow("zz OR *", "a1 a2 a3 a4 a5 a6 a7 a8 a9 ab b0", 0)]
    [DataRow("+a1 OR b0", "a1", 0)]
    [DataRow("*-* a1", "a1", 1)]
    public async Task Search_WithPatterns_FindsAllThatFit(string text, string expected, int notes) =>
        await CompareAsync(QueryLimits.Standard, text, expected, notes);

    [TestMethod]
    [DataRow("a?", "a1 a2 a3", 1)]
    [DataRow("b0 OR a5~1", "a1 a2 a3 b0", 1)]
    [DataRow("a*", "a1 a2 a3 a4 a5 a6 a7 a8 a9 ab", 0)]
    public async Task Search_WhenMoreWordsFitThanAreLookedFor_TakesTheFirstAndTells(string text, string expected, int notes) =>
        await CompareAsync(new QueryLimits { MaxFileWords = 3 }, text, expected, notes);

    [TestMethod]
    [DataRow("*1", "a1", 1)]
    [DataRow("*1 OR *2", "a1", 2)]
    public async Task Search_WhenMoreWordsAreThereThanAreRead_TakesTheFirstAndTells(string text, string expected, int notes) =>
        await CompareAsync(new QueryLimits { MaxFileWordsRead = 4 }, text, expected, notes);

    [TestMethod]
    public async Task Search_WithTooManyPatterns_PassesTheLastOver() =>
        await CompareAsync(new QueryLimits { MaxPatterns = 1 }, "?1 OR ?2", "a1", 1);

    private async Task CompareAsync(QueryLimits limits, string text, string expected, int notes)
    {
        var corpus = new Corpus(1);
        using var index = new IndexUnderTest(new FakeFeed(), limits);
        string[] names = ["a1", "a2", "a3", "a4", "a5", "a6", "a7", "a8", "a9", "ab", "b0"];
        index.Feed.Release(corpus.Document(1), names.Select(name => new SearchFile(ArchivePath.Parse(name, null), 1, "Z", [])));
        await index.Builder.OpenAsync(TestContext.CancellationToken);
        foreach (var query in new[] { new FileQuery { Text = text }, new FileQuery { Text = text, Accession = Corpus.AccessionOf(1) } })
        {
            var page = index.Search.SearchFiles(query, default);
            Assert.AreEqual(expected, string.Join(' ', page.Items.Select(f => f.Path)));
            Assert.HasCount(notes, page.Notes, string.Join('\n', page.Notes));
            using var export = index.Search.ExportFiles(query, FileExportForm.Csv, default);
            Assert.AreEqual((page.Total, notes), (export.Total, export.Notes.Count));
        }
    }
}
