using Archive.Indexer.Tests.Support;
using Archive.Indexer.Text;
using Archive.Model.Search;

namespace Archive.Indexer.Tests.Oracle;

/// <summary>What a hit shows against the document that it is of.</summary>
internal static class ShownHits
{
    public static void Compare(FakeFeed feed, DatasetHit hit, string what)
    {
        var (document, files) = feed[hit.Accession];
        Assert.AreEqual(
            (document.Version, document.Title, document.Description, document.Collection, document.Licence, document.ReleaseDate, files.Count, files.Sum(f => f.LengthBytes)),
            (hit.Version, hit.Title, hit.Description, hit.Collection, hit.Licence, hit.ReleaseDate, hit.FileCount, hit.TotalBytes), what);
        CollectionAssert.AreEqual(document.People.Concat(document.Organisms).Concat(document.Methods).ToList(), hit.People.Concat(hit.Organisms).Concat(hit.Methods).ToList(), what);
        foreach (var highlight in hit.Highlights) CompareHighlight(highlight.Field == "title" ? document.Title : document.Description, highlight, what);
    }

    // A piece of the text, cut at words, of which whole words are marked.
    private static void CompareHighlight(string text, Highlight highlight, string what)
    {
        var tokens = new List<Token>();
        new Tokenizer().Tokenize(text, tokens);
        var words = tokens.Select(t => (t.Start, t.Length)).ToHashSet();
        var piece = string.Concat(highlight.Parts.Select(p => p.Text));
        Assert.IsTrue(highlight.Parts.Any(p => p.IsMatch), what);
        // The same piece may be in it more than once: one of them is marked so.
        var isThere = false;
        for (var start = text.IndexOf(piece, StringComparison.Ordinal); start >= 0 && !isThere; start = text.IndexOf(piece, start + 1, StringComparison.Ordinal))
        {
            var at = start;
            isThere = highlight.Parts.All(part => (at += part.Text.Length) >= 0 && (!part.IsMatch || words.Contains((at - part.Text.Length, part.Text.Length))));
        }
        Assert.IsTrue(isThere, $"{what}: {string.Join('|', highlight.Parts.Select(p => p.Text))} of {text}");
    }
}
