using Archive.Indexer.Searching;
using Archive.Indexer.Tests.Support;
using Archive.Indexer.Text;
using Archive.Indexer.Vocabulary;
using Archive.Model.Search;
using Archive.TestKit;

namespace Archive.Indexer.Tests;

[TestClass]
public sealed class VocabularyTests
{
    // The form of OBO 1.4 (owlcollab.github.io/oboformat); identifiers as FBbi has them, the tree cut down.
    private const string Ontology = """
        format-version: 1.4
        [Term]
        id: FBbi:00000256
        name: electron microscopy
        synonym: "EM" EXACT [ISBN:1]
        synonym: "microscopy of sorts" RELATED []
        is_a: FBbi:00000222 ! microscopy

        [Term]
        id: FBbi:00000258
        name: transmission electron \"TEM\" microscopy
        synonym: "TEM" EXACT []
        is_a: FBbi:00000256 {source="x"} ! electron microscopy

        [Term]
        id: FBbi:9
        name: forgotten microscopy
        is_a: FBbi:00000256
        is_obsolete: true

        [Typedef]
        id: part_of
        name: part of
        """;

    private readonly Tokenizer tokenizer = new();

    public TestContext TestContext { get; set; } = null!;

    [TestMethod]
    public void Read_OfAnOntology_TakesNamesAndTheTreeWithoutObsoleteAndRelated()
    {
        var names = Names(builder => OboReader.Read(new StringReader(Ontology), builder));
        Assert.AreEqual(2, names.Count);
        var em = names.Find("em", tokenizer).Single();
        CollectionAssert.AreEqual(new[] { "electron microscopy", "EM" }, names.Names(em).ToList());
        CollectionAssert.AreEqual(new[] { "transmission electron \"TEM\" microscopy", "TEM" }, names.Names(names.Narrower(em).ToArray().Single()).ToList());
        Assert.IsEmpty(names.Find(NameIndex.Key("forgotten microscopy", tokenizer), tokenizer));
        Assert.IsEmpty(names.Find(NameIndex.Key("part of", tokenizer), tokenizer));
    }

    [TestMethod]
    public void Read_OfAnythingElse_NeverFails()
    {
        var random = new Random(4);
        string[] pieces = ["[Term]\n", "[", "\n", "id: a", "id: b", "name: ", "x", "\t", "|", "synonym: \"", "\"", "\\", "is_a: a", "is_a: b", "#", "is_obsolete: true\n", "\0", "\ud800", new string('y', 300)];
        for (var i = 0; i < 2000; i++)
        {
            var text = string.Concat(Enumerable.Range(0, random.Next(30)).Select(_ => pieces[random.Next(pieces.Length)]));
            Names(builder => OboReader.Read(new StringReader(text), builder));
            Names(builder => VocabularyFiles.ReadTable(new StringReader(text), builder));
        }
        var longLine = Names(builder => VocabularyFiles.ReadTable(new StringReader(new string('a', 10_000_000) + "\nb\tc"), builder));
        Assert.AreEqual(1, longLine.Count);
    }

    [TestMethod]
    public void Load_OfTheArchivesOwnNames_KnowsMethodsAndOrganisms()
    {
        var names = VocabularyFiles.Load([]);
        Assert.IsTrue(names.Count > 100);
        foreach (var (one, other) in new[] { ("mouse", "Mus musculus"), ("EM", "electron microscopy"), ("baker's yeast", "Saccharomyces cerevisiae"), ("light sheet microscopy", "SPIM") })
            Assert.AreEqual(names.Find(NameIndex.Key(other, tokenizer), tokenizer).Single(), names.Find(NameIndex.Key(one, tokenizer), tokenizer).Single(), one);
    }

    [TestMethod]
    [DataRow("mouse", "1 2 3", "mouse > Mus musculus, house mouse")]
    [DataRow("\"mouse\"", "2 3", "")]
    [DataRow("house mouse", "1 2 3", "house mouse > Mus musculus, mouse")]
    [DataRow("organism:mouse", "1", "mouse > Mus musculus, house mouse")]
    [DataRow("EM", "4 5", "EM > electron microscopy, cryo-EM")]
    [DataRow("electron microscopy", "4 5", "electron microscopy > EM, cryo-EM")]
    [DataRow("cryo-EM", "5", "")]
    [DataRow("mouse -EM", "1 2 3", "mouse > Mus musculus, house mouse")]
    [DataRow("microscopy -mouse", "4", "")]
    public async Task Search_ByOneOfManyNames_FindsTheOthersAndTellsThem(string text, string expected, string expanded)
    {
        using var index = await BuildAsync();
        var page = index.Search.SearchDatasets(new DatasetQuery { Text = text, Sort = "accession" }, default);
        Assert.AreEqual(expanded, string.Join("; ", page.Expanded.Select(e => $"{e.Term} > {string.Join(", ", e.To)}")));
        Assert.AreEqual(expected, string.Join(' ', page.Items.Select(i => i.Accession.Number).Order()));
    }

