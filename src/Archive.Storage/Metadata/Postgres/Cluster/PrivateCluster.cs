using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Archive.Storage.Metadata.Postgres.Cluster;

/// <summary>
/// The archive's own PostgreSQL, when no other is configured: one cluster below the data folder that answers on a private socket
/// only. It outlives a killed archive, and the next start takes it over; a dead one is recovered. Whoever starts it holds the data
/// folder's lock: two starts at once on one folder are not told apart here.
/// </summary>
public sealed class PrivateCluster : IAsyncDisposable
{
    private const string Name = "archive";

    private readonly PrivateClusterOptions options;
    private readonly ILogger logger;
    private readonly ServiceUser user;
    private readonly ClusterFolders folders;
    private readonly PostgresPrograms programs;
    private Process? started;
    private Postmaster? server;
    private bool isStarted;

    private PrivateCluster(PrivateClusterOptions options, ILogger logger)
    {
        this.options = options;
        this.logger = logger;
        user = ServiceUser.Find();
        folders = new ClusterFolders(options.DataFolder, user);
        programs = PostgresPrograms.Find(options.BinFolder, folders.Major);
    }

    /// <summary>Whether this start took over a server that was running already.</summary>
    public bool IsAdopted { get; private set; }

    /// <summary>The process id of the server.</summary>
    public int ServerProcessId => server!.Pid;

    /// <summary>The folder of the server's socket; its user is <c>archive</c>, its database <c>archive</c>, both without a password.</summary>
    public string SocketFolder => server!.SocketFolder;

    /// <summary>How to reach the database <c>archive</c>.</summary>
    public string ConnectionString => ConnectionTo(Name);

    /// <summary>Makes the cluster when it is new, and starts it or takes over the one that runs.</summary>
    /// <exception cref="PostgresMissingException">PostgreSQL's programs are not there.</exception>
    /// <exception cref="PrivateClusterException">It does not start; the message says why and what to do.</exception>
    public static async Task<PrivateCluster> StartAsync(PrivateClusterOptions options, ILogger logger, CancellationToken ct)
    {
        var cluster = new PrivateCluster(options, logger);
        cluster.folders.Prepare();
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(ct);
        timeout.CancelAfter(options.StartTimeout);
        try
        {
            if (cluster.folders.Major is null) await cluster.InitializeAsync(timeout.Token);
            if (!await cluster.TryAdoptAsync(timeout.Token)) await cluster.LaunchAsync(timeout.Token);
            await cluster.CreateDatabaseAsync(timeout.Token);
            cluster.folders.RecordReady(cluster.SocketFolder);
            cluster.isStarted = true;
            return cluster;
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            throw cluster.Failure($"PostgreSQL did not start within {options.StartTimeout}.");
        }
        catch (NpgsqlException e)
        {
            throw cluster.Failure($"PostgreSQL started but does not answer ({e.Message}).");
        }
        finally
        {
            // A start that is given up leaves no server behind that nobody would stop.
            if (!cluster.isStarted && cluster.started is { HasExited: false } unwanted)
                await cluster.StopServerAsync(new Postmaster(unwanted.Id, "", ""), CancellationToken.None);
        }
    }

    /// <summary>
    /// Stops the server: open transactions are rolled back, what is committed is safe. Does nothing when it is gone already.
    /// </summary>
    public async Task StopAsync(CancellationToken ct)
    {
        if (server is not { } running) return;
        await StopServerAsync(running, ct);
        folders.RemoveSocketFolder();
        started?.Dispose();
        started = null;
        server = null;
    }

    /// <inheritdoc cref="StopAsync"/>
    public async ValueTask DisposeAsync() => await StopAsync(CancellationToken.None);

    // Made beside its place and renamed when whole: a start that was killed in between leaves nothing that looks like data.
    private async Task InitializeAsync(CancellationToken ct)
    {
        foreach (var unfinished in Directory.EnumerateDirectories(folders.Root, "new-*")) Directory.Delete(unfinished, recursive: true);
        if (Directory.Exists(folders.Data)) throw Failure($"{folders.Data} exists but is no PostgreSQL data: move it away.");
        var folder = folders.MakePrivate(Path.Combine(folders.Root, $"new-{Guid.NewGuid():N}"));
        List<string> arguments =
        [
            "-D", folder, "-U", Name, "-E", "UTF8", "--locale=C.UTF-8", "--data-checksums", "--auth-local=trust", "--auth-host=reject",
        ];
        if (!options.Fsync) arguments.Add("--no-sync");
        using var initDb = Start(programs.InitDb, arguments);
        await initDb.WaitForExitAsync(ct);
        if (initDb.ExitCode != 0) throw Failure("PostgreSQL's initdb failed.");
        // Here and not on the command line, so that an operator may change them.
        await File.AppendAllTextAsync(Path.Combine(folder, "postgresql.conf"), ClusterSettings.Defaults, ct);
        if (options.Fsync) Libc.Sync(Path.Combine(folder, "postgresql.conf"));
        Directory.Move(folder, folders.Data);
        logger.LogInformation("Made a new database cluster in {Folder}", folders.Data);
        if (!options.Fsync) return;
        // initdb syncs what is inside; the names on the way to it are ours.
        Libc.Sync(folders.Root);
        Libc.Sync(Path.GetDirectoryName(folders.Root)!);
    }

