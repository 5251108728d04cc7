using Archive.Model.Accounts;
using Npgsql;

namespace Archive.Storage.Metadata.Postgres;

/// <summary>Accounts in PostgreSQL.</summary>
public sealed class PostgresAccountStore(MetadataDatabase database) : IAccountStore
{
    private const string Columns = "a.data, a.revision, now()";

    /// <inheritdoc/>
    public async Task<bool> TryAddAsync(Account account, CancellationToken ct) => await database.ExecuteAsync(new Statement("""
        INSERT INTO accounts (id, revision, email_key, orcid, token_hashes, has_effects, data, staging_quota_bytes, staging_quota_files)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
        ON CONFLICT DO NOTHING
        """, Values(account)), ct) > 0;

    /// <inheritdoc/>
    public Task<Account?> FindAsync(AccountId id, CancellationToken ct) =>
        database.ReadOneAsync(new Statement($"SELECT {Columns} FROM accounts a WHERE id = $1", id.Value), Read, ct);

    /// <inheritdoc/>
    public Task<Account?> FindByEmailAsync(string email, CancellationToken ct) =>
        database.ReadOneAsync(new Statement($"SELECT {Columns} FROM accounts a WHERE email_key = $1", Key(email)), Read, ct);

    /// <inheritdoc/>
    public Task<Account?> FindByOrcidAsync(Orcid orcid, CancellationToken ct) =>
        database.ReadOneAsync(new Statement($"SELECT {Columns} FROM accounts a WHERE orcid = $1", orcid.Value), Read, ct);

    /// <inheritdoc/>
    public Task<Account?> FindByTokenAsync(string tokenHash, CancellationToken ct) =>
        database.ReadOneAsync(new Statement($"SELECT {Columns} FROM accounts a WHERE token_hashes @> ARRAY[$1]", tokenHash), Read, ct);

    /// <inheritdoc/>
    public async Task<bool> TryReplaceAsync(Account account, CancellationToken ct)
    {
        try
        {
            return await database.ExecuteAsync(new Statement("""
                UPDATE accounts SET email_key = $3, orcid = $4, token_hashes = $5, has_effects = $6, data = $7, revision = revision + 1,
                    staging_quota_bytes = $8, staging_quota_files = $9
                WHERE id = $1 AND revision = $2
                """, Values(account)), ct) > 0;
        }
        catch (InvalidOperationException e) when (e.InnerException is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation })
        {
            return false;
        }
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<Account>> ListAsync(string? holding, AccountId? after, int size, CancellationToken ct) =>
        await database.ReadAllAsync(new Statement($"""
            SELECT {Columns} FROM accounts a
            WHERE id < $1 AND ($2::text IS NULL OR position($2 IN email_key) > 0 OR position($2 IN upper(data->>'name')) > 0)
            ORDER BY id DESC LIMIT $3
            """, after?.Value ?? Guid.AllBitsSet, holding is null ? Text(null) : Text(Key(holding)), size), Read, ct);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<Account>> ListWithEffectsAsync(AccountId? after, int size, CancellationToken ct) =>
        await database.ReadAllAsync(new Statement(
            $"SELECT {Columns} FROM accounts a WHERE has_effects AND id > $1 ORDER BY id LIMIT $2", after?.Value ?? Guid.Empty, size), Read, ct);

    internal static Account Read(NpgsqlDataReader row) =>
        Json.Read<Account>(row, 0) with { Revision = row.GetInt64(1), AsOf = row.GetFieldValue<DateTimeOffset>(2) };

    private static object?[] Values(Account account) =>
    [
        account.Id.Value, account.Revision, Key(account.Email), Text(account.Orcid?.Value),
        account.Tokens.Select(t => t.TokenHash).ToArray(), !account.Effects.IsEmpty, Json.From(account),
        Json.Number(account.StagingQuota?.Bytes), Json.Number(account.StagingQuota?.Files),
    ];

    private static NpgsqlParameter Text(string? value) =>
        new() { NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Text, Value = (object?)value ?? DBNull.Value };

    private static string Key(string text) => text.ToUpperInvariant();
}
