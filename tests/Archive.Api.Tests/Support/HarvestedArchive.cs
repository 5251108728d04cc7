using System.Collections.Concurrent;
using Archive.Model.Accounts;
using Archive.Model.Datasets;
using Archive.Model.Submissions;
using Archive.Storage.Metadata.Postgres;
using Archive.TestKit;
using Archive.TestKit.Databases;
using Archive.TestKit.Processes;
using Npgsql;

namespace Archive.Api.Tests.Support;

/// <summary>An archive with datasets put into its database, and writers that take their time between their last statement and the commit.</summary>
internal sealed class HarvestedArchive : IAsyncDisposable
{
    private const string Prefix = "S-HARV";

    private readonly TempFolder folder = new();
    private readonly TestDatabase database;
    private readonly PostgresDatasetStore store;

    private HarvestedArchive(TestDatabase database)
    {
        this.database = database;
        store = new PostgresDatasetStore(database.Metadata);
        Process = new ArchiveProcess(folder["data"], "--postgres", database.ConnectionString, "--reserve-bytes", "1000000", "--rate-limit", "0", "--roles", "api");
    }

    /// <summary>The server.</summary>
    public ArchiveProcess Process { get; }

    /// <summary>Every dataset as the write that was answered last left it.</summary>
    public ConcurrentDictionary<Accession, Dataset> Written { get; } = new();

    /// <summary>Starts an archive with so many public datasets.</summary>
    public static async Task<HarvestedArchive> StartAsync(int datasets, CancellationToken ct)
    {
        var archive = new HarvestedArchive(await TestDatabase.CreateAsync(ct));
        await archive.SeedAsync(datasets, ct);
        await archive.Process.StartAsync(ct);
        return archive;
    }

    /// <summary>The accession of a number.</summary>
    public static Accession Number(int number) => Accession.From(Prefix, number);

    /// <summary>A dataset that was never written.</summary>
    public static Dataset New(int number, DatasetState state)
    {
        var time = TimeProvider.System.GetUtcNow();
        return new Dataset
        {
            Accession = Number(number), Collection = "BioImages", Owner = AccountId.New(), State = state, ReleaseDate = state == DatasetState.Released ? time : null,
            Title = $"Yeast, \"{number}\"", Versions = [new(1, SubmissionId.New(), time, 1, 10)],
        };
    }

    /// <summary>The dataset with one version more.</summary>
    public static Dataset Revised(Dataset dataset, string title) => dataset with
    {
        Title = title,
        Versions = [.. dataset.Versions, new(dataset.Latest.Number + 1, SubmissionId.New(), TimeProvider.System.GetUtcNow(), 2, 20)],
    };

    /// <summary>Writes a dataset that nobody else writes.</summary>
    public async Task<Dataset> WriteAsync(Dataset dataset, CancellationToken ct) =>
        Written[dataset.Accession] = await store.TryWriteAsync(dataset, ct) ?? throw new InvalidOperationException("Somebody else wrote it.");

    /// <summary>From now on every commit of a dataset takes up to so many seconds.</summary>
    public Task DelayCommitsAsync(double seconds, CancellationToken ct) => ExecuteAsync(FormattableString.Invariant($"""
        CREATE FUNCTION delay_commit() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_sleep(random() * {seconds}); RETURN NULL; END $$;
        CREATE CONSTRAINT TRIGGER delayed AFTER INSERT OR UPDATE ON datasets DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION delay_commit()
        """), ct);

    public async ValueTask DisposeAsync()
    {
        await Process.DisposeAsync();
        await database.DisposeAsync();
        folder.Dispose();
    }

    // The first as the store writes it, the others as copies of its row.
    private async Task SeedAsync(int datasets, CancellationToken ct)
    {
        var first = await WriteAsync(New(1, DatasetState.Released), ct);
        await ExecuteAsync(FormattableString.Invariant($"""
            INSERT INTO datasets (accession, prefix, number, owner, state, release_at, file_count, total_bytes, change, changed_at, revision, change_kind, data)
            SELECT '{Prefix}' || i, prefix, i, owner, state, release_at, file_count, total_bytes, i, changed_at, revision, change_kind,
                jsonb_set(data, '{"{accession}"}', to_jsonb('{Prefix}' || i))
            FROM datasets CROSS JOIN generate_series(2, {datasets}) AS i;
            UPDATE number_series SET last = {datasets} WHERE name = 'change';
            ANALYZE datasets
            """), ct);
        for (var i = 2; i <= datasets; i++) Written[Number(i)] = first with { Accession = Number(i), Change = i };
    }

    private async Task ExecuteAsync(string sql, CancellationToken ct)
    {
        await using var connection = new NpgsqlConnection(database.ConnectionString);
        await connection.OpenAsync(ct);
#pragma warning disable CA2100 // texts of this class
        await using var command = new NpgsqlCommand(sql, connection);
#pragma warning restore CA2100
        await command.ExecuteNonQueryAsync(ct);
    }
}
