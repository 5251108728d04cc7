using Archive.Model.Accounts;
using Archive.Model.Auditing;
using Npgsql;
using NpgsqlTypes;

namespace Archive.Storage.Metadata.Postgres;

/// <summary>The audit in PostgreSQL, in a table that refuses every change.</summary>
public sealed class PostgresAuditStore(MetadataDatabase database) : IAuditStore
{
    /// <inheritdoc/>
    public Task AddAsync(AuditEntry entry, CancellationToken ct) => database.ExecuteAsync(new Statement("""
        INSERT INTO audit (id, actor, subject_kind, subject_id, data) VALUES ($1, $2, $3, $4, $5) ON CONFLICT (id) DO NOTHING
        """, entry.Id, Uuid(entry.Actor), entry.SubjectKind, entry.SubjectId, Json.From(entry)), ct);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<RecordedEntry>> ListAsync(
        string? subjectKind, string? subjectId, AccountId? actor, long? before, int size, CancellationToken ct) =>
        await database.ReadAllAsync(new Statement("""
            SELECT sequence, data FROM audit
            WHERE sequence < $1 AND ($2::text IS NULL OR subject_kind = $2) AND ($3::text IS NULL OR subject_id = $3) AND ($4::uuid IS NULL OR actor = $4)
            ORDER BY sequence DESC LIMIT $5
            """, before ?? long.MaxValue, Text(subjectKind), Text(subjectId), Uuid(actor), size),
            row => new RecordedEntry(row.GetInt64(0), Json.Read<AuditEntry>(row, 1)), ct);

    private static NpgsqlParameter Text(string? value) => new() { NpgsqlDbType = NpgsqlDbType.Text, Value = (object?)value ?? DBNull.Value };

    private static NpgsqlParameter Uuid(AccountId? value) => new() { NpgsqlDbType = NpgsqlDbType.Uuid, Value = (object?)value?.Value ?? DBNull.Value };
}
