using System.Diagnostics;
using System.Globalization;
using Archive.Storage.Metadata.Postgres;
using Archive.Storage.Metadata.Postgres.Cluster;
using Archive.TestKit;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using Npgsql;

namespace Archive.Storage.Tests.Metadata;

[TestClass]
public sealed class PrivateClusterTests(TestContext test) : IAsyncDisposable
{
    private readonly TempFolder temp = new();
    private readonly List<PrivateCluster> started = [];

    private CancellationToken Ct => test.CancellationToken;

    private string Data => temp["data"];

    public async ValueTask DisposeAsync()
    {
        // Whoever started it: the last one stops it.
        foreach (var cluster in started) await cluster.DisposeAsync();
        temp.Dispose();
    }

    [TestMethod]
    public async Task StartAsync_WhenNew_AnswersOnAPrivateSocketOnlyAndIsDurable()
    {
        var cluster = await StartAsync(fsync: true);

        Assert.IsFalse(cluster.IsAdopted);
        Assert.AreEqual("", await AskAsync(cluster, "SHOW listen_addresses"));
        Assert.AreEqual("on", await AskAsync(cluster, "SHOW fsync"));
        Assert.AreEqual("on", await AskAsync(cluster, "SHOW data_checksums"));
        Assert.AreEqual("UTF8", await AskAsync(cluster, "SHOW server_encoding"));
        Assert.AreEqual("archive archive", await AskAsync(cluster, "SELECT current_user || ' ' || current_database()"));
        Assert.AreEqual(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(cluster.SocketFolder));
        Assert.AreEqual(cluster.SocketFolder, (await File.ReadAllTextAsync(Path.Combine(Data, "postgres", "socket-dir"), Ct)).Trim());
        Assert.AreEqual("5432", (await File.ReadAllTextAsync(Path.Combine(Data, "postgres", "port"), Ct)).Trim());
    }

    [TestMethod]
    public async Task StartAsync_WhenNew_RunsInASessionOfItsOwnAndNeverAsRoot()
    {
        var cluster = await StartAsync();

        // proc(5): field 6 is the session; a signal to our process group does not reach another session.
        var stat = await File.ReadAllTextAsync($"/proc/{cluster.ServerProcessId}/stat", Ct);
        Assert.AreEqual($"{cluster.ServerProcessId}", stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[3]);
        var user = (await File.ReadAllLinesAsync($"/proc/{cluster.ServerProcessId}/status", Ct)).Single(l => l.StartsWith("Uid:", StringComparison.Ordinal));
        Assert.AreNotEqual("0", user.Split('\t')[1]);
        // It holds none of our pipes: what waits for our output to end would wait for it too.
        foreach (var stream in (string[])["0", "1", "2"])
            StringAssert.StartsWith(new FileInfo($"/proc/{cluster.ServerProcessId}/fd/{stream}").LinkTarget, "/");
    }

    [TestMethod]
    public async Task StopAsync_WhenRunning_LeavesNoProcessAndNoSocket()
    {
        var cluster = await StartAsync();
        var (pid, socket) = (cluster.ServerProcessId, cluster.SocketFolder);

        await cluster.StopAsync(Ct);
        await cluster.StopAsync(Ct);

        Assert.IsFalse(Postmaster.ProcessesIn(Path.Combine(Data, "postgres", "data")).Any());
        Assert.IsTrue(Postmaster.IsDead(pid));
        Assert.IsFalse(Directory.Exists(socket));
        Assert.IsFalse(File.Exists(Path.Combine(Data, "postgres", "port")));
    }

    [TestMethod]
    public async Task StartAsync_WhenAServerOutlivedItsParent_TakesItOver()
    {
        var first = await StartAsync();
        await AskAsync(first, "CREATE TABLE kept AS SELECT 7 AS n");

        var second = await StartAsync();

        Assert.IsTrue(second.IsAdopted);
        Assert.AreEqual(first.ServerProcessId, second.ServerProcessId);
        Assert.AreEqual("7", await AskAsync(second, "SELECT n FROM kept"));
        await second.StopAsync(Ct);
        Assert.IsTrue(Postmaster.IsDead(first.ServerProcessId));
    }

    [TestMethod]
    public async Task StartAsync_WhenTheSocketOfALivingServerIsGone_StartsItAnew()
    {
        var first = await StartAsync();
        Directory.Delete(first.SocketFolder, recursive: true);

        var second = await StartAsync();

        Assert.IsFalse(second.IsAdopted);
        Assert.AreNotEqual(first.ServerProcessId, second.ServerProcessId);
        Assert.AreEqual("1", await AskAsync(second, "SELECT 1"));
    }

