using Archive.Model.Accounts;
using Archive.Model.Submissions;
using Npgsql;

namespace Archive.Storage.Metadata.Postgres;

/// <summary>Counts of what is staged, in PostgreSQL: triggers keep them, see the schema.</summary>
public sealed class PostgresStagingMeter(MetadataDatabase database) : IStagingMeter
{
    private const int BatchSize = 1000;

    /// <inheritdoc/>
    public async Task<IReadOnlyDictionary<DraftId, StagingCount>> ReadAsync(IReadOnlyCollection<DraftId> drafts, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(drafts);
        var rows = await database.ReadAllAsync(new Statement("""
            SELECT d.id, coalesce(s.bytes, 0), coalesce(s.files, 0), coalesce(u.bytes, 0), coalesce(u.files, 0), a.staging_quota_bytes, a.staging_quota_files
            FROM drafts d LEFT JOIN staging_drafts s ON s.draft = d.id LEFT JOIN staging_usage u ON u.account = d.owner LEFT JOIN accounts a ON a.id = d.owner
            WHERE d.id = ANY ($1)
            """, drafts.Select(d => d.Value).ToArray()), row => (Draft: new DraftId(row.GetGuid(0)), Count: new StagingCount(
                row.GetInt64(1), row.GetInt64(2), row.GetInt64(3), row.GetInt64(4),
                row.IsDBNull(5) && row.IsDBNull(6) ? null : new StagingQuota(Number(row, 5), Number(row, 6)))), ct);
        return rows.ToDictionary(r => r.Draft, r => r.Count);
    }

    /// <inheritdoc/>
    public async Task<StagingCount> ReadAsync(AccountId account, CancellationToken ct) => await database.ReadOneAsync(new Statement("""
        SELECT coalesce(u.bytes, 0), coalesce(u.files, 0), a.staging_quota_bytes, a.staging_quota_files
        FROM (SELECT $1::uuid AS id) AS asked LEFT JOIN staging_usage u ON u.account = asked.id LEFT JOIN accounts a ON a.id = asked.id
        """, account.Value), row => new StagingCount(0, 0, row.GetInt64(0), row.GetInt64(1),
            row.IsDBNull(2) && row.IsDBNull(3) ? null : new StagingQuota(Number(row, 2), Number(row, 3))), ct) ?? new StagingCount(0, 0, 0, 0, null);

    /// <inheritdoc/>
    public Task<long> CountAllBytesAsync(CancellationToken ct) => database.ReadOneAsync(
        new Statement("SELECT coalesce(sum(bytes), 0)::bigint FROM staging_usage WHERE account = $1", Guid.Empty), row => row.GetInt64(0), ct);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<StagingDrift>> RecountAsync(CancellationToken ct)
    {
        var drifts = new List<StagingDrift>();
        await RecountEachAsync("draft", "SELECT id FROM (SELECT id FROM drafts UNION SELECT draft FROM staging_drafts) AS d WHERE id > $1 ORDER BY id LIMIT $2", "recount_draft", drifts, ct);
        await RecountEachAsync("account", "SELECT account FROM staging_usage WHERE account > $1 ORDER BY account LIMIT $2", "recount_account", drifts, ct);
        await RecountAsync("all", Guid.Empty, "recount_account", drifts, ct);
        return drifts;
    }

    private async Task RecountEachAsync(string what, string list, string function, List<StagingDrift> drifts, CancellationToken ct)
    {
        var after = Guid.Empty;
        while (await database.ReadAllAsync(new Statement(list, after, BatchSize), row => row.GetGuid(0), ct) is { Count: > 0 } batch)
        {
            foreach (var id in batch) await RecountAsync($"{what} {id:N}", id, function, drifts, ct);
            after = batch[^1];
        }
    }

    private async Task RecountAsync(string what, Guid id, string function, List<StagingDrift> drifts, CancellationToken ct)
    {
        var drift = await database.WriteOneAsync(
            new Statement($"SELECT bytes_before, files_before, bytes_now, files_now FROM {function}($1) WHERE bytes_before <> bytes_now OR files_before <> files_now", id),
            row => new StagingDrift(what, row.GetInt64(0), row.GetInt64(1), row.GetInt64(2), row.GetInt64(3)), ct);
        if (drift is not null) drifts.Add(drift);
    }

    private static long? Number(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetInt64(column);
}
