using Archive.Contracts.Metadata;
using Archive.Storage.Metadata;
using Archive.Storage.Metadata.Postgres;
using Archive.TestKit.Databases;

namespace Archive.Storage.Tests.Metadata;

[TestClass]
public sealed class PostgresNodeReportStoreTests : NodeReportStoreContract, IAsyncDisposable
{
    private TestDatabase? database;

    public ValueTask DisposeAsync() => database!.DisposeAsync();

    protected override async Task<INodeReportStore> OpenAsync() => new PostgresNodeReportStore((database = await TestDatabase.CreateAsync(Ct)).Metadata);
}
