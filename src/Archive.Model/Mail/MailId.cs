using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Serialization;

namespace Archive.Model.Mail;

/// <summary>Names a mail, and is the left part of its Message-ID. Its text is 32 lower-case hexadecimal digits.</summary>
/// <param name="Value">The identifier's 128 bits.</param>
[JsonConverter(typeof(TextJsonConverter<MailId>))]
public readonly record struct MailId(Guid Value) : IParsable<MailId>
{
    /// <summary>A new identifier that no other call returns.</summary>
    public static MailId New() => new(Guid.CreateVersion7());

    /// <summary>
    /// The same identifier for the same words, so that what is asked for twice is one mail: for instance
    /// <c>MailId.Of("release-warning", "S-BIAR7", "2026-12-24", "30")</c>.
    /// </summary>
    public static MailId Of(params ReadOnlySpan<string> words)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var word in words)
        {
            var bytes = Encoding.UTF8.GetBytes(word);
            hash.AppendData(BitConverter.GetBytes(bytes.Length));
            hash.AppendData(bytes);
        }
        var name = hash.GetHashAndReset()[..16];
        name[6] = (byte)((name[6] & 0x0F) | 0x80); // version 8: made by a rule of our own (RFC 9562)
        name[8] = (byte)((name[8] & 0x3F) | 0x80);
        return new MailId(new Guid(name, bigEndian: true));
    }

    /// <summary>Reads the 32 digits that <see cref="ToString"/> writes.</summary>
    /// <exception cref="FormatException">The text is anything else.</exception>
    public static MailId Parse(string s, IFormatProvider? provider) =>
        TryParse(s, provider, out var id) ? id : throw new FormatException($"'{s}' is not a MailId.");

    /// <summary>Reads the 32 digits that <see cref="ToString"/> writes; false for anything else.</summary>
    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out MailId result)
    {
        var read = Guid.TryParseExact(s, "N", out var value);
        result = new MailId(value);
        return read;
    }

    /// <summary>The 32 digits.</summary>
    public override string ToString() => Value.ToString("N");
}
