using Archive.Indexer.Text;

namespace Archive.Indexer.Searching;

/// <summary>A folded pattern of words: <c>*</c> stands for any characters, <c>?</c> for one.</summary>
internal sealed class WordPattern
{
    private const char Any = '*';
    private const char One = '?';

    private readonly string pattern;
    private readonly int least;

    // In the pattern itself, a literal star cannot be: it is no character of words.
    private WordPattern(string pattern)
    {
        this.pattern = pattern;
        least = pattern.Count(c => c != Any);
        var wild = pattern.AsSpan().IndexOfAny(Any, One);
        Prefix = wild < 0 ? pattern : pattern[..wild];
    }

    /// <summary>What every word that fits begins with.</summary>
    public string Prefix { get; }

    /// <summary>Whether every word that begins so fits.</summary>
    public bool IsPrefixOnly => pattern.Length == Prefix.Length + 1 && pattern[^1] == Any;

    /// <summary>A pattern of whole values, which are not cut into words.</summary>
    public static WordPattern OfValue(string text, IReadOnlyList<int> wild)
    {
        var folded = new System.Text.StringBuilder();
        var from = 0;
        foreach (var at in wild)
        {
            folded.Append(Folding.Fold(text[from..at])).Append(text[at]);
            from = at + 1;
        }
        return new WordPattern(folded.Append(Folding.Fold(text[from..])).ToString());
    }

    /// <summary>
    /// Cuts a word with wild characters where words end, as texts are cut: <c>light-sh*t</c> is one pattern, <c>a,b*</c> is a word and
    /// a pattern.
    /// </summary>
    /// <param name="text">As typed.</param>
    /// <param name="wild">Which of its characters are wild.</param>
    /// <param name="isPart">Which other characters belong to words.</param>
    public static (List<string> Words, List<WordPattern> Patterns) Cut(string text, IReadOnlyList<int> wild, Func<char, bool> isPart)
    {
        var words = new List<string>();
        var patterns = new List<WordPattern>();
        var isWild = new bool[text.Length];
        foreach (var at in wild) isWild[at] = true;
        for (var from = 0; from < text.Length;)
        {
            var to = from;
            while (to < text.Length && (isWild[to] || isPart(text[to]))) to++;
            if (to == from) from++;
            else if (Array.IndexOf(isWild, true, from, to - from) < 0) words.Add(text[from..to]);
            else if (Fold(text[from..to], isWild.AsSpan(from, to - from)) is { } pattern) patterns.Add(pattern);
            from = Math.Max(from, to);
        }
        return (words, patterns);
    }

    /// <summary>Whether a character belongs to words of prose.</summary>
    public static bool IsOfProse(char c) => Folding.IsWord(c) || Tokenizer.IsJoint(c) || c is '\'' or '\u2019';

    /// <summary>Whether a folded word fits.</summary>
    public bool Fits(ReadOnlySpan<char> word)
    {
        if (word.Length < least) return false;
        int at = 0, p = 0, star = -1, resume = 0;
        while (at < word.Length)
        {
            if (p < pattern.Length && pattern[p] == Any)
            {
                star = p++;
                resume = at;
            }
            else if (p < pattern.Length && (pattern[p] == One || pattern[p] == word[at]))
            {
                p++;
                at++;
            }
            else if (star >= 0)
            {
                p = star + 1;
                at = ++resume;
            }
            else return false;
        }
        while (p < pattern.Length && pattern[p] == Any) p++;
        return p == pattern.Length;
    }

    // Null when nothing but stars is left.
    private static WordPattern? Fold(string text, ReadOnlySpan<bool> isWild)
    {
        var folded = new char[text.Length * Folding.MaxGrowth];
        var length = 0;
        for (var i = 0; i < text.Length; i++)
        {
            if (isWild[i] && text[i] == Any && length > 0 && folded[length - 1] == Any) continue;
            if (isWild[i]) folded[length++] = text[i];
            else if (Folding.IsWord(text[i]) || (Tokenizer.IsJoint(text[i]) && length > 0)) length = Folding.Append(text[i], folded, length);
        }
        return length == 0 || folded.AsSpan(0, length).IndexOfAnyExcept(Any) < 0 ? null : new WordPattern(new string(folded, 0, length));
    }
}
