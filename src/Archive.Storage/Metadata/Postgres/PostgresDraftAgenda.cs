using Archive.Model.Effects;
using Archive.Model.Submissions;
using Npgsql;

namespace Archive.Storage.Metadata.Postgres;

/// <summary>What is to be done to drafts, from PostgreSQL.</summary>
public sealed class PostgresDraftAgenda(MetadataDatabase database) : IDraftAgenda
{
    private const string Columns = PostgresDraftStore.Columns;
    private const string IsOpen = "sealed_by IS NULL AND expired_at IS NULL";

    // The span; the last warning in days or null where a span has none; how long after it a draft is kept.
    private const string HasEnded = "touched_at <= archive_now() - $1 AND ($2::int IS NULL OR warned_days = $2 AND warned_at <= archive_now() - $3)";

    /// <inheritdoc/>
    public async Task<IReadOnlyList<DraftDue>> ListToWarnAsync(TimeSpan span, int size, CancellationToken ct)
    {
        if (DraftExpiry.WarningsIn(span) is not [var first, ..] warnings) return [];
        // The nearest warning whose time has come. Days have 24 hours, whatever the session's time zone.
        return await database.ReadAllAsync(new Statement($"""
            SELECT {Columns}, due.days, archive_now() FROM drafts, LATERAL (
                SELECT min(w.days) AS days FROM unnest($2::int[]) AS w (days) WHERE touched_at <= archive_now() - ($1 - make_interval(hours => 24 * w.days))) AS due
            WHERE {IsOpen} AND touched_at <= archive_now() - ($1 - make_interval(hours => 24 * $3)) AND due.days < coalesce(warned_days, 2147483647)
            ORDER BY touched_at, id LIMIT $4
            """, span, warnings.ToArray(), first, size), ReadDue, ct);
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<DraftDue>> ListToExpireAsync(TimeSpan span, int size, CancellationToken ct) =>
        await database.ReadAllAsync(new Statement($"""
            SELECT {Columns}, 0, archive_now() FROM drafts WHERE {IsOpen} AND {HasEnded} AND {IsIdle} ORDER BY touched_at, id LIMIT $4
            """, span, Last(span), DraftExpiry.AfterLastWarning, size), ReadDue, ct);

    /// <inheritdoc/>
    public async Task<bool> TryWarnAsync(DraftDue due, PendingEffects effects, CancellationToken ct) =>
        await database.ExecuteAsync(new Statement($"""
            UPDATE drafts SET warned_days = $3, warned_at = archive_now(), effects = $5
            WHERE id = $1 AND touched_at = $2 AND warned_days IS NOT DISTINCT FROM $4::int AND {IsOpen}
            """, due.Draft.Id.Value, due.Draft.TouchedAt, due.Days, Number(due.Draft.WarnedDays), PostgresDraftStore.Written(effects)), ct) > 0;

    /// <inheritdoc/>
    public async Task<bool> TryExpireAsync(DraftDue due, TimeSpan span, PendingEffects effects, CancellationToken ct) =>
        // An upload that begins touches the draft, which is an hour old at least, so one of the two writes waits for the other and sees it.
        await database.ExecuteAsync(new Statement($"""
            UPDATE drafts SET expired_at = archive_now(), revision = revision + 1, effects = $7
            WHERE id = $4 AND revision = $5 AND touched_at = $6 AND {IsOpen} AND {HasEnded} AND {IsIdle}
            """, span, Last(span), DraftExpiry.AfterLastWarning, due.Draft.Id.Value, due.Draft.Revision, due.Draft.TouchedAt, PostgresDraftStore.Written(effects)), ct) > 0;

    /// <inheritdoc/>
    public async Task<IReadOnlyList<Draft>> ListExpiredAsync(DraftId? after, int size, CancellationToken ct) =>
        await database.ReadAllAsync(new Statement(
            $"SELECT {Columns} FROM drafts WHERE expired_at IS NOT NULL AND id > $1 ORDER BY id LIMIT $2", after?.Value ?? Guid.Empty, size), PostgresDraftStore.Read, ct);

    /// <inheritdoc/>
    public Task RemoveExpiredAsync(DraftId draft, CancellationToken ct) =>
        database.ExecuteAsync(new Statement("DELETE FROM drafts WHERE id = $1 AND expired_at IS NOT NULL", draft.Value), ct);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<Draft>> ListWithEffectsAsync(DraftId? after, int size, CancellationToken ct) =>
        await database.ReadAllAsync(new Statement(
            $"SELECT {Columns} FROM drafts WHERE effects IS NOT NULL AND id > $1 ORDER BY id LIMIT $2", after?.Value ?? Guid.Empty, size), PostgresDraftStore.Read, ct);

    /// <inheritdoc/>
    public async Task<bool> TryClearEffectsAsync(DraftId draft, PendingEffects done, CancellationToken ct) =>
        await database.ExecuteAsync(new Statement("UPDATE drafts SET effects = NULL WHERE id = $1 AND effects = $2", draft.Value, Json.From(done)), ct) > 0;

    private const string IsIdle =
        "NOT EXISTS (SELECT 1 FROM staged_paths s WHERE s.draft = drafts.id AND s.upload IS NOT NULL AND s.lease_until > clock_timestamp())";

    private static DraftDue ReadDue(NpgsqlDataReader row) => new(PostgresDraftStore.Read(row), row.GetInt32(7), row.GetFieldValue<DateTimeOffset>(8));

    private static NpgsqlParameter Last(TimeSpan span) => Number(DraftExpiry.WarningsIn(span) is [.., var last] ? last : null);

    private static NpgsqlParameter Number(int? value) => new() { NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Integer, Value = (object?)value ?? DBNull.Value };
}
