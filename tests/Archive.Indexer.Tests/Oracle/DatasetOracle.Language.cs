using System.Globalization;
using System.Text.RegularExpressions;
using Archive.Indexer.Text;

namespace Archive.Indexer.Tests.Oracle;

internal sealed partial class DatasetOracle
{
    private Dictionary<Doc, long> EvaluateLanguage(QueryTree tree)
    {
        switch (tree)
        {
            case PlusTree plus:
                return Evaluate(plus.Part);
            case BoostTree boost:
                return Evaluate(boost.Part).ToDictionary(x => x.Key, x => Math.Min(int.MaxValue, (long)Math.Round(x.Value * boost.Factor)));
            case GroupTree group:
                return Evaluate(new AllTree([.. group.Words.Select(w => new WordTree(group.Field, w))]));
            case NearTree near:
                return Near(near);
            case FuzzyTree fuzzy:
                return Fuzzy(fuzzy);
            case WildTree wild:
                return Forms(wild.Field, w => Glob(wild.Pattern).IsMatch(w));
            case RangeTree range:
                return Range(range);
            case AnythingTree { Field: null }:
                return docs.ToDictionary(d => d, _ => 0L);
            case AnythingTree anything:
                return Constant(d => anything.Field switch { "files" => true, "released" => d.Released is not null, _ => d.Facets[anything.Field!].Count > 0 });
            case FacetPatternTree pattern:
                return Constant(d => d.Facets[pattern.Facet].Any(v => Glob(pattern.Pattern).IsMatch(Fold(v))));
            case FacetLikeTree like:
                return Constant(d => d.Facets[like.Facet].Any(v => Edits(Fold(like.Text), Fold(v)) <= like.Edits));
            default:
                throw new NotSupportedException();
        }
    }

    private Dictionary<Doc, long> Alternatives(AnyTree any)
    {
        var required = any.Parts.OfType<PlusTree>().Select(Evaluate).ToList();
        var hidden = any.Parts.OfType<NoTree>().Select(Excluded).ToList();
        var others = any.Parts.Where(p => p is not (PlusTree or NoTree)).Select(Evaluate).ToList();
        return docs.Where(d => !hidden.Exists(h => h.ContainsKey(d)) && required.TrueForAll(r => r.ContainsKey(d))
                && (required.Count > 0 || others.Count == 0 || others.Exists(o => o.ContainsKey(d))))
            .ToDictionary(d => d, d => Math.Min(int.MaxValue, required.Concat(others).Sum(p => p.GetValueOrDefault(d))));
    }

    // Datasets with words as written, the most frequent ones up to the limit.
    private Dictionary<Doc, long> Forms(string? field, Predicate<string> isWanted)
    {
        var words = docs.SelectMany(d => d.Tokens.Select(t => t.Word).Distinct()).Where(w => isWanted(w)).GroupBy(w => w)
            .OrderByDescending(g => g.Count()).ThenBy(g => g.Key, StringComparer.Ordinal).Take(limits.MaxExpansions).Select(g => g.Key).ToHashSet();
        return Constant(d => d.Tokens.Any(t => IsIn(t, field) && words.Contains(t.Word)));
    }

    private Dictionary<Doc, long> Fuzzy(FuzzyTree fuzzy)
    {
        var tokens = new List<Token>();
        tokenizer.Tokenize(fuzzy.Text, tokens);
        var text = tokens[0].Word;
        var edits = Math.Min(fuzzy.Edits, text.Length - 1);
        var words = docs.SelectMany(d => d.Tokens.Select(t => (t.Word, t.Term)).Distinct()).Where(w => w.Word[0] == text[0] && Edits(w.Word, text) <= edits).GroupBy(w => w)
            .OrderBy(g => Edits(g.Key.Word, text)).ThenByDescending(g => g.Count()).ThenBy(g => g.Key.Word, StringComparer.Ordinal).Take(limits.MaxLikeWords).Select(g => g.Key).ToList();
        var worth = words.GroupBy(w => w.Term).ToDictionary(g => g.Key, g => g.Min(w => Edits(w.Word, text)) switch { 0 => 1.0, 1 => 0.5, _ => 0.25 });
        return Blend(docs.ToDictionary(d => d, d => d.Tokens.Where(t => IsIn(t, fuzzy.Field) && worth.ContainsKey(t.Term)).Sum(t => d.Counts(t.Field) * worth[t.Term])));
    }

    // What counts as one word, whatever stands for it.
    private Dictionary<Doc, long> Blend(Dictionary<Doc, double> frequencies)
    {
        var hits = docs.Where(d => frequencies[d] > 0).ToList();
        var idf = Idf(hits.Count);
        return hits.ToDictionary(d => d, d => Score(idf, frequencies[d]));
    }

