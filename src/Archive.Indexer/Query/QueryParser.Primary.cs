using Archive.Indexer.Text;

namespace Archive.Indexer.Query;

internal sealed partial class QueryParser
{
    private QueryNode? Primary(string? field)
    {
        if (at >= tokens.Count) return null;
        var token = tokens[at];
        switch (token.Kind)
        {
            case QueryTokenKind.Field:
                at++;
                return OfField(token);
            case QueryTokenKind.Open:
                at++;
                return Group(field);
            case QueryTokenKind.Word or QueryTokenKind.Phrase or QueryTokenKind.Range:
                at++;
                return Boosted(Leaf(field, token));
            case QueryTokenKind.Boost:
                Tell("^ follows nothing that it could be said of; it is passed over.");
                at++;
                return null;
            default:
                return null;
        }
    }

    private QueryNode? OfField(QueryToken field)
    {
        if (Is(QueryTokenKind.Word) || Is(QueryTokenKind.Phrase) || Is(QueryTokenKind.Range) || Is(QueryTokenKind.Open) || Is(QueryTokenKind.Field))
            return Primary(field.Text);
        notes.Add(field.Place, $"The field {field.Text} has no value; it is passed over.");
        return null;
    }

    private QueryNode? Group(string? field)
    {
        var open = at - 1;
        if (depth == MaxDepth)
        {
            if (passed++ == 0) TellAt(open, $"Parentheses are read {MaxDepth} deep; deeper ones are passed over.");
            return null;
        }
        if (Is(QueryTokenKind.Close)) TellAt(open, "There is nothing in these parentheses; they are passed over.");
        depth++;
        var inner = new List<QueryNode>();
        while (true)
        {
            if (Or(field) is { } part) inner.Add(part);
            if (passed == 0 || !Is(QueryTokenKind.Close)) break;
            passed--;
            at++;
        }
        depth--;
        if (Is(QueryTokenKind.Close)) at++;
        else TellAt(open, "This parenthesis is not closed; it goes to the end.");
        return Boosted(Join(inner, all => new AndNode(all)));
    }

    private QueryNode? Boosted(QueryNode? part)
    {
        if (!Is(QueryTokenKind.Boost)) return part;
        var factor = tokens[at].Factor;
        if (factor > MaxBoost) Tell($"A factor is {MaxBoost} at most; that is taken.");
        at++;
        return part is null ? null : new BoostNode(part, Math.Min(factor, MaxBoost)) { Place = part.Place };
    }

    private QueryNode? Leaf(string? field, QueryToken token)
    {
        if (words == MaxWords)
        {
            notes.Add(token.Place, $"A query is read up to {MaxWords} words, phrases and ranges; this one is passed over.");
            return null;
        }
        words++;
        var node = token.Kind switch
        {
            QueryTokenKind.Phrase => Phrase(field, token),
            QueryTokenKind.Range => Range(field, token),
            _ => Word(field, token),
        };
        return node is null ? null : node with { Place = token.Place };
    }

    private WordsNode? Phrase(string? field, QueryToken token)
    {
        if (!HasWord(token, "There is no word in these quotes; they are passed over.")) return null;
        var slop = token.Tilde ?? 0;
        if (slop > TextFields.MaxSlop) notes.Add(token.Place, $"The words of a phrase are looked for up to ~{TextFields.MaxSlop} apart; that is taken.");
        return new WordsNode(field, token.Text, IsPhrase: true, IsPrefix: false) { Slop = Math.Min(slop, TextFields.MaxSlop) };
    }

    private QueryNode Range(string? field, QueryToken token)
    {
        if (field is not null) return new RangeNode(field, Bound(token.Text), Bound(token.UpperText), token.IsMinIn, token.IsMaxIn);
        notes.Add(token.Place, "A range needs a field before it, such as year:[2020 TO 2024]; its ends are read as words.");
        return new WordsNode(null, $"{token.Text} {token.UpperText}", IsPhrase: true, IsPrefix: false);
    }

    private QueryNode? Word(string? field, QueryToken token)
    {
        var text = token.Text;
        var isWild = token.Wild.Count > 0;
        if (isWild && (token.Wild.Count == text.Length || text == "*:*") && !text.Contains('?', StringComparison.Ordinal)) return new AnythingNode(field);
        if (field is not null && text[0] is '<' or '>')
        {
            var isIn = text.Length > 1 && text[1] == '=';
            var bound = text[(isIn ? 2 : 1)..];
            if (bound.Length > 0) return text[0] == '>' ? new RangeNode(field, bound, null, isIn, true) : new RangeNode(field, null, bound, true, isIn);
        }
        if (!isWild && !HasWord(token, "There is no letter or digit in it; it is passed over.")) return null;
        if (token.Tilde is { } edits)
        {
            if (isWild) notes.Add(token.Place, "A word has * and ? or ~, not both; ~ is passed over.");
            else return new FuzzyNode(field, text, edits);
        }
        if (!isWild) return new WordsNode(field, text, IsPhrase: false, IsPrefix: false);
        return token.Wild.Count == 1 && text.EndsWith('*') && token.Wild[0] == text.Length - 1 && text.Any(Folding.IsWord)
            ? new WordsNode(field, text[..^1], IsPhrase: false, IsPrefix: true)
            : new WildcardNode(field, text, token.Wild);
    }

    private bool HasWord(QueryToken token, string otherwise)
    {
        foreach (var c in token.Text)
            if (Folding.IsWord(c))
                return true;
        notes.Add(token.Place, otherwise);
        return false;
    }

    private static string? Bound(string text) => text == "*" ? null : text;
}
