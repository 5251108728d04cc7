using Archive.Model.Accounts;

namespace Archive.Storage.Metadata;

/// <summary>Keeps sign-ins. One counts while it has not expired, its account is active, and the account's epoch is still the one it began in.</summary>
public interface ISessionStore
{
    /// <summary>
    /// Adds a sign-in that ends after <paramref name="lifetime"/> by the database's clock, in the epoch of the account as it was read,
    /// and returns it with its end. One that is there is taken into that epoch and keeps its end.
    /// </summary>
    Task<Session> AddAsync(string tokenHash, Account account, TimeSpan lifetime, CancellationToken ct);

    /// <summary>The sign-in and its account; null when there is none that counts.</summary>
    Task<(Session Session, Account Account)?> FindAsync(string tokenHash, CancellationToken ct);

    /// <summary>Ends a sign-in. Does nothing when it is gone already.</summary>
    Task RemoveAsync(string tokenHash, CancellationToken ct);

    /// <summary>Removes expired sign-ins and returns their number.</summary>
    Task<int> RemoveExpiredAsync(CancellationToken ct);
}
