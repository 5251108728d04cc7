using Archive.Model.Accounts;
using Npgsql;

namespace Archive.Storage.Metadata.Postgres;

/// <summary>Accounts and sign-ins in PostgreSQL.</summary>
public sealed class PostgresAccountStore(MetadataDatabase database) : IAccountStore
{
    /// <inheritdoc/>
    public async Task<bool> TryAddAsync(Account account, CancellationToken ct) => await database.ExecuteAsync(new Statement(
        "INSERT INTO accounts (id, email_key, revision, data) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING",
        account.Id.Value, Key(account.Email), account.Revision, Json.From(account)), ct) > 0;

    /// <inheritdoc/>
    public Task<Account?> FindAsync(AccountId id, CancellationToken ct) =>
        database.ReadOneAsync(new Statement("SELECT data, revision FROM accounts WHERE id = $1", id.Value), Read, ct);

    /// <inheritdoc/>
    public Task<Account?> FindByEmailAsync(string email, CancellationToken ct) =>
        database.ReadOneAsync(new Statement("SELECT data, revision FROM accounts WHERE email_key = $1", Key(email)), Read, ct);

    /// <inheritdoc/>
    public async Task<bool> TryReplaceAsync(Account account, CancellationToken ct)
    {
        try
        {
            return await database.ExecuteAsync(new Statement(
                "UPDATE accounts SET email_key = $3, data = $4, revision = revision + 1 WHERE id = $1 AND revision = $2",
                account.Id.Value, account.Revision, Key(account.Email), Json.From(account)), ct) > 0;
        }
        catch (InvalidOperationException e) when (e.InnerException is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation })
        {
            return false;
        }
    }

    /// <inheritdoc/>
    public async Task<Session> AddSessionAsync(string tokenHash, AccountId account, TimeSpan lifetime, CancellationToken ct) =>
        (await database.WriteOneAsync(new Statement("""
            INSERT INTO sessions (token_hash, account, expires_at) VALUES ($1, $2, now() + $3)
            ON CONFLICT (token_hash) DO UPDATE SET token_hash = excluded.token_hash
            RETURNING expires_at
            """, tokenHash, account.Value, lifetime), row => new Session(tokenHash, account, row.GetFieldValue<DateTimeOffset>(0)), ct))!;

    /// <inheritdoc/>
    public async Task<(Session Session, Account Account)?> FindSessionAsync(string tokenHash, CancellationToken ct)
    {
        var found = await database.ReadOneAsync(new Statement("""
            SELECT a.data, a.revision, s.expires_at FROM sessions s JOIN accounts a ON a.id = s.account
            WHERE s.token_hash = $1 AND s.expires_at > now()
            """, tokenHash), row => Tuple.Create(Read(row), row.GetFieldValue<DateTimeOffset>(2)), ct);
        return found is var (account, end) ? (new Session(tokenHash, account.Id, end), account) : null;
    }

    /// <inheritdoc/>
    public Task RemoveSessionAsync(string tokenHash, CancellationToken ct) =>
        database.ExecuteAsync(new Statement("DELETE FROM sessions WHERE token_hash = $1", tokenHash), ct);

    /// <inheritdoc/>
    public Task<int> RemoveExpiredSessionsAsync(CancellationToken ct) =>
        database.ExecuteAsync(new Statement("DELETE FROM sessions WHERE expires_at <= now()"), ct);

    private static string Key(string email) => email.ToUpperInvariant();

    private static Account Read(NpgsqlDataReader row) => Json.Read<Account>(row, 0) with { Revision = row.GetInt64(1) };
}
