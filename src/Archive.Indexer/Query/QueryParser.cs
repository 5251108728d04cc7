namespace Archive.Indexer.Query;

/// <summary>
/// Reads a query: <c>or := and (OR and)*</c>, <c>and := unary (AND? unary)*</c>, <c>unary := (NOT | - | +)* primary</c>. Lenient:
/// an operator without its operand, a parenthesis without its other half or a field without a value are passed over.
/// </summary>
internal sealed class QueryParser
{
    /// <summary>Deeper parentheses are passed over.</summary>
    public const int MaxDepth = 32;

    /// <summary>Further words are passed over.</summary>
    public const int MaxWords = 128;

    private readonly List<QueryToken> tokens;
    private int at;
    private int depth;
    private int words;

    private QueryParser(List<QueryToken> tokens) => this.tokens = tokens;

    /// <summary>Reads a query; null when it asks for nothing in particular.</summary>
    /// <param name="text">Anything.</param>
    /// <param name="isField">Which names before a colon are fields.</param>
    public static QueryNode? Parse(string text, Func<string, bool> isField)
    {
        var parser = new QueryParser(QueryLexer.Read(text, isField));
        var parts = new List<QueryNode>();
        while (parser.at < parser.tokens.Count)
        {
            if (parser.Or(null) is { } part) parts.Add(part);
            if (parser.Is(QueryTokenKind.Close)) parser.at++;
        }
        return Join(parts, all => new AndNode(all));
    }

    private QueryNode? Or(string? field)
    {
        var parts = new List<QueryNode>();
        do
        {
            if (And(field) is { } part) parts.Add(part);
        }
        while (Take(QueryTokenKind.Or));
        return Join(parts, all => new OrNode(all));
    }

    private QueryNode? And(string? field)
    {
        var parts = new List<QueryNode>();
        while (at < tokens.Count && !Is(QueryTokenKind.Or) && !Is(QueryTokenKind.Close))
        {
            if (Take(QueryTokenKind.And)) continue;
            if (Unary(field) is { } part) parts.Add(part);
        }
        return Join(parts, all => new AndNode(all));
    }

    private QueryNode? Unary(string? field)
    {
        var isNot = false;
        for (; Is(QueryTokenKind.Not) || Is(QueryTokenKind.Required); at++) isNot ^= Is(QueryTokenKind.Not);
        var part = Primary(field);
        return isNot && part is not null ? new NotNode(part) : part;
    }

    private QueryNode? Primary(string? field)
    {
        if (at >= tokens.Count) return null;
        var token = tokens[at];
        switch (token.Kind)
        {
            case QueryTokenKind.Field:
                at++;
                return Is(QueryTokenKind.Word) || Is(QueryTokenKind.Phrase) || Is(QueryTokenKind.Open) || Is(QueryTokenKind.Field) ? Primary(token.Text) : null;
            case QueryTokenKind.Open:
                at++;
                return Group(field);
            case QueryTokenKind.Word or QueryTokenKind.Phrase:
                at++;
                return Words(field, token);
            default:
                return null;
        }
    }

    private QueryNode? Group(string? field)
    {
        if (depth == MaxDepth) return null;
        depth++;
        var inner = Or(field);
        depth--;
        Take(QueryTokenKind.Close);
        return inner;
    }

    private WordsNode? Words(string? field, QueryToken token)
    {
        var isPhrase = token.Kind == QueryTokenKind.Phrase;
        var isPrefix = !isPhrase && token.Text.EndsWith('*');
        var text = isPrefix ? token.Text.TrimEnd('*') : token.Text;
        if (string.IsNullOrWhiteSpace(text) || words == MaxWords) return null;
        words++;
        return new WordsNode(field, text, isPhrase, isPrefix);
    }

    private bool Is(QueryTokenKind kind) => at < tokens.Count && tokens[at].Kind == kind;

    private bool Take(QueryTokenKind kind)
    {
        if (!Is(kind)) return false;
        at++;
        return true;
    }

    private static QueryNode? Join(List<QueryNode> parts, Func<List<QueryNode>, QueryNode> join) => parts.Count switch
    {
        0 => null,
        1 => parts[0],
        _ => join(parts),
    };
}
