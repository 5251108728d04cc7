namespace Archive.Indexer.Text;

/// <summary>
/// The words of prose: folded and, where they have no digit, stemmed. Words joined without a blank by <c>- . / _ : +</c> are an
/// identifier: it is kept whole, and its parts are words too, so that <c>GFP-tagged</c> is found by <c>gfp</c>, by
/// <c>"gfp tagged"</c> and by <c>GFP-tagged</c>. Not for several threads at once.
/// </summary>
internal sealed class Tokenizer
{
    private const int MaxLength = 128;
    private const int MaxCached = 200_000;
    private const int MaxCachedOfThread = 20_000;

    private readonly Dictionary<string, StemmedWord> stems = new(StringComparer.Ordinal);
    private readonly Dictionary<string, StemmedWord>.AlternateLookup<ReadOnlySpan<char>> stemLookup;

    [ThreadStatic]
    private static Tokenizer? ofThread;

    private readonly int maxCached;

    /// <param name="maxCached">Stems that are kept.</param>
    public Tokenizer(int maxCached = MaxCached)
    {
        this.maxCached = maxCached;
        stemLookup = stems.GetAlternateLookup<ReadOnlySpan<char>>();
    }

    /// <summary>The one of this thread: its stems are known from searches before.</summary>
    public static Tokenizer OfThread => ofThread ??= new Tokenizer(MaxCachedOfThread);

    /// <summary>Whether a character joins two words to an identifier.</summary>
    public static bool IsJoint(char c) => c is '-' or '.' or '/' or '_' or ':' or '+';

    /// <summary>Appends the words of a text, in order.</summary>
    public void Tokenize(ReadOnlySpan<char> text, List<Token> tokens)
    {
        Span<char> whole = stackalloc char[MaxLength + Folding.MaxGrowth];
        var position = 0;
        for (var at = 0; at < text.Length;)
        {
            if (!Folding.IsWord(text[at]))
            {
                at++;
                continue;
            }
            var start = at;
            var firstToken = tokens.Count;
            var firstPosition = position;
            var parts = 0;
            var wholeLength = 0;
            while (true)
            {
                var partStart = at;
                var partWhole = wholeLength;
                for (; at < text.Length && IsInWord(text, at); at++)
                    if (wholeLength < MaxLength && !IsApostrophe(text[at]))
                        wholeLength = Folding.Append(text[at], whole, wholeLength);
                if (wholeLength > partWhole)
                {
                    var (word, stem) = Look(Unpossessive(text[partStart..at], whole[partWhole..wholeLength]));
                    tokens.Add(new Token(stem, position++, false, partStart, at - partStart, word));
                    parts++;
                }
                if (at + 1 >= text.Length || !IsJoint(text[at]) || !Folding.IsWord(text[at + 1])) break;
                if (wholeLength < MaxLength) whole[wholeLength++] = text[at];
                at++;
            }
            if (parts < 2) continue;
            var identifier = whole[..wholeLength].ToString();
            tokens.Insert(firstToken, new Token(identifier, firstPosition, true, start, at - start, identifier));
        }
    }

    /// <summary>A word as it is looked up: stemmed where it has no digit.</summary>
    public string Stem(ReadOnlySpan<char> folded) => Look(folded).Stem;

    private StemmedWord Look(ReadOnlySpan<char> folded)
    {
        if (stemLookup.TryGetValue(folded, out var known)) return known;
        var word = folded.ToString();
        var found = new StemmedWord(word, folded.ContainsAnyInRange('0', '9') ? word : Porter2.Stem(word));
        if (stems.Count < maxCached) stems[word] = found;
        return found;
    }

    // An apostrophe between letters belongs to the word: "patient's".
    private static bool IsInWord(ReadOnlySpan<char> text, int at) =>
        Folding.IsWord(text[at]) || (IsApostrophe(text[at]) && at + 1 < text.Length && Folding.IsWord(text[at + 1]));

    private static bool IsApostrophe(char c) => c is '\'' or '\u2019';

    // "patient's" is folded to "patients" above; the possessive ending is no part of the word.
    private static ReadOnlySpan<char> Unpossessive(ReadOnlySpan<char> raw, ReadOnlySpan<char> folded) =>
        raw.Length > 2 && folded.Length > 1 && raw[^1] is 's' or 'S' && IsApostrophe(raw[^2]) ? folded[..^1] : folded;

    private readonly record struct StemmedWord(string Word, string Stem);
}