    [TestMethod]
    public async Task StartAsync_WhenTheServerWasKilled_RecoversWhatWasCommitted()
    {
        var first = await StartAsync(fsync: true);
        await AskAsync(first, "CREATE TABLE kept AS SELECT generate_series(1, 1000) AS n");
        await KillAsync(first);

        var second = await StartAsync();

        Assert.IsFalse(second.IsAdopted);
        Assert.AreEqual("1000", await AskAsync(second, "SELECT count(*) FROM kept"));
    }

    [TestMethod]
    public async Task StartAsync_WhenABackendOfAKilledServerIsStillBusy_WaitsForItsEnd()
    {
        var first = await StartAsync();
        await using var connection = new NpgsqlConnection(first.ConnectionString);
        await connection.OpenAsync(Ct);
        var backend = connection.ProcessID;
        await using var busy = new NpgsqlCommand("SELECT count(*) FROM generate_series(1, 100000000000)", connection) { CommandTimeout = 0 };
        var running = busy.ExecuteScalarAsync(Ct);
        await Poll.Until(async () => await AskAsync(first, $"SELECT state FROM pg_stat_activity WHERE pid = {backend}") == "active", "the statement runs", Ct);
        _ = Libc.Kill(first.ServerProcessId, Libc.SigKill);

        var second = await StartAsync();

        Assert.IsTrue(Postmaster.IsDead(backend), "no second server beside a backend that still writes");
        Assert.AreEqual("1", await AskAsync(second, "SELECT 1"));
        await Assert.ThrowsAsync<NpgsqlException>(() => running);
    }

    [TestMethod]
    [DataRow(false, DisplayName = "a number given again")]
    [DataRow(true, DisplayName = "a zombie")]
    public async Task StartAsync_WhenTheLockFileNamesAnother_IsNotFooled(bool zombie)
    {
        var first = await StartAsync();
        await KillAsync(first);
        using var other = zombie ? StartParentOfZombie() : null;
        var pid = zombie ? int.Parse((await other!.StandardOutput.ReadLineAsync(Ct))!, CultureInfo.InvariantCulture) : Environment.ProcessId;
        if (zombie) await Poll.Until(() => Directory.Exists($"/proc/{pid}") && Postmaster.IsDead(pid), "the child is a zombie", Ct);
        var lockFile = Postmaster.LockFile(Path.Combine(Data, "postgres", "data"));
        var lines = await File.ReadAllLinesAsync(lockFile, Ct);
        lines[0] = $"{pid}";
        await File.WriteAllLinesAsync(lockFile, lines, Ct);
        await File.WriteAllLinesAsync(Path.Combine(first.SocketFolder, ".s.PGSQL.5432.lock"), lines, Ct);

        var second = await StartAsync();

        Assert.IsFalse(second.IsAdopted);
        Assert.AreEqual("1", await AskAsync(second, "SELECT 1"));
        other?.Kill();
    }

    [TestMethod]
    public async Task StartAsync_WhenAnEarlierStartWasKilledInItsMaking_BeginsAgain()
    {
        var unfinished = Directory.CreateDirectory(Path.Combine(Data, "postgres", "new-123", "base")).FullName;

        var cluster = await StartAsync();

        Assert.IsFalse(Directory.Exists(unfinished));
        Assert.AreEqual("1", await AskAsync(cluster, "SELECT 1"));
    }

    [TestMethod]
    [DataRow("with blanks, commas and 'quotes' $HOME \"`id`\" % ; & # \\ é")]
    [DataRow("long")]
    public async Task StartAsync_WhenThePathIsLongOrOdd_Works(string name)
    {
        // 200 characters and more: longer than a socket's address may be (107 bytes, unix(7)).
        var folder = temp[name.PadRight(200, 'x')];
        var cluster = await StartAsync(folder);
        await AskAsync(cluster, "CREATE TABLE kept AS SELECT 7 AS n");
        var again = await StartAsync(folder);
        Assert.IsTrue(again.IsAdopted);
        var socket = again.SocketFolder;
        await again.StopAsync(Ct);
        Assert.IsFalse(Directory.Exists(socket));

        Assert.AreEqual("7", await AskAsync(await StartAsync(folder), "SELECT n FROM kept"));
    }

    [TestMethod]
    public async Task StartAsync_WhenReachedThroughALink_TakesOverTheSameServer()
    {
        var cluster = await StartAsync();
        Directory.CreateSymbolicLink(temp["link"], Data);

        var again = await StartAsync(temp["link"]);

        Assert.AreEqual(cluster.ServerProcessId, again.ServerProcessId);
    }

    [TestMethod]
    public async Task StartAsync_WhenTheProgramsAreMissing_SaysSoInOneSentence()
    {
        var options = new PrivateClusterOptions { DataFolder = Data, BinFolder = temp.Path };

        var fault = await Assert.ThrowsExactlyAsync<PostgresMissingException>(() => PrivateCluster.StartAsync(options, NullLogger.Instance, Ct));

        StringAssert.Contains(fault.Message, "apt-get install postgresql");
        Assert.IsFalse(fault.Message.Contains('\n', StringComparison.Ordinal));
    }

