using Archive.Indexer.Tests.Support;

namespace Archive.Indexer.Tests.Oracle;

/// <summary>A query as a tree, from which both its text and its meaning are taken: the oracle needs no parser.</summary>
internal abstract record QueryTree
{
    /// <summary>The text, written in one of the ways that mean the same.</summary>
    public abstract string Write(Random random);

    public static QueryTree Make(Corpus corpus, int depth, bool isForFiles)
    {
        var random = corpus.Random;
        if (depth == 0 || random.Next(3) == 0) return Leaf(corpus, isForFiles);
        var parts = Enumerable.Range(0, 2 + random.Next(2)).Select(_ => Make(corpus, depth - 1, isForFiles)).ToList();
        return random.Next(5) switch
        {
            0 or 1 => new AllTree(parts),
            2 or 3 => new AnyTree(parts),
            // Two in a row cancel out in writing but not in score: nobody asks so.
            _ => parts[0] is NoTree ? parts[0] : new NoTree(parts[0]),
        };
    }

    private static QueryTree Leaf(Corpus corpus, bool isForFiles)
    {
        var random = corpus.Random;
        if (isForFiles)
        {
            var word = corpus.Pick(["DAPI", "gfp", "taxol", "cpd", "round", "tiff", "img", "raw", "plate", "A01", "muller", "um", "nucleate", "absent", "10", "7"]);
            return random.Next(4) == 0 ? new PrefixTree(null, word[..Math.Max(1, word.Length - 1)]) : new WordTree(null, word);
        }
        var field = random.Next(4) == 0 ? corpus.Pick(["title", "description", "keyword", "organism", "abstract", "content"]) : null;
        return random.Next(9) switch
        {
            0 => new PhraseTree(field, [corpus.Pick(Corpus.Words), corpus.Pick(Corpus.Words)]),
            1 => new PhraseTree(field, [corpus.Pick(Corpus.Words), corpus.Pick(Corpus.Words), corpus.Pick(Corpus.Words)]),
            2 => new PrefixTree(field, corpus.Pick(["ima", "imaging", "nuc", "gfp-t", "s-bia", "org", "xyz", "c"])),
            3 => corpus.Pick<QueryTree>([new FacetTree("licence", "cc0"), new FacetTree("license", "CC BY 4.0"), new FacetTree("year", "2020"), new FacetTree("format", "png")]),
            4 => new WordTree(null, corpus.Pick(["absent", "S-BIAR4", "s-biax3", "homo", "SAPIENS"])),
            _ => new WordTree(field, corpus.Pick(Corpus.Words)),
        };
    }

    protected static string WithField(string? field, string text) => field is null ? text : field + ":" + text;
}

internal sealed record WordTree(string? Field, string Text) : QueryTree
{
    public override string Write(Random random) => WithField(Field, Text);
}

internal sealed record PhraseTree(string? Field, IReadOnlyList<string> Words) : QueryTree
{
    public override string Write(Random random) => WithField(Field, '"' + string.Join(' ', Words) + '"');
}

internal sealed record PrefixTree(string? Field, string Text) : QueryTree
{
    public override string Write(Random random) => WithField(Field, Text + "*");
}

internal sealed record FacetTree(string Facet, string Value) : QueryTree
{
    public override string Write(Random random) => $"{Facet}:\"{Value}\"";
}

internal sealed record AllTree(IReadOnlyList<QueryTree> Parts) : QueryTree
{
    public override string Write(Random random) =>
        "(" + string.Join(random.Next(2) == 0 ? " " : " AND ", Parts.Select(p => (random.Next(4) == 0 ? "+" : "") + p.Write(random))) + ")";
}

internal sealed record AnyTree(IReadOnlyList<QueryTree> Parts) : QueryTree
{
    public override string Write(Random random) => "(" + string.Join(" OR ", Parts.Select(p => p.Write(random))) + ")";
}

internal sealed record NoTree(QueryTree Part) : QueryTree
{
    public override string Write(Random random) => (random.Next(2) == 0 ? "NOT " : "-") + Part.Write(random);
}
