using System.Globalization;
using Archive.Storage.Metadata.Postgres;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace Archive.TestKit.Databases;

/// <summary>
/// A PostgreSQL database of a test's own, empty but for the schema; dropped when disposed of. Works as root and as an ordinary
/// user, uses no port, and the first one of a test process starts the server (about a second).
/// </summary>
public sealed class TestDatabase : IAsyncDisposable
{
    private TestDatabase(MetadataDatabase metadata, string connectionString)
    {
        Metadata = metadata;
        ConnectionString = connectionString;
    }

    /// <summary>The database, started.</summary>
    public MetadataDatabase Metadata { get; }

    /// <summary>Reaches it from elsewhere: a second node, the scheduler, a process of its own.</summary>
    public string ConnectionString { get; }

    /// <summary>Makes a database with the current schema.</summary>
    public static async Task<TestDatabase> CreateAsync(CancellationToken ct)
    {
        var cluster = await TestCluster.GetAsync();
        var connectionString = await cluster.CreateAsync(withSchema: true, ct);
        var metadata = Open(connectionString);
        await metadata.StartAsync(ct);
        return new TestDatabase(metadata, connectionString);
    }

    /// <summary>Makes a database with nothing in it and returns how to reach it; it lives as long as the test process.</summary>
    public static async Task<string> CreateEmptyAsync(CancellationToken ct) => await (await TestCluster.GetAsync()).CreateAsync(withSchema: false, ct);

    /// <summary>A second node's view of the same database: its own connections. The caller starts and disposes of it.</summary>
    public MetadataDatabase OpenAnother() => Open(ConnectionString);

    /// <summary>Sets the clock that releases and warnings are judged by. It stands still from then on.</summary>
    public Task SetClockAsync(DateTimeOffset at, CancellationToken ct) => ReplaceClockAsync($"timestamptz '{at.UtcDateTime:O}'", ct);

    /// <summary>Moves the clock that releases and warnings are judged by ahead of the server's. It goes on from there.</summary>
    public Task MoveClockAsync(TimeSpan ahead, CancellationToken ct) => ReplaceClockAsync(string.Create(CultureInfo.InvariantCulture, $"now() + make_interval(secs => {ahead.TotalSeconds})"), ct);

    private async Task ReplaceClockAsync(string expression, CancellationToken ct)
    {
        await using var connection = new NpgsqlConnection(ConnectionString);
        await connection.OpenAsync(ct);
        await using var command = new NpgsqlCommand($"CREATE OR REPLACE FUNCTION archive_now() RETURNS timestamptz LANGUAGE sql STABLE AS $$SELECT {expression}$$", connection);
        await command.ExecuteNonQueryAsync(ct);
    }

    /// <summary>Ends every connection to it, as a restart of the server does.</summary>
    public async Task CutConnectionsAsync(CancellationToken ct) => await (await TestCluster.GetAsync()).CutAsync(ConnectionString, ct);

    public async ValueTask DisposeAsync()
    {
        await Metadata.DisposeAsync();
        await (await TestCluster.GetAsync()).DropAsync(ConnectionString);
    }

    private static MetadataDatabase Open(string connectionString) => new(new() { ConnectionString = connectionString }, NullLoggerFactory.Instance);
}
