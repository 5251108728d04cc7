using System.Text.Json;
using Archive.Indexer.Searching;
using Archive.Indexer.Tests.Support;
using Archive.Indexer.Text;
using Archive.Model.Search;

namespace Archive.Indexer.Tests.Oracle;

/// <summary>The index against brute force: every hit, its score, the order, and every count, with revisions and withdrawals beside a delta.</summary>
[TestClass]
public sealed class OracleTests
{
    private static readonly bool IsLong = Environment.GetEnvironmentVariable("ARCHIVE_TEST_LONG") == "1";

    private static readonly string?[] Bounds = [null, "2018-02-01", "2019-01-02", "2019-01-02T10:30", "2019-01-02T10:30:59Z", "2019-02-03T10:30:59.2", "2020-01-31", "2020-02-28"];

    public TestContext TestContext { get; set; } = null!;

    private CancellationToken Ct => TestContext.CancellationToken;

    [TestMethod]
    public async Task Search_OverGeneratedArchives_AnswersAsBruteForceDoes()
    {
        var corpora = IsLong ? 200 : 8;
        var queries = IsLong ? 50 : 12;
        for (var seed = 1; seed <= corpora; seed++)
        {
            var corpus = new Corpus(seed);
            var feed = new FakeFeed();
            // Small limits on every other one, so that they cut something.
            var limits = seed % 2 == 0 ? QueryLimits.Standard : new QueryLimits { MaxExpansions = 5, MaxLikeWords = 3 };
            using var index = new IndexUnderTest(feed, limits, seed % 3 == 0 ? null : DatasetOracle.SomeNames());
            for (var i = 1 + corpus.Random.Next(40); i > 0; i--) feed.Release(corpus.Document(i), corpus.Files());
            await index.Builder.OpenAsync(Ct);
            Compare(index, corpus, queries, $"seed {seed}, built");
            Change(feed, corpus);
            await index.Builder.UpdateAsync(Ct);
            Compare(index, corpus, queries, $"seed {seed}, with delta");
            Change(feed, corpus);
            await index.Builder.UpdateAsync(Ct);
            Compare(index, corpus, queries, $"seed {seed}, with second delta");
            await index.Builder.BuildAsync(Ct);
            Compare(index, corpus, queries, $"seed {seed}, built again");
        }
    }

    private static void Change(FakeFeed feed, Corpus corpus)
    {
        for (var i = corpus.Random.Next(12); i > 0; i--)
        {
            var number = 1 + corpus.Random.Next(50);
            if (feed.Public.Contains(Corpus.AccessionOf(number)) && corpus.Random.Next(2) == 0) feed.Withdraw(Corpus.AccessionOf(number));
            else feed.Release(corpus.Document(number), corpus.Files());
        }
    }

    /// <summary>Compares answers to queries that are made up from the corpus; fails at the first difference.</summary>
    internal static void Compare(IndexUnderTest index, Corpus corpus, int queries, string state)
    {
        var datasets = new DatasetOracle(index.Feed, index.Search.Limits, index.Search.Names.Count > 0);
        var files = new FileOracle(index.Feed);
        for (var i = 0; i < queries; i++)
        {
            CompareDatasets(index, datasets, corpus, state);
            CompareFiles(index, files, corpus, state);
            CompareDiscovery(index, datasets, corpus, state);
        }
    }

