using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Archive.Model.Submissions;
using Archive.Model.Text;

namespace Archive.Submissions.FileLists.Proposing;

/// <summary>
/// A pattern of whole paths: <c>pos{position}/{prefix}_{t:int}_{channel}_{z:int}.png</c>. A field in braces stands for one or more
/// characters other than <c>/</c>; <c>:int</c> for digits, <c>:path</c> for any characters. Doubled braces stand for themselves; a name
/// that occurs twice must have the same value. Where a name can be read in several ways, earlier fields take as much as they can.
/// </summary>
internal sealed class NamePattern : NameRule
{
    private const int MaxChars = 1000;

    private readonly Regex regex;
    private readonly int[] groups;

    private NamePattern(Regex regex, IReadOnlyList<NameField> fields, int[] groups)
        : base(fields) => (this.regex, this.groups) = (regex, groups);

    /// <summary>Reads a pattern; null with findings that name the character where it is wrong.</summary>
    public static NamePattern? Read(string text, FindingList findings)
    {
        if (text.Length is 0 or > MaxChars)
        {
            findings.Error("pattern-length", "pattern", $"A pattern has 1 to {MaxChars} characters.");
            return null;
        }
        return new Reader(Nfc.Of(text), findings).Read();
    }

    /// <inheritdoc/>
    public override bool TryRead(string path, string[] values)
    {
        var match = regex.Match(path);
        if (!match.Success) return false;
        Array.Clear(values);
        for (var i = 0; i < groups.Length; i++)
        {
            var field = groups[i];
            if (Fields[field].Accept(match.Groups[i + 1].ValueSpan) is not { } value) return false;
            if (values[field] is { } before && before != value) return false;
            values[field] = value;
        }
        return true;
    }

    private sealed class Reader(string text, FindingList findings)
    {
        private readonly StringBuilder expression = new(@"\A");
        private readonly List<NameField> fields = [];
        private readonly List<int> groups = [];
        private char before = '/';

        public NamePattern? Read()
        {
            var at = 0;
            while (at < text.Length && !findings.HasErrors)
            {
                if (text[at] is '{' or '}' && at + 1 < text.Length && text[at + 1] == text[at]) at = Literal(at, 2);
                else if (text[at] == '{') at = Field(at);
                else if (text[at] == '}') Fail(at, "A closing brace has no opening one: double it where it stands for itself.");
                else at = Literal(at, 1);
            }
            if (groups.Count == 0 && !findings.HasErrors) Fail(0, "The pattern has no field: put what varies between names in braces, such as {channel} or {t:int}.");
            if (findings.HasErrors) return null;
            // No backtracking: whatever the pattern, a name takes time in proportion to its length.
            var regex = new Regex(expression.Append(@"\z").ToString(), RegexOptions.NonBacktracking | RegexOptions.CultureInvariant | RegexOptions.Singleline);
            return new(regex, fields, [.. groups]);
        }

        private int Literal(int at, int length)
        {
            expression.Append(Regex.Escape(text[at].ToString()));
            before = '/';
            return at + length;
        }

        private int Field(int at)
        {
            var end = text.IndexOf('}', at);
            if (end < 0)
            {
                Fail(at, "A brace is opened and not closed.");
                return text.Length;
            }
            var parts = text[(at + 1)..end].Split(':', 2);
            var type = parts.Length > 1 ? parts[1].Trim() : "text";
            var kind = type == "path" ? 'p' : type == "int" ? 'i' : 't';
            // Only digits before letters have an end of their own.
            if (before != '/' && !(before == 'i' && kind == 't')) Fail(at, "Two fields stand side by side, so it is not clear where one ends: put something between them.");
            if (groups.Count == NameField.MaxFields) Fail(at, $"A pattern has at most {NameField.MaxFields} fields.");
            if (NameField.Read(parts[0], kind == 'p' ? "text" : type, Place(at), findings) is not { } field) return text.Length;
            var index = fields.FindIndex(f => f.Name == field.Name);
            if (index < 0) fields.Add(field);
            else if (fields[index] != field) Fail(at, $"The field '{field.Name}' occurs with two types.");
            groups.Add(index < 0 ? fields.Count - 1 : index);
            expression.Append(kind switch { 'i' => "([0-9]+)", 'p' => "(.+)", _ => "([^/]+)" });
            before = kind;
            return end + 1;
        }

        private void Fail(int at, string message) => findings.Error("pattern-invalid", Place(at), message);

        private static string Place(int at) => string.Create(CultureInfo.InvariantCulture, $"pattern, character {at + 1}");
    }
}
