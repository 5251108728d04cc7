using Archive.Model.Datasets;
using Npgsql;

namespace Archive.Storage.Metadata.Postgres;

/// <summary>Collections and series of numbers in PostgreSQL.</summary>
public sealed class PostgresCollectionStore(MetadataDatabase database) : ICollectionStore
{
    /// <inheritdoc/>
    public Task PutAsync(Collection collection, CancellationToken ct) => database.ExecuteAsync(new Statement(
        "INSERT INTO collections (key, data) VALUES ($1, $2) ON CONFLICT (key) DO UPDATE SET data = excluded.data",
        Key(collection.Id), Json.From(collection)), ct);

    /// <inheritdoc/>
    public Task<Collection?> FindAsync(string id, CancellationToken ct) =>
        database.ReadOneAsync(new Statement("SELECT data FROM collections WHERE key = $1", Key(id)), Read, ct);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<Collection>> ListAsync(CancellationToken ct) =>
        await database.ReadAllAsync(new Statement("SELECT data FROM collections ORDER BY key"), Read, ct);

    /// <inheritdoc/>
    public async Task<long> MintAsync(string prefix, CancellationToken ct) => await database.WriteOneAsync(new Statement("""
        INSERT INTO number_series AS n (name, last) VALUES ($1, 1) ON CONFLICT (name) DO UPDATE SET last = n.last + 1 RETURNING last
        """, SeriesOf(prefix)), row => row.GetInt64(0), ct);

    /// <inheritdoc/>
    public Task RaiseAsync(string prefix, long number, CancellationToken ct) => RaiseSeriesAsync(SeriesOf(prefix), number, ct);

    /// <inheritdoc/>
    public Task RaiseAttemptsAsync(long attempt, CancellationToken ct) => RaiseSeriesAsync("attempt", attempt, ct);

    private Task<int> RaiseSeriesAsync(string name, long number, CancellationToken ct) => database.ExecuteAsync(new Statement("""
        INSERT INTO number_series AS n (name, last) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET last = greatest(n.last, excluded.last)
        """, name, number), ct);

    private static string SeriesOf(string prefix) => $"accession/{prefix}";

    private static string Key(string id) => id.ToUpperInvariant();

    private static Collection Read(NpgsqlDataReader row) => Json.Read<Collection>(row, 0);
}
