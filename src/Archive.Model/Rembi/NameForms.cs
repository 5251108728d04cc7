using System.Text;
using System.Text.RegularExpressions;

namespace Archive.Model.Rembi;

/// <summary>A way in which a name is written.</summary>
/// <param name="Words">Folded.</param>
/// <param name="IsCapital">Whether it is taken for the name only where it does not begin with a small letter: Rose is a name, a rose is none.</param>
internal sealed record NameForm(string[] Words, bool IsCapital = false);

/// <summary>In how many ways a name is written.</summary>
internal static partial class NameForms
{
    // Shorter ones are parts of other words' writing: initials, articles.
    private const int LeastLetters = 3;
    private const int LeastAlone = 4;
    private const int LeastOfPart = 10;
    private const string Joints = "-\u2010\u2011\u2012\u2013'\u2019\u02bc\u00b7\u30fb_";

    private static readonly HashSet<string> Titles = new(
        ["dr", "prof", "professor", "phd", "dphil", "md", "msc", "bsc", "mba", "mph", "dsc", "mr", "mrs", "ms", "jr", "sr", "ii", "iii", "iv", "habil", "dipl", "rer"], StringComparer.Ordinal);

    // Titles of two words, before or behind the name. Alone each may be a name or an initial: Nat, Phil, D.
    private static readonly HashSet<(string, string)> LongTitles =
        [("ph", "d"), ("d", "phil"), ("m", "d"), ("m", "sc"), ("b", "sc"), ("d", "sc"), ("rer", "nat"), ("rer", "pol"), ("dr", "med"), ("dr", "phil")];
    private static readonly HashSet<string> Particles = new(
        ["van", "von", "der", "den", "de", "del", "dela", "la", "le", "du", "di", "da", "dos", "das", "ter", "ten", "zu", "al", "el", "bin", "ibn", "st"], StringComparer.Ordinal);

    /// <summary>All that a text is looked for as; nothing when it is too short to be told from other words.</summary>
    public static IEnumerable<NameForm> Of(IdentifyingText text)
    {
        foreach (var form in text.IsPerson ? OfPerson(text.Text) : OfOther(text.Text).Select(w => new NameForm(w)))
        {
            if (form.Words.Sum(FoldedWords.Weight) < LeastLetters) continue;
            yield return form;
            // As in names of files and accounts: AdaLovelace.
            if (form.Words.Length > 1) yield return form with { Words = [FoldedWords.Plain(string.Concat(form.Words))] };
        }
    }

    private static IEnumerable<string[]> OfOther(string text)
    {
        yield return Words(text);
        var at = text.IndexOf('@', StringComparison.Ordinal);
        if (at > 0)
        {
            yield return [.. Words(text[..at]), "at", .. Words(text[(at + 1)..])];
            yield break;
        }
        // Institute of Cells, Elsewhere: also without the place. One word of it may mean anything.
        if (!text.Contains(',', StringComparison.Ordinal)) yield break;
        foreach (var part in text.Split(','))
            if (Words(part) is { Length: > 1 } words && words.Sum(FoldedWords.Weight) >= LeastOfPart)
                yield return words;
    }

    // Ada King Lovelace: also Lovelace Ada King, A K Lovelace, A Lovelace, Lovelace A K, Lovelace AK, Lovelace A, Ada Lovelace, Lovelace alone, and
    // King or Ada alone, since names are written in either order, and have two family names or one.
    private static IEnumerable<NameForm> OfPerson(string named)
    {
        // Ada Lovelace (Babbage Lab): what stands in parentheses is no part of the name.
        foreach (var aside in Aside().Matches(named).Select(m => Words(m.Groups["in"].Value)))
            if (aside.Length > 1)
                yield return new(aside);
        var text = Aside().Replace(named, m => new string(' ', m.Length));
        var words = Untitled(FoldedWords.Of(text));
        if (words.Count == 0) yield break;
        var (first, last) = Parts(text, words);
        foreach (var form in InOrders(Texts(first), Texts(last))) yield return new(form);
        // Half of a double name; a name of another order, or the one before the last.
        if (last.Count > 1)
            foreach (var word in last.Where(w => FoldedWords.Weight(w.Text) >= LeastAlone && !Particles.Contains(w.Text)))
                yield return new([word.Text]);
        if (first.Count > 1 && Enumerable.Range(1, first.Count - 1).All(i => IsJoined(text, first[i - 1], first[i]))) yield return new(Texts(first), IsCapital: true);
        foreach (var word in first.Where(w => !Particles.Contains(w.Text))) yield return new([word.Text], IsCapital: true);
        // Names as tables of older journals have them, family name first without a comma: Lovelace AK.
        if (words is [_, { Text.Length: <= 3 }]) yield return new([words[0].Text]);
    }

    private static IEnumerable<string[]> InOrders(string[] first, string[] last)
    {
        yield return [.. first, .. last];
        if (first.Length == 0) yield break;
        string[] initials = [.. first.Select(f => f[..Rune.GetRuneAt(f, 0).Utf16SequenceLength])];
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
    }

    // The family name stands before a comma, or is the last word with what is joined to it: Müller-Lüdenscheidt, O'Brien, van der Berg.
    private static (List<FoldedWord> First, List<FoldedWord> Last) Parts(string text, List<FoldedWord> words)
    {
        var comma = text.IndexOf(',', StringComparison.Ordinal);
        var family = words.Count(w => w.End <= comma);
        if (family > 0 && family < words.Count) return (words[family..], words[..family]);
        var start = words.Count - 1;
        while (start > 0 && (IsJoined(text, words[start - 1], words[start]) || (start > 1 && Particles.Contains(words[start - 1].Text)))) start--;
        return (words[..start], words[start..]);
    }

    private static List<FoldedWord> Untitled(List<FoldedWord> words)
    {
        var isTitle = new bool[words.Count];
        for (var i = 1; i < words.Count; i++)
            if (LongTitles.Contains((words[i - 1].Text, words[i].Text)) && words.Count > 2)
                isTitle[i - 1] = isTitle[i] = true;
        return [.. words.Where((w, i) => !isTitle[i] && !Titles.Contains(w.Text))];
    }

    private static bool IsJoined(string text, FoldedWord left, FoldedWord right) =>
        right.Start == left.End || (right.Start == left.End + 1 && Joints.Contains(text[left.End], StringComparison.Ordinal));

    private static string[] Words(string text) => Texts(FoldedWords.Of(text));

    private static string[] Texts(List<FoldedWord> words) => [.. words.Select(w => w.Text)];

    [GeneratedRegex(@"[(\[{（【](?<in>[^()\[\]{}（）【】]*)[)\]}）】]", RegexOptions.ExplicitCapture, 2000)]
    private static partial Regex Aside();
}
