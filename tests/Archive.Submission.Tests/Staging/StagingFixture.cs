using Archive.Model.Accounts;
using Archive.Model.Errors;
using Archive.Model.Files;
using Archive.Model.Submissions;
using Archive.Storage.Metadata.Postgres;
using Archive.Storage.Objects;
using Archive.Storage.Objects.FileSystem;
using Archive.Submissions.Revisions;
using Archive.Submissions.Staging;
using Archive.TestKit;
using Archive.TestKit.Databases;
using Archive.TestKit.Files;
using Npgsql;

namespace Archive.Submissions.Tests.Staging;

/// <summary>Staging on a real database and a folder of the test's own, with one draft.</summary>
public abstract class StagingFixture
{
    private TestDatabase database = null!;

    public required TestContext TestContext { get; init; }

    private protected TempFolder Folder { get; } = new();

    private protected PostgresUploadStore Uploads { get; private set; } = null!;

    private protected PostgresDraftStore Drafts { get; private set; } = null!;

    private protected PostgresStagingMeter Meter { get; private set; } = null!;

    private protected StagingArea Staging { get; private set; } = null!;

    private protected Draft Draft { get; private set; } = null!;

    /// <summary>The files of drafts, none of which revises anything.</summary>
    private protected NextFiles Next => new(new PostgresDatasetStore(database.Metadata), new PostgresSubmissionStore(database.Metadata, TimeProvider.System),
        Uploads, new PostgresFileReferenceStore(database.Metadata), new FileSystemObjectStore(Folder["objects"]), Staging);

    private protected CancellationToken Ct => TestContext.CancellationToken;

    [TestInitialize]
    public async Task StartAsync()
    {
        database = await TestDatabase.CreateAsync(Ct);
        Uploads = new PostgresUploadStore(database.Metadata);
        Drafts = new PostgresDraftStore(database.Metadata);
        Meter = new PostgresStagingMeter(database.Metadata);
        Staging = await ANewAreaAsync(Options);
        Draft = await ADraftAsync();
    }

    [TestCleanup]
    public async Task EndAsync()
    {
        await database.DisposeAsync();
        Folder.Dispose();
    }

    // Rooms of developers' machines differ, so only the tests of room set a reserve.
    private protected StagingOptions Options => new() { Folder = Folder["staging"], Reserve = new SpaceReserve(0, 0) };

    private protected async Task<StagingArea> ANewAreaAsync(StagingOptions options)
    {
        var area = new StagingArea(options, Uploads, Drafts, TimeProvider.System);
        await area.ClaimAsync("an-archive", Ct);
        return area;
    }

    private protected async Task<Draft> ADraftAsync()
    {
        var draft = new Draft
        {
            Id = DraftId.New(), Owner = AccountId.New(), Collection = "BioImages", CreatedAt = new DateTimeOffset(2026, 11, 20, 0, 0, 0, TimeSpan.Zero),
        };
        await Drafts.AddAsync(draft, Ct);
        return (await Drafts.FindAsync(draft.Id, Ct))!;
    }

    private protected async Task SealAsync() =>
        Assert.IsNotNull(await Drafts.TryReplaceAsync(Draft with { SealedBy = SubmissionId.New() }, Ct));

    private protected Task<StagedFile> ReceiveAsync(string path, int seed, int length, StagingArea? area = null) =>
        (area ?? Staging).ReceiveAsync(Draft.Id, Path(path), new RandomStream(seed, length), length, DeclaredDigests.None, static _ => true, Ct);

    /// <summary>Expects the refusal, and that it leaves the draft's rows and folder as they were and the path free.</summary>
    private protected async Task<ArchiveException> RefusedAsync(
        Problem problem, string path, Stream body, long? length, DeclaredDigests? declared = null, StagingArea? area = null)
    {
        var before = await RowsAsync();
        var refusal = await Assert.ThrowsExactlyAsync<ArchiveException>(
            () => (area ?? Staging).ReceiveAsync(Draft.Id, Path(path), body, length, declared ?? DeclaredDigests.None, static _ => true, Ct));
        Assert.AreEqual(problem, refusal.Problem, refusal.Message);
        CollectionAssert.AreEqual(before, await RowsAsync());
        CollectionAssert.AreEquivalent(before.Select(f => f.Content.ToString()).ToList(), Contents());
        Assert.IsFalse((await Uploads.ListRunningAsync(Draft.Id, Ct)).Any(r => r.Path == Path(path)), "the path is still held");
        return refusal;
    }

    private protected async Task<List<StagedFile>> RowsAsync()
    {
        var rows = new List<StagedFile>();
        await foreach (var file in Uploads.ListAsync(Draft.Id, null, Ct)) rows.Add(file);
        return rows;
    }

    private protected async Task RunSqlAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(database.ConnectionString);
        await connection.OpenAsync(Ct);
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(Ct);
    }

    /// <summary>The names in the draft's folder.</summary>
    private protected List<string> Contents(string? folder = null)
    {
        var path = System.IO.Path.Combine(folder ?? Folder["staging"], Draft.Id.ToString());
        return Directory.Exists(path) ? [.. Directory.GetFiles(path).Select(f => System.IO.Path.GetFileName(f))] : [];
    }

    private protected async Task AssertHoldsAsync(StagedFile file, byte[] bytes)
    {
        await using var stream = await Staging.OpenAsync(file, Ct);
        var read = new byte[bytes.Length];
        await stream.ReadExactlyAsync(read, Ct);
        Assert.AreEqual(-1, stream.ReadByte());
        CollectionAssert.AreEqual(bytes, read);
    }

    private protected static ArchivePath Path(string path) => ArchivePath.Parse(path, null);

    /// <summary>A body that stands still after so many bytes until it is let go or cancelled.</summary>
    private protected static RandomStream Halting(int seed, int length, int after, TaskCompletionSource reached, TaskCompletionSource go) =>
        new(seed, length, 1000)
        {
            BeforeRead = async (at, ct) =>
            {
                if (at < after) return;
                reached.TrySetResult();
                await go.Task.WaitAsync(ct);
            },
        };
}
