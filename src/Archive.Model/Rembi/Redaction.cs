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
    private const int WidestGap = 8;

    // Terms by their first word, the longest first.
    private readonly Dictionary<string, List<string[]>> terms = new(StringComparer.Ordinal);

    private Redaction(IEnumerable<string[]> found)
    {
        foreach (var term in found.DistinctBy(t => string.Join(' ', t), StringComparer.Ordinal).Take(MostTerms))
        {
            if (!terms.TryGetValue(term[0], out var same)) terms[term[0]] = same = [];
            same.Add(term);
        }
        foreach (var same in terms.Values) same.Sort((a, b) => b.Length.CompareTo(a.Length));
    }

    /// <summary>How many names and identifiers it looks for.</summary>
    public int Count => terms.Values.Sum(t => t.Count);

    /// <summary>Looks for what was found in documents, each with all its sections.</summary>
    /// <param name="found">What <see cref="RedactionTerms.Of"/> gave; further names and addresses may stand among it.</param>
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
        {
            if (!terms.TryGetValue(words[i].Text, out var same)) continue;
            if (same.Find(term => Matches(text, words, i, term)) is not { } found) continue;
            cuts.Add((words[i].Start, words[i + found.Length - 1].End));
        }
        cuts.Sort();
        return cuts;
    }

    // Words of one name stand close together; a semicolon ends it.
    private static bool Matches(string text, List<FoldedWord> words, int at, string[] term)
    {
        if (at + term.Length > words.Count) return false;
        for (var i = 1; i < term.Length; i++)
        {
            var (last, word) = (words[at + i - 1], words[at + i]);
            if (word.Text != term[i] || word.Start - last.End > WidestGap || text.AsSpan(last.End, word.Start - last.End).Contains(';')) return false;
        }
        return true;
    }

    private static IEnumerable<string[]> Forms(IdentifyingText text)
    {
        var words = FoldedWords.Of(text.Text).Select(w => w.Text).ToArray();
        if (words.Length == 0) yield break;
        foreach (var form in text.IsPerson ? PersonForms(text.Text, words) : [words])
        {
            if (form.Sum(w => w.Length) < LeastLetters) continue;
            yield return form;
            // As in names of files and accounts: AdaLovelace.
            if (form.Length > 1) yield return [string.Concat(form)];
        }
    }

    // Ada King Lovelace: also Lovelace Ada King, A K Lovelace, A Lovelace, Lovelace A K, Lovelace AK, Lovelace A, Ada Lovelace, and Lovelace alone.
    private static IEnumerable<string[]> PersonForms(string text, string[] words)
    {
        // Lovelace, Ada: the part before the comma is the family name.
        var comma = text.IndexOf(',', StringComparison.Ordinal);
        var family = comma > 0 ? FoldedWords.Of(text[..comma]).Count : 1;
        var (last, first) = comma > 0 && family < words.Length ? (words[..family], words[family..]) : (words[^1..], words[..^1]);
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
        if (words is [_, { Length: <= 3 }]) yield return words[..1];
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
