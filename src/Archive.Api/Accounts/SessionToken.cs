using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Archive.Api.Accounts;

/// <summary>Bearer tokens: 256 random bits told once to the caller; only their digest is kept.</summary>
internal static class SessionToken
{
    /// <summary>The longest text that is looked at.</summary>
    public const int MaxLength = 256;

    // Scanners for leaked secrets, and people, can tell what it is.
    private const string ApiPrefix = "archive_";

    /// <summary>A new token, 43 characters of base64url.</summary>
    public static string New() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));

    /// <summary>A new API token: the same after a prefix.</summary>
    public static string NewApiToken() => ApiPrefix + New();

    /// <summary>Whether the text looks like an API token and not like a sign-in.</summary>
    public static bool IsApiToken(string token) => token.StartsWith(ApiPrefix, StringComparison.Ordinal);

    /// <summary>What the store knows a token by: SHA-256 in lower-case hexadecimal. No salt: the token has 256 bits of its own.</summary>
    public static string Hash(string token) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(token)));
}
