using System.Globalization;
using System.Text;
using Archive.Model.Text;

namespace Archive.Model.Rembi;

/// <summary>A word of a text: letters and digits in a row, without marks and case, and where it stands.</summary>
/// <param name="Text">Folded.</param>
/// <param name="Start">Its first character in the text.</param>
/// <param name="End">Behind its last character.</param>
internal readonly record struct FoldedWord(string Text, int Start, int End);

/// <summary>
/// Cuts texts into words that are the same however a name is written: <c>Müller-Lüdenscheidt</c>, <c>MULLER LUDENSCHEIDT</c> and
/// <c>mueller_luedenscheidt</c> are the same two. Digits are words of their own, and so is each character of a script that is written
/// without spaces, since a name is not set apart there.
/// </summary>
internal static class FoldedWords
{
    /// <summary>The words in their order.</summary>
    public static List<FoldedWord> Of(string text)
    {
        var words = new List<FoldedWord>();
        var word = new StringBuilder();
        var parts = new List<int>();
        var (start, end, at, last) = (-1, 0, 0, default(Rune));
        foreach (var rune in text.EnumerateRunes())
        {
            var length = rune.Utf16SequenceLength;
            parts.Clear();
            Nfc.Take(rune, parts);
            var isPart = false;
            foreach (var part in parts)
            {
                // Halves of surrogate pairs come as U+FFFD, which is no letter.
                var one = new Rune(part);
                if (Rune.IsLetterOrDigit(one))
                {
                    if (word.Length > 0 && IsCut(last, one)) Take();
                    last = one;
                    word.Append(Folded(one));
                }
                else if (!(word.Length > 0 && IsMark(one))) continue;
                isPart = true;
            }
            if (isPart)
            {
                if (start < 0) start = at;
                end = at + length;
            }
            else Take();
            at += length;
        }
        Take();
        return words;

        void Take()
        {
            if (word.Length > 0) words.Add(new(Plain(word.ToString()), start, end));
            word.Clear();
            (start, end) = (-1, 0);
        }
    }

    /// <summary>Letters with marks are also written as two: <c>ue</c>, <c>oe</c>, <c>ae</c> and <c>aa</c> are as <c>u</c>, <c>o</c> and <c>a</c>.</summary>
    public static string Plain(string folded) => folded
        .Replace("ae", "a", StringComparison.Ordinal).Replace("oe", "o", StringComparison.Ordinal)
        .Replace("ue", "u", StringComparison.Ordinal).Replace("aa", "a", StringComparison.Ordinal);

    /// <summary>How much a folded word tells: its letters; of a script that is written without spaces or by syllables, two.</summary>
    public static int Weight(string folded) => Rune.TryGetRuneAt(folded, 0, out var first) && (IsUnspaced(first) || IsHangul(first)) ? 2 : folded.Length;

    // A Hangul syllable is cut where its first consonant stands, so that it is the same composed and decomposed.
    private static bool IsCut(Rune last, Rune next) => IsUnspaced(last) || IsUnspaced(next) || next.Value is >= 0x1100 and <= 0x115F
        || IsHangul(last) != IsHangul(next) || Rune.IsDigit(last) != Rune.IsDigit(next);

    private static bool IsHangul(Rune rune) => rune.Value is >= 0x1100 and <= 0x11FF;

    // Han, Kana, Bopomofo, Thai, Lao, Burmese, Khmer.
    private static bool IsUnspaced(Rune rune) => rune.Value is >= 0x2E80 and <= 0x312F or >= 0x31A0 and <= 0x31FF or >= 0x3400 and <= 0x9FFF or >= 0xF900 and <= 0xFAFF
        or >= 0x20000 and <= 0x3FFFF or >= 0x0E00 and <= 0x0EFF or >= 0x1000 and <= 0x109F or >= 0x1780 and <= 0x17FF;

    // Letters that have no decomposition and are commonly written without.
    private static string Folded(Rune rune) => rune.Value switch
    {
        'ß' or 'ẞ' => "ss",
        'æ' or 'Æ' => "ae",
        'œ' or 'Œ' => "oe",
        'ø' or 'Ø' => "o",
        'ł' or 'Ł' => "l",
        'đ' or 'Đ' or 'ð' or 'Ð' => "d",
        'þ' or 'Þ' => "th",
        'ı' or 'İ' => "i",
        // Full width.
        >= 0xFF01 and <= 0xFF5E => Rune.ToLowerInvariant(new Rune(rune.Value - 0xFEE0)).ToString(),
        _ => Rune.ToLowerInvariant(rune).ToString(),
    };

    private static bool IsMark(Rune rune) =>
        Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark or UnicodeCategory.Format;
}
