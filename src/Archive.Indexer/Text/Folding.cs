namespace Archive.Indexer.Text;

/// <summary>
/// Lower case without accents, so that <c>Müller</c> is found as <c>muller</c>. Written out because normalisation is not available
/// to a process with invariant globalization.
/// </summary>
internal static class Folding
{
    /// <summary>The most characters that one becomes.</summary>
    public const int MaxGrowth = 3;

    // Latin letters of Unicode blocks Latin-1, Extended-A, Extended-B (part) and Additional (Vietnamese), presentation forms, superscripts.
    private static readonly (string To, string From)[] Groups =
    [
        ("a", "ªàáâãäåāăąǎǟǡǻȁȃȧạảấầẩẫậắằẳẵặ"), ("b", "ḃḅḇ"), ("c", "çćĉċčḉ"), ("d", "ďđðḋḍḏḑḓ"),
        ("e", "èéêëēĕėęěȅȇȩḕḗḙḛḝẹẻẽếềểễệ"), ("f", "ḟ"), ("g", "ĝğġģǧǵḡ"), ("h", "ĥħȟḣḥḧḩḫẖ"),
        ("i", "ìíîïĩīĭįıǐȉȋḭḯỉị"), ("j", "ĵǰ"), ("k", "ķǩḱḳḵ"), ("l", "ĺļľŀłḷḹḻḽ"), ("m", "ḿṁṃ"), ("n", "ñńņňǹṅṇṉṋ"),
        ("o", "ºòóôõöøōŏőơǒǫǭǿȍȏȫȭȯȱṍṏṑṓọỏốồổỗộớờởỡợ"), ("p", "ṕṗ"), ("r", "ŕŗřȑȓṙṛṝṟ"), ("s", "śŝşšșſṡṣṥṧṩẛ"),
        ("t", "ţťŧțṫṭṯṱẗ"), ("u", "ùúûüũūŭůűųưǔǖǘǚǜȕȗṳṵṷṹṻụủứừửữự"), ("v", "ṽṿ"), ("w", "ŵẁẃẅẇẉẘ"), ("x", "ẋẍ"),
        ("y", "ýÿŷȳẏẙỳỵỷỹ"), ("z", "źżžẑẓẕ"), ("ae", "æǣǽ"), ("oe", "œ"), ("ss", "ßẞ"), ("th", "þ"), ("ij", "ĳ"), ("dz", "ǆǳ"), ("lj", "ǉ"),
        ("nj", "ǌ"), ("ff", "ﬀ"), ("fi", "ﬁ"), ("fl", "ﬂ"), ("ffi", "ﬃ"), ("ffl", "ﬄ"), ("st", "ﬅﬆ"), ("μ", "µ"),
        ("0", "⁰₀"), ("1", "¹₁"), ("2", "²₂"), ("3", "³₃"), ("4", "⁴₄"), ("5", "⁵₅"), ("6", "⁶₆"), ("7", "⁷₇"), ("8", "⁸₈"), ("9", "⁹₉"),
    ];

    private static readonly Dictionary<char, string> Table =
        Groups.SelectMany(g => g.From.Select(c => (c, g.To))).ToDictionary(x => x.c, x => x.To);

    /// <summary>Whether a character belongs to words: a letter, a digit, or a mark on a letter.</summary>
    public static bool IsWord(char c) => char.IsAscii(c) ? char.IsAsciiLetterOrDigit(c) : char.IsLetterOrDigit(c) || IsMark(c) || Table.ContainsKey(c);

    /// <summary>Appends what a character becomes; returns the new length. Combining marks become nothing.</summary>
    public static int Append(char c, Span<char> target, int length)
    {
        if (char.IsAscii(c))
        {
            target[length] = char.IsAsciiLetterUpper(c) ? (char)(c | 0x20) : c;
            return length + 1;
        }
        if (IsMark(c)) return length;
        var lower = char.ToLowerInvariant(c);
        if (!Table.TryGetValue(lower, out var folded))
        {
            target[length] = lower;
            return length + 1;
        }
        folded.CopyTo(target[length..]);
        return length + folded.Length;
    }

    /// <summary>A whole text folded, for comparing values and sorting titles.</summary>
    public static string Fold(string text)
    {
        var buffer = new char[text.Length * MaxGrowth];
        var length = 0;
        foreach (var c in text) length = Append(c, buffer, length);
        return new string(buffer, 0, length);
    }

    // Combining diacritical marks, U+0300 to U+036F.
    private static bool IsMark(char c) => c is >= '\u0300' and <= '\u036F';
}
