using Archive.Model.Errors;
using Archive.Storage.Metadata.Postgres.Cluster;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Archive.Storage.Metadata.Postgres;

/// <summary>
/// The PostgreSQL database that all stores of metadata share: an external one, or one in a private cluster that starts and stops
/// with it. Made without a connection; nothing works before <see cref="StartAsync"/>. Errors of the database come out as
/// <see cref="ArchiveException"/> with <see cref="Problems.Unavailable"/> or <see cref="Problems.InsufficientStorage"/>.
/// </summary>
public sealed partial class MetadataDatabase(MetadataOptions options, ILoggerFactory loggers) : IAsyncDisposable
{
    private PrivateCluster? cluster;
    private NpgsqlDataSource? source;
    private string? archiveId;

    /// <summary>The private cluster; null when another PostgreSQL is configured or before the start.</summary>
    public PrivateCluster? Cluster => cluster;

    /// <summary>The identity given to this archive when its database was made: 32 hexadecimal digits, the same for ever.</summary>
    public string ArchiveId => archiveId ?? throw NotStarted();

    /// <summary>How others in this process reach the same database, for instance the job scheduler.</summary>
    public string ConnectionString { get; private set; } = "";

    // No transaction waits for anything but the next statement, so whoever is silent for so long stands still.
    private static readonly TimeSpan IdleTransactionTime = TimeSpan.FromSeconds(5);

    internal NpgsqlDataSource Source => source ?? throw NotStarted();

    /// <summary>Starts the cluster where there is one, brings the schema up to date and reads the identity. Does nothing when started.</summary>
    /// <exception cref="PostgresMissingException">A private cluster is wanted and PostgreSQL's programs are not there.</exception>
    /// <exception cref="PrivateClusterException">The private cluster does not start.</exception>
    /// <exception cref="ArchiveException">The configured database does not answer; trying again later is sound.</exception>
    /// <exception cref="InvalidOperationException">The database was made by a newer version, or its schema was tampered with.</exception>
    public async Task StartAsync(CancellationToken ct)
    {
        if (archiveId is not null) return;
        if (options.ConnectionString is null)
        {
            var own = options.Cluster ?? throw new InvalidOperationException("Neither a connection string nor a private cluster is configured.");
            cluster ??= await PrivateCluster.StartAsync(own, loggers.CreateLogger<PrivateCluster>(), ct);
        }
        ConnectionString = Complete(options.ConnectionString ?? cluster!.ConnectionString);
        // Npgsql logs statements by their text; values are logged only where someone turns that on.
        source ??= new NpgsqlDataSourceBuilder(ConnectionString).UseLoggerFactory(loggers).Build();
        await RunAsync(async connection =>
        {
            await SchemaUpgrade.RunAsync(connection, loggers.CreateLogger(typeof(SchemaUpgrade)), ct);
            archiveId = await ReadIdentityAsync(connection, ct);
            return true;
        }, ct);
    }

    /// <summary>Asks the database for a sign of life.</summary>
    /// <exception cref="ArchiveException">It gives none.</exception>
    public async Task PingAsync(CancellationToken ct) => await ExecuteAsync(new Statement("SELECT 1"), ct);

    /// <summary>
    /// Takes a lock that one holder in the whole installation has, without waiting: null when it is taken. Given back by disposing
    /// of it, or by the end of the process or of its connection, so what is done under it must bear a second runner.
    /// Scripts take the same lock by <c>pg_advisory_lock(hashtext(name))</c>.
    /// </summary>
    public async Task<IAsyncDisposable?> TryLockAsync(string name, CancellationToken ct)
    {
        var connection = await OpenAsync(ct);
        try
        {
            await using var command = new Statement("SELECT pg_try_advisory_lock(hashtext($1))", name).On(connection);
            if (await command.ExecuteScalarAsync(ct) is true) return new HeldLock(connection, name);
        }
        catch (Exception e) when (Translate(e) is not null)
        {
            await connection.DisposeAsync();
            throw Translate(e)!;
        }
        await connection.DisposeAsync();
        return null;
    }

    /// <summary>Closes all connections and stops the private cluster, when there is one.</summary>
    public async Task StopAsync(CancellationToken ct)
    {
        if (source is not null) await source.DisposeAsync();
        source = null;
        archiveId = null;
        if (cluster is not null)
        {
            // Other pools of this process, the scheduler's for one, would otherwise keep connections to a server that is gone.
            NpgsqlConnection.ClearAllPools();
            await cluster.StopAsync(ct);
        }
        cluster = null;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await StopAsync(CancellationToken.None);

    private static async Task<string> ReadIdentityAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        await using var claim = new Statement("INSERT INTO archive_identity (id) VALUES ($1) ON CONFLICT DO NOTHING", $"{Guid.NewGuid():N}")
            .On(connection);
        await claim.ExecuteNonQueryAsync(ct);
        await using var read = new Statement("SELECT id FROM archive_identity").On(connection);
        return (string)(await read.ExecuteScalarAsync(ct))!;
    }

    // What the operator's string says stands; what it leaves open is filled in.
    private string Complete(string connectionString)
    {
        var given = new NpgsqlConnectionStringBuilder(connectionString);
        void Default(string key, object value)
        {
            if (!given.ShouldSerialize(key)) given[key] = value;
        }
        Default("Maximum Pool Size", options.MaxConnections);
        Default("Command Timeout", (int)Math.Ceiling(options.StatementTimeout.TotalSeconds));
        Default("Max Auto Prepare", 100);
        Default("Application Name", "archive");
        Default("Keepalive", 30);
        // A node that stands still between two statements would hold its locks for as long, and with them all others: every publishing waits
        // for one row. The scheduler's connections are of the same string.
        given.Options = $"-c idle_in_transaction_session_timeout={(int)IdleTransactionTime.TotalMilliseconds} {given.Options}".TrimEnd();
        return given.ConnectionString;
    }

    private static ArchiveException NotStarted() => new(Problems.Unavailable, "The archive is starting.");

    private sealed class HeldLock(NpgsqlConnection connection, string name) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            try
            {
                await using var command = new Statement("SELECT pg_advisory_unlock(hashtext($1))", name).On(connection);
                await command.ExecuteNonQueryAsync(CancellationToken.None);
            }
            catch (NpgsqlException)
            {
                // The connection is gone, and the lock with it.
            }
            await connection.DisposeAsync();
        }
    }
}
