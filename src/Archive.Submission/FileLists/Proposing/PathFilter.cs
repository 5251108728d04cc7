using System.Text;
using System.Text.RegularExpressions;
using Archive.Model.Submissions;
using Archive.Model.Text;

namespace Archive.Submissions.FileLists.Proposing;

/// <summary>Files by a pattern of shells: <c>*</c> and <c>?</c> stay within a folder, <c>**</c> does not. Without <c>/</c> it is about the file's name alone.</summary>
internal sealed class PathFilter
{
    private const int MaxChars = 1000;

    private readonly Regex regex;
    private readonly bool isOfNames;

    private PathFilter(Regex regex, bool isOfNames) => (this.regex, this.isOfNames) = (regex, isOfNames);

    /// <summary>Reads a filter; null with a finding when it is too long.</summary>
    public static PathFilter? Read(string text, FindingList findings)
    {
        if (text.Length is 0 or > MaxChars)
        {
            findings.Error("filter-length", "filter", $"A filter has 1 to {MaxChars} characters.");
            return null;
        }
        text = Nfc.Of(text);
        var expression = new StringBuilder(@"\A");
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '?') expression.Append("[^/]");
            else if (text[i] != '*') expression.Append(Regex.Escape(text[i].ToString()));
            else
            {
                var first = i;
                while (i + 1 < text.Length && text[i + 1] == '*') i++;
                expression.Append(i > first ? ".*" : "[^/]*");
            }
        }
        return new(new Regex(expression.Append(@"\z").ToString(), RegexOptions.NonBacktracking | RegexOptions.CultureInvariant | RegexOptions.Singleline),
            !text.Contains('/', StringComparison.Ordinal));
    }

    /// <summary>Whether a path under NFC passes.</summary>
    public bool Passes(string path) => regex.IsMatch(isOfNames ? path.AsSpan(path.LastIndexOf('/') + 1) : path);
}
