using Archive.Indexer.Generations;
using Archive.Indexer.Query;
using Archive.Indexer.Text;

namespace Archive.Indexer.Searching;

/// <summary>
/// Other spellings of a query that finds nothing: words that no dataset has are replaced by words like them, or where all are
/// known, one at a time. Words with digits, patterns, ranges and what is excluded are taken as they are.
/// </summary>
internal sealed class QuerySuggestions(IndexSnapshot snapshot, string text)
{
    /// <summary>The most suggestions that are made.</summary>
    public const int Max = 3;

    // Each try is a search of its own.
    private const int MaxTries = 12;
    private const int MaxLikeWords = 3;

    // Words shorter than this are like too many with two edits.
    private const int LongWord = 5;

    private readonly FormFinder forms = new(snapshot);
    private readonly TermFinder terms = new(snapshot);

    /// <summary>Spellings that find something.</summary>
    /// <param name="root">The query as it was read.</param>
    /// <param name="finds">Whether a whole query finds something.</param>
    public IReadOnlyList<string> Find(QueryNode root, Predicate<string> finds)
    {
        var words = Words(root).OrderBy(w => w.Place.Start).ToList();
        var unknown = words.Where(w => w.IsUnknown).ToList();
        var tries = unknown.Count > 0 ? Together(unknown) : words.Take(MaxTries).SelectMany(w => Like(w).Select(like => Replace([(w, like)])));
        return [.. tries.Distinct(StringComparer.Ordinal).Where(t => t.Length <= QueryLexer.MaxLength).Take(MaxTries).Where(t => finds(t)).Take(Max)];
    }

    // The likest words of all first, then the second likest of one, and so on.
    private IEnumerable<string> Together(List<TypedWord> unknown)
    {
        var choices = unknown.Take(MaxTries).Select(w => (Word: w, Like: Like(w))).Where(c => c.Like.Count > 0).ToList();
        if (choices.Count == 0) yield break;
        foreach (var places in Places(choices.Count))
            if (!places.Where((p, i) => p >= choices[i].Like.Count).Any())
                yield return Replace([.. choices.Select((c, i) => (c.Word, c.Like[places[i]]))]);
    }

    // Places in the lists that add up to 2 at most, in the order of their sum.
    private static List<int[]> Places(int count)
    {
        var sums = new List<int[]> { new int[count] };
        for (var from = 0; from < sums.Count && sums[from].Sum() < 2; from++)
            for (var i = Math.Max(0, Array.FindLastIndex(sums[from], p => p > 0)); i < count; i++)
            {
                var next = (int[])sums[from].Clone();
                next[i]++;
                sums.Add(next);
            }
        return sums;
    }

    private List<string> Like(TypedWord word) =>
        [.. forms.Like(word.Token.Word, word.Token.Word.Length < LongWord ? 1 : 2).Where(l => l.Term != word.Token.Term).Take(MaxLikeWords).Select(l => l.Word)];

    private string Replace(List<(TypedWord Word, string By)> changes)
    {
        var changed = text;
        foreach (var (word, by) in changes.OrderByDescending(c => c.Word.Place.Start)) changed = changed[..word.Place.Start] + by + changed[(word.Place.Start + word.Place.Length)..];
        return changed;
    }

    private IEnumerable<TypedWord> Words(QueryNode node) => node switch
    {
        WordsNode { IsPrefix: false } words when words.Field is null || TextFields.Find(words.Field) >= 0 => Tokens(words),
        AndNode and => and.Parts.SelectMany(Words),
        OrNode or => or.Parts.SelectMany(Words),
        BoostNode boost => Words(boost.Part),
        _ => [],
    };

    private IEnumerable<TypedWord> Tokens(WordsNode words)
    {
        var start = words.Place.Start + (words.IsPhrase ? 1 : 0);
        // With escapes in it, places in the words are not places in the text.
        if (start + words.Text.Length > text.Length || !text.AsSpan(start, words.Text.Length).SequenceEqual(words.Text)) yield break;
        var tokens = new List<Token>();
        Tokenizer.OfThread.Tokenize(words.Text, tokens);
        var end = 0;
        foreach (var token in tokens)
        {
            // The parts of an identifier follow it.
            if (token.Start < end) continue;
            end = token.Start + token.Length;
            // One number is no misspelling of another: what is like an accession is another dataset.
            if (token.Word.Any(char.IsAsciiDigit)) continue;
            yield return new TypedWord(token, new QueryPlace(start + token.Start, token.Length), terms.LiveFrequency(token.Term) == 0);
        }
    }

    private sealed record TypedWord(Token Token, QueryPlace Place, bool IsUnknown);
}
