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
        if (random.Next(8) == 0) return new BoostTree(parts[0] is NoTree or BoostTree ? new AllTree(parts) : parts[0], corpus.Pick([0, 0.5, 2, 2.25, 1000]));
        return random.Next(5) switch
        {
            0 or 1 => new AllTree(parts),
            2 or 3 => new AnyTree([.. parts.Select(p => isForFiles && p is NoTree ? new AllTree([p, p])
                : p is not (NoTree or BoostTree) && random.Next(8) == 0 ? new PlusTree(p) : p)]),
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
            return random.Next(8) switch
            {
                0 or 1 => new PrefixTree(null, word[..Math.Max(1, word.Length - 1)]),
                2 => new FuzzyTree(null, Misspelt(corpus, word), random.Next(3)),
                3 => new WildTree(null, corpus.Pick(["im?", "*if*", "d?pi", "*0*", "a?1", "ta*ol", "?", "??", "t*f*", "img-0*1", "pl?te-A*", "raw-*1", "*1", "c?d", "M*l?er", "cp*", "x*y?z"])),
                4 when random.Next(3) == 0 => new AnythingTree(null),
                _ => new WordTree(null, word),
            };
        }
        var field = random.Next(4) == 0 ? corpus.Pick(["title", "description", "keyword", "organism", "abstract", "content"]) : null;
        if (random.Next(2) == 0) return LanguageLeaf(corpus, field);
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

    // What only datasets are searched with.
    private static QueryTree LanguageLeaf(Corpus corpus, string? field)
    {
        var random = corpus.Random;
        var (isMinIn, isMaxIn) = (random.Next(2) == 0, random.Next(2) == 0);
        switch (random.Next(8))
        {
            case 0:
                return new NearTree(field, [.. Enumerable.Range(0, 2 + random.Next(2)).Select(_ => corpus.Pick(Corpus.Words))], random.Next(9));
            case 1:
                return new FuzzyTree(field, Misspelt(corpus, corpus.Pick(Corpus.Words)).Replace(".", "").Replace("/", ""), random.Next(3));
            case 2:
                return new WildTree(field, corpus.Pick(["ima?e", "*ing", "n*l?i", "gfp-t*g*", "?", "*a*", "m??se", "s-b*1*3", "M*r", "org*s", "*-*", "x*y?z", "1?.*", "*s"]));
            case 3:
                return new RangeTree(corpus.Pick(["released", "imaged"]), Bound(corpus, ["2018", "2019-05", "2020-02-02", "2021"]), Bound(corpus, ["2019", "2020-07", "2021-12-31", "2022"]), isMinIn, isMaxIn);
            case 4:
                return random.Next(2) == 0
                    ? new RangeTree("files", Bound(corpus, ["0", "1", "20", "0.5"]), Bound(corpus, ["1", "64", "200", "1k"]), isMinIn, isMaxIn)
                    : new RangeTree("size", Bound(corpus, ["0", "1k", "1.5G"]), Bound(corpus, ["100GB", "1T", "5000"]), isMinIn, isMaxIn);
            case 5:
                return random.Next(3) switch
                {
                    0 => new RangeTree("year", Bound(corpus, ["2018", "2019", "2020.5"]), Bound(corpus, ["2020", "2021", "9999"]), isMinIn, isMaxIn),
                    1 => new RangeTree("format", Bound(corpus, ["ome", "PNG", "tiff"]), Bound(corpus, ["png", "TIFF", "zz"]), isMinIn, isMaxIn),
                    _ => new RangeTree("organism", Bound(corpus, ["danio rerio", "homo"]), Bound(corpus, ["Homo sapiens", "n"]), isMinIn, isMaxIn),
                };
            case 6:
                return new RangeTree(corpus.Pick(["title", "description", "keyword"]), corpus.Pick(["cell", "gfp", "H2B"]), Bound(corpus, ["imaging", "mouse", "nuclei"]), isMinIn, isMaxIn);
            default:
                return corpus.Pick<QueryTree>([
                    new AnythingTree(null), new AnythingTree("licence"), new AnythingTree("released"), new AnythingTree("files"), new FacetPatternTree("licence", "c?*0"),
                    new FacetPatternTree("format", "*tiff"), new FacetLikeTree("licence", "cc1", 1), new GroupTree("title", [corpus.Pick(Corpus.Words), corpus.Pick(Corpus.Words)])]);
        }
    }

    private static string Misspelt(Corpus corpus, string word)
    {
        var letters = word.ToCharArray();
        var at = corpus.Random.Next(letters.Length);
        if (corpus.Random.Next(3) > 0 && char.IsLetter(letters[at])) letters[at] = corpus.Pick(['a', 'e', 'l', 's', 'x']);
        return new string(letters);
    }

    private static string? Bound(Corpus corpus, string[] from) => corpus.Random.Next(4) == 0 ? null : corpus.Pick(from);

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

