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
/// <c>muller_ludenscheidt</c> are the same two.
/// </summary>
internal static class FoldedWords
{
    /// <summary>The words in their order.</summary>
    public static List<FoldedWord> Of(string text)
    {
        var words = new List<FoldedWord>();
        var word = new StringBuilder();
        var parts = new List<int>();
        var (start, end, at) = (-1, 0, 0);
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
                if (Rune.IsLetterOrDigit(one)) word.Append(Folded(one));
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
            if (word.Length > 0) words.Add(new(word.ToString(), start, end));
            word.Clear();
            (start, end) = (-1, 0);
        }
    }

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
