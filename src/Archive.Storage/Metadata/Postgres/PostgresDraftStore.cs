using System.Runtime.CompilerServices;
using Archive.Model.Accounts;
using Archive.Model.Datasets;
using Archive.Model.Effects;
using Archive.Model.Errors;
using Archive.Model.PageTab;
using Archive.Model.Sharing;
using Archive.Model.Submissions;
using Npgsql;
using NpgsqlTypes;

namespace Archive.Storage.Metadata.Postgres;

/// <summary>Drafts in PostgreSQL.</summary>
public sealed class PostgresDraftStore(MetadataDatabase database) : IDraftStore
{
    private const int BatchSize = 100;
    private const int PieceBytes = 64 * 1024;

    // The length is kept beside the value; the value itself is not read for it.
    internal const string Columns = "data, revision, octet_length(page_tab), touched_at, warned_days, warned_at, effects";

    // Whoever works on a draft puts its end off.
    private const string Touched = "touched_at = archive_now(), warned_days = NULL, warned_at = NULL";

    /// <inheritdoc/>
    public Task AddAsync(Draft draft, CancellationToken ct) => database.ExecuteAsync(new Statement("""
        INSERT INTO drafts (id, owner, revision, sealed_by, sealed_at, data, revises, effects)
        VALUES ($1, $2, $3, $4::uuid, CASE WHEN $4::uuid IS NOT NULL THEN now() END, $5, $6, $7)
        ON CONFLICT DO NOTHING
        """, draft.Id.Value, draft.Owner.Value, draft.Revision, draft.SealedBy?.Value, Json.From(draft),
        draft.IsRevision ? draft.Accession?.ToString() : null, Written(draft.Effects)), ct);

    /// <inheritdoc/>
    public Task<Draft?> FindAsync(DraftId id, CancellationToken ct) =>
        database.ReadOneAsync(new Statement($"SELECT {Columns} FROM drafts WHERE id = $1 AND expired_at IS NULL", id.Value), Read, ct);

    /// <inheritdoc/>
    public Task<Draft?> FindRevisionAsync(Accession accession, CancellationToken ct) =>
        database.ReadOneAsync(new Statement($"SELECT {Columns} FROM drafts WHERE revises = $1 AND expired_at IS NULL", accession.ToString()), Read, ct);

    /// <inheritdoc/>
    public Task<Draft?> TryReplaceAsync(Draft draft, CancellationToken ct) => database.WriteOneAsync(new Statement($"""
        UPDATE drafts SET owner = $3, data = $5, effects = $6, revision = revision + 1, {Touched}, sealed_by = $4::uuid,
            sealed_at = CASE WHEN $4::uuid IS NULL THEN NULL WHEN sealed_by = $4::uuid THEN sealed_at ELSE now() END
        WHERE id = $1 AND revision = $2 AND expired_at IS NULL
        RETURNING {Columns}
        """, draft.Id.Value, draft.Revision, draft.Owner.Value, draft.SealedBy?.Value, Json.From(draft), Written(draft.Effects)), Read, ct);

    /// <inheritdoc/>
    public async Task<Draft?> TryWritePageTabAsync(Draft draft, PageTabText text, CancellationToken ct)
    {
        // As a stream, so that the driver sends it piece by piece.
        await using var content = text.Open();
        return await database.WriteOneAsync(new Statement($"""
            UPDATE drafts SET page_tab = $3, page_tab_revision = revision + 1, revision = revision + 1, {Touched}
            WHERE id = $1 AND revision = $2 AND expired_at IS NULL
            RETURNING {Columns}
            """, draft.Id.Value, draft.Revision, new NpgsqlParameter { NpgsqlDbType = NpgsqlDbType.Bytea, Value = content }), Read, ct);
    }

    /// <inheritdoc/>
    public async Task<StoredPageTab?> OpenPageTabAsync(DraftId id, CancellationToken ct)
    {
        var opened = await database.ReadOneAsync(new Statement("""
            SELECT substring(page_tab FROM 1 FOR $2), octet_length(page_tab), revision, page_tab_revision FROM drafts
            WHERE id = $1 AND page_tab IS NOT NULL AND expired_at IS NULL
            """, id.Value, PieceBytes),
            row => new Opened(row.GetFieldValue<byte[]>(0), row.GetInt32(1), row.GetInt64(2), row.GetInt64(3)), ct);
        return opened is null
            ? null
            : new(new PieceStream(opened.First, opened.LengthBytes, (from, stop) => ReadPieceAsync(id, opened.WrittenAt, from, stop)), opened.LengthBytes, opened.Revision);
    }

