using Archive.Indexer.Columns;
using Archive.Indexer.Facets;
using Archive.Indexer.Format;
using Archive.Indexer.Query;
using Archive.Indexer.Text;
using Archive.Model.Files;
using Archive.Model.Search;

namespace Archive.Indexer.Searching;

internal sealed partial class DatasetCompiler
{
    // An occurrence of a word counts for less with each edit, in quarters.
    private static readonly int[] QuartersByEdits = [4, 2, 1];

    private DatasetNode? Wildcard(WildcardNode node, bool isWanted)
    {
        var field = node.Field is null ? -1 : TextFields.Find(node.Field);
        if (node.Field is null || field >= 0) return Pattern(node.Text, node.Wild, node, field, isWanted);
        if (fields.Number(node.Field) >= 0) return NoNumber(node.Field, node.Text, node);
        var pattern = WordPattern.OfValue(node.Text, node.Wild);
        return columns.Values(fields.Facet(node.Field)!.Name, pattern.Fits);
    }

    private DatasetNode? Pattern(string text, IReadOnlyList<int> wild, QueryNode node, int field, bool isWanted)
    {
        var (words, cut) = WordPattern.Cut(text, wild, WordPattern.IsOfProse);
        var found = new List<DatasetNode>();
        foreach (var word in words)
            if (Text(node, word, field, isWanted) is { } part)
                found.Add(part);
        foreach (var pattern in cut)
        {
            if (!MayLookUp(node)) break;
            if (isWanted) Marked.AddWords(pattern.Fits, pattern.Prefix);
            found.Add(Forms(FormScan.Prefix(pattern.Prefix, pattern.IsPrefixOnly ? null : pattern.Fits), node, field));
        }
        if (found.Count == 0 && cut.Count == 0) notes.Add(node.Place, "There is no letter or digit in it; it is passed over.");
        return found.Count > 1 ? new AllOfNode(found, [], []) : found.Count == 1 ? found[0] : null;
    }

    private DatasetNode? Fuzzy(FuzzyNode node, bool isWanted)
    {
        var field = node.Field is null ? -1 : TextFields.Find(node.Field);
        if (node.Field is not null && field < 0)
        {
            if (fields.Number(node.Field) >= 0) return NoNumber(node.Field, node.Text, node);
            var folded = Folding.Fold(node.Text);
            return columns.Values(fields.Facet(node.Field)!.Name, value => EditDistance.Within(folded, value, node.Edits) >= 0);
        }
        var tokens = new List<Token>();
        tokenizer.Tokenize(node.Text, tokens);
        var found = new List<DatasetNode>();
        for (var i = 0; i < tokens.Count; i++)
        {
            if (i > 0 && IsWithin(tokens[i], tokens)) continue;
            if (!MayLookUp(node)) break;
            found.Add(Like(tokens[i].Word, node, field, isWanted));
        }
        if (tokens.Count == 0) notes.Add(node.Place, "There is no letter or digit in it; it is passed over.");
        return found.Count > 1 ? new AllOfNode(found, [], []) : found.Count == 1 ? found[0] : null;
    }

    private FoundNode Like(string word, FuzzyNode node, int field, bool isWanted)
    {
        var like = forms.Like(word, node.Edits);
        if (like.Count > limits.MaxLikeWords)
            notes.Add(node.Place, $"{like.Count} words are like it; the {limits.MaxLikeWords} likest and most frequent are looked for.");
        // Words of one term are one: the likest says how much it counts.
        var variants = like.Take(limits.MaxLikeWords).DistinctBy(w => w.Term, StringComparer.Ordinal).Select(w => new TermVariant([w.Term], QuartersByEdits[w.Edits])).ToList();
        if (isWanted) Marked.AddTerms(variants.Select(v => v.Terms[0]));
        return terms.Blend(variants, field);
    }

    private DatasetNode? Range(RangeNode range, bool isWanted)
    {
        if (fields.Number(range.Field) is >= 0 and var number) return NumberRange(number, range);
        var facet = fields.Facet(range.Field);
        if (facet is not null) return facet.Type == FacetType.Date ? DayRange(facet.Name, range) : FacetRange(facet.Name, range);
        if (!MayLookUp(range)) return null;
        var (min, max) = (Fold(range.Min), Fold(range.Max));
        if (min is null && max is null) return Anything(new AnythingNode(range.Field) { Place = range.Place });
        if (isWanted) Marked.AddWords(word => IsWithin(word, min, max, range), "");
        return Forms(FormScan.Range(min, range.IsMinIn, max, range.IsMaxIn), range, TextFields.Find(range.Field));
    }

