namespace Archive.Storage.Metadata.Postgres;

/// <summary>Tallies in PostgreSQL, one row each, raised in one statement.</summary>
public sealed class PostgresTallyStore(MetadataDatabase database) : ITallyStore
{
    /// <inheritdoc/>
    // Of two at once the one that began first may come second, and would see a little more than the window.
    public async Task<Tally> RaiseAsync(string key, TimeSpan window, CancellationToken ct) => (await database.WriteOneAsync(new Statement("""
        INSERT INTO tallies AS t (key, count, until) VALUES ($1, 1, now() + $2)
        ON CONFLICT (key) DO UPDATE SET
            count = CASE WHEN t.until <= now() THEN 1 ELSE t.count + 1 END,
            until = CASE WHEN t.until <= now() THEN now() + $2 ELSE t.until END
        RETURNING count, least(until - now(), $2)
        """, key, window), row => new Tally(row.GetInt64(0), row.GetTimeSpan(1)), ct))!;

    /// <inheritdoc/>
    public async Task<Tally> ReadAsync(string key, CancellationToken ct) =>
        await database.ReadOneAsync(new Statement("SELECT count, until - now() FROM tallies WHERE key = $1 AND until > now()", key),
            row => new Tally(row.GetInt64(0), row.GetTimeSpan(1)), ct) ?? new Tally(0, TimeSpan.Zero);

    /// <inheritdoc/>
    public Task LowerAsync(string key, CancellationToken ct) =>
        database.ExecuteAsync(new Statement("UPDATE tallies SET count = count - 1 WHERE key = $1 AND count > 0", key), ct);

    /// <inheritdoc/>
    public Task RemoveAsync(string key, CancellationToken ct) =>
        database.ExecuteAsync(new Statement("DELETE FROM tallies WHERE key = $1", key), ct);

    /// <inheritdoc/>
    public Task<int> RemoveEndedAsync(CancellationToken ct) =>
        database.ExecuteAsync(new Statement("DELETE FROM tallies WHERE until <= now()"), ct);
}
