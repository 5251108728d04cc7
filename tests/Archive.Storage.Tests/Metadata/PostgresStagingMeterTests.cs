using Archive.Contracts.Metadata;
using Archive.Model.Accounts;
using Archive.Model.Files;
using Archive.Model.Submissions;
using Archive.Storage.Metadata;
using Archive.Storage.Metadata.Postgres;
using Archive.TestKit;
using Archive.TestKit.Databases;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using Npgsql;

namespace Archive.Storage.Tests.Metadata;

[TestClass]
public sealed class PostgresStagingMeterTests : StagingMeterContract, IAsyncDisposable
{
    private TestDatabase? database;

    protected override IUploadStore Uploads => new PostgresUploadStore(database!.Metadata);

    protected override IDraftStore Drafts => new PostgresDraftStore(database!.Metadata);

    protected override IAccountStore Accounts => new PostgresAccountStore(database!.Metadata);

    public ValueTask DisposeAsync() => database!.DisposeAsync();

    [TestMethod]
    public async Task RecountAsync_WhenRowsWereChangedBehindTheCounts_CorrectsAndTellsEach()
    {
        var draft = new Draft { Id = DraftId.New(), Owner = AccountId.New(), Collection = "BioImages", CreatedAt = TimeProvider.System.GetUtcNow() };
        await Drafts.AddAsync(draft, Ct);
        await Uploads.TryBeginAsync(draft.Id, ArchivePath.Parse("a", null), UploadId.New(), 100, TimeSpan.FromMinutes(5), Ct);
        await RunAsync("ALTER TABLE staged_paths DISABLE TRIGGER USER; UPDATE staged_paths SET promised_bytes = 40; ALTER TABLE staged_paths ENABLE TRIGGER USER");
        await RunAsync("UPDATE staging_usage SET files = 9 WHERE account <> '00000000-0000-0000-0000-000000000000'");

        var drifts = await Store.RecountAsync(Ct);

        CollectionAssert.AreEqual(
            new[] { new StagingDrift($"draft {draft.Id}", 100, 1, 40, 1), new StagingDrift($"account {draft.Owner}", 40, 9, 40, 1) }, drifts.ToArray());
        Assert.AreEqual(new StagingCount(40, 1, 40, 1, null), (await Store.ReadAsync([draft.Id], Ct))[draft.Id]);
        Assert.AreEqual(40, await Store.CountAllBytesAsync(Ct));
        Assert.IsEmpty(await Store.RecountAsync(Ct));
    }

    protected override async Task<IStagingMeter> OpenAsync() => new PostgresStagingMeter((database = await TestDatabase.CreateAsync(Ct)).Metadata);

    private async Task RunAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(database!.ConnectionString);
        await connection.OpenAsync(Ct);
#pragma warning disable CA2100 // Constants of this class.
        await using var command = new NpgsqlCommand(sql, connection);
#pragma warning restore CA2100
        await command.ExecuteNonQueryAsync(Ct);
    }
}
