using System.Text.Json.Serialization;
using Archive.Model.Effects;

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

    /// <summary>Another archive, whose tokens may have the scope <see cref="TokenScope.Partner"/>; else as a depositor.</summary>
    Partner,
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

    /// <summary>
    /// The password's hash in the format of the framework's Identity hasher; null for an account that signs in by ORCID alone. Never
    /// logged.
    /// </summary>
    public required string? PasswordHash { get; init; }

    /// <summary>What it may do.</summary>
    public required Role Role { get; init; }

    /// <summary>When it was created (UTC).</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Whether its owner has shown that the address is his. Without that the account may read but not deposit.</summary>
    public bool IsConfirmed { get; init; }

    /// <summary>Since when an operator lets it do nothing (UTC); null while it is active. Its public datasets stay.</summary>
    public DateTimeOffset? DeactivatedAt { get; init; }

    /// <summary>The ORCID iD that signs it in, or null. At most one account has it.</summary>
    public Orcid? Orcid { get; init; }

    /// <summary>Raised to end every sign-in begun before; sign-ins compare it.</summary>
    public int SignInEpoch { get; init; }

    /// <summary>What mails to its address have promised, newest last; at most <see cref="MaxSecrets"/>.</summary>
    public IReadOnlyList<AccountSecret> Secrets { get; init; } = [];

    /// <summary>Its API tokens, oldest first; at most <see cref="MaxTokens"/>.</summary>
    public IReadOnlyList<ApiToken> Tokens { get; init; } = [];

    /// <summary>What it may stage, where an operator set it apart from the others; null for the archive's quota.</summary>
    public StagingQuota? StagingQuota { get; init; }

    /// <summary>What must still follow a write of this document.</summary>
    public PendingEffects Effects { get; init; } = PendingEffects.None;

    /// <summary>Compared and raised by each write. Set by the store.</summary>
    public long Revision { get; init; }

    /// <summary>The database's time when this was read, by which expiry is judged. Set by the store; never stored.</summary>
    [JsonIgnore]
    public DateTimeOffset AsOf { get; init; }

    /// <summary>The most secrets that are kept; the oldest goes first.</summary>
    public const int MaxSecrets = 8;

    /// <summary>The most API tokens that an account may have.</summary>
    public const int MaxTokens = 50;

    /// <summary>Whether it may do anything at all.</summary>
    [JsonIgnore]
    public bool IsActive => DeactivatedAt is null;

    /// <summary>The account with one more secret; expired ones are dropped, and the oldest where there are too many.</summary>
    public Account With(AccountSecret secret) =>
        this with { Secrets = [.. Secrets.Where(s => s.ExpiresAt > AsOf).TakeLast(MaxSecrets - 1), secret] };
}

/// <summary>A quota of an account's own; 0 is no bound, null the archive's own bound.</summary>
/// <param name="Bytes">The most bytes that all its drafts may stage.</param>
/// <param name="Files">The most files.</param>
public sealed record StagingQuota(long? Bytes = null, long? Files = null);

/// <summary>A sign-in. The token itself is never stored.</summary>
/// <param name="TokenHash">SHA-256 of the token, 64 lower-case hexadecimal digits.</param>
/// <param name="Account">Who signed in.</param>
/// <param name="ExpiresAt">From then on it is worth nothing (UTC, the database's clock).</param>
public sealed record Session(string TokenHash, AccountId Account, DateTimeOffset ExpiresAt);
