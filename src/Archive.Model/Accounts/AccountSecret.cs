using System.Text.Json.Serialization;

namespace Archive.Model.Accounts;

/// <summary>What the token of a mail is good for.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<SecretPurpose>))]
public enum SecretPurpose
{
    /// <summary>Shows that the address of a registration is its sender's.</summary>
    ConfirmEmail,

    /// <summary>Shows that the address an account wants to move to is its owner's.</summary>
    ChangeEmail,

    /// <summary>Sets a new password.</summary>
    ResetPassword,
}

/// <summary>A token that was sent by mail. The token itself is never stored.</summary>
/// <param name="Purpose">What it is good for.</param>
/// <param name="TokenHash">SHA-256 of the token, 64 lower-case hexadecimal digits.</param>
/// <param name="ExpiresAt">From then on it is worth nothing (UTC).</param>
public sealed record AccountSecret(SecretPurpose Purpose, string TokenHash, DateTimeOffset ExpiresAt)
{
    /// <summary>The address that it proves; null for a new password.</summary>
    public string? Email { get; init; }

    /// <summary>
    /// For a registration: the name that came with it. Until one of them is confirmed, several people may have registered the address;
    /// the token decides whose name and password hold.
    /// </summary>
    public string? Name { get; init; }

    /// <summary>For a registration: the hash of the password that came with it.</summary>
    public string? PasswordHash { get; init; }
}
