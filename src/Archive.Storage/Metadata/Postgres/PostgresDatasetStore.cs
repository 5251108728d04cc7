using Archive.Model.Accounts;
using Archive.Model.Datasets;
using Archive.Model.Effects;
using Npgsql;
using NpgsqlTypes;

namespace Archive.Storage.Metadata.Postgres;

/// <summary>Datasets in PostgreSQL.</summary>
public sealed partial class PostgresDatasetStore(MetadataDatabase database) : IDatasetStore
{
    internal const string Columns = "data, revision, change, changed_at, warn_at, effects, change_kind";

    /// <inheritdoc/>
    public Task<Dataset?> FindAsync(Accession accession, CancellationToken ct) =>
        database.ReadOneAsync(new Statement($"SELECT {Columns} FROM datasets WHERE accession = $1", accession.ToString()), Read, ct);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<Dataset>> FindAllAsync(IReadOnlyCollection<Accession> accessions, CancellationToken ct) => await database.ReadAllAsync(
        new Statement($"SELECT {Columns} FROM datasets WHERE accession = ANY ($1)", [accessions.Select(a => a.ToString()).ToArray()]), Read, ct);

    /// <inheritdoc/>
    public Task<Dataset?> TryWriteAsync(Dataset dataset, CancellationToken ct) => database.RunAsync(async connection =>
    {
        await using var transaction = await connection.BeginTransactionAsync(ct);
        var before = await FirstAsync(connection, new Statement(
            $"SELECT {Columns} FROM datasets WHERE accession = $1 FOR UPDATE", dataset.Accession.ToString()), ct);
        if ((before?.Revision ?? 0) != dataset.Revision) return null;
        if (dataset.State == DatasetState.Released)
            dataset = dataset with { Versions = [.. dataset.Versions.SkipLast(1), dataset.Latest with { IsPublic = true }] };
        // The number comes after the dataset's own lock and right before the commit, since all other publishing waits for it.
        var seen = IsSeen(before, dataset) ? KindOf(before, dataset) : (ChangeKind?)null;
        var stored = await FirstAsync(connection, Write(dataset, seen, isShelfDue: dataset.State == DatasetState.Private && dataset.Latest != before?.Latest), ct);
        if (stored is not null) await transaction.CommitAsync(ct);
        return stored;
    }, ct);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<Dataset>> ListChangesAsync(long since, int size, CancellationToken ct) =>
        await database.ReadAllAsync(new Statement(
            $"SELECT {Columns} FROM datasets WHERE change > 0 AND change > $1 ORDER BY change LIMIT $2", since, size), Read, ct);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<Dataset>> ListAsync(AccountId? owner, Accession? after, int size, CancellationToken ct)
    {
        // Separate texts, so that each is planned for its own index.
        var who = owner is null ? "" : " AND owner = $4";
        var from = after is null ? "$1::text IS NULL AND $2::bigint IS NULL" : "(prefix, number) < ($1, $2)";
        object?[] values = [after?.Prefix, after?.Number, size, .. owner is { } o ? (object?[])[o.Value] : []];
        return await database.ReadAllAsync(new Statement(
            $"SELECT {Columns} FROM datasets WHERE {from}{who} ORDER BY prefix DESC, number DESC LIMIT $3", values), Read, ct);
    }

    /// <inheritdoc/>
    public async Task<ArchiveTotals> CountAsync(CancellationToken ct) => (await database.ReadOneAsync(new Statement("""
        SELECT count(*) FILTER (WHERE state = 'Released'),
            coalesce(sum(file_count) FILTER (WHERE state = 'Released'), 0)::bigint,
            coalesce(sum(total_bytes) FILTER (WHERE state = 'Released'), 0)::bigint,
            coalesce(max(change), 0)
        FROM datasets WHERE change > 0
        """), row => new ArchiveTotals(row.GetInt64(0), row.GetInt64(1), row.GetInt64(2), row.GetInt64(3)), ct))!;

    // What the public sees: released datasets, and the tombstones of those that once were.
    private static bool IsSeen(Dataset? before, Dataset after) =>
        (before?.State == DatasetState.Released || after.State == DatasetState.Released
        || (before is { Change: > 0 } && before.State != after.State)) && !IsOnlyAnotherOwners(before, after);

