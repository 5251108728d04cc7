namespace Archive.Indexer.Query;

/// <summary>Kinds of pieces that a query is made of.</summary>
internal enum QueryTokenKind
{
    Word,
    Phrase,
    Field,
    And,
    Or,
    Not,
    Required,
    Open,
    Close,
}

/// <summary>A piece of a query. Text is the word, the phrase without quotes, or the field without colon.</summary>
internal readonly record struct QueryToken(QueryTokenKind Kind, string Text);

/// <summary>Cuts a query into pieces. Whatever the text is, it gives pieces and never fails.</summary>
internal static class QueryLexer
{
    /// <summary>Further characters are not read.</summary>
    public const int MaxLength = 4096;

    /// <param name="text">The query.</param>
    /// <param name="isField">Which names before a colon are fields; other colons belong to the word.</param>
    public static List<QueryToken> Read(string text, Func<string, bool> isField)
    {
        var rest = text.AsSpan(0, Math.Min(text.Length, MaxLength));
        var tokens = new List<QueryToken>();
        while (true)
        {
            rest = rest.TrimStart();
            if (rest.IsEmpty) return tokens;
            rest = rest[ReadOne(rest, isField, tokens)..];
        }
    }

    // Reads the piece at the start; returns how many characters it took.
    private static int ReadOne(ReadOnlySpan<char> rest, Func<string, bool> isField, List<QueryToken> tokens)
    {
        switch (rest[0])
        {
            case '(':
                tokens.Add(new QueryToken(QueryTokenKind.Open, ""));
                return 1;
            case ')':
                tokens.Add(new QueryToken(QueryTokenKind.Close, ""));
                return 1;
            case '"':
                var close = rest[1..].IndexOf('"');
                var phrase = close < 0 ? rest[1..] : rest.Slice(1, close);
                tokens.Add(new QueryToken(QueryTokenKind.Phrase, phrase.ToString()));
                return close < 0 ? rest.Length : close + 2;
            case '+' or '-' or '!':
                if (rest.Length > 1 && !char.IsWhiteSpace(rest[1]))
                    tokens.Add(new QueryToken(rest[0] == '+' ? QueryTokenKind.Required : QueryTokenKind.Not, ""));
                return 1;
            default:
                return ReadWord(rest, isField, tokens);
        }
    }

    private static int ReadWord(ReadOnlySpan<char> rest, Func<string, bool> isField, List<QueryToken> tokens)
    {
        var end = 0;
        while (end < rest.Length && !char.IsWhiteSpace(rest[end]) && rest[end] is not ('(' or ')' or '"')) end++;
        var word = rest[..end];
        var colon = word.IndexOf(':');
        if (colon > 0 && isField(word[..colon].ToString()))
        {
            tokens.Add(new QueryToken(QueryTokenKind.Field, word[..colon].ToString()));
            return colon + 1;
        }
        tokens.Add(word switch
        {
            "AND" or "&&" => new QueryToken(QueryTokenKind.And, ""),
            "OR" or "||" => new QueryToken(QueryTokenKind.Or, ""),
            "NOT" => new QueryToken(QueryTokenKind.Not, ""),
            _ => new QueryToken(QueryTokenKind.Word, word.ToString()),
        });
        return end;
    }
}
