using System.Buffers;
using System.Text.RegularExpressions;

namespace Archive.Submissions.Validation;

/// <summary>E-mail addresses as depositors write them.</summary>
internal static partial class EmailTexts
{
    private static readonly SearchValues<char> Never = SearchValues.Create(" \t\r\n,;<>()[]\"");

    /// <summary>Whether a text is one address.</summary>
    public static bool IsAddress(string text)
    {
        var at = text.IndexOf('@', StringComparison.Ordinal);
        return at > 0 && at == text.LastIndexOf('@') && text.IndexOf('.', at) > at + 1 && text[^1] != '.' && !text.Contains("..", StringComparison.Ordinal)
            && !text.StartsWith("mailto:", StringComparison.OrdinalIgnoreCase) && !text.AsSpan().ContainsAny(Never);
    }

    /// <summary>The address in a text that is none: after a name, doubled, with blanks, two signs or a comma; empty for a placeholder; null when none is seen.</summary>
    public static string? Propose(string text)
    {
        if (text.Length > 1000) return null;
        if (StudyRules.IsPlaceholder(text)) return "";
        var half = text.Length / 2;
        if (text.Length % 2 == 0 && text.AsSpan(0, half).SequenceEqual(text.AsSpan(half)) && IsAddress(text[..half])) return text[..half];
        var clean = Signs().Replace(Spelled().Replace(text, "@"), "@").Replace("..", ".", StringComparison.Ordinal);
        if (First(clean) is { } found) return found;
        return First(CommaBeforeDomain().Replace(clean, "${at}.${rest}"));
    }

    private static string? First(string text) => Address().Matches(text).Select(m => m.Value).FirstOrDefault(IsAddress);

    [GeneratedRegex(@"[A-Za-z0-9._%+'-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+", RegexOptions.None, 1000)]
    private static partial Regex Address();

    [GeneratedRegex(@"\s*[(\[]at[)\]]\s*|\s+at\s+", RegexOptions.IgnoreCase, 1000)]
    private static partial Regex Spelled();

    [GeneratedRegex(@"\s*@[\s@]*", RegexOptions.None, 1000)]
    private static partial Regex Signs();

    [GeneratedRegex(@"(?<at>@[A-Za-z0-9-]+),\s*(?<rest>[A-Za-z])", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex CommaBeforeDomain();
}
