using System.Diagnostics;
using Archive.Storage.Metadata.Postgres;
using Archive.Storage.Metadata.Postgres.Cluster;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace Archive.TestKit.Databases;

/// <summary>
/// The one PostgreSQL of a test process: started when the first test asks for a database, without fsync, on a private socket. A
/// watching shell ends it and removes its files when the test process ends, however that happens.
/// </summary>
internal sealed class TestCluster
{
    private const string Template = "archive_template";

    private static readonly Lazy<Task<TestCluster>> Single = new(StartAsync);

    private readonly string connectionString;
    private int databases;

    private TestCluster(string connectionString) => this.connectionString = connectionString;

    public static Task<TestCluster> GetAsync() => Single.Value;

    /// <summary>A new database with the current schema; a copy of the template, which takes some 50 ms.</summary>
    public async Task<string> CreateAsync(bool withSchema, CancellationToken ct)
    {
        var name = $"test_{Interlocked.Increment(ref databases)}";
        await ExecuteAsync($"CREATE DATABASE {name} TEMPLATE {(withSchema ? Template : "template0")}", ct);
        return To(name);
    }

    public Task DropAsync(string database) =>
        ExecuteAsync($"DROP DATABASE IF EXISTS {new NpgsqlConnectionStringBuilder(database).Database} WITH (FORCE)", CancellationToken.None);

    public Task CutAsync(string database, CancellationToken ct) => ExecuteAsync(
        $"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{new NpgsqlConnectionStringBuilder(database).Database}'", ct);

    private static async Task<TestCluster> StartAsync()
    {
        var folder = new TempFolder();
        var options = new PrivateClusterOptions { DataFolder = folder.Path, Fsync = false, StartTimeout = TimeSpan.FromMinutes(2) };
        var cluster = await PrivateCluster.StartAsync(options, NullLogger.Instance, CancellationToken.None);
        Watch(cluster.ServerProcessId, folder.Path);
        var tests = new TestCluster(cluster.ConnectionString);
        await tests.ExecuteAsync($"CREATE DATABASE {Template}", CancellationToken.None);
        await using (var template = new MetadataDatabase(new() { ConnectionString = tests.To(Template) }, NullLoggerFactory.Instance))
            await template.StartAsync(CancellationToken.None);
        return tests;
    }

    // The shell's input is a pipe whose other end only this process holds: it reads its end when the process ends.
    private static void Watch(int server, string folder)
    {
        const string script = "read -r _; kill -QUIT $0; while [ -e \"$1/postgres/data/postmaster.pid\" ] && kill -0 $0; do sleep 0.02; done; rm -rf \"$1\"";
        var start = new ProcessStartInfo("setsid", ["sh", "-c", script, $"{server}", folder])
        {
            UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        var watcher = Process.Start(start)!;
        AppDomain.CurrentDomain.ProcessExit += (_, _) =>
        {
            watcher.StandardInput.Close();
            watcher.WaitForExit(TimeSpan.FromSeconds(10));
        };
    }

    private async Task ExecuteAsync(string sql, CancellationToken ct)
    {
        await using var connection = new NpgsqlConnection(To("postgres"));
        await connection.OpenAsync(ct);
#pragma warning disable CA2100 // names made above
        await using var command = new NpgsqlCommand(sql, connection);
#pragma warning restore CA2100
        await command.ExecuteNonQueryAsync(ct);
    }

    private string To(string database) => new NpgsqlConnectionStringBuilder(connectionString)
    {
        Database = database, Pooling = database != "postgres", MaxPoolSize = 20, Timeout = 60,
    }.ConnectionString;
}
