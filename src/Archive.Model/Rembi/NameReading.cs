using System.Text.RegularExpressions;

namespace Archive.Model.Rembi;

/// <summary>Reads the name of a person out of what was written in its place: with titles and degrees, the family name first or last, in any script.</summary>
internal static partial class NameReading
{
    // Folded. Names that are spelled like one of these lose a form at most: what was written is always looked for as a whole.
    private static readonly HashSet<string> Titles = new(["dr", "drs", "prof", "professor", "doctor", "phd", "dphil", "md", "msc", "bsc", "mba", "mph", "mbbs", "dsc", "scd", "dvm", "pharmd",
        "jr", "junior", "sr", "senior", "ii", "iii", "iv", "esq", "mr", "mrs", "ms", "miss", "mx", "sir", "dame", "herr", "frau", "mme", "univ", "apl", "priv", "pd", "doz", "habil", "dipl", "ing", "rer", "nat", "med",
        "phil", "mag", "assoc", "asst", "assistant", "associate", "emeritus", "emerita", "frs", "et", "al"], StringComparer.Ordinal);

    private static readonly HashSet<(string, string)> Pairs = [("ph", "d"), ("d", "phil"), ("m", "d"), ("m", "sc"), ("b", "sc"), ("d", "sc"), ("sc", "d"), ("m", "a"), ("b", "a"), ("m", "s"), ("b", "s")];

    /// <summary>Whether a word alone is no name.</summary>
    public static bool IsTitle(string word) => Titles.Contains(word);

    /// <summary>What stands in parentheses, and the text without: a group, another spelling.</summary>
    public static (string Text, IReadOnlyList<string> Asides) WithoutAsides(string text) =>
        (Aside().Replace(text, " "), [.. Aside().Matches(text).Select(m => m.Groups["in"].Value)]);

    /// <summary>
    /// The words of a name without titles and degrees, as first names and family name. Where hardly anything is left, what looked like a title
    /// may be the name: then as written, too. Nothing where nothing else stands.
    /// </summary>
    public static IEnumerable<(string[] First, string[] Last)> Of(string text)
    {
        var parts = text.Split(',').Select(Words).Where(p => p.Length > 0).ToList();
        var names = parts.Select(Trimmed).Where(p => p.Length > 0).ToList();
        var left = names.Sum(n => n.Length);
        if (Split(names) is { } name) yield return name;
        if (left == 1 && parts.Sum(p => p.Length) > 1 && Split(parts) is { } written) yield return written;
    }

    /// <summary>A name in scripts without blanks: as a whole, with its parts the other way round, and each part.</summary>
    public static IEnumerable<string[]> Unspaced(string text)
    {
        var parts = new List<List<string>>();
        var end = -1;
        foreach (var word in FoldedWords.Of(text).Where(w => w.IsUnspaced))
        {
            if (word.Start != end) parts.Add([]);
            parts[^1].Add(word.Text);
            end = word.End;
        }
        if (parts.Count == 0) yield break;
        yield return [.. parts.SelectMany(p => p)];
        if (parts.Count == 1) yield break;
        yield return [.. parts.AsEnumerable().Reverse().SelectMany(p => p)];
        foreach (var part in parts) yield return [.. part];
    }

    // Lovelace, Ada: the part before the comma is the family name.
    private static (string[] First, string[] Last)? Split(List<string[]> parts) => parts switch
    {
        [] => null,
        [var only] => (only[..^1], only[^1..]),
        [var family, .. var rest] => ([.. rest.SelectMany(r => r)], family),
    };

    private static string[] Words(string text) => [.. FoldedWords.Of(text).Where(w => !w.IsUnspaced).Select(w => w.Text)];

    private static string[] Trimmed(string[] words)
    {
        var (from, to) = (0, words.Length);
        while (from < to && IsTitle(words[from])) from++;
        while (to > from)
        {
            if (IsTitle(words[to - 1])) to--;
            else if (to - from > 1 && Pairs.Contains((words[to - 2], words[to - 1]))) to -= 2;
            else break;
        }
        return words[from..to];
    }

    [GeneratedRegex(@"[(\[{（【](?<in>[^()\[\]{}（）【】]*)[)\]}）】]", RegexOptions.ExplicitCapture, 2000)]
    private static partial Regex Aside();
}
