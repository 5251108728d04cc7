using Archive.Model.Datasets;
using Archive.Model.Rules;
using Npgsql;

namespace Archive.Storage.Metadata.Postgres;

/// <summary>Collections and series of numbers in PostgreSQL.</summary>
public sealed class PostgresCollectionStore(MetadataDatabase database) : ICollectionStore
{
    /// <inheritdoc/>
    public Task PutAsync(Collection collection, CancellationToken ct) => database.ExecuteAsync(new Statement("""
        WITH raised AS (UPDATE number_series SET last = last + 1 WHERE name = 'collections')
        INSERT INTO collections (key, data) VALUES ($1, $2) ON CONFLICT (key) DO UPDATE SET data = excluded.data
        """, Key(collection.Id), Json.From(collection)), ct);

    /// <inheritdoc/>
    public Task<Collection?> FindAsync(string id, CancellationToken ct) =>
        database.ReadOneAsync(new Statement("SELECT data FROM collections WHERE key = $1", Key(id)), Read, ct);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<Collection>> ListAsync(CancellationToken ct) =>
        await database.ReadAllAsync(new Statement("SELECT data FROM collections ORDER BY key"), Read, ct);

    /// <inheritdoc/>
    public Task<CollectionCatalogue> ReadAsync(CancellationToken ct) => database.RunAsync(async connection =>
    {
        // The revision first: a change that comes between makes what is read newer than it, and a write by it is refused.
        var revision = await MetadataDatabase.AllAsync(connection, new Statement("SELECT last FROM number_series WHERE name = 'collections'"), row => row.GetInt64(0), ct);
        var collections = await MetadataDatabase.AllAsync(connection, new Statement("SELECT data FROM collections ORDER BY key"), Read, ct);
        var sets = await MetadataDatabase.AllAsync(connection, new Statement("SELECT data FROM rule_sets ORDER BY id"), row => Json.Read<RuleSet>(row, 0), ct);
        return new CollectionCatalogue(collections, sets, revision[0]);
    }, ct);

    /// <inheritdoc/>
    public Task<CollectionChangeOutcome> TryChangeAsync(CollectionChange change, long revision, CancellationToken ct) => database.RunAsync(async connection =>
    {
        await using var transaction = await connection.BeginTransactionAsync(ct);
        // The row's lock is held until the commit, so changes come one after the other.
        await using var raise = new Statement("UPDATE number_series SET last = last + 1 WHERE name = 'collections' AND last = $1", revision).On(connection);
        if (await raise.ExecuteNonQueryAsync(ct) == 0) return CollectionChangeOutcome.Moved;
        await using var write = Write(change).On(connection);
        if (await write.ExecuteNonQueryAsync(ct) == 0 && change is CollectionChange.Remove { Id: var id } && await IsThereAsync(connection, id, ct))
            return CollectionChangeOutcome.InUse;
        await transaction.CommitAsync(ct);
        return CollectionChangeOutcome.Done;
    }, ct);

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

    private static Statement Write(CollectionChange change) => change switch
    {
        CollectionChange.Put { Collection: var collection } => new(
            "INSERT INTO collections (key, data) VALUES ($1, $2) ON CONFLICT (key) DO UPDATE SET data = excluded.data", Key(collection.Id), Json.From(collection)),
        CollectionChange.Remove { Id: var id } => new("""
            DELETE FROM collections WHERE key = $1
                AND NOT EXISTS (SELECT FROM datasets WHERE upper(data->>'collection') = $1) AND NOT EXISTS (SELECT FROM drafts WHERE upper(data->>'collection') = $1)
            """, Key(id)),
        CollectionChange.PutRuleSet { RuleSet: var set } => new(
            "INSERT INTO rule_sets (id, data) VALUES ($1, $2) ON CONFLICT (id) DO UPDATE SET data = excluded.data", set.Id, Json.From(set)),
        CollectionChange.RemoveRuleSet { Id: var id } => new("DELETE FROM rule_sets WHERE id = $1", id),
        _ => throw new InvalidOperationException("No such change."),
    };

    private static async Task<bool> IsThereAsync(NpgsqlConnection connection, string id, CancellationToken ct) =>
        (await MetadataDatabase.AllAsync(connection, new Statement("SELECT 1 FROM collections WHERE key = $1", Key(id)), row => row.GetInt32(0), ct)).Count > 0;

    private static string SeriesOf(string prefix) => $"accession/{prefix}";

    private static string Key(string id) => id.ToUpperInvariant();

    private static Collection Read(NpgsqlDataReader row) => Json.Read<Collection>(row, 0);
}
