using Archive.Contracts.Metadata;
using Archive.Storage.Metadata;
using Archive.Storage.Metadata.Postgres;
using Archive.TestKit.Databases;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace Archive.Storage.Tests.Metadata;

[TestClass]
public sealed class PostgresDraftStoreTests : DraftStoreContract, IAsyncDisposable
{
    private TestDatabase? database;

    public ValueTask DisposeAsync() => database!.DisposeAsync();

    protected override async Task<IDraftStore> OpenAsync() => new PostgresDraftStore((database = await TestDatabase.CreateAsync(Ct)).Metadata);

    protected override ISharingStore Sharing => new PostgresSharingStore(database!.Metadata);
}

[TestClass]
public sealed class PostgresUploadStoreTests : UploadStoreContract, IAsyncDisposable
{
    private TestDatabase? database;

    public ValueTask DisposeAsync() => database!.DisposeAsync();

    protected override async Task<IUploadStore> OpenAsync() => new PostgresUploadStore((database = await TestDatabase.CreateAsync(Ct)).Metadata);
}

[TestClass]
public sealed class PostgresSubmissionStoreTests : SubmissionStoreContract, IAsyncDisposable
{
    private TestDatabase? database;

    public ValueTask DisposeAsync() => database!.DisposeAsync();

    protected override async Task<ISubmissionStore> OpenAsync()
    {
        database = await TestDatabase.CreateAsync(Ct);
        return OpenNode(TimeProvider.System);
    }

    protected override ISubmissionStore OpenNode(TimeProvider clock) => new PostgresSubmissionStore(database!.Metadata, clock);
}

[TestClass]
public sealed class PostgresLeftoverStoreTests : LeftoverStoreContract, IAsyncDisposable
{
    private TestDatabase? database;

    public ValueTask DisposeAsync() => database!.DisposeAsync();

    protected override ISubmissionStore Submissions => new PostgresSubmissionStore(database!.Metadata, TimeProvider.System);

    protected override async Task<ILeftoverStore> OpenAsync() => new PostgresLeftoverStore((database = await TestDatabase.CreateAsync(Ct)).Metadata);
}

[TestClass]
public sealed class PostgresDatasetAgendaTests : DatasetAgendaContract, IAsyncDisposable
{
    private TestDatabase? database;

    protected override IDatasetStore Datasets => new PostgresDatasetStore(database!.Metadata);

    public ValueTask DisposeAsync() => database!.DisposeAsync();

    protected override async Task<IDatasetAgenda> OpenAsync() => new PostgresDatasetAgenda((database = await TestDatabase.CreateAsync(Ct)).Metadata);
}

[TestClass]
public sealed class PostgresDatasetStoreTests : DatasetStoreContract, IAsyncDisposable
{
    private TestDatabase? database;

    public ValueTask DisposeAsync() => database!.DisposeAsync();

    protected override async Task<IDatasetStore> OpenAsync() => new PostgresDatasetStore((database = await TestDatabase.CreateAsync(Ct)).Metadata);
}

[TestClass]
public sealed class PostgresFileReferenceStoreTests : FileReferenceStoreContract, IAsyncDisposable
{
    private TestDatabase? database;

    public ValueTask DisposeAsync() => database!.DisposeAsync();

    protected override async Task<IFileReferenceStore> OpenAsync() =>
        new PostgresFileReferenceStore((database = await TestDatabase.CreateAsync(Ct)).Metadata);
}

[TestClass]
public sealed class PostgresAccountStoreTests : AccountStoreContract, IAsyncDisposable
{
    private TestDatabase? database;

    public ValueTask DisposeAsync() => database!.DisposeAsync();

    protected override async Task<IAccountStore> OpenAsync() => new PostgresAccountStore((database = await TestDatabase.CreateAsync(Ct)).Metadata);
}

[TestClass]
public sealed class PostgresCollectionStoreTests : CollectionStoreContract, IAsyncDisposable
{
    private TestDatabase? database;

    public ValueTask DisposeAsync() => database!.DisposeAsync();

    protected override ISubmissionStore Submissions => new PostgresSubmissionStore(database!.Metadata, TimeProvider.System);

    protected override async Task<ICollectionStore> OpenAsync() =>
        new PostgresCollectionStore((database = await TestDatabase.CreateAsync(Ct)).Metadata);
}

[TestClass]
public sealed class PostgresCurationStoreTests : CurationStoreContract, IAsyncDisposable
{
    private TestDatabase? database;

    public ValueTask DisposeAsync() => database!.DisposeAsync();

    protected override IDatasetStore Datasets => new PostgresDatasetStore(database!.Metadata);

    protected override async Task<ICurationStore> OpenAsync() => new PostgresCurationStore((database = await TestDatabase.CreateAsync(Ct)).Metadata);
}

[TestClass]
public sealed class PostgresChangeSignalTests : ChangeSignalContract, IAsyncDisposable
{
    private readonly List<PostgresChangeSignal> signals = [];
    private TestDatabase? database;

    public async ValueTask DisposeAsync()
    {
        foreach (var signal in signals) await signal.DisposeAsync();
        await database!.DisposeAsync();
    }

    [TestMethod]
    public async Task WaitAsync_WhenTheConnectionWasCut_WakesAndHearsAgain()
    {
        await SettleAsync(Store, SignalTopic.Submissions);
        var waiting = Store.WaitAsync(SignalTopic.Submissions, "one", TimeSpan.FromMinutes(5), Ct);

        await database!.CutConnectionsAsync(Ct);

        await waiting.WaitAsync(TimeSpan.FromSeconds(20), Ct);
        await SettleAsync(Store, SignalTopic.Submissions);
        waiting = Store.WaitAsync(SignalTopic.Submissions, "one", TimeSpan.FromMinutes(5), Ct);
        await OpenNode().SendAsync(SignalTopic.Submissions, Ct);
        await waiting.WaitAsync(TimeSpan.FromSeconds(10), Ct);
    }

    [TestMethod]
    public async Task SendAsync_WhenTheDatabaseIsGone_StillWakesThisNode()
    {
        await SettleAsync(Store, SignalTopic.Submissions);
        var waiting = Store.WaitAsync(SignalTopic.Submissions, "one", TimeSpan.FromMinutes(5), Ct);
        await database!.Metadata.StopAsync(Ct);

        await Store.SendAsync(SignalTopic.Submissions, Ct);

        await waiting.WaitAsync(TimeSpan.FromSeconds(10), Ct);
    }

    protected override async Task<IChangeSignal> OpenAsync()
    {
        database = await TestDatabase.CreateAsync(Ct);
        return OpenNode();
    }

    protected override IChangeSignal OpenNode()
    {
        signals.Add(new PostgresChangeSignal(database!.Metadata, NullLogger<PostgresChangeSignal>.Instance));
        return signals[^1];
    }
}

[TestClass]
public sealed class PostgresSharingStoreTests : SharingStoreContract, IAsyncDisposable
{
    private TestDatabase? database;

    public ValueTask DisposeAsync() => database!.DisposeAsync();

    protected override async Task<ISharingStore> OpenAsync() => new PostgresSharingStore((database = await TestDatabase.CreateAsync(Ct)).Metadata);
}