    [TestMethod]
    public async Task Search_WithoutSynonyms_TakesWordsAsTheyAre()
    {
        using var index = await BuildAsync();
        var page = index.Search.SearchDatasets(new DatasetQuery { Text = "mouse", UseSynonyms = false }, default);
        Assert.IsEmpty(page.Expanded);
        Assert.AreEqual(2, page.Total);
    }

    [TestMethod]
    public async Task Search_ForANameWhoseOthersAreWithdrawn_TellsNoneOfThem()
    {
        using var index = await BuildAsync();
        index.Feed.Withdraw(Corpus.AccessionOf(1));
        await index.Builder.UpdateAsync(TestContext.CancellationToken);
        var page = index.Search.SearchDatasets(new DatasetQuery { Text = "mouse" }, default);
        Assert.AreEqual("house mouse", page.Expanded.Single().To.Single());
        Assert.AreEqual(2, page.Total);
    }

    [TestMethod]
    public async Task Search_ForATypedName_RanksItAboveOthersAndMarksBoth()
    {
        using var index = await BuildAsync();
        var items = index.Search.SearchDatasets(new DatasetQuery { Text = "mouse" }, default).Items;
        Assert.AreNotEqual(1, items[0].Accession.Number);
        var other = items.Single(i => i.Accession.Number == 1);
        Assert.AreEqual("Embryo of [Mus] [musculus]", string.Concat(other.Highlights.Single().Parts.Select(p => p.IsMatch ? $"[{p.Text}]" : p.Text)));
    }

    [TestMethod]
    public async Task Search_ForANameWithTooManyBelow_CutsAndTells()
    {
        var builder = new NameIndexBuilder();
        VocabularyFiles.ReadTable(new StringReader("animal\t\t" + string.Join('|', Enumerable.Range(0, 1500).Select(i => $"beast{i}")) + "|beast1"), builder);
        using var index = new IndexUnderTest(new FakeFeed(), QueryLimits.Standard, builder.Build());
        Release(index, 1, string.Join(' ', Enumerable.Range(0, 1500).Select(i => $"beast{i}")));
        await index.Builder.OpenAsync(TestContext.CancellationToken);
        var page = index.Search.SearchDatasets(new DatasetQuery { Text = "x OR animal" }, default);
        Assert.AreEqual(1000, page.Expanded.Single().To.Count);
        Assert.AreEqual(new QueryNote(6, 6, page.Notes.Single().Message), page.Notes.Single());
    }

    [TestMethod]
    public void Load_OfFiles_TakesThemByTheirEnding()
    {
        using var folder = new TempFolder();
        File.WriteAllText(folder["a.OBO"], Ontology);
        File.WriteAllText(folder["b.tsv"], "gizmo\twidget\r\n");
        var names = VocabularyFiles.Load([folder["a.OBO"], folder["b.tsv"]]);
        Assert.AreEqual("gizmo", names.Names(names.Find("widget", tokenizer).Single()).First());
        Assert.HasCount(2, names.Find("em", tokenizer));
        Assert.ThrowsExactly<FileNotFoundException>(() => VocabularyFiles.Load([folder["c.tsv"]]));
    }

    private static NameIndex Names(Action<NameIndexBuilder> read)
    {
        var builder = new NameIndexBuilder();
        read(builder);
        return builder.Build();
    }

    private async Task<IndexUnderTest> BuildAsync()
    {
        var names = Names(b => VocabularyFiles.ReadTable(new StringReader("electron microscopy\tEM\tcryo-EM\nMus musculus\tmouse|house mouse\ncryo-EM\tabsent one\n"), b));
        var index = new IndexUnderTest(new FakeFeed(), QueryLimits.Standard, names);
        Release(index, 1, "Embryo of Mus musculus", "Mus musculus");
        Release(index, 2, "A mouse");
        Release(index, 3, "The mouse in a house");
        Release(index, 4, "Electron microscopy");
        Release(index, 5, "Apoferritin by cryo-EM");
        await index.Builder.OpenAsync(TestContext.CancellationToken);
        return index;
    }

    private static void Release(IndexUnderTest index, int number, string title, string organism = "") => index.Feed.Release(
        new SearchDocument
        {
            Accession = Corpus.AccessionOf(number), Version = 1, Change = 0, Title = title,
            Texts = [new SearchText("title", title), new SearchText("organism", organism)], Facets = [],
        }, []);
}
