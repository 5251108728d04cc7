using Archive.Indexer.Facets;
using Archive.Indexer.Generations;
using Archive.Indexer.Query;
using Archive.Indexer.Text;

namespace Archive.Indexer.Searching;

/// <summary>Looks the words of a query up in a snapshot.</summary>
internal sealed class DatasetCompiler
{
    private readonly IndexSnapshot snapshot;
    private readonly TermFinder finder;
    private readonly Tokenizer tokenizer = new();

    public DatasetCompiler(IndexSnapshot snapshot)
    {
        this.snapshot = snapshot;
        finder = new TermFinder(snapshot);
    }

    /// <summary>The words to mark in hits: those looked for, not those excluded.</summary>
    public MarkedWords Marked { get; } = new();

    /// <summary>Whether a name before a colon is a field of datasets.</summary>
    public bool IsField(string name) => TextFields.Find(name) >= 0 || snapshot.Facets.Find(name) is not null;

    /// <summary>Looks a query up; null when it asks for nothing in particular.</summary>
    public DatasetNode? Compile(QueryNode? query) => query is null ? null : Compile(query, isWanted: true);

    private DatasetNode? Compile(QueryNode query, bool isWanted) => query switch
    {
        WordsNode words => Words(words, isWanted),
        AndNode and => All(and.Parts, isWanted),
        OrNode or => Any([.. or.Parts.Select(p => Compile(p, isWanted)).OfType<DatasetNode>()]),
        _ => All([query], isWanted),
    };

    private AllOfNode? All(IReadOnlyList<QueryNode> parts, bool isWanted)
    {
        var wanted = new List<DatasetNode>();
        var excluded = new List<DatasetNode>();
        foreach (var part in parts)
        {
            if (part is NotNode not)
            {
                if (Compile(not.Part, !isWanted) is { } node) excluded.Add(node);
            }
            else if (Compile(part, isWanted) is { } node) wanted.Add(node);
        }
        return wanted.Count + excluded.Count == 0 ? null : new AllOfNode(wanted, excluded, snapshot);
    }

    private static DatasetNode? Any(List<DatasetNode> parts) => parts.Count switch
    {
        0 => null,
        1 => parts[0],
        _ => new AnyOfNode(parts),
    };

    private DatasetNode? Words(WordsNode words, bool isWanted)
    {
        var field = words.Field is null ? -1 : TextFields.Find(words.Field);
        if (words.Field is not null && field < 0)
            return finder.FacetValue(snapshot.Facets.Find(words.Field)!.Name, Folding.Fold(words.Text), words.IsPrefix);
        return words.IsPrefix ? Prefix(words.Text, field, isWanted) : Text(words.Text, field, words.IsPhrase, isWanted);
    }

    // One word is a term; one identifier is itself or its parts in a row; several words are a phrase.
    private DatasetNode? Text(string text, int field, bool isPhrase, bool isWanted)
    {
        var tokens = new List<Token>();
        tokenizer.Tokenize(text, tokens);
        var parts = tokens.Where(t => !t.IsWhole).Select(t => t.Term).ToArray();
        if (parts.Length == 0) return null;
        if (isWanted) Marked.AddTerms(tokens.Select(t => t.Term));
        var row = parts.Length == 1 ? finder.Term(parts[0], field) : finder.Phrase(parts, field);
        return !isPhrase && tokens[0].IsWhole && tokens.Count == parts.Length + 1 ? Any([finder.Term(tokens[0].Term, field), row]) : row;
    }

    private DatasetNode? Prefix(string text, int field, bool isWanted)
    {
        var start = text.Length;
        while (start > 0 && (Folding.IsWord(text[start - 1]) || Tokenizer.IsJoint(text[start - 1]))) start--;
        var before = start == 0 ? null : Text(text[..start], field, isPhrase: true, isWanted);
        var prefix = Folding.Fold(text[start..]).TrimStart('-', '.', '/', '_', ':', '+');
        if (prefix.Length == 0) return before;
        if (isWanted) Marked.AddPrefix(prefix);
        // Terms are stemmed: "imaging*" must find the stem of "imaging" too, which is shorter.
        var found = finder.Prefix(prefix, tokenizer.Stem(prefix), field);
        return before is null ? found : new AllOfNode([before, found], [], snapshot);
    }
}
