using System.Globalization;

namespace Archive.Indexer.Query;

/// <summary>Cuts a query into pieces. Whatever the text is, it gives pieces and never fails; what it cannot read it tells.</summary>
internal sealed partial class QueryLexer
{
    /// <summary>Further characters are not read.</summary>
    public const int MaxLength = 4096;

    private readonly string text;
    private readonly int end;
    private readonly Func<string, bool> isField;
    private readonly QueryNotes notes;
    private readonly List<QueryToken> tokens = [];
    private int at;

    private QueryLexer(string text, Func<string, bool> isField, QueryNotes notes)
    {
        this.text = text;
        this.isField = isField;
        this.notes = notes;
        end = Math.Min(text.Length, MaxLength);
        if (end < text.Length) notes.Add(end, text.Length - end, $"A query is read up to {MaxLength} characters; the rest is passed over.");
    }

    /// <summary>Cuts a query.</summary>
    /// <param name="text">The query.</param>
    /// <param name="isField">Which names before a colon are fields; other colons belong to the word.</param>
    /// <param name="notes">Told what could not be read.</param>
    public static List<QueryToken> Read(string text, Func<string, bool> isField, QueryNotes notes)
    {
        var lexer = new QueryLexer(text, isField, notes);
        while (true)
        {
            while (lexer.at < lexer.end && char.IsWhiteSpace(text[lexer.at])) lexer.at++;
            if (lexer.at == lexer.end) return lexer.tokens;
            lexer.ReadOne();
        }
    }

    private void ReadOne()
    {
        switch (text[at])
        {
            case '(':
                Take(QueryTokenKind.Open, 1);
                break;
            case ')':
                Take(QueryTokenKind.Close, 1);
                ReadBoost();
                break;
            case '"':
                ReadPhrase();
                break;
            case '[' or '{':
                ReadRange();
                break;
            case '+' or '-' or '!' when IsBlank(at + 1):
                notes.Add(at, 1, $"{text[at]} stands alone and is passed over.");
                at++;
                break;
            case '+' or '-' or '!':
                Take(text[at] == '+' ? QueryTokenKind.Required : QueryTokenKind.Not, 1);
                break;
            case '&' or '|' when at + 1 < end && text[at + 1] == text[at]:
                Take(text[at] == '&' ? QueryTokenKind.And : QueryTokenKind.Or, 2);
                break;
            default:
                ReadWord();
                break;
        }
    }

    private void Take(QueryTokenKind kind, int length)
    {
        tokens.Add(new QueryToken(kind, "", new QueryPlace(at, length)));
        at += length;
    }

    private void ReadPhrase()
    {
        var start = at++;
        var content = ReadUntilQuote();
        if (content is null)
        {
            notes.Add(start, 1, "This quote is not closed; the phrase goes to the end.");
            content = Unescaped(start + 1, end);
            at = end;
        }
        int? slop = null;
        if (at < end && text[at] == '~')
        {
            var digits = DigitsEnd(at + 1, allowPoint: false);
            if (digits == at + 1) notes.Add(at, 1, "~ after a phrase needs a number, such as ~3; it is passed over.");
            else slop = int.TryParse(text.AsSpan(at + 1, digits - at - 1), CultureInfo.InvariantCulture, out var number) ? number : int.MaxValue;
            at = digits;
        }
        tokens.Add(new QueryToken(QueryTokenKind.Phrase, content, new QueryPlace(start, at - start)) { Tilde = slop });
        ReadBoost();
    }

    // The text up to the next quote that is not escaped, which is passed; null when there is none.
    private string? ReadUntilQuote()
    {
        var start = at;
        for (var i = at; i < end; i++)
        {
            if (text[i] == '\\') i++;
            else if (text[i] == '"')
            {
                at = i + 1;
                return Unescaped(start, i);
            }
        }
        return null;
    }

    private string Unescaped(int from, int to)
    {
        var kept = new char[to - from];
        var length = 0;
        for (var i = from; i < to; i++)
        {
            if (text[i] == '\\' && i + 1 < to) i++;
            kept[length++] = text[i];
        }
        return new string(kept, 0, length);
    }

    // ^ and a number, after a word, a phrase, a range or a group.
    private void ReadBoost()
    {
        if (at >= end || text[at] != '^') return;
        var digits = DigitsEnd(at + 1, allowPoint: true);
        if (IsEndOfPiece(digits) && double.TryParse(text.AsSpan(at + 1, digits - at - 1), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var factor))
        {
            tokens.Add(new QueryToken(QueryTokenKind.Boost, "", new QueryPlace(at, digits - at)) { Factor = factor });
            at = digits;
            return;
        }
        notes.Add(at, 1, "^ needs a number, such as ^2; it is passed over.");
        at++;
    }

    private int DigitsEnd(int from, bool allowPoint)
    {
        while (from < end && (char.IsAsciiDigit(text[from]) || (allowPoint && text[from] == '.'))) from++;
        return from;
    }

    private bool IsBlank(int index) => index >= end || char.IsWhiteSpace(text[index]);

    private bool IsEndOfPiece(int index) => IsBlank(index) || text[index] is '(' or ')' or '"';
}
