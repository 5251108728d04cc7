using Archive.Model.Errors;
using Archive.Storage.Metadata.Postgres;
using Archive.TestKit.Databases;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using Npgsql;

namespace Archive.Storage.Tests.Metadata;

[TestClass]
public sealed class MetadataDatabaseTests(TestContext test)
{
    private CancellationToken Ct => test.CancellationToken;

    [TestMethod]
    public async Task StartAsync_WhenEightNodesStartOnAnEmptyDatabase_AllAgreeOnOneIdentity()
    {
        var connectionString = await TestDatabase.CreateEmptyAsync(Ct);
        var nodes = Enumerable.Range(0, 8)
            .Select(_ => new MetadataDatabase(new() { ConnectionString = connectionString, MaxConnections = 2 }, NullLoggerFactory.Instance))
            .ToList();

        await Task.WhenAll(nodes.Select(n => n.StartAsync(Ct)));

        Assert.AreEqual(1, nodes.Select(n => n.ArchiveId).Distinct(StringComparer.Ordinal).Count());
        foreach (var node in nodes) await node.DisposeAsync();
    }

    [TestMethod]
    public async Task TryLockAsync_WhenHeld_IsRefusedUntilGivenBack()
    {
        await using var database = await TestDatabase.CreateAsync(Ct);
        await using var other = database.OpenAnother();
        await other.StartAsync(Ct);

        var held = await database.Metadata.TryLockAsync("archive.sweep", Ct);
        Assert.IsNotNull(held);
        Assert.IsNull(await other.TryLockAsync("archive.sweep", Ct));
        await using (var another = await other.TryLockAsync("archive.index", Ct)) Assert.IsNotNull(another);
        await held.DisposeAsync();

        await using var later = await other.TryLockAsync("archive.sweep", Ct);
        Assert.IsNotNull(later);
    }

    // As a process leaves it that is stopped between two statements of a transaction: a dead one's connection would end.
    [TestMethod]
    public async Task Transaction_WhenItsNodeStandsStill_IsEndedSoThatOthersGoOn()
    {
        await using var database = await TestDatabase.CreateAsync(Ct);
        await using var stopped = new NpgsqlConnection(database.Metadata.ConnectionString);
        await stopped.OpenAsync(Ct);
        await using var open = await stopped.BeginTransactionAsync(Ct);
        await using var raise = new NpgsqlCommand("UPDATE number_series SET last = last + 1 WHERE name = 'change' RETURNING last", stopped);
        await raise.ExecuteScalarAsync(Ct);

        // Another node's publishing needs the same row; it waits for 30 seconds at most.
        await using var other = database.OpenAnother();
        await other.StartAsync(Ct);
        Assert.AreEqual(1, await other.ExecuteAsync(new Statement("UPDATE number_series SET last = last + 1 WHERE name = 'change'"), Ct));

        await Assert.ThrowsAsync<NpgsqlException>(() => raise.ExecuteScalarAsync(Ct));
    }

    [TestMethod]
    public async Task PingAsync_WhenNothingAnswers_IsUnavailable()
    {
        await using var database = new MetadataDatabase(
            new() { ConnectionString = "Host=/nonexistent;Username=nobody;Database=none" }, NullLoggerFactory.Instance);

        var start = await Assert.ThrowsExactlyAsync<ArchiveException>(() => database.StartAsync(Ct));
        var ping = await Assert.ThrowsExactlyAsync<ArchiveException>(() => database.PingAsync(Ct));

        Assert.AreSame(Problems.Unavailable, start.Problem);
        Assert.AreSame(Problems.Unavailable, ping.Problem);
    }
}
