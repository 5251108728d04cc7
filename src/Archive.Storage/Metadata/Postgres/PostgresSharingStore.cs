using Archive.Model.Effects;
using Archive.Model.Sharing;
using Npgsql;
using NpgsqlTypes;

namespace Archive.Storage.Metadata.Postgres;

/// <summary>What is shared with whom, in PostgreSQL.</summary>
public sealed class PostgresSharingStore(MetadataDatabase database) : ISharingStore
{
    private const string Columns = "data, revision, effects, archive_now()";

    /// <inheritdoc/>
    public async Task<SharingRecord> ReadAsync(SharedThing thing, CancellationToken ct) => (await database.ReadOneAsync(new Statement($"""
        SELECT {Columns} FROM (VALUES (1)) AS one (n) LEFT JOIN sharing ON kind = $1 AND id = $2
        """, thing.Kind, thing.Id),
        row => row.IsDBNull(0) ? new SharingRecord { Thing = thing, AsOf = row.GetFieldValue<DateTimeOffset>(3) } : Read(row), ct))!;

    /// <inheritdoc/>
    public Task<SharingRecord?> TryWriteAsync(SharingRecord record, CancellationToken ct) => record.Revision == 0
        ? database.WriteOneAsync(new Statement($"""
            INSERT INTO sharing (kind, id, revision, accounts, emails, effects, data) VALUES ($1, $2, $3 + 1, $4, $5, $6, $7)
            ON CONFLICT DO NOTHING RETURNING {Columns}
            """, Values(record)), Read, ct)
        : database.WriteOneAsync(new Statement($"""
            UPDATE sharing SET revision = revision + 1, accounts = $4, emails = $5, effects = $6, data = $7
            WHERE kind = $1 AND id = $2 AND revision = $3 RETURNING {Columns}
            """, Values(record)), Read, ct);

    /// <inheritdoc/>
    public Task RemoveAsync(SharedThing thing, CancellationToken ct) => database.ExecuteAsync(
        new Statement("DELETE FROM sharing WHERE kind = $1 AND id = $2 AND effects IS NULL", thing.Kind, thing.Id), ct);

    /// <inheritdoc/>
    public async Task<int> RemoveOfGoneDraftsAsync(CancellationToken ct) => (int)await database.ExecuteAsync(new Statement($"""
        DELETE FROM sharing WHERE kind = '{SharedThing.DraftKind}' AND effects IS NULL
            AND NOT EXISTS (SELECT 1 FROM drafts WHERE drafts.id = CASE kind WHEN '{SharedThing.DraftKind}' THEN sharing.id::uuid END)
        """), ct);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<SharingRecord>> ListWithEffectsAsync(SharedThing? after, int size, CancellationToken ct) =>
        await database.ReadAllAsync(new Statement($"""
            SELECT {Columns} FROM sharing WHERE effects IS NOT NULL AND (kind, id) > ($1, $2) ORDER BY kind, id LIMIT $3
            """, after?.Kind ?? "", after?.Id ?? "", size), Read, ct);

    /// <inheritdoc/>
    public async Task<bool> TryClearEffectsAsync(SharingRecord record, CancellationToken ct) => await database.ExecuteAsync(new Statement(
        "UPDATE sharing SET effects = NULL WHERE kind = $1 AND id = $2 AND revision = $3 AND effects IS NOT NULL", record.Thing.Kind, record.Thing.Id, record.Revision), ct) > 0;

    private static SharingRecord Read(NpgsqlDataReader row) => Json.Read<SharingRecord>(row, 0) with
    {
        Revision = row.GetInt64(1),
        Effects = row.IsDBNull(2) ? PendingEffects.None : Json.Read<PendingEffects>(row, 2),
        AsOf = row.GetFieldValue<DateTimeOffset>(3),
    };

    private static object?[] Values(SharingRecord record) =>
    [
        record.Thing.Kind, record.Thing.Id, record.Revision,
        record.Collaborators.Where(c => c.Account is not null).Select(c => c.Account!.Value.Value).ToArray(),
        record.Collaborators.Where(c => c.Account is null).Select(c => c.Email.ToUpperInvariant()).ToArray(),
        record.Effects.IsEmpty ? new NpgsqlParameter { NpgsqlDbType = NpgsqlDbType.Jsonb, Value = DBNull.Value } : Json.From(record.Effects),
        Json.From(record),
    ];
}
