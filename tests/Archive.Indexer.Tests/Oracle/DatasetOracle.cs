using System.Text;
using Archive.Indexer.Searching;
using Archive.Indexer.Tests.Support;
using Archive.Indexer.Text;
using Archive.Model.Datasets;
using Archive.Model.Search;

namespace Archive.Indexer.Tests.Oracle;

/// <summary>
/// Answers dataset queries by looking at every word of every dataset. Shares with the index only how texts are cut into words;
/// weights, BM25, phrases, facets and orders are written again from their definition.
/// </summary>
internal sealed partial class DatasetOracle
{
    private static readonly Dictionary<string, int> Weights = new(StringComparer.Ordinal)
    {
        ["accession"] = 8, ["title"] = 5, ["keyword"] = 4, ["description"] = 3, ["organism"] = 4, ["method"] = 4, ["author"] = 5, ["content"] = 1,
    };

    private readonly List<Doc> docs;
    private readonly QueryLimits limits;
    private readonly bool hasNames;
    private bool expands;
    private readonly Tokenizer tokenizer = new();

    public DatasetOracle(FakeFeed feed, QueryLimits limits, bool hasNames)
    {
        this.hasNames = hasNames;
        this.limits = limits;
        docs = [.. feed.Public.Order().Select(a => new Doc(feed[a].Document, feed[a].Files, tokenizer))];
    }

    public (List<string> Hits, List<FacetResult> Facets) Search(
        QueryTree? tree, IReadOnlyList<FacetSelection> chosen, IReadOnlyList<FacetBounds> ranges, string? sort, int facetSize, bool useSynonyms)
    {
        expands = hasNames && useSynonyms;
        // Everything is nothing in particular: the newest come first.
        if (tree is AnythingTree { Field: null }) tree = null;
        var scores = tree is null ? docs.ToDictionary(d => d, _ => 0L) : Evaluate(tree);
        bool Passes(Doc doc, string? except) => chosen.All(c => c.Name == except || c.Values.Any(v => doc.Facets[c.Name].Contains(v)))
            && ranges.All(r => r.Name == except || doc.Facets[r.Name].Exists(v => OracleFacets.IsWithin(r, v)));
        var hits = scores.Keys.Where(d => Passes(d, null)).ToList();
        var order = sort ?? (tree is null ? "-released" : "relevance");
        hits.Sort((a, b) => Compare(order, a, b, scores));
        var facets = new List<FacetResult>();
        foreach (var (name, type, isListed) in OracleFacets.All)
        {
            var counted = scores.Keys.Where(d => Passes(d, name)).ToList();
            var values = counted.SelectMany(d => d.Facets[name]).GroupBy(v => v).Select(g => new FacetValue(g.Key, g.Count()))
                .OrderByDescending(v => v.Count).ThenBy(v => v.Value, Comparer<string>.Create(FileOracle.CompareValues)).ToList();
            var best = values.Take(isListed ? facetSize : 0).ToList();
            if (isListed) foreach (var value in chosen.Where(c => c.Name == name).SelectMany(c => c.Values).Distinct())
                if (!best.Exists(b => b.Value == value))
                    best.Add(values.Find(v => v.Value == value) ?? new FacetValue(value, 0));
            var ordered = type == FacetType.Text ? [] : values.Select(v => v.Value).Order(Comparer<string>.Create(FileOracle.CompareValues)).ToList();
            facets.Add(new FacetResult(name, "", best, counted.Count(d => d.Facets[name].Count == 0), isListed ? values.Count : 0)
            {
                Type = type, Min = ordered.FirstOrDefault(), Max = ordered.LastOrDefault(),
            });
        }
        return (hits.ConvertAll(h => $"{h.Accession} {scores[h]}"), facets);
    }

    private static int Compare(string sort, Doc a, Doc b, Dictionary<Doc, long> scores)
    {
        var sign = sort[0] == '-' ? -1 : 1;
        var order = sort.TrimStart('-') switch
        {
            "relevance" => scores[b].CompareTo(scores[a]),
            "released" => Missing(a.Released, b.Released, sign),
            "files" => sign * a.Files.CompareTo(b.Files),
            "size" => sign * a.Size.CompareTo(b.Size),
            "accession" => sign * a.Accession.CompareTo(b.Accession),
            _ => sign * FileOracle.CompareValues(a.TitleKey, b.TitleKey),
        };
        return order != 0 ? order : (sort == "-released" ? -1 : 1) * a.Accession.CompareTo(b.Accession);
    }

    private static int Missing(DateOnly? a, DateOnly? b, int sign) =>
        a is null || b is null ? (a is null ? 1 : 0) - (b is null ? 1 : 0) : sign * a.Value.CompareTo(b.Value);

    private Dictionary<Doc, long> Evaluate(QueryTree tree)
    {
        switch (tree)
        {
            case AllTree all:
                var wanted = all.Parts.Where(p => p is not NoTree).Select(Evaluate).ToList();
                var hidden = all.Parts.OfType<NoTree>().Select(Excluded).ToList();
                return docs.Where(d => wanted.TrueForAll(w => w.ContainsKey(d)) && !hidden.Exists(h => h.ContainsKey(d)))
                    .ToDictionary(d => d, d => Math.Min(int.MaxValue, wanted.Sum(w => w[d])));
            case AnyTree any:
                return Alternatives(any);
            case NoTree no:
                var other = Excluded(no);
                return docs.Where(d => !other.ContainsKey(d)).ToDictionary(d => d, _ => 0L);
            case WordTree word:
                return expands && Synonyms(word) is { } named ? named : Words(word.Field, word.Text, mayBeWhole: true);
            case PhraseTree phrase:
                return Words(phrase.Field, string.Join(' ', phrase.Words), mayBeWhole: false);
            case PrefixTree prefix:
                return Forms(prefix.Field, w => w.StartsWith(Fold(prefix.Text), StringComparison.Ordinal));
            case FacetTree facet:
                var name = facet.Facet == "license" ? "licence" : facet.Facet;
                return Constant(d => d.Facets[name].Any(v => Fold(v) == Fold(facet.Value)));
            default:
                return EvaluateLanguage(tree);
        }
    }

