namespace Archive.Storage.Metadata.Postgres;

/// <summary>Reports of nodes in PostgreSQL, one row each.</summary>
public sealed class PostgresNodeReportStore(MetadataDatabase database) : INodeReportStore
{
    /// <inheritdoc/>
    public Task ReportAsync(string node, string json, CancellationToken ct) => database.ExecuteAsync(new Statement("""
        WITH forgotten AS (DELETE FROM node_reports WHERE seen_at < now() - interval '1 day' AND node <> $1)
        INSERT INTO node_reports (node, seen_at, data) VALUES ($1, now(), $2::text::jsonb)
        ON CONFLICT (node) DO UPDATE SET seen_at = excluded.seen_at, data = excluded.data
        """, node, json), ct);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<NodeReport>> ListAsync(TimeSpan within, CancellationToken ct) => await database.ReadAllAsync(new Statement(
        "SELECT node, greatest(now() - seen_at, interval '0'), data::text FROM node_reports WHERE seen_at > now() - $1 ORDER BY node", within),
        row => new NodeReport(row.GetString(0), row.GetTimeSpan(1), row.GetString(2)), ct);
}
