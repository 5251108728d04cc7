using System.Buffers.Text;
using Archive.Api.Running;
using Archive.Model.Accounts;
using Archive.Model.Mail;

namespace Archive.Api.Mail;

/// <summary>
/// The tokens that mails carry. A token follows from its mail's identifier and the archive's shared secret: every sending of the mail
/// has the same one, on every node, while the database holds only its digest.
/// </summary>
internal sealed class MailTokens(SharedSecret secret)
{
    private const int IdBytes = 16;
    private const int TotalBytes = IdBytes + SharedSecret.DerivedBytes;

    /// <summary>The longest text that is looked at.</summary>
    public const int MaxLength = 256;

    /// <summary>The token of a mail for an account, 64 characters of base64url: who it is for, and 256 bits that nobody can guess.</summary>
    public string Of(MailId mail, AccountId account)
    {
        Span<byte> bytes = stackalloc byte[TotalBytes];
        account.Value.TryWriteBytes(bytes, bigEndian: true, out _);
        secret.Derive("mail-token", $"{mail} {account}").CopyTo(bytes[IdBytes..]);
        return Base64Url.EncodeToString(bytes);
    }

    /// <summary>The account that a token says it is for; false for a text that is no token.</summary>
    public static bool TryReadAccount(string? token, out AccountId account)
    {
        account = default;
        if (token is not { Length: > 0 and <= MaxLength } || !Base64Url.IsValid(token)) return false;
        var bytes = Base64Url.DecodeFromChars(token);
        if (bytes.Length != TotalBytes) return false;
        account = new AccountId(new Guid(bytes.AsSpan(0, IdBytes), bigEndian: true));
        return true;
    }
}
