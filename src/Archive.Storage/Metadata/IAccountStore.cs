using Archive.Model.Accounts;

namespace Archive.Storage.Metadata;

/// <summary>Keeps accounts. Addresses are compared without regard to case.</summary>
public interface IAccountStore
{
    /// <summary>Adds an account; false when the address, the ORCID iD or the identifier is taken.</summary>
    Task<bool> TryAddAsync(Account account, CancellationToken ct);

    /// <summary>The account, or null.</summary>
    Task<Account?> FindAsync(AccountId id, CancellationToken ct);

    /// <summary>The account with the address, or null.</summary>
    Task<Account?> FindByEmailAsync(string email, CancellationToken ct);

    /// <summary>The account that the ORCID iD signs in, or null.</summary>
    Task<Account?> FindByOrcidAsync(Orcid orcid, CancellationToken ct);

    /// <summary>The account that has an API token with the hash, expired ones included, or null.</summary>
    Task<Account?> FindByTokenAsync(string tokenHash, CancellationToken ct);

    /// <summary>
    /// Replaces the account when its revision is still the one given; false when another write came first, or when its new
    /// address or ORCID iD is another account's.
    /// </summary>
    Task<bool> TryReplaceAsync(Account account, CancellationToken ct);

    /// <summary>Accounts whose address or name holds a text (null: all), newest first, after the one given, at most <paramref name="size"/>.</summary>
    Task<IReadOnlyList<Account>> ListAsync(string? holding, AccountId? after, int size, CancellationToken ct);

    /// <summary>Accounts with effects that are still to follow, at most <paramref name="size"/>, after the one given.</summary>
    Task<IReadOnlyList<Account>> ListWithEffectsAsync(AccountId? after, int size, CancellationToken ct);
}
