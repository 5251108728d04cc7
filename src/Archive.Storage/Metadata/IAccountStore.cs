using Archive.Model.Accounts;

namespace Archive.Storage.Metadata;

/// <summary>Keeps accounts and sign-ins. Addresses are compared without regard to case.</summary>
public interface IAccountStore
{
    /// <summary>Adds an account; false when the address or the identifier is taken.</summary>
    Task<bool> TryAddAsync(Account account, CancellationToken ct);

    /// <summary>The account, or null.</summary>
    Task<Account?> FindAsync(AccountId id, CancellationToken ct);

    /// <summary>The account with the address, or null.</summary>
    Task<Account?> FindByEmailAsync(string email, CancellationToken ct);

    /// <summary>
    /// Replaces the account when its revision is still the one given; false when another write came first, or when its new
    /// address is another account's.
    /// </summary>
    Task<bool> TryReplaceAsync(Account account, CancellationToken ct);

    /// <summary>Adds a sign-in that ends after <paramref name="lifetime"/> by the database's clock, and returns it with its end.</summary>
    Task<Session> AddSessionAsync(string tokenHash, AccountId account, TimeSpan lifetime, CancellationToken ct);

    /// <summary>The sign-in and its account; null when there is none or it has expired by the database's clock.</summary>
    Task<(Session Session, Account Account)?> FindSessionAsync(string tokenHash, CancellationToken ct);

    /// <summary>Ends a sign-in. Does nothing when it is gone already.</summary>
    Task RemoveSessionAsync(string tokenHash, CancellationToken ct);

    /// <summary>Removes expired sign-ins and returns their number.</summary>
    Task<int> RemoveExpiredSessionsAsync(CancellationToken ct);
}
