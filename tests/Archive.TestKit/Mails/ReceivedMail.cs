using System.Text;
using System.Text.RegularExpressions;

namespace Archive.TestKit.Mails;

/// <summary>A mail as somebody received it, taken apart by rules of its own and not by the archive's.</summary>
/// <param name="Headers">Each field with its lines joined, in order.</param>
/// <param name="Text">The body, lines ended by a line feed, as it stands behind its transfer encoding.</param>
public sealed partial record ReceivedMail(IReadOnlyList<KeyValuePair<string, string>> Headers, string Text)
{
    /// <summary>The one field of a name; fails where there are two or none.</summary>
    public string this[string name] => Headers.Single(h => h.Key.Equals(name, StringComparison.OrdinalIgnoreCase)).Value;

    /// <summary>The recipient.</summary>
    public string To => this["To"];

    /// <summary>The subject with its encoded words read.</summary>
    public string Subject => Word().Replace(Gap().Replace(this["Subject"], "?==?"), w => Encoding.UTF8.GetString(Convert.FromBase64String(w.Groups["word"].Value)));

    /// <summary>What names it.</summary>
    public string MessageId => this["Message-ID"];

    /// <summary>What stands behind token= in its link; null where it has none.</summary>
    public string? Token => Link().Match(Text) is { Success: true } link ? link.Groups["token"].Value : null;

    /// <summary>Takes a message apart.</summary>
    /// <exception cref="FormatException">A line does not end with CR LF, or is longer than RFC 5322 allows, or is no header field.</exception>
    public static ReceivedMail Parse(byte[] message)
    {
        var text = Encoding.UTF8.GetString(message);
        if (text.Replace("\r\n", "", StringComparison.Ordinal).AsSpan().ContainsAny('\r', '\n')) throw new FormatException("A line does not end with CR LF.");
        var lines = text.Split("\r\n");
        if (lines.Any(l => Encoding.UTF8.GetByteCount(l) > 998)) throw new FormatException("A line is too long.");
        var headers = new List<KeyValuePair<string, string>>();
        var at = 0;
        for (; lines[at].Length > 0; at++)
        {
            if (lines[at][0] is ' ' or '\t') headers[^1] = new(headers[^1].Key, headers[^1].Value + " " + lines[at].Trim());
            else if (lines[at].IndexOf(':', StringComparison.Ordinal) is > 0 and var colon) headers.Add(new(lines[at][..colon], lines[at][(colon + 1)..].Trim()));
            else throw new FormatException($"'{lines[at]}' is no header field.");
        }
        var body = string.Join('\n', lines.Skip(at + 1));
        return new ReceivedMail(headers, headers.Exists(h => h.Key == "Content-Transfer-Encoding" && h.Value == "quoted-printable") ? Unquote(body) : body);
    }

    private static string Unquote(string text)
    {
        var bytes = new List<byte>();
        var joined = text.Replace("=\n", "", StringComparison.Ordinal);
        for (var i = 0; i < joined.Length; i++)
        {
            if (joined[i] != '=') bytes.Add((byte)joined[i]);
            else
            {
                bytes.Add(Convert.FromHexString(joined.AsSpan(i + 1, 2))[0]);
                i += 2;
            }
        }
        return Encoding.UTF8.GetString(bytes.ToArray());
    }

    [GeneratedRegex(@"\btoken=(?<token>[A-Za-z0-9_\-]+)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Link();

    [GeneratedRegex(@"=\?utf-8\?B\?(?<word>[^?]*)\?=", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Word();

    [GeneratedRegex(@"\?=\s+=\?", RegexOptions.None, 1000)]
    private static partial Regex Gap();
}
