using Archive.Indexer.Query;
using Archive.Indexer.Searching;
using Archive.Indexer.Tests.Support;
using Archive.Model.Errors;
using Archive.Model.Search;

namespace Archive.Indexer.Tests;

[TestClass]
public sealed class QueryTests
{
    public TestContext TestContext { get; set; } = null!;

    [TestMethod]
    [DataRow("a b", "(a b)")]
    [DataRow("a AND b OR c", "((a b)|c)")]
    [DataRow("a OR b c", "(a|(b c))")]
    [DataRow("NOT a", "!a")]
    [DataRow("-a +b", "(!a b)")]
    [DataRow("a -b", "(a !b)")]
    [DataRow("(a OR b) c", "((a|b) c)")]
    [DataRow("\"a b\" c*", "(\"a b\" c*)")]
    [DataRow("title:a title:\"b c\" title:(d e*)", "(title:a title:\"b c\" (title:d title:e*))")]
    [DataRow("GO:0005634 gfp-tagged", "(GO:0005634 gfp-tagged)")]
    [DataRow("--a", "a")]
    [DataRow("and or not", "(and or not)")]
    [DataRow("", "")]
    [DataRow("AND", "")]
    [DataRow("a AND", "a")]
    [DataRow("OR a OR", "a")]
    [DataRow("((a", "a")]
    [DataRow("a) b)", "(a b)")]
    [DataRow("\"a b", "\"a b\"")]
    [DataRow("title: AND a", "a")]
    [DataRow("title:", "")]
    [DataRow("* - + ! ()", "")]
    [DataRow("NOT", "")]
    public void Parse_OfAnyText_ReadsItLeniently(string text, string expected) => Assert.AreEqual(expected, Write(QueryParser.Read(text, f => f == "title").Root));

    [TestMethod]
    public async Task Search_OfRandomText_NeverFails()
    {
        using var index = new IndexUnderTest(new FakeFeed());
        var corpus = new Corpus(5);
        for (var i = 1; i < 6; i++) index.Feed.Release(corpus.Document(i), corpus.Files());
        await index.Builder.OpenAsync(TestContext.CancellationToken);
        string[] pieces = ["(", ")", "\"", "*", ":", "-", "+", "!", " ", "AND", "OR", "NOT", "title:", "year:", "cell", "gfp-", "\u0301", "\ud800", "\0", "~", "^2", "[1 TO", "é", "你好", "licence:*"];
        for (var i = 0; i < 3000; i++)
        {
            var text = string.Concat(Enumerable.Range(0, corpus.Random.Next(12)).Select(_ => corpus.Pick(pieces)));
            index.Search.SearchDatasets(new DatasetQuery { Text = text }, default);
            index.Search.SearchFiles(new FileQuery { Text = text }, default);
        }
        index.Search.SearchDatasets(new DatasetQuery { Text = new string('(', 100_000) }, default);
        index.Search.SearchDatasets(new DatasetQuery { Text = string.Join(" OR ", Enumerable.Range(0, 100_000)) }, default);
        index.Search.SearchFiles(new FileQuery { Filters = [new FacetSelection("\ud800", ["\ud800", ""])], Facets = ["\ud800", ""], Sort = "-" }, default);
    }

    [TestMethod]
    public async Task SearchFiles_ForAttributesThatNoFileHas_RemembersNothingOfThem()
    {
        using var index = new IndexUnderTest(new FakeFeed());
        var corpus = new Corpus(5);
        for (var i = 1; i < 6; i++) index.Feed.Release(corpus.Document(i), corpus.Files());
        await index.Builder.OpenAsync(TestContext.CancellationToken);

        var page = index.Search.SearchFiles(new FileQuery { Facets = ["Nothing 1"], Sort = "-Nothing 2", Size = 5 }, default);

        Assert.AreEqual((page.Total, 0), (page.Facets[0].Missing, page.Facets[0].Distinct));
        using var lease = index.Current.Lease();
        Assert.AreSame(lease.Snapshot.FileValues("Nothing 1"), lease.Snapshot.FileValues("Nothing 2"));
        Assert.AreNotSame(lease.Snapshot.FileValues("Well"), lease.Snapshot.FileValues("Nothing 1"));
    }

