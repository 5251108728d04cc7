using Archive.Indexer.Tests.Support;
using Archive.Model.Errors;
using Archive.Model.Search;

namespace Archive.Indexer.Tests;

/// <summary>Suggestions, completion and similar datasets, over a few datasets whose words are known.</summary>
[TestClass]
public sealed class DiscoveryTests
{
    public TestContext TestContext { get; set; } = null!;

    private CancellationToken Ct => TestContext.CancellationToken;

    [TestMethod]
    [DataRow("yaest", "yeast")]
    [DataRow("budding yaest AND (title:mitochondira OR x*y)", "budding yeast AND (title:mitochondria OR x*y)")]
    [DataRow("\"buding yaest\"^2", "\"budding yeast\"^2")]
    [DataRow("zebrafish budding", "")]
    [DataRow("qqqq", "")]
    [DataRow("S-BIAR9", "")]
    [DataRow("zebra-fsh", "zebrafish")]
    [DataRow("yeast -budding -fission", "")]
    public async Task Search_ThatFindsNothing_SuggestsSpellingsThatDo(string text, string expected)
    {
        using var index = await BuildAsync();
        var page = index.Search.SearchDatasets(new DatasetQuery { Text = text }, default);
        Assert.AreEqual(0, page.Total);
        Assert.AreEqual(expected, string.Join(" | ", page.Suggestions));
    }

    [TestMethod]
    public async Task Search_ThatFindsNothing_SuggestsNoWordOfAWithdrawnDatasetAndKeepsToFilters()
    {
        using var index = await BuildAsync();
        Assert.AreEqual("zebrafish", index.Search.SearchDatasets(new DatasetQuery { Text = "zebrafsh" }, default).Suggestions.Single());
        Assert.IsEmpty(index.Search.SearchDatasets(new DatasetQuery { Text = "zebrafsh", Facets = [new FacetSelection("licence", ["none"])] }, default).Suggestions);
        index.Feed.Withdraw(Corpus.AccessionOf(2));
        await index.Builder.UpdateAsync(Ct);
        Assert.IsEmpty(index.Search.SearchDatasets(new DatasetQuery { Text = "zebrafsh" }, default).Suggestions);
    }

    [TestMethod]
    public async Task Complete_OfAWordOfAWithdrawnDataset_GivesNothing()
    {
        using var index = await BuildAsync();
        Assert.AreEqual("word zebrafish <heart zebrafish>", Write(index.Search.Complete("heart zebraf", 5, default)));
        index.Feed.Withdraw(Corpus.AccessionOf(2));
        await index.Builder.UpdateAsync(Ct);
        Assert.AreEqual("", Write(index.Search.Complete("heart zebraf", 5, default)));
        Assert.AreEqual("", Write(index.Search.Complete("Zebrafish h", 5, default)));
    }

    [TestMethod]
    public async Task Complete_GivesValuesWordsAndTitlesReadyToSearch()
    {
        using var index = await BuildAsync();
        Assert.AreEqual("organism Saccharomyces cerevisiae <organism:\"Saccharomyces cerevisiae\">; word saccharomyces <saccharomyces>", Write(index.Search.Complete("sacch", 5, default)));
        Assert.AreEqual("word budding <budding>; title Budding \"yeast\" mitochondria <title:\"Budding \\\"yeast\\\" mitochondria\">", Write(index.Search.Complete("Bud", 5, default)));
        foreach (var completion in index.Search.Complete("Bud", 5, default).Items)
            Assert.AreEqual(1, index.Search.SearchDatasets(new DatasetQuery { Text = completion.Query }, default).Total, completion.Query);
        Assert.AreEqual("", Write(index.Search.Complete("  ", 5, default)));
        Assert.AreEqual(Problems.SearchParameter, Assert.ThrowsExactly<ArchiveException>(() => index.Search.Complete("a", 51, default)).Problem);
    }

    [TestMethod]
    public async Task FindSimilar_GivesOthersByTellingWordsAndNothingOfWhatIsNotThere()
    {
        using var index = await BuildAsync();
        var similar = index.Search.FindSimilar(Corpus.AccessionOf(1), 5, default);
        CollectionAssert.AreEqual(new[] { Corpus.AccessionOf(4) }, similar.Items.Select(i => i.Accession).ToList());
        CollectionAssert.Contains(similar.Terms.ToList(), "yeast");
        Assert.IsEmpty(index.Search.FindSimilar(Corpus.AccessionOf(40), 5, default).Items);
        index.Feed.Withdraw(Corpus.AccessionOf(4));
        await index.Builder.UpdateAsync(Ct);
        Assert.IsEmpty(index.Search.FindSimilar(Corpus.AccessionOf(1), 5, default).Items);
        Assert.IsEmpty(index.Search.FindSimilar(Corpus.AccessionOf(4), 5, default).Items);
    }

    private static string Write(CompletionPage page) => string.Join("; ", page.Items.Select(c => $"{c.Kind} {c.Text} <{c.Query}>"));

    private async Task<IndexUnderTest> BuildAsync()
    {
        var index = new IndexUnderTest(new FakeFeed());
        Release(index, 1, "Budding \"yeast\" mitochondria", "Saccharomyces cerevisiae");
        Release(index, 2, "Zebrafish heart", "Danio rerio");
        Release(index, 4, "Fission of yeast", "");
        await index.Builder.OpenAsync(Ct);
        return index;
    }

    private static void Release(IndexUnderTest index, int number, string title, string organism) => index.Feed.Release(
        new SearchDocument
        {
            Accession = Corpus.AccessionOf(number), Version = 1, Change = 0, Title = title, Organisms = organism.Length > 0 ? [organism] : [],
            Texts = [new SearchText("title", title), new SearchText("organism", organism)],
            Facets = [new SearchFacet("organism", organism.Length > 0 ? [organism] : [])],
        }, []);
}
