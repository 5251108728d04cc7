using System.Globalization;
using Archive.Indexer.Tests.Support;
using Archive.Model.Datasets;
using Archive.Model.Search;
using Archive.TestKit;

namespace Archive.Indexer.Tests.Relevance;

/// <summary>Whether what is wanted comes first: fifty queries whose answers were judged before any of them was run.</summary>
[TestClass]
public sealed class RelevanceTests
{
    private const int Generated = 20_000;
    private const int Depth = 100;

    // A little under what decision 17 tells, 0.768.
    private const double Floor = 0.75;

    public required TestContext TestContext { get; init; }

    private CancellationToken Ct => TestContext.CancellationToken;

    [TestMethod]
    public async Task Search_OverJudgedQueries_RanksBetterThanTitlesAlone()
    {
        var feed = new FakeFeed();
        if (await JudgedDatasets.CreateAsync(feed, Generated, Ct) is not { } judged)
        {
            Assert.Inconclusive("The real page tabs are not on this machine.");
            return;
        }
        using var index = new IndexUnderTest(feed);
        await index.Builder.OpenAsync(Ct);
        var titles = new TitleBaseline(judged.Titles);
        double own = 0, baseline = 0;
        var lines = await File.ReadAllLinesAsync(Path.Combine(AppContext.BaseDirectory, "Relevance", "judgements.tsv"), Ct);
        foreach (var line in lines)
        {
            var parts = line.Split('\t');
            HashSet<Accession> wanted = [.. parts[1..].Select(name => judged[name])];
            var hits = index.Search.SearchDatasets(new DatasetQuery { Text = parts[0], Size = Depth }, Ct).Items.Select(h => h.Accession);
            var (ours, theirs) = (Reciprocal(hits, wanted), Reciprocal(titles.Search(parts[0], Depth), wanted));
            own += ours / lines.Length;
            baseline += theirs / lines.Length;
            TestContext.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{ours:0.00} {theirs:0.00} {parts[0]}"));
        }
        TestContext.WriteLine(string.Create(CultureInfo.InvariantCulture, $"mean reciprocal rank {own:0.000}, titles alone {baseline:0.000}"));
        Assert.HasCount(50, lines);
        Assert.IsGreaterThan(baseline, own);
        Assert.IsGreaterThan(Floor, own);
    }

    private static double Reciprocal(IEnumerable<Accession> hits, HashSet<Accession> wanted)
    {
        var rank = 1;
        foreach (var hit in hits)
        {
            if (wanted.Contains(hit)) return 1.0 / rank;
            rank++;
        }
        return 0;
    }
}
