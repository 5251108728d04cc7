using System.Buffers;
using System.Text;
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

    // What the words looked for begin with, in lower case.
    private readonly HashSet<char> firstLetters = [];
    private SearchValues<char>? firsts;
    private bool isAnyFirst;
    private readonly Tokenizer tokenizer = Tokenizer.OfThread;

    public bool IsEmpty => terms.Count == 0 && tests.Count == 0;

    public void AddTerms(IEnumerable<string> words)
    {
        foreach (var word in words)
        {
            terms.Add(word);
            AddFirst(word[0]);
        }
    }

    /// <summary>Marks words as written, folded, that pass a test.</summary>
    /// <param name="prefix">What all of them begin with; empty when nothing is known.</param>
    public void AddWords(WordTest test, string prefix)
    {
        tests.Add(test);
        if (prefix.Length > 0) AddFirst(prefix[0]);
        else isAnyFirst = true;
    }

    /// <summary>The text with its marks; null when no word is in it. A long one is cut around the first mark.</summary>
    public Highlight? Mark(string field, string text)
    {
        if (IsEmpty || text.Length == 0) return null;
        var tokens = new List<Token>();
        Tokenize(text, tokens);
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

    // Only what lies between blanks and has a word that begins like one looked for: stemming all the rest would cost more than the search.
    private void Tokenize(string text, List<Token> tokens)
    {
        if (isAnyFirst || !Ascii.IsValid(text))
        {
            tokenizer.Tokenize(text, tokens);
            return;
        }
        var candidates = firsts ??= SearchValues.Create([.. firstLetters, .. firstLetters.Select(char.ToUpperInvariant)]);
        var piece = new List<Token>();
        for (var at = 0; at < text.Length;)
        {
            var next = text.AsSpan(at).IndexOfAny(candidates);
            if (next < 0) return;
            at += next;
            if (at > 0 && char.IsAsciiLetterOrDigit(text[at - 1]))
            {
                at++;
                continue;
            }
            var start = text.LastIndexOf(' ', at) + 1;
            var end = text.IndexOf(' ', at);
            if (end < 0) end = text.Length;
            piece.Clear();
            tokenizer.Tokenize(text.AsSpan(start, end - start), piece);
            foreach (var token in piece) tokens.Add(token with { Start = token.Start + start });
            at = end;
        }
    }

    // Stems begin as their words do.
    private void AddFirst(char first)
    {
        firsts = null;
        firstLetters.Add(first);
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
