using System.Text.Json.Serialization;

namespace Archive.Model.Accounts;

/// <summary>What an account may do beyond reading what is public.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Role>))]
public enum Role
{
    /// <summary>Owns drafts and datasets.</summary>
    Depositor,

    /// <summary>Reviews and corrects everybody's datasets.</summary>
    Curator,

    /// <summary>Runs the archive: accounts, jobs, index.</summary>
    Operator,
}

/// <summary>A person or program that signs in.</summary>
public sealed record Account
{
    /// <summary>The account's identifier.</summary>
    public required AccountId Id { get; init; }

    /// <summary>The address as typed; compared without regard to case.</summary>
    public required string Email { get; init; }

    /// <summary>The name shown to others.</summary>
    public required string Name { get; init; }

    /// <summary>The password's hash in the format of the framework's Identity hasher. Never logged.</summary>
    public required string PasswordHash { get; init; }

    /// <summary>What it may do.</summary>
    public required Role Role { get; init; }

    /// <summary>When it was created (UTC).</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Compared and raised by each write. Set by the store.</summary>
    public long Revision { get; init; }
}

/// <summary>A sign-in. The token itself is never stored.</summary>
/// <param name="TokenHash">SHA-256 of the token, 64 lower-case hexadecimal digits.</param>
/// <param name="Account">Who signed in.</param>
/// <param name="ExpiresAt">From then on it is worth nothing (UTC, the database's clock).</param>
public sealed record Session(string TokenHash, AccountId Account, DateTimeOffset ExpiresAt);
