using Archive.Model.Mail;

namespace Archive.Storage.Metadata.Postgres;

/// <summary>The outbox in PostgreSQL.</summary>
public sealed class PostgresMailStore(MetadataDatabase database) : IMailStore
{
    /// <inheritdoc/>
    public Task AddAsync(OutgoingMail mail, CancellationToken ct) => database.ExecuteAsync(new Statement(
        "INSERT INTO mails (id, data) VALUES ($1, $2) ON CONFLICT (id) DO NOTHING", mail.Id.Value, Json.From(mail)), ct);

    /// <inheritdoc/>
    public Task<HeldMail?> TakeAsync(TimeSpan lease, string domain, CancellationToken ct) => database.WriteOneAsync(new Statement("""
        UPDATE mails SET attempt = attempt + 1, due_at = now() + $1,
            message_id = coalesce(message_id, '<' || replace(id::text, '-', '') || '@' || $2 || '>')
        WHERE id = (SELECT id FROM mails WHERE due_at <= now() ORDER BY due_at, id LIMIT 1 FOR UPDATE SKIP LOCKED)
        RETURNING data, attempt, message_id, created_at
        """, lease, domain),
        row => new HeldMail(Json.Read<OutgoingMail>(row, 0), row.GetInt32(1), row.GetString(2), row.GetFieldValue<DateTimeOffset>(3)), ct);

    /// <inheritdoc/>
    public async Task<bool> MarkSentAsync(HeldMail held, CancellationToken ct) => await database.ExecuteAsync(new Statement("""
        UPDATE mails SET due_at = NULL, sent_at = now(), failure = NULL, data = NULL WHERE id = $1 AND attempt = $2 AND due_at IS NOT NULL
        """, held.Mail.Id.Value, held.Attempt), ct) > 0;

    /// <inheritdoc/>
    public async Task<bool> MarkFailedAsync(HeldMail held, string failure, TimeSpan? retryAfter, CancellationToken ct) =>
        await database.ExecuteAsync(retryAfter is { } wait
            ? new Statement("UPDATE mails SET due_at = now() + $4, failure = $3 WHERE id = $1 AND attempt = $2 AND due_at IS NOT NULL",
                held.Mail.Id.Value, held.Attempt, failure, wait)
            : new Statement("UPDATE mails SET due_at = NULL, failure = $3, data = NULL WHERE id = $1 AND attempt = $2 AND due_at IS NOT NULL",
                held.Mail.Id.Value, held.Attempt, failure), ct) > 0;

    /// <inheritdoc/>
    public async Task<MailCounts> CountAsync(CancellationToken ct) => (await database.ReadOneAsync(new Statement("""
        SELECT (SELECT count(*) FROM mails WHERE due_at IS NOT NULL),
               (SELECT count(*) FROM mails WHERE due_at IS NULL AND sent_at IS NULL)
        """), row => new MailCounts(row.GetInt64(0), row.GetInt64(1)), ct))!;

    /// <inheritdoc/>
    public Task<int> RemoveDoneAsync(TimeSpan age, CancellationToken ct) =>
        database.ExecuteAsync(new Statement("DELETE FROM mails WHERE due_at IS NULL AND created_at <= now() - $1", age), ct);
}