    private static void CompareDatasets(IndexUnderTest index, DatasetOracle oracle, Corpus corpus, string state)
    {
        var tree = corpus.Random.Next(6) == 0 ? null : QueryTree.Make(corpus, 2, isForFiles: false);
        var chosen = new List<FacetSelection>();
        if (corpus.Random.Next(3) == 0) chosen.Add(new FacetSelection("organism", ["Mus musculus", "Homo sapiens"]));
        if (corpus.Random.Next(4) == 0) chosen.Add(new FacetSelection("year", [corpus.Pick(["2019", "2021", "1999"])]));
        if (corpus.Random.Next(5) == 0) chosen.Add(new FacetSelection("format", ["PNG"]));
        if (corpus.Random.Next(6) == 0) chosen.Add(new FacetSelection(corpus.Pick(["files", "released", "dose", "entity"]), ["60", "2019-02-02", "10", "10.0", "nothing"]));
        var ranges = new List<FacetBounds>();
        if (corpus.Random.Next(4) == 0) ranges.Add(new FacetBounds(corpus.Pick(["year", "channels", "dose", "files"]), corpus.Pick([null, "", "2019", "3", "0.5"]), corpus.Pick([null, "2020", "1e2", "59.5", "-1"])));
        if (corpus.Random.Next(5) == 0) ranges.Add(new FacetBounds("size", corpus.Pick([null, "1e9"]), corpus.Pick([null, "20000000000.5"])));
        if (corpus.Random.Next(4) == 0) ranges.Add(new FacetBounds(corpus.Pick(["imaged", "released"]), corpus.Pick([null, "2019", "2019-03", "2020-02-29"]), corpus.Pick([null, "2019", "2019-03", "2020-03-01"])));
        var sort = corpus.Pick([null, null, "relevance", "released", "-released", "title", "-title", "accession", "-accession", "files", "-files", "size", "-size"]);
        var query = new DatasetQuery
        {
            UseSynonyms = corpus.Random.Next(3) > 0,
            Text = tree?.Write(corpus.Random) ?? corpus.Pick(["", "  ", "()", "\"\""]), Facets = chosen, Ranges = ranges, Sort = sort,
            Size = 1 + corpus.Random.Next(9), FacetSize = corpus.Random.Next(6),
        };
        var (hits, facets) = oracle.Search(tree, chosen, ranges, sort, query.FacetSize, query.UseSynonyms);
        var seen = new List<string>();
        var what = $"{state}: {JsonSerializer.Serialize(query)}";
        for (string? cursor = null; ;)
        {
            var page = index.Search.SearchDatasets(query with { Cursor = cursor }, default);
            seen.AddRange(page.Items.Select(h => $"{h.Accession} {h.Score}"));
            foreach (var hit in page.Items) ShownHits.Compare(index.Feed, hit, what);
            Assert.AreEqual(hits.Count, page.Total, what);
            CompareFacets(facets, page.Facets, what);
            Assert.IsTrue(page.Suggestions.Count == 0 || page.Total == 0, what);
            foreach (var other in page.Suggestions) Assert.IsTrue(index.Search.SearchDatasets(query with { Text = other }, default).Total > 0, $"{what}: {other}");
            cursor = page.Next;
            if (cursor is null) break;
        }
        CollectionAssert.AreEqual(hits, seen, what);
        if (corpus.Random.Next(4) == 0) CompareFacetValues(index, query, oracle.Search(tree, chosen, ranges, sort, int.MaxValue, query.UseSynonyms).Facets, corpus, what);
    }

    // A facet of any size, by count, has all that a list of values has, by value; and what was chosen but is not found.
    private static void CompareFacetValues(IndexUnderTest index, DatasetQuery query, List<FacetResult> facets, Corpus corpus, string what)
    {
        var facet = corpus.Pick(OracleFacets.All.Where(f => f.IsListed).Select(f => f.Name).ToArray());
        var containing = corpus.Pick(["", "", "mus", "1", "É", "e", "zz"]);
        var expected = facets.Find(f => f.Name == facet)!.Values.Where(v => v.Count > 0 && Folding.Fold(v.Value).Contains(Folding.Fold(containing), StringComparison.Ordinal))
            .OrderBy(v => v.Value, Comparer<string>.Create(FileOracle.CompareValues)).Select(v => $"{v.Value}={v.Count}").ToList();
        var seen = new List<string>();
        for (string? cursor = null; ;)
        {
            var page = index.Search.SearchFacetValues(new FacetValuesQuery { Datasets = query, Facet = facet, Text = containing, Size = 2, Cursor = cursor }, default);
            Assert.AreEqual((expected.Count, facets.Find(f => f.Name == facet)!.Missing), ((int)page.Total, page.Missing), what);
            seen.AddRange(page.Items.Select(v => $"{v.Value}={v.Count}"));
            cursor = page.Next;
            if (cursor is null) break;
        }
        CollectionAssert.AreEqual(expected, seen, $"{what} values of {facet} with '{containing}'");
    }

