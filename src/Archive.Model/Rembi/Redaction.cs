using System.Security.Cryptography;
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

    private const int MostWords = 200_000;
    private const int WidestGap = 8;
    private const int LongestEnding = 2;
    private const int LeastInflected = 4;

    // Terms word by word, so that a text costs its length times the longest one's, however many there are.
    private readonly Step terms = new();

    private Redaction(IEnumerable<NameForm> found)
    {
        using var digest = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var term in found.DistinctBy(t => (string.Join(' ', t.Words), t.IsCapital)))
        {
            if (WordCount + term.Words.Length > MostWords) break;
            var at = terms;
            foreach (var word in term.Words) at = at.Add(word);
            if (term.IsCapital) at.IsCapitalEnd = true;
            else at.IsEnd = true;
            (Count, WordCount) = (Count + 1, WordCount + term.Words.Length);
            digest.AppendData(Encoding.UTF8.GetBytes($"{term.IsCapital} {string.Join(' ', term.Words)}\n"));
        }
        Fingerprint = Convert.ToHexStringLower(digest.GetHashAndReset());
    }

    /// <summary>Another text for each redaction that looks for other names: 64 hexadecimal digits.</summary>
    public string Fingerprint { get; }

    /// <summary>How many names and identifiers it looks for.</summary>
    public int Count { get; }

    /// <summary>How many words these are together, which tells what it takes of memory: a few hundred bytes each at most.</summary>
    public int WordCount { get; }

    /// <summary>Looks for what was found in documents, each with all its sections.</summary>
    /// <param name="found">What <see cref="RedactionTerms.Of"/> gave; further names and addresses may stand among it.</param>
    public static Redaction Of(IEnumerable<IdentifyingText> found) => new(found.SelectMany(NameForms.Of));

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
        if (text.Contains("at", StringComparison.OrdinalIgnoreCase)) cuts.AddRange(HiddenAddress().Matches(text).Select(m => (m.Index, m.Index + m.Length)));
        var words = FoldedWords.Of(text);
        for (var i = 0; i < words.Count; i++)
            if (Find(text, words, i) is > 0 and var length)
                cuts.Add((words[i].Start, words[i + length - 1].End));
        cuts.Sort();
        return cuts;
    }

    // How many words from a place on are the longest of the terms; 0 when none are. Words of one name stand close together; a semicolon ends it.
    private int Find(string text, List<FoldedWord> words, int at)
    {
        var (step, longest, isSmall) = (terms, 0, char.IsLower(text[words[at].Start]));
        for (var i = at; i < words.Count; i++)
        {
            var word = words[i];
            if (i > at && words[i - 1] is var last && (word.Start - last.End > WidestGap || text.AsSpan(last.End, word.Start - last.End).Contains(';'))) break;
            for (var ending = 1; ending <= LongestEnding && ending < word.Text.Length; ending++)
                if (step.Find(word.Text[..^ending]) is { } stem && stem.Ends(isSmall) && IsInflected(word.Text, word.Text[..^ending]))
                    longest = i - at + 1;
            if (step.Find(word.Text) is not { } next) break;
            step = next;
            if (step.Ends(isSmall)) longest = i - at + 1;
        }
        return longest;
    }

    // Lovelaces, Кузнецова: as names are declined without a sign that sets the ending apart.
    private static bool IsInflected(string word, string name)
    {
        if (name.Length < LeastInflected || word.Length <= name.Length || !word.StartsWith(name, StringComparison.Ordinal)) return false;
        var ending = word.AsSpan(name.Length);
        return ending is "s" || (ending.Length <= LongestEnding && !ending.ContainsAnyExceptInRange('\u0400', '\u04ff'));
    }

    [GeneratedRegex(@"[\p{L}\p{N}.!#$%&'*+/=?^_`{|}~-]+@[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)*", RegexOptions.None, 2000)]
    private static partial Regex Address();

    // ada [at] lovelace.example, ada (at) lovelace (dot) example
    [GeneratedRegex(@"(?<![\p{L}\p{N}._+-])[\p{L}\p{N}._+-]{1,64} {0,2}[\[({<] {0,2}at {0,2}[\])}>] {0,2}[\p{L}\p{N}-]{1,63}(?:(?:\.| {0,2}[\[({<] {0,2}dot {0,2}[\])}>] {0,2})[\p{L}\p{N}-]{1,63}){0,8}",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, 2000)]
    private static partial Regex HiddenAddress();

    [GeneratedRegex(@"(?<!\d)\d{4}[-\u2010-\u2015 ]?\d{4}[-\u2010-\u2015 ]?\d{4}[-\u2010-\u2015 ]?\d{3}[\dXx](?!\d)", RegexOptions.None, 2000)]
    private static partial Regex Orcid();

    /// <summary>What terms have in common up to a word, and how they go on.</summary>
    private sealed class Step
    {
        private Dictionary<string, Step>? next;

        /// <summary>Whether a term ends here.</summary>
        public bool IsEnd { get; set; }

        /// <summary>Whether one does that counts only where it does not begin with a small letter.</summary>
        public bool IsCapitalEnd { get; set; }

        public bool Ends(bool isSmall) => IsEnd || (IsCapitalEnd && !isSmall);

        public Step? Find(string word) => next?.GetValueOrDefault(word);

        public Step Add(string word)
        {
            next ??= new(StringComparer.Ordinal);
            if (!next.TryGetValue(word, out var step)) next[word] = step = new();
            return step;
        }
    }
}

/// <summary>A text that tells who deposited.</summary>
/// <param name="Text">As written.</param>
/// <param name="IsPerson">Whether it is the name of a person, which is written in many ways.</param>
public sealed record IdentifyingText(string Text, bool IsPerson);