    // Whose a dataset is, the public does not see.
    private static bool IsOnlyAnotherOwners(Dataset? before, Dataset after) => before is not null && before.Owner != after.Owner
        && Json.Text(before) == Json.Text(after with { Owner = before.Owner, Revision = before.Revision, Change = before.Change, ChangedAt = before.ChangedAt });

    private static ChangeKind KindOf(Dataset? before, Dataset after) => after.State switch
    {
        DatasetState.Withdrawn => ChangeKind.Withdrawn,
        DatasetState.Private => ChangeKind.Gone,
        _ when before is null => ChangeKind.Created,
        _ when before.State != DatasetState.Released => ChangeKind.Released,
        _ => after.Latest.Number > before.Latest.Number ? ChangeKind.Revised : ChangeKind.Updated,
    };

    // The row of number_series stays locked until the commit and is given free after it: whoever takes the next number commits later.
    private static Statement Write(Dataset dataset, ChangeKind? seen, bool isShelfDue) => new($"""
        WITH given AS (UPDATE number_series SET last = last + 1 WHERE name = 'change' AND $9 RETURNING last, clock_timestamp() AS at)
        INSERT INTO datasets AS d
            (accession, prefix, number, owner, state, release_at, file_count, total_bytes, change, changed_at, revision, data, warn_at, effects,
             review, waiting_since, change_kind, shelf_due)
        SELECT $1, $2, $3, $4, $5, $6::timestamptz, $7, $8,
            coalesce((SELECT last FROM given), 0), (SELECT at FROM given), 1, $11, $12::timestamptz, $13, $14, $15::timestamptz, $16, $17
        ON CONFLICT (accession) DO UPDATE SET owner = excluded.owner, state = excluded.state, release_at = excluded.release_at,
            file_count = excluded.file_count, total_bytes = excluded.total_bytes, data = excluded.data, revision = d.revision + 1,
            warn_at = excluded.warn_at, effects = excluded.effects, review = excluded.review, waiting_since = excluded.waiting_since,
            change = CASE WHEN $9 THEN excluded.change ELSE d.change END,
            changed_at = CASE WHEN $9 THEN excluded.changed_at ELSE d.changed_at END,
            change_kind = CASE WHEN $9 THEN excluded.change_kind ELSE d.change_kind END,
            shelf_due = d.shelf_due OR excluded.shelf_due
        WHERE d.revision = $10
        RETURNING {Columns}
        """, dataset.Accession.ToString(), dataset.Accession.Prefix, dataset.Accession.Number, dataset.Owner.Value,
        dataset.State.ToString(), dataset.ReleaseDate, dataset.Latest.FileCount, dataset.Latest.TotalBytes, seen is not null, dataset.Revision,
        Json.From(dataset), dataset.State == DatasetState.Private ? dataset.WarnAt : null, EffectsOf(dataset), dataset.Review?.State.ToString(),
        dataset is { State: DatasetState.Private, Review: { State: ReviewState.Waiting, Last.At: var since } } ? since : null,
        seen?.ToString(), isShelfDue);

    private static NpgsqlParameter EffectsOf(Dataset dataset) => dataset.Effects.IsEmpty
        ? new() { NpgsqlDbType = NpgsqlDbType.Jsonb, Value = DBNull.Value }
        : Json.From(dataset.Effects);

    private static async Task<Dataset?> FirstAsync(NpgsqlConnection connection, Statement statement, CancellationToken ct) =>
        (await MetadataDatabase.AllAsync(connection, statement, Read, ct)).FirstOrDefault();

    internal static Dataset Read(NpgsqlDataReader row) => Json.Read<Dataset>(row, 0) with
    {
        Revision = row.GetInt64(1),
        Change = row.GetInt64(2),
        ChangedAt = row.IsDBNull(3) ? null : row.GetFieldValue<DateTimeOffset>(3),
        WarnAt = row.IsDBNull(4) ? null : row.GetFieldValue<DateTimeOffset>(4),
        ChangeKind = row.IsDBNull(6) ? null : Enum.Parse<ChangeKind>(row.GetString(6)),
        Effects = row.IsDBNull(5) ? PendingEffects.None : Json.Read<PendingEffects>(row, 5),
    };
}
