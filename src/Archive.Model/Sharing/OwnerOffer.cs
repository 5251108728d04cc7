using Archive.Model.Accounts;

namespace Archive.Model.Sharing;

/// <summary>What an owner offered somebody: to be the owner in his place.</summary>
/// <param name="Email">The address that was named; whoever has confirmed it may accept.</param>
/// <param name="From">The owner who offered. The offer falls when he is no longer the owner.</param>
/// <param name="OfferedAt">When (UTC).</param>
/// <param name="ExpiresAt">From then on it cannot be accepted (UTC, the database's clock).</param>
public sealed record OwnerOffer(string Email, AccountId From, DateTimeOffset OfferedAt, DateTimeOffset ExpiresAt)
{
    /// <summary>Days in which an offer may be accepted.</summary>
    public const int Days = 14;

    // Longer than a transfer takes. Where it was cut in the middle the offer stands as before then.
    private static readonly TimeSpan Taking = TimeSpan.FromMinutes(1);

    /// <summary>Who accepted it and is being made the owner; null until somebody did.</summary>
    public AccountId? AcceptedBy { get; init; }

    /// <summary>When he did (UTC, the database's clock).</summary>
    public DateTimeOffset? AcceptedAt { get; init; }

    /// <summary>Whether somebody is just being made the owner: then it can neither be taken back nor replaced.</summary>
    public bool IsTaken(DateTimeOffset now) => AcceptedBy is not null && AcceptedAt > now - Taking;

    /// <summary>Whether an account may accept it at an instant.</summary>
    public bool IsFor(Account account, DateTimeOffset now) => IsTaken(now)
        ? AcceptedBy == account.Id
        : ExpiresAt > now && account is { IsConfirmed: true, IsActive: true } && Email.Equals(account.Email, StringComparison.OrdinalIgnoreCase);
}