    /// <inheritdoc/>
    public async Task<bool> TryDeleteAsync(Draft draft, CancellationToken ct)
    {
        var deleted = await database.ExecuteAsync(
            new Statement("DELETE FROM drafts WHERE id = $1 AND revision = $2", draft.Id.Value, draft.Revision), ct);
        return deleted > 0 || await FindAsync(draft.Id, ct) is null;
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<Draft>> ListAsync(AccountId owner, DraftId? after, int size, CancellationToken ct) =>
        await database.ReadAllAsync(new Statement($"""
            SELECT {Columns} FROM drafts WHERE owner = $1 AND id < $2 AND expired_at IS NULL ORDER BY id DESC LIMIT $3
            """, owner.Value, after?.Value ?? Guid.AllBitsSet, size), Read, ct);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<SharedDraft>> ListSharedAsync(Account account, DraftId? after, int size, CancellationToken ct)
    {
        var email = new NpgsqlParameter { NpgsqlDbType = NpgsqlDbType.Text, Value = account is { IsConfirmed: true, IsActive: true } ? account.Email.ToUpperInvariant() : DBNull.Value };
        return await database.ReadAllAsync(new Statement($"""
            SELECT {Columns}, shares FROM drafts JOIN (
                SELECT id AS shared, data AS shares FROM sharing
                WHERE kind = '{SharedThing.DraftKind}' AND (accounts @> ARRAY[$1::uuid] OR emails @> ARRAY[$2::text])) AS found ON drafts.id = shared::uuid
            WHERE owner <> $1 AND drafts.id < $3 AND expired_at IS NULL ORDER BY drafts.id DESC LIMIT $4
            """, account.Id.Value, email, after?.Value ?? Guid.AllBitsSet, size),
            row => new SharedDraft(Read(row), Json.Read<SharingRecord>(row, 7).Find(account)!), ct);
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<Draft> ListSealedAsync(TimeSpan age, [EnumeratorCancellation] CancellationToken ct)
    {
        var after = Guid.Empty;
        while (true)
        {
            // By identifier, so that each comes once even when some are unsealed and sealed again meanwhile.
            var batch = await database.ReadAllAsync(new Statement($"""
                SELECT {Columns} FROM drafts WHERE sealed_at <= now() - $1 AND id > $2 ORDER BY id LIMIT $3
                """, age, after, BatchSize), Read, ct);
            foreach (var draft in batch) yield return draft;
            if (batch.Count < BatchSize) yield break;
            after = batch[^1].Id.Value;
        }
    }

    private async Task<byte[]> ReadPieceAsync(DraftId id, long writtenAt, long from, CancellationToken ct) =>
        await database.ReadOneAsync(new Statement("""
            SELECT substring(page_tab FROM $3 FOR $4) FROM drafts WHERE id = $1 AND page_tab_revision = $2
            """, id.Value, writtenAt, (int)from + 1, PieceBytes), row => row.GetFieldValue<byte[]>(0), ct)
        ?? throw new ArchiveException(Problems.Conflict, "The page tab was replaced while it was read.");

    internal static NpgsqlParameter Written(PendingEffects effects) =>
        effects.IsEmpty ? new() { NpgsqlDbType = NpgsqlDbType.Jsonb, Value = DBNull.Value } : Json.From(effects);

    internal static Draft Read(NpgsqlDataReader row) => Json.Read<Draft>(row, 0) with
    {
        Revision = row.GetInt64(1),
        PageTabBytes = row.IsDBNull(2) ? null : row.GetInt32(2),
        TouchedAt = row.GetFieldValue<DateTimeOffset>(3),
        WarnedDays = row.IsDBNull(4) ? null : row.GetInt32(4),
        WarnedAt = row.IsDBNull(5) ? null : row.GetFieldValue<DateTimeOffset>(5),
        Effects = row.IsDBNull(6) ? PendingEffects.None : Json.Read<PendingEffects>(row, 6),
    };

    private sealed record Opened(byte[] First, int LengthBytes, long Revision, long WrittenAt);
}
