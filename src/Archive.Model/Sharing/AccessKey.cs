using Archive.Model.Accounts;

namespace Archive.Model.Sharing;

/// <summary>A secret in a link that lets a reviewer read a private dataset. The key itself is told once and never stored.</summary>
/// <param name="Id">Names it towards its owner; 32 lower-case hexadecimal digits.</param>
/// <param name="Name">What its owner calls it; may be empty.</param>
/// <param name="KeyHash">SHA-256 of the key, 64 lower-case hexadecimal digits.</param>
/// <param name="CreatedAt">When it was made (UTC).</param>
/// <param name="CreatedBy">Who made it.</param>
/// <param name="ExpiresAt">From then on it opens nothing (UTC, the database's clock).</param>
public sealed record AccessKey(string Id, string Name, string KeyHash, DateTimeOffset CreatedAt, AccountId CreatedBy, DateTimeOffset ExpiresAt)
{
    /// <summary>The last day (UTC) on which it opened something, no finer; null when it never did.</summary>
    public DateOnly? LastUsedOn { get; init; }

    /// <summary>When it was revoked (UTC); null unless it was.</summary>
    public DateTimeOffset? RevokedAt { get; init; }

    /// <summary>Whether it opens anything at an instant.</summary>
    public bool IsLive(DateTimeOffset now) => RevokedAt is null && ExpiresAt > now;
}
