using System.Globalization;
using System.Text;

namespace Archive.Indexer.Query;

internal sealed partial class QueryLexer
{
    // The longest end of a range.
    private const int MaxBound = 64;

    private void ReadWord()
    {
        var start = at;
        var word = new StringBuilder();
        var wild = new List<int>();
        int? edits = null;
        var from = at;
        for (; at < end && !IsEndOfWord(start); at++)
        {
            var c = text[at];
            if (c == '\\')
            {
                if (at + 1 == end) notes.Add(at, 1, "\\ has nothing after it to protect and is passed over.");
                else word.Append(text[++at]);
                continue;
            }
            if (c == ':' && at > from && from == start && word.Length == at - start && TakeField(start, word.ToString())) return;
            if (c == '~' && at > start && IsTilde(out var digits))
            {
                edits = Edits(text.AsSpan(at + 1, digits - at - 1));
                at = digits;
                break;
            }
            if (c is '*' or '?') wild.Add(word.Length);
            word.Append(c);
        }
        AddWord(start, word.ToString(), wild, edits);
        ReadBoost();
    }

    private void AddWord(int start, string word, List<int> wild, int? edits)
    {
        if (word.Length == 0) return;
        var place = new QueryPlace(start, at - start);
        // Escaped operators are words: their text is longer than the word.
        var kind = word.Length != place.Length ? QueryTokenKind.Word : word switch
        {
            "AND" => QueryTokenKind.And,
            "OR" => QueryTokenKind.Or,
            "NOT" => QueryTokenKind.Not,
            _ => QueryTokenKind.Word,
        };
        tokens.Add(new QueryToken(kind, word, place) { Wild = wild, Tilde = edits });
    }

    // A name before a colon. A colon after anything else belongs to the word, as in GO:0005634.
    private bool TakeField(int start, string name)
    {
        if (isField(name))
        {
            tokens.Add(new QueryToken(QueryTokenKind.Field, name, new QueryPlace(start, ++at - start)));
            return true;
        }
        if (name.All(char.IsAsciiLetter) && at + 1 < end && (char.IsAsciiLetter(text[at + 1]) || text[at + 1] is '"' or '(' or '[' or '{'))
            notes.Add(start, name.Length + 1, $"There is no field {name}; it is read as a word.");
        return false;
    }

    private bool IsEndOfWord(int start)
    {
        if (IsEndOfPiece(at)) return true;
        if (at == start) return false;
        if (text[at] is '&' or '|') return at + 1 < end && text[at + 1] == text[at];
        if (text[at] != '^') return false;
        // What is no boost is a character like others.
        var digits = DigitsEnd(at + 1, allowPoint: true);
        if (digits > at + 1 && IsEndOfPiece(digits) && double.TryParse(text.AsSpan(at + 1, digits - at - 1), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out _)) return true;
        notes.Add(at, 1, "^ here is followed by no number that ends; it is read as part of the word.");
        return false;
    }

    private bool IsTilde(out int digits)
    {
        digits = DigitsEnd(at + 1, allowPoint: true);
        if (IsEndOfPiece(digits) || text[digits] == '^') return true;
        notes.Add(at, 1, "~ here does not end the word; it is read as part of it.");
        return false;
    }

    // Nothing means 2; below 1 it is the likeness that Lucene once asked for, of which half the letters is the least that is told apart.
    private int Edits(ReadOnlySpan<char> number)
    {
        if (number.IsEmpty) return 2;
        if (!double.TryParse(number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var edits))
        {
            notes.Add(at, number.Length + 1, "~ takes 0, 1 or 2; 2 is taken.");
            return 2;
        }
        if (edits is 0 or 1 or 2) return (int)edits;
        notes.Add(at, number.Length + 1, edits < 1 ? "Likeness below 1 is of old; 2 edits are taken." : "A word is looked for with 2 edits at most; 2 is taken.");
        return 2;
    }

    private void ReadRange()
    {
        var start = at;
        var rest = at + 1;
        if (ReadBound(ref rest, out var min) && ReadTo(ref rest) && ReadBound(ref rest, out var max))
        {
            while (rest < end && char.IsWhiteSpace(text[rest])) rest++;
            if (rest < end && text[rest] is ']' or '}')
            {
                at = rest + 1;
                tokens.Add(new QueryToken(QueryTokenKind.Range, min, new QueryPlace(start, at - start))
                {
                    UpperText = max, IsMinIn = text[start] == '[', IsMaxIn = text[rest] == ']',
                });
                ReadBoost();
                return;
            }
        }
        notes.Add(start, 1, $"{text[start]} does not begin a range such as [2020 TO 2024]; it is passed over.");
        at++;
    }

    private bool ReadBound(ref int rest, out string bound)
    {
        while (rest < end && char.IsWhiteSpace(text[rest])) rest++;
        var from = rest;
        bound = "";
        if (rest < end && text[rest] == '"')
        {
            var close = text.IndexOf('"', from + 1, Math.Min(end - from - 1, MaxBound));
            if (close < 0) return false;
            rest = close + 1;
            bound = text[(from + 1)..close];
            return !string.IsNullOrWhiteSpace(bound);
        }
        while (rest < end && rest - from <= MaxBound && !char.IsWhiteSpace(text[rest]) && text[rest] is not (']' or '}' or '[' or '{' or '(' or ')' or '"')) rest++;
        bound = Unescaped(from, rest);
        return bound.Length is > 0 and <= MaxBound;
    }

    private bool ReadTo(ref int rest)
    {
        var from = rest;
        while (rest < end && char.IsWhiteSpace(text[rest])) rest++;
        if (rest == from || end - rest < 3 || text[rest] != 'T' || text[rest + 1] != 'O' || !char.IsWhiteSpace(text[rest + 2])) return false;
        rest += 2;
        return true;
    }
}
