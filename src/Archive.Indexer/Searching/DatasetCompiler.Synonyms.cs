using Archive.Indexer.Query;
using Archive.Indexer.Text;

namespace Archive.Indexer.Searching;

internal sealed partial class DatasetCompiler
{
    // In quarters: another name counts half of the one that was typed.
    private const int QuartersOfTyped = 4;
    private const int QuartersOfOther = 2;

    // Joins the words that are names to one part each. What is excluded is taken at its word.
    private List<(QueryNode? Node, NamedWords? Named)> WithNames(IReadOnlyList<QueryNode> parts, bool isWanted)
    {
        var joined = new List<(QueryNode? Node, NamedWords? Named)>();
        for (var i = 0; i < parts.Count; i++)
        {
            var named = isWanted ? synonyms?.Find(parts, i) : null;
            if (named is null) joined.Add((parts[i], null));
            else
            {
                joined.Add((null, named));
                i += named.Words.Count - 1;
            }
        }
        return joined;
    }

    private DatasetNode? Named(NamedWords named)
    {
        var field = named.Words[0].Field is { } name ? TextFields.Find(name) : -1;
        var others = named.Others.Select(o => new TermVariant(o, QuartersOfOther));
        Marked.AddTerms(named.Others.SelectMany(o => o));
        if (named.Words.Count == 1 && OneTerm(named.Words[0].Text) is { } term)
        {
            Marked.AddTerms([term]);
            return terms.Blend([new TermVariant([term], QuartersOfTyped), .. others], field);
        }
        var own = named.Words.Select(w => Text(w, w.Text, field, isWanted: true)).OfType<DatasetNode>().ToList();
        var other = terms.Blend([.. others], field);
        return own.Count == 0 ? other : new AnyOfNode([own.Count == 1 ? own[0] : new AllOfNode(own, [], []), other]);
    }

    private string? OneTerm(string text)
    {
        var tokens = new List<Token>();
        tokenizer.Tokenize(text, tokens);
        return tokens.Count == 1 ? tokens[0].Term : null;
    }
}