    [TestMethod]
    public async Task Search_WithACursorOfAnotherQueryOrForged_IsRefused()
    {
        using var index = await BuildAsync();
        var query = new DatasetQuery { Text = "cell OR image", Size = 2 };
        var cursor = index.Search.SearchDatasets(query, default).Next!;
        Assert.IsNotNull(cursor);
        Refuses(Problems.CursorInvalid, () => index.Search.SearchDatasets(query with { Text = "cell", Cursor = cursor }, default));
        Refuses(Problems.CursorInvalid, () => index.Search.SearchDatasets(query with { Facets = [new FacetSelection("year", ["2020"])], Cursor = cursor }, default));
        Refuses(Problems.CursorInvalid, () => index.Search.SearchFiles(new FileQuery { Text = query.Text, Cursor = cursor }, default));
        foreach (var bad in new[] { "", "x", "====", new string('A', 100), new string('A', 100_000), cursor[..^1], cursor + "A" })
            Refuses(Problems.CursorInvalid, () => index.Search.SearchDatasets(query with { Cursor = bad }, default));
        for (var i = 0; i < cursor.Length; i++)
        {
            var forged = cursor[..i] + (cursor[i] == 'A' ? 'B' : 'A') + cursor[(i + 1)..];
            Refuses(Problems.CursorInvalid, () => index.Search.SearchDatasets(query with { Cursor = forged }, default));
        }
    }

    [TestMethod]
    public async Task Search_WithACursorAfterARebuild_GoesOnByFieldAndExpiresByRelevance()
    {
        using var index = await BuildAsync();
        var byScore = new DatasetQuery { Text = "cell OR image", Size = 2 };
        var byTitle = byScore with { Sort = "title" };
        var scoreCursor = index.Search.SearchDatasets(byScore, default).Next!;
        var titles = index.Search.SearchDatasets(byTitle with { Size = 100 }, default).Items.Select(h => h.Accession).ToList();
        var titleCursor = index.Search.SearchDatasets(byTitle, default).Next!;
        // The hit that the cursor names is gone: what came after it still comes after it.
        index.Feed.Withdraw(titles[1]);
        await index.Builder.BuildAsync(TestContext.CancellationToken);
        Refuses(Problems.CursorExpired, () => index.Search.SearchDatasets(byScore with { Cursor = scoreCursor }, default));
        var rest = index.Search.SearchDatasets(byTitle with { Size = 100, Cursor = titleCursor }, default).Items.Select(h => h.Accession).ToList();
        CollectionAssert.AreEqual(titles.Skip(2).ToList(), rest);
    }

    [TestMethod]
    public async Task Search_WithACursorAfterAReleaseOrWithdrawal_SaysThatScoresMoved()
    {
        using var index = await BuildAsync();
        var (byScore, byTitle) = (new DatasetQuery { Text = "cell OR image", Size = 1 }, new DatasetQuery { Text = "cell OR image", Size = 1, Sort = "title" });
        var (score, title) = (index.Search.SearchDatasets(byScore, default).Next!, index.Search.SearchDatasets(byTitle, default).Next!);

        var same = index.Search.SearchDatasets(byScore with { Cursor = score }, default);
        index.Feed.Release(new Corpus(40).Document(40), []);
        await index.Builder.UpdateAsync(TestContext.CancellationToken);
        var released = index.Search.SearchDatasets(byScore with { Cursor = score }, default);
        var later = released.Next!;
        index.Feed.Withdraw(Corpus.AccessionOf(40));
        await index.Builder.HideAsync(TestContext.CancellationToken);

        Assert.IsFalse(same.HasMoved);
        Assert.IsTrue(released.HasMoved);
        Assert.IsTrue(index.Search.SearchDatasets(byScore with { Cursor = later }, default).HasMoved);
        Assert.IsFalse(index.Search.SearchDatasets(byTitle with { Cursor = title }, default).HasMoved);
    }