    private DatasetNode? NumberRange(int number, RangeNode range)
    {
        var min = number == DatasetNumbers.Released ? 1 : 0L;
        var max = long.MaxValue;
        if (range.Min is not null)
        {
            if (DatasetFields.Read(number, range.Min) is not { } low) return NoNumber(range.Field, range.Min, range);
            min = Math.Max(min, range.IsMinIn ? low.Least : low.Greatest + (low.Greatest < long.MaxValue ? 1 : 0));
        }
        if (range.Max is not null)
        {
            if (DatasetFields.Read(number, range.Max) is not { } high) return NoNumber(range.Field, range.Max, range);
            max = range.IsMaxIn ? high.Greatest : high.Least - 1;
        }
        return columns.Numbers(number, min, max);
    }

    // Days are written year first, so that they are in the order of their letters.
    private DatasetNode? DayRange(string facet, RangeNode range)
    {
        long min = 0, max = long.MaxValue;
        foreach (var bound in new[] { range.Min, range.Max })
            if (bound is not null && DatasetFields.Days(bound) is null)
                return NoNumber(range.Field, bound, range);
        if (range.Min is not null && DatasetFields.Days(range.Min) is var (least, last)) min = range.IsMinIn ? least : last + 1;
        if (range.Max is not null && DatasetFields.Days(range.Max) is var (first, greatest)) max = range.IsMaxIn ? greatest : first - 1;
        return columns.Values(facet, value => DatasetFields.Days(value.ToString()) is var (day, _) && day >= min && day <= max);
    }

    // Between numbers, numbers; else texts, by code point without case and accents.
    private FoundNode FacetRange(string facet, RangeNode range)
    {
        if (range.Min is null && range.Max is null) return columns.Anything(facet);
        double low = double.NegativeInfinity, high = double.PositiveInfinity;
        if ((range.Min is null || AttributeKinds.TryNumber(FrontCodedListWriter.Encode(range.Min), out low))
            && (range.Max is null || AttributeKinds.TryNumber(FrontCodedListWriter.Encode(range.Max), out high)))
        {
            double? min = range.Min is null ? null : range.IsMinIn ? low : Math.BitIncrement(low);
            double? max = range.Max is null ? null : range.IsMaxIn ? high : Math.BitDecrement(high);
            return columns.Numbers(facet, min, max);
        }
        var (from, to) = (Fold(range.Min), Fold(range.Max));
        return columns.Values(facet, value => IsWithin(value, from, to, range));
    }

    private DatasetNode? Anything(AnythingNode anything)
    {
        if (anything.Field is null) return new EverythingNode(snapshot);
        if (fields.Number(anything.Field) is >= 0 and var number) return NumberRange(number, new RangeNode(anything.Field, null, null, true, true));
        if (fields.Facet(anything.Field) is { } facet) return columns.Anything(facet.Name);
        notes.Add(anything.Place, $"* alone is not looked for in {anything.Field}; it is passed over.");
        return null;
    }

    private FoundNode Forms(FormScan scan, QueryNode node, int field)
    {
        var result = forms.Find(scan, field, limits.MaxExpansions, out var found);
        if (found > limits.MaxExpansions) notes.Add(node.Place, $"{found} words fit; the {limits.MaxExpansions} most frequent are looked for.");
        return result;
    }

    // What is no number or date is looked for as words, wherever they are.
    private DatasetNode? NoNumber(string field, string text, QueryNode node)
    {
        var what = fields.Facet(field)?.Type == FacetType.Date || fields.Number(field) == DatasetNumbers.Released ? "date such as 2024, 2024-05 or 2024-05-17" : "whole number such as 100 or 5M";
        notes.Add(node.Place, $"{text} is no {what}; it is read as words.");
        return Text(node, text, -1, isWanted: true);
    }

    private bool MayLookUp(QueryNode node)
    {
        if (patterns++ < limits.MaxPatterns) return true;
        notes.Add(node.Place, $"A query has up to {limits.MaxPatterns} words with *, ? or ~ and ranges of words; this one is passed over.");
        return false;
    }

    private static bool IsWithin(ReadOnlySpan<char> value, string? min, string? max, RangeNode range)
    {
        if (min is not null && value.SequenceCompareTo(min) is var low && (low < 0 || (low == 0 && !range.IsMinIn))) return false;
        return max is null || value.SequenceCompareTo(max) is var high && (high < 0 || (high == 0 && range.IsMaxIn));
    }

    // Whether a token is a part of an identifier before it.
    private static bool IsWithin(Token token, List<Token> tokens) =>
        tokens.Exists(t => t.IsWhole && t != token && token.Start >= t.Start && token.Start + token.Length <= t.Start + t.Length);

    private static string? Fold(string? text) => text is null ? null : Folding.Fold(text);
}