    // Completion and similarity know nothing that is not public.
    private static void CompareDiscovery(IndexUnderTest index, DatasetOracle oracle, Corpus corpus, string state)
    {
        var word = corpus.Pick(Corpus.Words);
        var typed = corpus.Pick(["", "", "cell "]) + corpus.Pick([word[..1], word[..Math.Min(2, word.Length)], word, "mus mus", "micro", "S-B", "2"]);
        var size = corpus.Random.Next(12);
        var completions = index.Search.Complete(typed, size, default).Items.Select(c => $"{c.Kind} {c.Text.ToLowerInvariant()}").ToList();
        CollectionAssert.AreEqual(oracle.Complete(typed, size), completions, $"{state}: {typed} {size}: {string.Join(", ", completions)}");
        var accession = Corpus.AccessionOf(1 + corpus.Random.Next(45));
        var similar = index.Search.FindSimilar(accession, size, default).Items.Select(h => $"{h.Accession} {h.Score}").ToList();
        CollectionAssert.AreEqual(oracle.Similar(accession, size), similar, $"{state}: like {accession}: {string.Join(", ", similar)}");
    }

    private static void CompareFiles(IndexUnderTest index, FileOracle oracle, Corpus corpus, string state)
    {
        var random = corpus.Random;
        var tree = random.Next(3) == 0 ? null : QueryTree.Make(corpus, 2, isForFiles: true);
        var filters = new List<FacetSelection>();
        if (random.Next(4) == 0) filters.Add(new FacetSelection("Channel", ["DAPI", corpus.Pick(["GFP", "none"])]));
        if (random.Next(5) == 0) filters.Add(new FacetSelection("Phenotype", [corpus.Pick(["round", "flat", "7"])]));
        if (random.Next(6) == 0) filters.Add(new FacetSelection("@path", [corpus.Pick(["raw/", "plate/A01/", "raw/A01/img_001.tiff"]), corpus.Pick(["Plate 2/B02/", "none/", "/", "plate/C03/img_007.png"])]));
        if (random.Next(6) == 0) filters.Add(new FacetSelection("@format", ["PNG", "TIFF"]));
        if (random.Next(8) == 0) filters.Add(new FacetSelection("@size", ["1000"]));
        if (random.Next(8) == 0) filters.Add(new FacetSelection("@dataset", ["S-BIAR4", "S-BIAX3", "S-BIAR5"]));
        if (random.Next(8) == 0) filters.Add(new FacetSelection("Compound", [.. Enumerable.Range(0, 9).Select(i => $"cpd {i * 13}")]));
        var ranges = new List<FileRange>();
        if (random.Next(4) == 0) ranges.Add(new FileRange(corpus.Pick(["Z", "Dose", "Phenotype", "Nothing"]), random.Next(2) == 0 ? null : $"{random.Next(5)}", random.Next(2) == 0 ? null : $"{random.Next(12)}"));
        if (random.Next(5) == 0) ranges.Add(new FileRange("@size", random.Next(2) == 0 ? null : "999.5", random.Next(2) == 0 ? null : "3e9"));
        if (random.Next(4) == 0) ranges.Add(new FileRange(corpus.Pick(["Acquired", "Acquired", "Day", "Dose"]), corpus.Pick(Bounds), corpus.Pick(Bounds)));
        var query = new FileQuery
        {
            Accession = random.Next(2) == 0 ? null : Corpus.AccessionOf(1 + random.Next(45)),
            Text = tree?.Write(random) ?? "",
            Filters = filters,
            Ranges = ranges,
            Facets = [.. new[] { "Channel", "Phenotype", "Z", "Dose", "@format", "@dataset", "Note", "Nothing", "Compound", "Acquired", "Day" }.Where(_ => random.Next(3) == 0)],
            Sort = corpus.Pick([null, "@path", "-@path", "@size", "-@size", "Channel", "-Channel", "Dose", "-Dose", "Phenotype", "-Z", "@format", "Nothing", "Compound", "Acquired", "-Day"]),
            Size = 1 + random.Next(60),
            FacetSize = random.Next(8),
        };
        var (hits, facets) = oracle.Search(query, tree);
        var what = $"{state}: {JsonSerializer.Serialize(query)}";
        var seen = new List<string>();
        for (string? cursor = null; ;)
        {
            var page = index.Search.SearchFiles(query with { Cursor = cursor }, default);
            seen.AddRange(page.Items.Select(h => $"{h.Accession}/{h.Path}"));
            Assert.AreEqual(hits.Count, page.Total, what);
            CompareFacets(facets, page.Facets, what, isWhole: !state.Contains("delta", StringComparison.Ordinal));
            foreach (var hit in page.Items) CompareFile(index.Feed, hit, what);
            cursor = page.Next;
            if (cursor is null) break;
        }
        CollectionAssert.AreEqual(hits, seen, what);
        FileAnswers.CompareExports(index, query, hits, 1 + random.Next(40), what);
        FileAnswers.CompareValues(index, oracle, query, tree, corpus.Pick(["Channel", "Phenotype", "Dose", "@format", "Compound", "Day", "Nothing"]), corpus.Pick(["", "", "D", "1", "a", "zz"]), what);
        var at = random.Next(hits.Count + 3);
        var jumped = index.Search.SearchFiles(query with { At = at }, default);
        FileAnswers.CompareColumns(index.Feed, query, jumped.Columns, what);
        CollectionAssert.AreEqual(hits.Skip(at).Take(query.Size).ToList(), jumped.Items.Select(h => $"{h.Accession}/{h.Path}").ToList(), $"{what} at {at}");
    }

