using Archive.Model.Accounts;
using Archive.Model.Datasets;

namespace Archive.Storage.Metadata.Postgres;

/// <summary>The curators' queue in PostgreSQL.</summary>
public sealed class PostgresCurationStore(MetadataDatabase database) : ICurationStore
{
    /// <inheritdoc/>
    public async Task<IReadOnlyList<Dataset>> ListWaitingAsync(QueuePlace? after, int size, CancellationToken ct) =>
        await database.ReadAllAsync(
            after is { } place
                ? new Statement($"""
                    SELECT {PostgresDatasetStore.Columns} FROM datasets WHERE waiting_since IS NOT NULL AND (waiting_since, accession) > ($1, $2)
                    ORDER BY waiting_since, accession LIMIT $3
                    """, place.Since, place.Accession.ToString(), size)
                : new Statement($"""
                    SELECT {PostgresDatasetStore.Columns} FROM datasets WHERE waiting_since IS NOT NULL ORDER BY waiting_since, accession LIMIT $1
                    """, size),
            PostgresDatasetStore.Read, ct);

    /// <inheritdoc/>
    public async Task<bool> HasPassedAsync(AccountId owner, CancellationToken ct) => (await database.ReadOneAsync(new Statement("""
        SELECT EXISTS (SELECT FROM datasets WHERE owner = $1 AND (state = 'Released' OR (state = 'Private' AND review = 'Approved')))
        """, owner.Value), row => (object)row.GetBoolean(0), ct)) is true;
}
