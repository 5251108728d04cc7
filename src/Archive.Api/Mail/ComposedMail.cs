using System.Globalization;
using System.Text;
using Archive.Model.Accounts;

namespace Archive.Api.Mail;

/// <summary>
/// A mail as it goes out (RFC 5322, RFC 2045): the same bytes each time for the same mail. Header fields are written here alone, from
/// checked addresses and encoded texts, so nothing that somebody typed can begin another field.
/// </summary>
/// <param name="MessageId">With its angle brackets.</param>
/// <param name="From">The sender's address.</param>
/// <param name="To">The recipient's address.</param>
/// <param name="Subject">One line of any letters.</param>
/// <param name="Text">Lines end with a line feed.</param>
/// <param name="Date">When it was asked for (UTC).</param>
internal sealed record ComposedMail(string MessageId, string From, string To, string Subject, string Text, DateTimeOffset Date)
{
    // RFC 5322, section 2.1.1, in bytes without the line's end; RFC 2045, section 6.7; RFC 2047, section 2.
    private const int MaxLineBytes = 998;
    private const int MaxQuotedChars = 76;
    private const int MaxWordBytes = 45;

    /// <summary>The left part of the Message-ID, by which a mail written twice is one file.</summary>
    public string LocalId => MessageId[1..MessageId.IndexOf('@', StringComparison.Ordinal)];

    /// <summary>The whole message, its lines ended by CR LF.</summary>
    /// <param name="eightBit">Whether the way to the recipient takes bytes above 127.</param>
    /// <exception cref="FormatException">An address or the Message-ID holds what must not stand in a header.</exception>
    public byte[] ToBytes(bool eightBit)
    {
        if (!EmailAddress.IsSound(From) || !EmailAddress.IsSound(To) || !IsMessageId(MessageId)) throw new FormatException("The mail has no sound addresses.");
        var lines = Text.Split('\n');
        var isAscii = Text.All(char.IsAscii);
        var quoted = (!isAscii && !eightBit) || lines.Any(l => Encoding.UTF8.GetByteCount(l) > MaxLineBytes) || Text.Contains('\r', StringComparison.Ordinal);
        var message = new StringBuilder();
        message.Append("Date: ").Append(Date.UtcDateTime.ToString("ddd, dd MMM yyyy HH:mm:ss", CultureInfo.InvariantCulture)).Append(" +0000\r\n");
        message.Append("From: Archive <").Append(From).Append(">\r\n");
        message.Append("To: ").Append(To).Append("\r\n");
        message.Append("Message-ID: ").Append(MessageId).Append("\r\n");
        message.Append("Subject: ").Append(Encoded(Subject)).Append("\r\n");
        message.Append("MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: ");
        message.Append(quoted ? "quoted-printable" : isAscii ? "7bit" : "8bit").Append("\r\n");
        // So that no out-of-office notice comes back (RFC 3834).
        message.Append("Auto-Submitted: auto-generated\r\n\r\n");
        foreach (var line in lines.AsSpan(0, lines[^1].Length == 0 ? lines.Length - 1 : lines.Length))
        {
            if (quoted) AppendQuoted(message, line);
            else message.Append(line);
            message.Append("\r\n");
        }
        return Encoding.UTF8.GetBytes(message.ToString());
    }

    // As it is where it is printable ASCII of a line's length, else as encoded words of whole letters (RFC 2047).
    private static string Encoded(string text)
    {
        if (text.Length <= 60 && text.All(c => c is >= ' ' and < (char)127) && !text.Contains("=?", StringComparison.Ordinal)) return text;
        var (words, word) = (new List<string>(), new List<byte>());
        foreach (var letter in text.EnumerateRunes())
        {
            var bytes = Encoding.UTF8.GetBytes(Rune.IsControl(letter) ? " " : letter.ToString());
            if (word.Count + bytes.Length > MaxWordBytes) Close();
            word.AddRange(bytes);
        }
        Close();
        return string.Join("\r\n ", words);

        void Close()
        {
            if (word.Count > 0) words.Add($"=?utf-8?B?{Convert.ToBase64String(word.ToArray())}?=");
            word.Clear();
        }
    }

    private static void AppendQuoted(StringBuilder to, string line)
    {
        var column = 0;
        var bytes = Encoding.UTF8.GetBytes(line);
        for (var i = 0; i < bytes.Length; i++)
        {
            var isPlain = bytes[i] is > 32 and < 127 and not (byte)'=' || (bytes[i] is 32 or 9 && i + 1 < bytes.Length);
            var width = isPlain ? 1 : 3;
            if (column + width > MaxQuotedChars - 1)
            {
                to.Append("=\r\n");
                column = 0;
            }
            if (isPlain) to.Append((char)bytes[i]);
            else to.Append(CultureInfo.InvariantCulture, $"={bytes[i]:X2}");
            column += width;
        }
    }

    private static bool IsMessageId(string text) =>
        text.Length is > 4 and < 400 && text[0] == '<' && text[^1] == '>' && EmailAddress.IsSound(text[1..^1]);
}
