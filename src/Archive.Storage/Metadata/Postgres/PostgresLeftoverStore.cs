using System.Globalization;
using Archive.Model.Datasets;
using Archive.Model.Submissions;

namespace Archive.Storage.Metadata.Postgres;

/// <summary>Leftovers as two columns of the submissions, with an index over the few rows that have them.</summary>
public sealed class PostgresLeftoverStore(MetadataDatabase database) : ILeftoverStore
{
    /// <inheritdoc/>
    public async Task<IReadOnlyList<Leftovers>> ListDueAsync(SubmissionId? after, int size, CancellationToken ct) =>
        await database.ReadAllAsync(new Statement($"""
            SELECT {PostgresSubmissionStore.Listed}, unswept_since, sweep_due_at FROM submissions
            WHERE sweep_due_at <= now() AND id > $1 ORDER BY id LIMIT $2
            """, after?.Value ?? Guid.Empty, size),
            row => new Leftovers(PostgresSubmissionStore.Read(row), row.GetFieldValue<DateTimeOffset>(7), row.GetFieldValue<DateTimeOffset>(8)), ct);

    /// <inheritdoc/>
    public Task SweptAsync(Leftovers seen, TimeSpan settle, CancellationToken ct) => database.ExecuteAsync(new Statement("""
        UPDATE submissions SET sweep_due_at = CASE WHEN sweep_due_at < unswept_since + $3 THEN unswept_since + $3 END,
            unswept_since = CASE WHEN sweep_due_at < unswept_since + $3 THEN unswept_since END
        WHERE id = $1 AND unswept_since = $2 AND sweep_due_at = $4
        """, seen.Pass.Id.Value, seen.Since, settle, seen.DueAt), ct);

    /// <inheritdoc/>
    public Task ReportAsync(SubmissionId pass, CancellationToken ct) => database.ExecuteAsync(new Statement(
        "UPDATE submissions SET unswept_since = now(), sweep_due_at = now() WHERE id = $1 AND NOT active", pass.Value), ct);

    /// <inheritdoc/>
    public async Task<Accession?> FindWalkedAsync(CancellationToken ct) =>
        await database.ReadOneAsync(new Statement("SELECT last FROM sweep_walk"), row => row.GetString(0), ct) is { } last
            ? Accession.Parse(last, CultureInfo.InvariantCulture)
            : null;

    /// <inheritdoc/>
    public Task SetWalkedAsync(Accession last, CancellationToken ct) => database.ExecuteAsync(new Statement(
        "INSERT INTO sweep_walk (last) VALUES ($1) ON CONFLICT (single) DO UPDATE SET last = excluded.last", last.ToString()), ct);
}
