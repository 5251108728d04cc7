using Archive.Contracts.Metadata;
using Archive.Model.Accounts;
using Archive.Model.Auditing;
using Archive.Storage.Metadata;
using Archive.Storage.Metadata.Postgres;
using Archive.TestKit.Databases;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using Npgsql;

namespace Archive.Storage.Tests.Metadata;

[TestClass]
public sealed class PostgresSessionStoreTests : SessionStoreContract, IAsyncDisposable
{
    private TestDatabase? database;

    protected override IAccountStore Accounts => new PostgresAccountStore(database!.Metadata);

    public ValueTask DisposeAsync() => database!.DisposeAsync();

    protected override async Task<ISessionStore> OpenAsync() => new PostgresSessionStore((database = await TestDatabase.CreateAsync(Ct)).Metadata);
}

[TestClass]
public sealed class PostgresMailStoreTests : MailStoreContract, IAsyncDisposable
{
    private TestDatabase? database;

    public ValueTask DisposeAsync() => database!.DisposeAsync();

    // What was sent has no business in a database any more: names and addresses of people.
    [TestMethod]
    public async Task MarkSentAsync_WhenDone_KeepsNothingOfWhatTheMailSaid()
    {
        await Store.AddAsync(new(Archive.Model.Mail.MailId.New(), "ada@example.org", "confirm-email", new Dictionary<string, string>()), Ct);
        await Store.MarkSentAsync((await Store.TakeAsync(TimeSpan.FromMinutes(1), "example.org", Ct))!, Ct);

        await using var connection = new NpgsqlConnection(database!.ConnectionString);
        await connection.OpenAsync(Ct);
        await using var command = new NpgsqlCommand("SELECT mails::text FROM mails", connection);
        Assert.DoesNotContain("ada", (string)(await command.ExecuteScalarAsync(Ct))!);
    }

    protected override async Task<IMailStore> OpenAsync() => new PostgresMailStore((database = await TestDatabase.CreateAsync(Ct)).Metadata);
}

[TestClass]
public sealed class PostgresAuditStoreTests : AuditStoreContract, IAsyncDisposable
{
    private TestDatabase? database;

    public ValueTask DisposeAsync() => database!.DisposeAsync();

    [TestMethod]
    [DataRow("UPDATE audit SET subject_id = 'other'")]
    [DataRow("DELETE FROM audit")]
    [DataRow("TRUNCATE audit")]
    public async Task Table_WhenSomebodyChangesIt_Refuses(string statement)
    {
        await Store.AddAsync(AuditEntry.Of(TimeProvider.System.GetUtcNow(), null, "dataset", "S-TEST1", "released"), Ct);
        await using var connection = new NpgsqlConnection(database!.ConnectionString);
        await connection.OpenAsync(Ct);
        await using var command = new NpgsqlCommand(statement, connection);

        await Assert.ThrowsExactlyAsync<PostgresException>(() => command.ExecuteNonQueryAsync(Ct));

        Assert.HasCount(1, await Store.ListAsync("dataset", "S-TEST1", null, null, 10, Ct));
    }

    protected override async Task<IAuditStore> OpenAsync() => new PostgresAuditStore((database = await TestDatabase.CreateAsync(Ct)).Metadata);
}

[TestClass]
public sealed class PostgresTallyStoreTests : TallyStoreContract, IAsyncDisposable
{
    private TestDatabase? database;

    public ValueTask DisposeAsync() => database!.DisposeAsync();

    protected override async Task<ITallyStore> OpenAsync() => new PostgresTallyStore((database = await TestDatabase.CreateAsync(Ct)).Metadata);
}

[TestClass]
public sealed class AccountUpgradeTests
{
    public TestContext TestContext { get; set; } = null!;

    private CancellationToken Ct => TestContext.CancellationToken;

    // The schema file is run over what the one before it made: an account and a sign-in of an archive without mail.
    [TestMethod]
    public async Task Schema_WhenAccountsExistBefore_CountsThemAsConfirmedAndKeepsTheirSignIns()
    {
        var connectionString = await TestDatabase.CreateEmptyAsync(Ct);
        var id = AccountId.New();
        await RunAsync(connectionString, await SchemaAsync("0001-metadata.sql"));
        await RunAsync(connectionString, $$"""
            INSERT INTO accounts (id, email_key, revision, data) VALUES ('{{id.Value}}', 'ADA@EXAMPLE.ORG', 0,
                '{"id": "{{id}}", "email": "ada@example.org", "name": "Ada", "passwordHash": "hash", "role": "Curator", "createdAt": "2026-01-01T00:00:00Z"}');
            INSERT INTO sessions VALUES ('one', '{{id.Value}}', now() + interval '1 hour');
            """);

        await RunAsync(connectionString, await SchemaAsync("0006-accounts.sql"));

        await using var source = NpgsqlDataSource.Create(connectionString);
        await using var command = source.CreateCommand("SELECT a.data->>'isConfirmed', s.epoch FROM accounts a JOIN sessions s ON s.account = a.id");
        await using var row = await command.ExecuteReaderAsync(Ct);
        Assert.IsTrue(await row.ReadAsync(Ct));
        Assert.AreEqual(("true", 0), (row.GetString(0), row.GetInt32(1)));
    }

    private async Task RunAsync(string connectionString, string sql)
    {
        await using var source = NpgsqlDataSource.Create(connectionString);
        await using var command = source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync(Ct);
    }

    private async Task<string> SchemaAsync(string name)
    {
        using var reader = new StreamReader(typeof(MetadataDatabase).Assembly.GetManifestResourceStream("Schema/" + name)!);
        return await reader.ReadToEndAsync(Ct);
    }
}