    [TestMethod]
    public async Task SearchFiles_WithACursorAfterARebuild_GoesOnBehindTheHitThatIsGone()
    {
        using var index = await BuildAsync();
        foreach (var sort in new[] { "@path", "-@path", "@size", "-@size", "Dose", "-Dose" })
        {
            var query = new FileQuery { Sort = sort, Size = 10_000 };
            var all = index.Search.SearchFiles(query, default).Items;
            var at = all.Count / 2;
            var gone = all[at].Accession;
            var cursor = index.Search.SearchFiles(query with { Size = 1, At = at }, default).Next!;
            index.Feed.Withdraw(gone);
            await index.Builder.BuildAsync(TestContext.CancellationToken);
            var rest = index.Search.SearchFiles(query with { Cursor = cursor }, default).Items.ToList();
            CollectionAssert.AreEqual(
                all.Skip(at + 1).Where(f => f.Accession != gone).Select(f => f.Path + " " + f.Accession).ToList(), rest.ConvertAll(f => f.Path + " " + f.Accession), sort);
            if (index.Feed.Public.Count() < 4) break;
        }
    }

    [TestMethod]
    public async Task Search_WithParametersThatNameNothing_SaysWhich()
    {
        using var index = await BuildAsync();
        Refuses(Problems.SearchParameter, () => index.Search.SearchDatasets(new DatasetQuery { Sort = "colour" }, default));
        Refuses(Problems.SearchParameter, () => index.Search.SearchDatasets(new DatasetQuery { Facets = [new FacetSelection("colour", ["red"])] }, default));
        Refuses(Problems.SearchParameter, () => index.Search.SearchDatasets(new DatasetQuery { Size = 1001 }, default));
        Refuses(Problems.SearchParameter, () => index.Search.SearchFiles(new FileQuery { Facets = ["@size"] }, default));
        Refuses(Problems.SearchParameter, () => index.Search.SearchFiles(new FileQuery { At = -1 }, default));
        using var closed = new Generations.CurrentIndex();
        Refuses(Problems.IndexNotReady, () => new SearchIndex(closed, index.Options).SearchDatasets(new DatasetQuery(), default));
    }

    [TestMethod]
    public async Task Search_MarksTheWordsLookedFor()
    {
        using var index = new IndexUnderTest(new FakeFeed());
        index.Feed.Release(new Corpus(1).Document(1) with
        {
            Title = "Dividing nuclei of Müller cells",
            Texts = [new SearchText("title", "Dividing nuclei of Müller cells")],
            Description = "Nothing of it here.",
        }, []);
        await index.Builder.OpenAsync(TestContext.CancellationToken);
        var hit = index.Search.SearchDatasets(new DatasetQuery { Text = "muller divided -mouse" }, default).Items.Single();
        var marked = hit.Highlights.Single();
        Assert.AreEqual("title", marked.Field);
        Assert.AreEqual("[Dividing] nuclei of [Müller] cells", string.Concat(marked.Parts.Select(p => p.IsMatch ? $"[{p.Text}]" : p.Text)));
    }

    private async Task<IndexUnderTest> BuildAsync()
    {
        var corpus = new Corpus(21);
        var index = new IndexUnderTest(new FakeFeed());
        for (var i = 1; i < 12; i++) index.Feed.Release(corpus.Document(i), corpus.Files());
        await index.Builder.OpenAsync(TestContext.CancellationToken);
        return index;
    }

    private static void Refuses(Problem problem, Action search) => Assert.AreEqual(problem, Assert.ThrowsExactly<ArchiveException>(search).Problem);

    private static string Write(QueryNode? node) => node switch
    {
        WordsNode w => (w.Field is null ? "" : w.Field + ":") + (w.IsPhrase ? $"\"{w.Text}\"" : w.Text) + (w.IsPrefix ? "*" : ""),
        AndNode a => "(" + string.Join(' ', a.Parts.Select(Write)) + ")",
        OrNode o => "(" + string.Join('|', o.Parts.Select(Write)) + ")",
        NotNode n => "!" + Write(n.Part),
        _ => "",
    };
}