    private async Task<bool> TryAdoptAsync(CancellationToken ct)
    {
        while (Postmaster.Read(folders.Data) is { } found && found.IsServerOf(folders.Data))
        {
            if (found.IsReady)
            {
                server = found;
                if (await AnswersAsync(ct))
                {
                    IsAdopted = true;
                    logger.LogInformation("Took over the running database server {Pid}", found.Pid);
                    return true;
                }
                logger.LogWarning("The running database server {Pid} does not answer on its socket and is restarted", found.Pid);
                await StopServerAsync(found, ct);
            }
            await PauseAsync(ct);
        }
        return false;
    }

    private async Task LaunchAsync(CancellationToken ct)
    {
        await ClearDeadServerAsync(ct);
        var socket = folders.MakeSocketFolder();
        started = Start(programs.Postgres, ["-D", folders.Data, .. ClusterSettings.Fixed(socket, options.Fsync)]);
        while (true)
        {
            // Every program in the chain replaces the one before it, so the process that we started is the server.
            if (Postmaster.Read(folders.Data) is { IsReady: true } ready && ready.Pid == started.Id)
            {
                server = ready;
                break;
            }
            if (started.HasExited) throw Failure("PostgreSQL stopped while starting.");
            await PauseAsync(ct);
        }
        logger.LogInformation("Started the database server {Pid}", started.Id);
    }

    // The dead server's children see its death by themselves, but one in the middle of a long statement only at its end. A
    // second server on the same files while one of them still writes would destroy the data, so they go first.
    private async Task ClearDeadServerAsync(CancellationToken ct)
    {
        var patience = Stopwatch.StartNew();
        while (Postmaster.ProcessesIn(folders.Data).ToList() is { Count: > 0 } orphans)
        {
            if (patience.Elapsed > TimeSpan.FromSeconds(5))
                foreach (var orphan in orphans) _ = Libc.Kill(orphan, Libc.SigKill);
            await PauseAsync(ct);
        }
        // PostgreSQL clears the file of a process that is gone; that of a zombie, or of a number given again, it would obey.
        if (Postmaster.Read(folders.Data) is { } dead && Directory.Exists($"/proc/{dead.Pid}"))
            File.Delete(Postmaster.LockFile(folders.Data));
    }

    private async Task CreateDatabaseAsync(CancellationToken ct)
    {
        await using var connection = new NpgsqlConnection(ConnectionTo("postgres"));
        await connection.OpenAsync(ct);
        await using var find = new NpgsqlCommand($"SELECT 1 FROM pg_database WHERE datname = '{Name}'", connection);
        if (await find.ExecuteScalarAsync(ct) is not null) return;
        await using var create = new NpgsqlCommand($"CREATE DATABASE {Name}", connection);
        await create.ExecuteNonQueryAsync(ct);
    }

    private async Task<bool> AnswersAsync(CancellationToken ct)
    {
        try
        {
            await using var connection = new NpgsqlConnection(ConnectionTo("postgres"));
            await connection.OpenAsync(ct);
            return true;
        }
        catch (NpgsqlException)
        {
            return false;
        }
    }

    private async Task StopServerAsync(Postmaster running, CancellationToken ct)
    {
        await SignalUntilGoneAsync(running, Libc.SigInt, options.StopTimeout, ct);
        await SignalUntilGoneAsync(running, Libc.SigQuit, TimeSpan.FromSeconds(10), ct);
        await SignalUntilGoneAsync(running, Libc.SigKill, TimeSpan.FromSeconds(10), ct);
    }

    private async Task SignalUntilGoneAsync(Postmaster running, int signal, TimeSpan patience, CancellationToken ct)
    {
        // One that we have just started may not be the server yet, but is ours for certain.
        if (Postmaster.IsDead(running.Pid) || (running.Pid != started?.Id && !running.IsServerOf(folders.Data))) return;
        if (signal != Libc.SigInt) logger.LogWarning("The database server {Pid} does not stop: signal {Signal}", running.Pid, signal);
        _ = Libc.Kill(running.Pid, signal);
        var waited = Stopwatch.StartNew();
        // A process on its way out has no folder any more, but is not dead yet.
        while (waited.Elapsed < patience && !Postmaster.IsDead(running.Pid)) await PauseAsync(ct);
    }

    private Process Start(string program, IEnumerable<string> arguments) =>
        Process.Start(user.Command(folders.Log, program, arguments)) ?? throw Failure($"{program} could not be started.");

    private string ConnectionTo(string database) => new NpgsqlConnectionStringBuilder
    {
        Host = SocketFolder, Port = ClusterFolders.Port, Username = Name, Database = database, Pooling = database == Name,
    }.ConnectionString;

    private PrivateClusterException Failure(string what) => new($"{what} The end of {folders.Log}:\n{folders.LogTail()}");

    // PostgreSQL tells its state in a file: looking is cheap, and pg_ctl's waiting looks ten times a second only.
    private static Task PauseAsync(CancellationToken ct) => Task.Delay(TimeSpan.FromMilliseconds(5), ct);
}
