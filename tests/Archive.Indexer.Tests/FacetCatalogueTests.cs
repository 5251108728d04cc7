using System.Text;
using Archive.Indexer.Facets;
using Archive.Indexer.Tests.Support;
using Archive.Model.Search;

namespace Archive.Indexer.Tests;

/// <summary>Lists of facets as operators write them.</summary>
[TestClass]
public sealed class FacetCatalogueTests
{
    [TestMethod]
    public void Standard_HasWhatSearchesAreNarrowedBy()
    {
        var names = FacetCatalogue.Standard.All.Select(f => f.Name).ToArray();
        CollectionAssert.IsSubsetOf(
            new[] { "organism", "method", "entity", "licence", "collection", "year", "format", "annotation", "files", "size", "channels" }, names);
        Assert.AreEqual("licence", FacetCatalogue.Standard.Find("LICENSE")?.Name);
        Assert.IsNull(FacetCatalogue.Standard.Find("colour"));
    }

    [TestMethod]
    public void Read_WhenTheListHasFaults_TellsAllOfThem()
    {
        var fault = Assert.ThrowsExactly<FormatException>(() => Read("""
            { "facets": [
                { "name": "Big", "title": "Big", "from": ["@organism"] },
                { "name": "a", "title": " ", "from": ["@organism"], "type": "colour" },
                { "name": "b", "title": "B", "from": ["nowhere", "@distinct", "@format:x", "A/B/C", null] },
                { "name": "c", "title": "C", "from": ["@format", "Study/Title"] },
                { "name": "d", "title": "D", "from": ["@size"] },
                { "name": "e", "title": "E", "from": [], "aliases": ["e"] },
                { "name": "f", "title": "F", "from": ["@method"], "aliases": ["g"] },
                { "name": "g", "title": "G", "from": ["@method"] },
                null
            ] }
            """));
        foreach (var part in new[]
        {
            "facets[0]", "\"Big\"", "facets[1]: the title", "colour", "\"nowhere\"", "\"@distinct\"", "\"@format:x\"", "\"A/B/C\"", "facets[3]: values come",
            "facets[4]: @files and @size", "facets[5]: \"from\" names no source", "The name g is given twice", "facets[8]",
        })
            Assert.Contains(part, fault.Message);
    }

    [TestMethod]
    [DataRow("")]
    [DataRow("null")]
    [DataRow("{}")]
    [DataRow("{\"facets\":[]}")]
    [DataRow("{\"facets\":[{\"name\":\"a\",\"title\":\"A\",\"from\":[\"@method\"],\"colour\":1}]}")]
    [DataRow("[1,")]
    public void Read_WhenItIsNoList_Refuses(string json) => Assert.ThrowsExactly<FormatException>(() => Read(json));

    [TestMethod]
    public void Read_WhenTheListIsTooLong_Refuses()
    {
        Assert.ThrowsExactly<FormatException>(() => Read(new string(' ', 2 << 20) + "{}"));
        var many = string.Join(',', Enumerable.Range(0, FacetCatalogue.MaxFacets + 1).Select(i => $$"""{"name":"f{{i}}","title":"F","from":["@method"]}"""));
        Assert.ThrowsExactly<FormatException>(() => Read($"{{\"facets\":[{many}]}}"));
    }

    [TestMethod]
    public async Task Search_WhenTheListChanged_CountsByTheNewOneAfterTheNextBuild()
    {
        var corpus = new Corpus(7);
        var feed = new FakeFeed();
        for (var i = 1; i < 9; i++) feed.Release(corpus.Document(i), corpus.Files());
        using var index = new IndexUnderTest(feed);
        await index.Builder.OpenAsync(default);
        feed.Catalogue = FacetCatalogue.Standard;
        using var other = index.Restarted();
        await other.Builder.OpenAsync(default);
        var before = other.Search.SearchDatasets(new DatasetQuery(), default).Facets.Single(f => f.Name == "annotation");
        Assert.AreEqual((8L, 0), (before.Missing, before.Distinct));
        await other.Builder.BuildAsync(default);
        Assert.IsFalse(other.Search.SearchDatasets(new DatasetQuery(), default).Facets.Any(f => f.Name == "dose"));
        Assert.AreNotEqual(TestFacets.Catalogue.Stamp, FacetCatalogue.Standard.Stamp);
    }

    [TestMethod]
    public async Task Search_WhenBoundsCannotBeRead_SaysWhatMayBe()
    {
        using var index = new IndexUnderTest(new FakeFeed());
        await index.Builder.OpenAsync(default);
        foreach (var bounds in new[]
        {
            new FacetBounds("organism", "1", null), new FacetBounds("colour", null, null), new FacetBounds("files", "many", null),
            new FacetBounds("size", null, "NaN"), new FacetBounds("released", "2020-13", null), new FacetBounds("imaged", null, "yesterday"),
        })
            Assert.ThrowsExactly<Model.Errors.ArchiveException>(() => index.Search.SearchDatasets(new DatasetQuery { Ranges = [bounds] }, default), bounds.ToString());
    }

    private static FacetCatalogue Read(string json) => FacetCatalogue.Read(new MemoryStream(Encoding.UTF8.GetBytes(json)));
}