    private Dictionary<Doc, long> Constant(Func<Doc, bool> isHit) => docs.Where(isHit).ToDictionary(d => d, _ => 65536L);

    private Dictionary<Doc, long> Words(string? field, string text, bool mayBeWhole)
    {
        var tokens = new List<Token>();
        tokenizer.Tokenize(text, tokens);
        var parts = tokens.Where(t => !t.IsWhole).Select(t => t.Term).ToList();
        var found = Row(field, parts);
        if (!mayBeWhole || !tokens[0].IsWhole) return found;
        var whole = Row(field, [tokens[0].Term]);
        return docs.Where(d => found.ContainsKey(d) || whole.ContainsKey(d)).ToDictionary(d => d, d => found.GetValueOrDefault(d) + whole.GetValueOrDefault(d));
    }

    // Datasets with terms in a row; one term alone counts the datasets that have it in the field, several those that have each anywhere.
    private Dictionary<Doc, long> Row(string? field, List<string> terms)
    {
        var frequencies = docs.ToDictionary(d => d, d => d.Tokens.Where(t => t.Term == terms[0] && IsIn(t, field)
            && Enumerable.Range(1, terms.Count - 1).All(i => d.Has(t.Field, t.Position + i, terms[i]))).Sum(t => d.Counts(t.Field)));
        var hits = docs.Where(d => frequencies[d] > 0).ToList();
        var idf = terms.Count == 1 ? Idf(hits.Count) : terms.Sum(term => Idf(docs.Count(d => d.Tokens.Any(t => t.Term == term))));
        return hits.ToDictionary(d => d, d => Score(idf, frequencies[d]));
    }

    private double Idf(int frequency) => Math.Log(1 + ((docs.Count - frequency + 0.5) / (frequency + 0.5)));

    // BM25 with k1 = 1.2, where once in a title, which weighs five times eight, is once.
    private static long Score(double idf, double eighths)
    {
        var frequency = eighths / 40;
        return (long)Math.Round(65536 * idf * 2.2 * frequency / (frequency + 1.2));
    }

    private static bool IsIn(DocToken token, string? field) => field is null || token.Field == (field == "abstract" ? "description" : field);

    private static string Fold(string text)
    {
        var folded = new StringBuilder();
        foreach (var c in text.ToLowerInvariant()) folded.Append(c switch { 'ü' => 'u', 'ï' => 'i', _ => c });
        return folded.ToString();
    }

    private sealed record DocToken(string Field, int Position, string Term, string Word);

    private sealed class Doc
    {
        private readonly HashSet<(string, int, string)> places;
        private readonly Dictionary<string, int> lengths = new(StringComparer.Ordinal);

        public Doc(SearchDocument document, List<SearchFile> files, Tokenizer tokenizer)
        {
            Accession = document.Accession;
            Document = document;
            Released = document.ReleaseDate;
            TitleKey = Fold(document.Title);
            Files = files.Count;
            Size = files.Sum(f => f.LengthBytes);
            foreach (var field in document.Texts.GroupBy(t => Weights.ContainsKey(t.Field) ? t.Field : "content"))
            {
                var next = 0;
                foreach (var piece in field)
                {
                    var tokens = new List<Token>();
                    tokenizer.Tokenize(piece.Text, tokens);
                    foreach (var token in tokens) Tokens.Add(new DocToken(field.Key, next + token.Position, token.Term, token.Word));
                    lengths[field.Key] = lengths.GetValueOrDefault(field.Key) + tokens.Count(t => !t.IsWhole);
                    // Far enough apart that no phrase reaches from one piece into the next.
                    next += tokens.Count + 100;
                }
            }
            places = [.. Tokens.Select(t => (t.Field, t.Position, t.Term))];
            foreach (var (name, values) in OracleFacets.Of(document, files)) Facets[name] = values;
        }

        public Accession Accession { get; }

        public SearchDocument Document { get; }

        public DateOnly? Released { get; }

        public string TitleKey { get; }

        public int Files { get; }

        public long Size { get; }

        public List<DocToken> Tokens { get; } = [];

        public Dictionary<string, List<string>> Facets { get; } = new(StringComparer.Ordinal);

        // What a place in a field counts, in whole eighths, one or more: b = 0.3 against 150 words of description and 200 of content, the others as they are.
        public long Counts(string field)
        {
            var usual = field switch { "description" => 150m, "content" => 200m, _ => 0m };
            var norm = usual == 0 ? 1 : 0.7m + (0.3m * lengths.GetValueOrDefault(field) / usual);
            return Math.Max(1, (long)Math.Round(8 * Weights[field] / norm, MidpointRounding.AwayFromZero));
        }

        public bool Has(string field, int position, string term) => places.Contains((field, position, term));
    }
}
