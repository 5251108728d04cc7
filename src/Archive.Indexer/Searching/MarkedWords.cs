using Archive.Indexer.Text;
using Archive.Model.Search;

namespace Archive.Indexer.Searching;

/// <summary>The words that were looked for, and the pieces of a hit that show them.</summary>
internal sealed class MarkedWords
{
    private const int PieceLength = 240;
    private const int LeadLength = 60;

    private readonly HashSet<string> terms = new(StringComparer.Ordinal);
    private readonly List<WordTest> tests = [];
    private readonly Tokenizer tokenizer = new();

    public bool IsEmpty => terms.Count == 0 && tests.Count == 0;

    public void AddTerms(IEnumerable<string> words) => terms.UnionWith(words);

    /// <summary>Marks words as written, folded, that pass a test.</summary>
    public void AddWords(WordTest test) => tests.Add(test);

    /// <summary>The text with its marks; null when no word is in it. A long one is cut around the first mark.</summary>
    public Highlight? Mark(string field, string text)
    {
        if (IsEmpty || text.Length == 0) return null;
        var tokens = new List<Token>();
        tokenizer.Tokenize(text, tokens);
        var marks = tokens.Where(IsMarked).Select(t => (t.Start, End: t.Start + t.Length)).OrderBy(m => m.Start).ThenByDescending(m => m.End).ToList();
        if (marks.Count == 0) return null;
        var start = text.Length <= PieceLength ? 0 : WordStart(text, Math.Max(0, marks[0].Start - LeadLength));
        var end = WordEnd(text, Math.Min(text.Length, start + PieceLength));
        var parts = new List<HighlightPart>();
        var at = start;
        foreach (var mark in marks)
        {
            if (mark.Start < at || mark.End > end) continue;
            if (mark.Start > at) parts.Add(new HighlightPart(text[at..mark.Start], false));
            parts.Add(new HighlightPart(text[mark.Start..mark.End], true));
            at = mark.End;
        }
        if (at < end) parts.Add(new HighlightPart(text[at..end], false));
        return new Highlight(field, parts);
    }

    private bool IsMarked(Token token) =>
        terms.Contains(token.Term) || tests.Exists(test => test(token.Word));

    private static int WordStart(string text, int at)
    {
        while (at > 0 && !char.IsWhiteSpace(text[at - 1])) at--;
        return at;
    }

    private static int WordEnd(string text, int at)
    {
        while (at < text.Length && !char.IsWhiteSpace(text[at])) at++;
        return at;
    }
}