internal sealed record NearTree(string? Field, IReadOnlyList<string> Words, int Slop) : QueryTree
{
    public override string Write(Random random) => WithField(Field, $"\"{string.Join(' ', Words)}\"~{Slop}");
}

internal sealed record FuzzyTree(string? Field, string Text, int Edits) : QueryTree
{
    public override string Write(Random random) => WithField(Field, Text.Replace("-", "\\-") + (Edits == 2 && random.Next(2) == 0 ? "~" : "~" + Edits));
}

internal sealed record WildTree(string? Field, string Pattern) : QueryTree
{
    public override string Write(Random random) => WithField(Field, Pattern);
}

internal sealed record RangeTree(string Field, string? Min, string? Max, bool IsMinIn, bool IsMaxIn) : QueryTree
{
    public override string Write(Random random)
    {
        if (Max is null && Min is not null && random.Next(2) == 0) return $"{Field}:{(IsMinIn ? ">=" : ">")}{Min.Replace(" ", "\\ ")}";
        if (Min is null && Max is not null && random.Next(2) == 0) return $"{Field}:{(IsMaxIn ? "<=" : "<")}{Max.Replace(" ", "\\ ")}";
        return $"{Field}:{(IsMinIn ? '[' : '{')}{Quote(Min)} TO {Quote(Max)}{(IsMaxIn ? ']' : '}')}";
    }

    private static string Quote(string? bound) => bound is null ? "*" : bound.Contains(' ') ? $"\"{bound}\"" : bound;
}

internal sealed record AnythingTree(string? Field) : QueryTree
{
    public override string Write(Random random) => Field is null ? (random.Next(2) == 0 ? "*" : "*:*") : Field + (random.Next(2) == 0 ? ":*" : ":[* TO *]");
}

internal sealed record FacetPatternTree(string Facet, string Pattern) : QueryTree
{
    public override string Write(Random random) => WithField(Facet, Pattern);
}

internal sealed record FacetLikeTree(string Facet, string Text, int Edits) : QueryTree
{
    public override string Write(Random random) => WithField(Facet, $"{Text}~{Edits}");
}

internal sealed record GroupTree(string Field, IReadOnlyList<string> Words) : QueryTree
{
    public override string Write(Random random) => $"{Field}:({string.Join(' ', Words)})";
}

internal sealed record BoostTree(QueryTree Part, double Factor) : QueryTree
{
    public override string Write(Random random) => Part.Write(random) + FormattableString.Invariant($"^{Factor}");
}

internal sealed record PlusTree(QueryTree Part) : QueryTree
{
    public override string Write(Random random) => "+" + Part.Write(random);
}

internal sealed record AllTree(IReadOnlyList<QueryTree> Parts) : QueryTree
{
    public override string Write(Random random) => "(" + WriteInner(random) + ")";

    /// <summary>Without parentheses, which an alternative of several clauses does not need.</summary>
    public string WriteInner(Random random) =>
        string.Join(random.Next(3) switch { 0 => " ", 1 => " AND ", _ => " && " }, Parts.Select(p => (p is not NoTree && random.Next(4) == 0 ? "+" : "") + p.Write(random)));
}

internal sealed record AnyTree(IReadOnlyList<QueryTree> Parts) : QueryTree
{
    public override string Write(Random random) => "(" + string.Join(random.Next(3) == 0 ? " || " : " OR ",
        Parts.Select(p => p is AllTree all && random.Next(2) == 0 ? all.WriteInner(random) : p.Write(random))) + ")";
}

internal sealed record NoTree(QueryTree Part) : QueryTree
{
    public override string Write(Random random) => random.Next(3) switch { 0 => "NOT ", 1 => "!", _ => "-" } + Part.Write(random);
}