    [TestMethod]
    public async Task StartAsync_WhenTheDataIsOfAnotherVersion_SaysWhich()
    {
        Directory.CreateDirectory(Path.Combine(Data, "postgres", "data"));
        await File.WriteAllTextAsync(Path.Combine(Data, "postgres", "data", "PG_VERSION"), "9\n", Ct);

        var fault = await Assert.ThrowsExactlyAsync<PostgresMissingException>(() => StartAsync());

        StringAssert.Contains(fault.Message, "PostgreSQL 9");
    }

    [TestMethod]
    public async Task StartAsync_WhenItsUserCannotReachTheFolder_NamesTheClosedOne()
    {
        if (!Environment.IsPrivilegedProcess) Assert.Inconclusive("Only root drops to another user.");
        var closed = Directory.CreateDirectory(temp["closed"], UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute).FullName;

        var fault = await Assert.ThrowsExactlyAsync<PrivateClusterException>(() => StartAsync(Path.Combine(closed, "data")));

        StringAssert.Contains(fault.Message, $"cannot pass through {closed}:");
    }

    [TestMethod]
    public async Task StartAsync_WhenTheServerRefuses_ShowsTheEndOfItsLog()
    {
        await (await StartAsync()).StopAsync(Ct);
        await File.AppendAllTextAsync(Path.Combine(Data, "postgres", "data", "postgresql.conf"), "no_such_setting = 1\n", Ct);

        var fault = await Assert.ThrowsExactlyAsync<PrivateClusterException>(() => StartAsync());

        StringAssert.Contains(fault.Message, "no_such_setting");
    }

    [TestMethod]
    public async Task StartAsync_WhenGivenUp_LeavesNoServerBehind()
    {
        await (await StartAsync()).StopAsync(Ct);
        using var impatient = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        var starting = PrivateCluster.StartAsync(new() { DataFolder = Data, Fsync = false }, NullLogger.Instance, impatient.Token);
        var data = Path.Combine(Data, "postgres", "data");
        await Poll.Until(() => File.Exists(Postmaster.LockFile(data)), "the server begins to start", Ct);
        await impatient.CancelAsync();

        try
        {
            started.Add(await starting);
            Assert.Inconclusive("It was ready before it could be given up.");
        }
        catch (OperationCanceledException)
        {
            Assert.IsFalse(Postmaster.ProcessesIn(data).Any());
        }
    }

    [TestMethod]
    public async Task MetadataDatabase_WhenStoppedAndStarted_IsTheSameArchive()
    {
        var options = new MetadataOptions { Cluster = new PrivateClusterOptions { DataFolder = Data, Fsync = false } };
        await using var first = new MetadataDatabase(options, NullLoggerFactory.Instance);
        await first.StartAsync(Ct);
        var id = first.ArchiveId;
        await first.StopAsync(Ct);

        await using var second = new MetadataDatabase(options, NullLoggerFactory.Instance);
        await second.StartAsync(Ct);
        await second.StartAsync(Ct);

        Assert.AreEqual(id, second.ArchiveId);
        await second.PingAsync(Ct);
    }

    private async Task<PrivateCluster> StartAsync(string? folder = null, bool fsync = false)
    {
        var options = new PrivateClusterOptions { DataFolder = folder ?? Data, Fsync = fsync, StartTimeout = TimeSpan.FromMinutes(2) };
        started.Add(await PrivateCluster.StartAsync(options, NullLogger.Instance, Ct));
        return started[^1];
    }

    private async Task KillAsync(PrivateCluster cluster)
    {
        _ = Libc.Kill(cluster.ServerProcessId, Libc.SigKill);
        await Poll.Until(() => Postmaster.IsDead(cluster.ServerProcessId), "the server is dead", Ct);
    }

    // The shell's child ends and is never waited for by what the shell becomes.
    private static Process StartParentOfZombie() => Process.Start(
        new ProcessStartInfo("sh", ["-c", "sleep 0.1 & echo $!; exec sleep 600"]) { UseShellExecute = false, RedirectStandardOutput = true })!;

    private async Task<string> AskAsync(PrivateCluster cluster, string sql)
    {
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(cluster.ConnectionString) { Pooling = false }.ConnectionString);
        await connection.OpenAsync(Ct);
#pragma warning disable CA2100 // constants of these tests
        await using var command = new NpgsqlCommand(sql, connection);
#pragma warning restore CA2100
        return Convert.ToString(await command.ExecuteScalarAsync(Ct), CultureInfo.InvariantCulture) ?? "";
    }
}
