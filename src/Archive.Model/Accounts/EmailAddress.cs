using System.Diagnostics.CodeAnalysis;

namespace Archive.Model.Accounts;

/// <summary>What counts as an e-mail address here: what every mail server takes unquoted, so that no address can carry anything else.</summary>
public static class EmailAddress
{
    /// <summary>The longest address (RFC 5321, section 4.5.3.1.3, less the angle brackets).</summary>
    public const int MaxLength = 254;

    private const int MaxLocal = 64;
    private const int MaxLabel = 63;

    /// <summary>
    /// Whether the text is one address <c>local@domain</c>: a dot-atom of ASCII (RFC 5322, section 3.2.3) and a host name. Quoted local
    /// parts, comments, address literals and letters beyond ASCII are not taken.
    /// </summary>
    public static bool IsSound([NotNullWhen(true)] string? text)
    {
        if (text is not { Length: >= 3 and <= MaxLength }) return false;
        var at = text.IndexOf('@', StringComparison.Ordinal);
        if (at is < 1 or > MaxLocal || at == text.Length - 1) return false;
        return text[..at].Split('.').All(part => part.Length > 0 && part.All(IsAtom)) && text[(at + 1)..].Split('.').All(IsLabel);
    }

    private static bool IsAtom(char c) => char.IsAsciiLetterOrDigit(c) || "!#$%&'*+-/=?^_`{|}~".Contains(c, StringComparison.Ordinal);

    private static bool IsLabel(string label) =>
        label.Length is > 0 and <= MaxLabel && label[0] != '-' && label[^1] != '-' && label.All(c => char.IsAsciiLetterOrDigit(c) || c == '-');
}