    private Dictionary<Doc, long> Near(NearTree near)
    {
        var tokens = new List<Token>();
        tokenizer.Tokenize(string.Join(' ', near.Words), tokens);
        var terms = tokens.Where(t => !t.IsWhole).Select(t => t.Term).ToList();
        if (near.Slop == 0) return Row(near.Field, terms);
        var idf = terms.Sum(term => Idf(docs.Count(d => d.Tokens.Any(t => t.Term == term))));
        var frequencies = docs.ToDictionary(d => d, d => d.Tokens.Where(t => t.Term == terms[0] && !IsWhole(t) && IsIn(t, near.Field) && IsNear(d, terms, near.Slop, [t])).Sum(t => d.Counts(t.Field)));
        return docs.Where(d => frequencies[d] > 0).ToDictionary(d => d, d => Score(idf, frequencies[d]));
    }

    // Tries every choice of places, one after the other.
    private static bool IsNear(Doc doc, List<string> terms, int slop, List<DocToken> chosen)
    {
        if (chosen.Count == terms.Count) return true;
        foreach (var token in doc.Tokens.Where(t => t.Term == terms[chosen.Count] && t.Field == chosen[0].Field && !IsWhole(t) && !chosen.Contains(t)))
        {
            List<DocToken> longer = [.. chosen, token];
            var moves = longer.Select((t, i) => t.Position - i).ToList();
            if (moves.Max() - moves.Min() <= slop && IsNear(doc, terms, slop, longer)) return true;
        }
        return false;
    }

    private Dictionary<Doc, long> Range(RangeTree range) => range.Field is "title" or "description" or "keyword" ? Forms(range.Field, w => IsTextIn(w, range)) : Constant(d => range.Field switch
    {
        "released" => d.Released is { } day && IsDateIn(day, range),
        "imaged" => d.Facets["imaged"].Exists(v => range is { Min: null, Max: null } || IsDateIn(DateOnly.Parse(v, CultureInfo.InvariantCulture), range)),
        "files" => IsNumberIn(d.Files, range),
        "size" => IsNumberIn(d.Size, range),
        "year" => d.Facets["year"].Exists(y => IsNumberIn(double.Parse(y, CultureInfo.InvariantCulture), range)),
        _ => d.Facets[range.Field].Exists(v => IsTextIn(Fold(v), range)),
    });

    private static bool IsDateIn(DateOnly day, RangeTree range)
    {
        string Written(string bound) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)[..bound.Length];
        var low = range.Min is null ? 1 : string.CompareOrdinal(Written(range.Min), range.Min);
        var high = range.Max is null ? -1 : string.CompareOrdinal(Written(range.Max), range.Max);
        return (low > 0 || (low == 0 && range.IsMinIn)) && (high < 0 || (high == 0 && range.IsMaxIn));
    }

    private static bool IsNumberIn(double number, RangeTree range)
    {
        static double Number(string text) => text switch { "1k" => 1e3, "1.5G" => 1.5e9, "100GB" => 1e11, "1T" => 1e12, _ => double.Parse(text, CultureInfo.InvariantCulture) };
        var low = range.Min is null ? 1 : number.CompareTo(Number(range.Min));
        var high = range.Max is null ? -1 : number.CompareTo(Number(range.Max));
        return (low > 0 || (low == 0 && range.IsMinIn)) && (high < 0 || (high == 0 && range.IsMaxIn));
    }

    private static bool IsTextIn(string text, RangeTree range)
    {
        var low = range.Min is null ? 1 : string.CompareOrdinal(text, Fold(range.Min));
        var high = range.Max is null ? -1 : string.CompareOrdinal(text, Fold(range.Max));
        return (low > 0 || (low == 0 && range.IsMinIn)) && (high < 0 || (high == 0 && range.IsMaxIn));
    }

    public static Regex Glob(string pattern) =>
        new("\\A" + Regex.Escape(Fold(pattern)).Replace("\\*", ".*").Replace("\\?", ".") + "\\z", RegexOptions.Singleline, TimeSpan.FromSeconds(1));

    // By definition: the last letters are the same, or one of four edits was the last.
    public static int Edits(string a, string b)
    {
        if (Math.Abs(a.Length - b.Length) > 2) return 3;
        var known = new Dictionary<(int, int), int>();
        int Of(int i, int j)
        {
            if (i == 0 || j == 0) return i + j;
            if (known.TryGetValue((i, j), out var edits)) return edits;
            edits = Math.Min(Math.Min(Of(i - 1, j), Of(i, j - 1)) + 1, Of(i - 1, j - 1) + (a[i - 1] == b[j - 1] ? 0 : 1));
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) edits = Math.Min(edits, Of(i - 2, j - 2) + 1);
            return known[(i, j)] = edits;
        }
        return Of(a.Length, b.Length);
    }

    private static bool IsWhole(DocToken token) => token.Word.Any(Tokenizer.IsJoint);
}