    internal static void CompareFile(FakeFeed feed, FileHit hit, string what)
    {
        var file = feed[hit.Accession].Files.Single(f => f.Path == hit.Path);
        Assert.AreEqual((file.LengthBytes, file.Format), (hit.LengthBytes, hit.Format), what);
        var expected = file.Attributes.Where(a => !string.IsNullOrWhiteSpace(a.Value)).Distinct().Select(a => $"{a.Name}={a.Value}").Order().ToList();
        CollectionAssert.AreEqual(expected, hit.Attributes.Select(a => $"{a.Name}={a.Value}").Order().ToList(), what);
    }

    // Until the next build, a value of a withdrawn or replaced dataset may still make words of an attribute of numbers or dates.
    private static void CompareFacets(List<FacetResult> expected, IReadOnlyList<FacetResult> actual, string what, bool isWhole)
    {
        if (!isWhole)
            expected = [.. expected.Zip(actual, (e, a) => a.Type == FacetType.Text ? e with { Type = FacetType.Text, Min = null, Max = null } : e)];
        CompareFacets(expected, actual, what);
    }

    private static void CompareFacets(List<FacetResult> expected, IReadOnlyList<FacetResult> actual, string what)
    {
        string Text(FacetResult f) => $"{f.Name} {f.Type} {f.Min}..{f.Max} {f.Missing} {f.Distinct}: {string.Join(", ", f.Values.Select(v => $"{v.Value}={v.Count}"))}";
        Assert.AreEqual(string.Join('\n', expected.Select(Text)), string.Join('\n', actual.Select(Text)), what);
    }
}
