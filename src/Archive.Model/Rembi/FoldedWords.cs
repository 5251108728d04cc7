using System.Globalization;
using System.Text;
using Archive.Model.Text;

namespace Archive.Model.Rembi;

/// <summary>
/// A word of a text: letters and digits in a row, without marks and case, and where it stands; of scripts that put no blanks between words,
/// or put endings to names, each letter.
/// </summary>
/// <param name="Text">Folded.</param>
/// <param name="Start">Its first character in the text.</param>
/// <param name="End">Behind its last character.</param>
/// <param name="IsUnspaced">Whether it is a letter of such a script.</param>
internal readonly record struct FoldedWord(string Text, int Start, int End, bool IsUnspaced = false);

/// <summary>
/// Cuts texts into words that are the same however a name is written: <c>Müller-Lüdenscheidt</c>, <c>MULLER LUDENSCHEIDT</c> and
/// <c>muller_ludenscheidt</c> are the same two. Where a script shows no words, a name is a row of letters anywhere.
/// </summary>
internal static class FoldedWords
{
    /// <summary>Whether a word is a letter of a script that has no blanks between words.</summary>
    public static bool IsUnspaced(string word) => Rune.TryGetRuneAt(word, 0, out var first) && IsUnspaced(first);

    /// <summary>The words in their order.</summary>
    public static List<FoldedWord> Of(string text)
    {
        var words = new List<FoldedWord>();
        var word = new StringBuilder();
        var parts = new List<int>();
        var (start, end, at) = (-1, 0, 0);
        var isUnspaced = false;
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
                    if (!isPart && (isUnspaced ? !IsInnerJamo(rune) : IsUnspaced(rune))) Take();
                    if (!isPart) isUnspaced = IsUnspaced(rune);
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
            if (word.Length > 0) words.Add(new(word.ToString(), start, end, isUnspaced));
            word.Clear();
            (start, end, isUnspaced) = (-1, 0, false);
        }
    }

    // Thai and Lao, Myanmar, Khmer, Hangul, kana and their extensions, Han with its compatibility forms and planes.
    private static bool IsUnspaced(Rune rune) => rune.Value is (>= 0x0E00 and <= 0x0EFF) or (>= 0x1000 and <= 0x11FF) or (>= 0x1780 and <= 0x17FF)
        or (>= 0x3005 and <= 0x9FFF) or (>= 0xA960 and <= 0xA97F) or (>= 0xAC00 and <= 0xD7FF) or (>= 0xF900 and <= 0xFAFF) or (>= 0xFF66 and <= 0xFFDC) or (>= 0x1B000 and <= 0x1B16F) or (>= 0x20000 and <= 0x3FFFF);

    // Vowels and ends of Hangul syllables, where a text writes these in parts.
    private static bool IsInnerJamo(Rune rune) => rune.Value is >= 0x1160 and <= 0x11FF;

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
        _ => Rune.ToLowerInvariant(rune).ToString(),
    };

    private static bool IsMark(Rune rune) =>
        Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark or UnicodeCategory.Format;
}
