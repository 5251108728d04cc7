using Archive.Model.Accounts;

namespace Archive.Storage.Metadata.Postgres;

/// <summary>Sign-ins in PostgreSQL.</summary>
public sealed class PostgresSessionStore(MetadataDatabase database) : ISessionStore
{
    /// <inheritdoc/>
    public async Task<Session> AddAsync(string tokenHash, Account account, TimeSpan lifetime, CancellationToken ct) =>
        (await database.WriteOneAsync(new Statement("""
            INSERT INTO sessions (token_hash, account, epoch, expires_at) VALUES ($1, $2, $3, now() + $4)
            ON CONFLICT (token_hash) DO UPDATE SET epoch = excluded.epoch WHERE sessions.account = excluded.account
            RETURNING expires_at
            """, tokenHash, account.Id.Value, account.SignInEpoch, lifetime),
            row => new Session(tokenHash, account.Id, row.GetFieldValue<DateTimeOffset>(0)), ct))!;

    /// <inheritdoc/>
    public async Task<(Session Session, Account Account)?> FindAsync(string tokenHash, CancellationToken ct)
    {
        var found = await database.ReadOneAsync(new Statement("""
            SELECT a.data, a.revision, now(), s.expires_at, s.epoch FROM sessions s JOIN accounts a ON a.id = s.account
            WHERE s.token_hash = $1 AND s.expires_at > now()
            """, tokenHash), row => (Account: PostgresAccountStore.Read(row), End: row.GetFieldValue<DateTimeOffset>(3), Epoch: row.GetInt32(4)), ct);
        return found is { Account: { IsActive: true } account } && account.SignInEpoch == found.Epoch
            ? (new Session(tokenHash, account.Id, found.End), account)
            : null;
    }

    /// <inheritdoc/>
    public Task RemoveAsync(string tokenHash, CancellationToken ct) =>
        database.ExecuteAsync(new Statement("DELETE FROM sessions WHERE token_hash = $1", tokenHash), ct);

    /// <inheritdoc/>
    public Task<int> RemoveExpiredAsync(CancellationToken ct) =>
        database.ExecuteAsync(new Statement("DELETE FROM sessions WHERE expires_at <= now()"), ct);
}
