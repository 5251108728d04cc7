namespace Archive.Indexer.Query;

/// <summary>
/// Reads a query: <c>or := and (OR and)*</c>, <c>and := clause (AND? clause)*</c>, <c>clause := (NOT | ! | - | +)* (field:)? primary</c>,
/// <c>primary := (word | phrase | range | "(" or ")") (^ number)?</c>. Clauses beside each other must all be found. Among alternatives
/// <c>+</c> marks one that must be found and <c>-</c> or <c>NOT</c> one that must not, as in Lucene. Lenient: what has no meaning where
/// it stands is passed over and told.
/// </summary>
internal sealed partial class QueryParser
{
    /// <summary>Deeper parentheses are passed over.</summary>
    public const int MaxDepth = 32;

    /// <summary>Further words, phrases and ranges are passed over.</summary>
    public const int MaxWords = 128;

    /// <summary>Larger factors are cut to it.</summary>
    public const double MaxBoost = 1000;

    private readonly List<QueryToken> tokens;
    private readonly QueryNotes notes;
    private int at;
    private int depth;
    private int words;

    // Parentheses that were passed over, so that their other halves are passed over in silence.
    private int passed;

    private QueryParser(List<QueryToken> tokens, QueryNotes notes)
    {
        this.tokens = tokens;
        this.notes = notes;
    }

    private enum Sign
    {
        None,
        Required,
        Excluded,
    }

    /// <summary>Reads a query.</summary>
    /// <param name="text">Anything.</param>
    /// <param name="isField">Which names before a colon are fields.</param>
    public static ParsedQuery Read(string text, Func<string, bool> isField)
    {
        var told = new QueryNotes();
        var parser = new QueryParser(QueryLexer.Read(text, isField, told), told);
        var parts = new List<QueryNode>();
        while (parser.at < parser.tokens.Count)
        {
            if (parser.Or(null) is { } part) parts.Add(part);
            if (!parser.Is(QueryTokenKind.Close)) continue;
            parser.Tell("This parenthesis was not opened; it is passed over.");
            parser.at++;
        }
        return new ParsedQuery(Join(parts, all => new AndNode(all)), told);
    }

    private QueryNode? Or(string? field)
    {
        var operands = new List<(QueryNode Node, Sign Sign)>();
        for (var alternatives = 0; ; alternatives++)
        {
            var clauses = And(field);
            var isLast = !Is(QueryTokenKind.Or);
            if (clauses.Count == 0 && (alternatives > 0 || !isLast)) TellAt(isLast ? at - 1 : at, "OR has nothing on one side and is passed over.");
            if (isLast && operands.Count == 0) return Join(Signed(clauses), all => new AndNode(all));
            if (clauses.Count == 1) operands.Add(clauses[0]);
            else if (clauses.Count > 1) operands.Add((new AndNode(Signed(clauses)), Sign.None));
            if (isLast) break;
            at++;
        }
        var optional = operands.Where(o => o.Sign == Sign.None).Select(o => o.Node).ToList();
        if (operands.Count == optional.Count) return Join(optional, all => new OrNode(all));
        var all = Signed(operands.Where(o => o.Sign != Sign.None));
        if (operands.Exists(o => o.Sign == Sign.Required)) all.AddRange(optional.Select(o => new MaybeNode(o)));
        else if (Join(optional, any => new OrNode(any)) is { } any) all.Insert(0, any);
        return Join(all, every => new AndNode(every));
    }

    private List<(QueryNode Node, Sign Sign)> And(string? field)
    {
        var clauses = new List<(QueryNode Node, Sign Sign)>();
        while (at < tokens.Count && !Is(QueryTokenKind.Or) && !Is(QueryTokenKind.Close))
        {
            if (Is(QueryTokenKind.And))
            {
                var isBetween = clauses.Count > 0 && at + 1 < tokens.Count
                    && tokens[at + 1].Kind is not (QueryTokenKind.And or QueryTokenKind.Or or QueryTokenKind.Close);
                if (!isBetween) Tell("AND has nothing on one side and is passed over.");
                at++;
                continue;
            }
            if (Clause(field) is { } clause) clauses.Add(clause);
        }
        return clauses;
    }

    private (QueryNode Node, Sign Sign)? Clause(string? field)
    {
        var sign = Sign.None;
        var first = at;
        for (; Is(QueryTokenKind.Not) || Is(QueryTokenKind.Required); at++)
        {
            if (Is(QueryTokenKind.Not)) sign = sign == Sign.Excluded ? Sign.None : Sign.Excluded;
            else if (sign == Sign.None) sign = Sign.Required;
        }
        var before = at;
        var part = Primary(field);
        // Where something was taken and came to nothing, that has been told.
        if (part is null && at == before && at > first) TellAt(first, "Nothing follows that this could be said of; it is passed over.");
        return part is null ? null : (part, sign);
    }

    private static List<QueryNode> Signed(IEnumerable<(QueryNode Node, Sign Sign)> clauses) =>
        [.. clauses.Select(c => c.Sign == Sign.Excluded ? new NotNode(c.Node) : c.Node)];

    private bool Is(QueryTokenKind kind) => at < tokens.Count && tokens[at].Kind == kind;

    private void Tell(string message) => TellAt(at, message);

    private void TellAt(int token, string message) => notes.Add(tokens[token].Place, message);

    private static QueryNode? Join(List<QueryNode> parts, Func<List<QueryNode>, QueryNode> join) => parts.Count switch
    {
        0 => null,
        1 => parts[0],
        _ => join(parts),
    };
}
