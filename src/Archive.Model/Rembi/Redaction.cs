using System.Text;
using System.Text.RegularExpressions;

namespace Archive.Model.Rembi;

/// <summary>
/// Takes known people and organisations out of texts, and whatever looks like an e-mail address or an ORCID iD. Words are compared without
/// case, marks and punctuation. It knows what it was told: a person whom no part of the metadata names stays.
/// </summary>
public sealed partial class Redaction
{
    /// <summary>What stands in the place of what was taken out.</summary>
    public const string Mark = "[removed]";

    // Shorter ones are parts of other words' writing: initials, articles.
    private const int LeastLetters = 3;
    private const int MostTerms = 20_000;
    private const int MostWords = 100_000;
    private const int WidestGap = 8;

    // Terms word by word, so that a text costs its length times the longest one's, however many there are.
    private readonly Step terms = new();

    private Redaction(IEnumerable<string[]> found)
    {
        foreach (var term in found.DistinctBy(t => string.Join(' ', t), StringComparer.Ordinal).Take(MostTerms))
        {
            if (WordCount + term.Length > MostWords) continue;
            var at = terms;
            foreach (var word in term) at = at.Add(word);
            at.IsEnd = true;
            (Count, WordCount) = (Count + 1, WordCount + term.Length);
        }
    }

    /// <summary>How many names and identifiers it looks for.</summary>
    public int Count { get; }

    /// <summary>How many words these are together, which tells what it takes of memory: a few hundred bytes each at most.</summary>
    public int WordCount { get; }

    /// <summary>Looks for what was found in documents, each with all its sections.</summary>
    /// <param name="found">What <see cref="RedactionTerms.Of"/> gave; further names and addresses may stand among it. Of too many the first are taken.</param>
    public static Redaction Of(IEnumerable<IdentifyingText> found) => new(found.SelectMany(Forms));

    /// <summary>The text without them; the same instance when there are none.</summary>
    public string Apply(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var cuts = Find(text);
        if (cuts.Count == 0) return text;
        var result = new StringBuilder(text.Length);
        var at = 0;
        foreach (var (start, end) in cuts)
        {
            if (start < at)
            {
                at = Math.Max(at, end);
                continue;
            }
            result.Append(text, at, start - at).Append(Mark);
            at = end;
        }
        return result.Append(text, at, text.Length - at).ToString();
    }

    /// <summary>Whether the text has any of them.</summary>
    public bool IsIn(string text) => Find(text).Count > 0;

    private List<(int Start, int End)> Find(string text)
    {
        var cuts = new List<(int, int)>();
        if (text.Contains('@', StringComparison.Ordinal)) cuts.AddRange(Address().Matches(text).Select(m => (m.Index, m.Index + m.Length)));
        cuts.AddRange(Orcid().Matches(text).Select(m => (m.Index, m.Index + m.Length)));
        var words = FoldedWords.Of(text);
        for (var i = 0; i < words.Count; i++)
            if (Last(text, words, i) is { } last)
                cuts.Add((words[i].Start, words[last].End));
        cuts.Sort();
        return cuts;
    }

    // The last word of the longest term that begins with a word. Words of one name stand close together; a semicolon ends it.
    private int? Last(string text, List<FoldedWord> words, int first)
    {
        var (at, last) = (terms, default(int?));
        for (var i = first; i < words.Count && at.Find(words[i].Text) is { } next; i++)
        {
            var before = i == first ? words[i].Start : words[i - 1].End;
            if (words[i].Start - before > WidestGap || text.AsSpan(before, words[i].Start - before).Contains(';')) break;
            at = next;
            if (at.IsEnd) last = i;
        }
        return last;
    }

    private static IEnumerable<string[]> Forms(IdentifyingText text)
    {
        foreach (var form in text.IsPerson ? PersonForms(text.Text) : [Words(text.Text)])
        {
            if (!IsEnough(form)) continue;
            yield return form;
            // As in names of files and accounts: AdaLovelace.
            if (form.Length > 1 && !form.Any(FoldedWords.IsUnspaced)) yield return [string.Concat(form)];
        }
    }

    // Letters of Han and kana say more than others; one alone is part of too many words.
    private static bool IsEnough(string[] form) => form switch
    {
        [] => false,
        [var one] => one.Length >= LeastLetters && !FoldedWords.IsUnspaced(one),
        _ => form.Sum(w => w.Length) >= LeastLetters || form.All(w => w[0] >= '\u2E80'),
    };

    private static string[] Words(string text) => [.. FoldedWords.Of(text).Select(w => w.Text)];

    private static IEnumerable<string[]> PersonForms(string text)
    {
        var (name, asides) = NameReading.WithoutAsides(text);
        foreach (var aside in asides)
            if (Words(aside) is var words && !words.All(NameReading.IsTitle)) yield return words;
        if (Words(name) is var written && !written.All(NameReading.IsTitle)) yield return written;
        foreach (var form in NameReading.Unspaced(name)) yield return form;
        foreach (var (first, last) in NameReading.Of(name))
            foreach (var form in PersonForms(first, last))
                if (form is not [var alone] || !NameReading.IsTitle(alone)) yield return form;
    }

    // Ada King Lovelace: also Lovelace Ada King, A K Lovelace, A Lovelace, Lovelace A K, Lovelace AK, Lovelace A, Ada Lovelace, and Lovelace alone.
    private static IEnumerable<string[]> PersonForms(string[] first, string[] last)
    {
        yield return [.. first, .. last];
        if (first.Length == 0) yield break;
        string[] initials = [.. first.Select(f => f[..1])];
        yield return [.. last, .. first];
        yield return [first[0], .. last];
        yield return [.. last, first[0]];
        yield return [.. initials, .. last];
        yield return [initials[0], .. last];
        yield return [.. last, .. initials];
        yield return [.. last, string.Concat(initials)];
        yield return [string.Concat(initials), .. last];
        yield return [.. last, initials[0]];
        yield return last;
        // Names as tables of older journals have them, family name first without a comma: Lovelace AK.
        if (first.Length == 1 && last is [{ Length: <= 3 }]) yield return first;
    }

    private sealed class Step
    {
        // Most are the end of a term and have none.
        private Dictionary<string, Step>? next;

        public bool IsEnd { get; set; }

        public Step? Find(string word) => next?.GetValueOrDefault(word);

        public Step Add(string word)
        {
            next ??= new(StringComparer.Ordinal);
            return next.TryGetValue(word, out var stands) ? stands : next[word] = new();
        }
    }

    [GeneratedRegex(@"[\p{L}\p{N}.!#$%&'*+/=?^_`{|}~-]+@[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)*", RegexOptions.None, 2000)]
    private static partial Regex Address();

    [GeneratedRegex(@"(?<!\d)\d{4}[-\u2010-\u2015 ]?\d{4}[-\u2010-\u2015 ]?\d{4}[-\u2010-\u2015 ]?\d{3}[\dXx](?!\d)", RegexOptions.None, 2000)]
    private static partial Regex Orcid();
}

/// <summary>A text that tells who deposited.</summary>
/// <param name="Text">As written.</param>
/// <param name="IsPerson">Whether it is the name of a person, which is written in many ways.</param>
public sealed record IdentifyingText(string Text, bool IsPerson);
