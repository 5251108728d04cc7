using Archive.Model.Datasets;

namespace Archive.Storage.Metadata.Postgres;

/// <summary>What is to be done to datasets, from PostgreSQL.</summary>
public sealed class PostgresDatasetAgenda(MetadataDatabase database) : IDatasetAgenda
{
    private const string Columns = PostgresDatasetStore.Columns;

    /// <inheritdoc/>
    public async Task<IReadOnlyList<Dataset>> ListDueAsync(int size, CancellationToken ct) =>
        await database.ReadAllAsync(new Statement($"""
            SELECT {Columns} FROM datasets WHERE state = 'Private' AND release_at IS NOT NULL AND release_at <= archive_now()
                AND (review IS NULL OR review = 'Approved')
            ORDER BY release_at, accession LIMIT $1
            """, size), PostgresDatasetStore.Read, ct);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<Dataset>> ListToWarnAsync(int size, CancellationToken ct) =>
        await database.ReadAllAsync(new Statement($"""
            SELECT {Columns} FROM datasets
            WHERE warn_at IS NOT NULL AND warn_at <= archive_now() AND state = 'Private' AND release_at > archive_now()
                AND (review IS NULL OR review = 'Approved')
            ORDER BY warn_at, accession LIMIT $1
            """, size), PostgresDatasetStore.Read, ct);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<Dataset>> ListWithEffectsAsync(Accession? after, int size, CancellationToken ct) =>
        await database.ReadAllAsync(new Statement($"""
            SELECT {Columns} FROM datasets WHERE effects IS NOT NULL AND accession > $1 ORDER BY accession LIMIT $2
            """, after?.ToString() ?? "", size), PostgresDatasetStore.Read, ct);

    /// <inheritdoc/>
    public async Task<bool> TryClearEffectsAsync(Dataset dataset, CancellationToken ct) =>
        await database.ExecuteAsync(new Statement(
            "UPDATE datasets SET effects = NULL WHERE accession = $1 AND revision = $2 AND effects IS NOT NULL", dataset.Accession.ToString(), dataset.Revision), ct) > 0;

    /// <inheritdoc/>
    public async Task<IReadOnlyList<Dataset>> ListWithoutShelfAsync(Accession? after, int size, CancellationToken ct) =>
        await database.ReadAllAsync(new Statement($"""
            SELECT {Columns} FROM datasets WHERE shelf_due AND accession > $1 ORDER BY accession LIMIT $2
            """, after?.ToString() ?? "", size), PostgresDatasetStore.Read, ct);

    /// <inheritdoc/>
    public Task NoteShelfAsync(Dataset dataset, CancellationToken ct) => database.ExecuteAsync(new Statement(
        "UPDATE datasets SET shelf_due = false WHERE accession = $1 AND revision = $2 AND shelf_due", dataset.Accession.ToString(), dataset.Revision), ct);
}
