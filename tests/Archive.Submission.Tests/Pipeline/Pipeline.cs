using System.Globalization;
using System.Text;
using Archive.Model.Accounts;
using Archive.Model.Datasets;
using Archive.Model.Files;
using Archive.Model.Submissions;
using Archive.Storage.Metadata;
using Archive.Storage.Metadata.Postgres;
using Archive.Storage.Objects;
using Archive.Storage.Objects.FileSystem;
using Archive.Submissions.Accessioning;
using Archive.Submissions.Collections;
using Archive.Submissions.Curation;
using Archive.Submissions.Drafts;
using Archive.Submissions.FileLists;
using Archive.Submissions.Ingest;
using Archive.Submissions.Release;
using Archive.Submissions.Revisions;
using Archive.Submissions.Sharing;
using Archive.Submissions.Staging;
using Archive.Submissions.Validation;
using Archive.Submissions.Workflow;
using Archive.TestKit;
using Archive.TestKit.Databases;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace Archive.Submission.Tests.Pipeline;

/// <summary>Database and folders of one test.</summary>
internal sealed class Ground : IAsyncDisposable
{
    private Ground(TestDatabase database) => Database = database;

    public TestDatabase Database { get; }

    public TempFolder Folder { get; } = new();

    public string StagingFolder => Folder["staging"];

    public string ObjectsFolder => Folder["objects"];

    public static async Task<Ground> CreateAsync(CancellationToken ct)
    {
        var ground = new Ground(await TestDatabase.CreateAsync(ct));
        var node = new Node(ground);
        await node.Objects.ClaimAsync(ground.Database.Metadata.ArchiveId, ct);
        await node.Staging.ClaimAsync(ground.Database.Metadata.ArchiveId, ct);
        await node.Collections.PutAsync(new Collection("BioImages", "BioImages", "", "S-BIAR"), ct);
        await node.Collections.PutAsync(new Collection("Plates", "Plates", "", "S-PLATE"), ct);
        return ground;
    }

    /// <summary>Passes that the sweep has still to look at, now or later.</summary>
    public async Task<long> CountUnsweptAsync(CancellationToken ct)
    {
        await using var connection = new NpgsqlConnection(Database.ConnectionString);
        await connection.OpenAsync(ct);
        await using var command = new NpgsqlCommand("SELECT count(*) FROM submissions WHERE sweep_due_at IS NOT NULL", connection);
        return (long)(await command.ExecuteScalarAsync(ct))!;
    }

    public async ValueTask DisposeAsync()
    {
        await Database.DisposeAsync();
        Folder.Dispose();
    }
}

/// <summary>Everything that one process would have, over the ground; with faults where a test puts them in.</summary>
internal sealed class Node
{
    public static readonly AccountId Owner = AccountId.New();

    public Node(
        Ground ground, Faults? faults = null, TimeSpan? lease = null, Func<IObjectStore, IObjectStore>? objectStore = null, TimeProvider? clock = null)
    {
        T Over<T>(T port)
            where T : class => faults?.Over(port) ?? port;
        var database = ground.Database.Metadata;
        var time = clock ?? TimeProvider.System;
        Drafts = Over<IDraftStore>(new PostgresDraftStore(database));
        Uploads = Over<IUploadStore>(new PostgresUploadStore(database));
        DraftAgenda = Over<IDraftAgenda>(new PostgresDraftAgenda(database));
        Meter = Over<IStagingMeter>(new PostgresStagingMeter(database));
        Submissions = Over<ISubmissionStore>(new PostgresSubmissionStore(database, time));
        Leftovers = Over<ILeftoverStore>(new PostgresLeftoverStore(database));
        Datasets = Over<IDatasetStore>(new PostgresDatasetStore(database));
        Agenda = Over<IDatasetAgenda>(new PostgresDatasetAgenda(database));
        Accounts = Over<IAccountStore>(new PostgresAccountStore(database));
        Mails = Over<IMailStore>(new PostgresMailStore(database));
        Audit = Over<IAuditStore>(new PostgresAuditStore(database));
        Effects = new DatasetEffects(Agenda, new EffectDrain(Mails, Audit, Signal), NullLogger<DatasetEffects>.Instance);
        References = Over<IFileReferenceStore>(new PostgresFileReferenceStore(database));
        Collections = Over<ICollectionStore>(new PostgresCollectionStore(database));
        IObjectStore files = new FileSystemObjectStore(ground.ObjectsFolder);
        Objects = Over(objectStore?.Invoke(files) ?? files);
        // A reserve of nothing: the machine that runs the tests may be fuller than an archive would like.
        var reserve = new SpaceReserve(0, 0);
        var staging = new StagingOptions { Folder = ground.StagingFolder, Reserve = reserve, Lease = TimeSpan.FromSeconds(3) };
        Staging = new StagingArea(staging, Uploads, Drafts, time);
        Sharing = Over<ISharingStore>(new PostgresSharingStore(database));
        Shares = new SharingWriter(Sharing, new EffectDrain(Mails, Audit, Signal), NullLogger<SharingWriter>.Instance);
        DraftEffects = new DraftEffects(DraftAgenda, new EffectDrain(Mails, Audit, Signal), NullLogger<DraftEffects>.Instance);
        Closer = new DraftCloser(Drafts, Submissions, Staging, Sharing, DraftEffects);
        var bound = new MailBound(Over<ITallyStore>(new PostgresTallyStore(database)));
        Collaborators = new CollaboratorDesk(Shares, Accounts, bound, time);
        Ownership = new OwnershipDesk(Shares, Datasets, Drafts, Accounts, Meter, staging, Effects, DraftEffects, bound, time);
        var lists = new FileListCheck(Uploads, Staging, FileListLimits.Default);
        Curation = Over<ICurationStore>(new PostgresCurationStore(database));
        var choice = new CollectionChoice(Collections, Accounts);
        Next = new NextFiles(Datasets, Submissions, Uploads, References, Objects, Staging);
        Revisions = new RevisionDesk(Drafts, Datasets, time);
        Validator = new SubmissionValidator(Drafts, choice, Uploads, lists, Next, time);
        Desk = new DraftDesk(Drafts, Collections, Closer, new DraftOptions(), time);
        Submitter = new Submitter(Drafts, Submissions, new AccessionMinter(Collections), Validator, Closer, DraftEffects, Signal, time);
        Sealed = new SealedDraftSweep(Drafts, Submissions, Submitter, Closer, NullLogger<SealedDraftSweep>.Instance);
        var ingester = new FileIngester(
            References, Objects, Staging, lists, new IngestOptions(ground.Folder["scratch"], BatchFiles: 2, Reserve: reserve));
        Publisher = new DatasetPublisher(Datasets, Accounts, new ReleaseGate(choice, Curation), Effects, time);
        var workflow = new SubmissionWorkflow(
            new ValidateStep(Drafts, Validator), new IngestStep(Drafts, Validator, Next, ingester), new PublishStep(Drafts, Publisher, Shares), Staging, time);
        Runner = new SubmissionRunner(
            Submissions, Leftovers, workflow, Closer, Signal,
            new RunnerOptions("test", 4, lease ?? TimeSpan.FromSeconds(20), TimeSpan.FromMilliseconds(50), TimeSpan.FromMilliseconds(20), TimeSpan.FromMilliseconds(200)),
            time, NullLogger<SubmissionRunner>.Instance);
        Orphans = new OrphanSweep(
            Leftovers, Submissions, Datasets, References, Objects, ct => database.TryLockAsync("archive.sweep", ct), time, NullLogger<OrphanSweep>.Instance);
        Release = new ReleaseRunner(Datasets, Agenda, Accounts, Effects, Signal, time, NullLogger<ReleaseRunner>.Instance);
        ReleaseDesk = new ReleaseDesk(Datasets, Accounts, choice, Effects, Signal, time);
        Curators = new CurationDesk(Datasets, Accounts, Release, Effects, Signal, time);
        CollectionDesk = new CollectionDesk(Collections, Accounts, new DraftOptions());
    }

    public ISharingStore Sharing { get; }

    public SharingWriter Shares { get; }

    public CollaboratorDesk Collaborators { get; }

    public OwnershipDesk Ownership { get; }

    public IDraftStore Drafts { get; }

    public IUploadStore Uploads { get; }

    public IDraftAgenda DraftAgenda { get; }

    public IStagingMeter Meter { get; }

    public DraftEffects DraftEffects { get; }

    public ISubmissionStore Submissions { get; }

    public ILeftoverStore Leftovers { get; }

    public IDatasetStore Datasets { get; }

    public IDatasetAgenda Agenda { get; }

    public IAccountStore Accounts { get; }

    public IMailStore Mails { get; }

    public IAuditStore Audit { get; }

    public DatasetEffects Effects { get; }

    public ReleaseDesk ReleaseDesk { get; }

    public IFileReferenceStore References { get; }

    public ICollectionStore Collections { get; }

    public ICurationStore Curation { get; }

    public DatasetPublisher Publisher { get; }

    public CurationDesk Curators { get; }

    public CollectionDesk CollectionDesk { get; }

    public IObjectStore Objects { get; }

    public StagingArea Staging { get; }

    public LocalSignal Signal { get; } = new();

    public NextFiles Next { get; }

    public RevisionDesk Revisions { get; }

    public SubmissionValidator Validator { get; }

    public DraftDesk Desk { get; }

    public DraftCloser Closer { get; }

    public Submitter Submitter { get; }

    public SealedDraftSweep Sealed { get; }

    public SubmissionRunner Runner { get; }

    public OrphanSweep Orphans { get; }

    public ReleaseRunner Release { get; }

    /// <summary>The sweep of drafts that nobody works on for so many days.</summary>
    public DraftExpirySweep ExpiryAfter(int days) => new(
        DraftAgenda, Accounts, Meter, Closer, DraftEffects, new DraftOptions(Expiry: TimeSpan.FromDays(days)), NullLogger<DraftExpirySweep>.Instance);

    /// <summary>A draft with a page tab, files and a list of them.</summary>
    public async Task<Draft> PrepareAsync(IReadOnlyDictionary<string, byte[]> files, CancellationToken ct, string? releaseDate = null, string? list = null, AccountId? owner = null)
    {
        var draft = await Desk.BeginAsync(owner ?? Owner, null, ct);
        await SetPageTabAsync(draft.Id, releaseDate, ct);
        foreach (var (path, content) in files) await UploadAsync(draft, path, content, ct);
        await UploadAsync(draft, "files.tsv", Encoding.UTF8.GetBytes(list ?? ListOf(files.Keys)), ct);
        return draft;
    }

    public static string ListOf(IEnumerable<string> paths) =>
        "Files\tWell\n" + string.Concat(paths.Select((p, i) => $"{p}\tA{i.ToString(CultureInfo.InvariantCulture)}\n"));

    public Task<(Draft Draft, ValidationReport Report)> SetPageTabAsync(DraftId draft, string? releaseDate, CancellationToken ct, string more = "")
    {
        var date = releaseDate ?? "2020-01-01";
        var json = $$$"""
            {"attributes":[{"name":"ReleaseDate","value":"{{{date}}}"}{{{more}}}],
             "section":{"type":"Study","attributes":[{"name":"Title","value":"Wells of a plate, imaged for a test"}],
              "subsections":[{"type":"Study Component","attributes":[{"name":"Name","value":"All"},{"name":"File List","value":"files.tsv"}]}]}}
            """;
        return Desk.SetPageTabAsync(draft, new MemoryStream(Encoding.UTF8.GetBytes(json)), null, ct);
    }

    public async Task UploadAsync(Draft draft, string path, byte[] content, CancellationToken ct)
    {
        using var body = new MemoryStream(content);
        await Staging.ReceiveAsync(draft.Id, ArchivePath.Parse(path, null), body, content.Length, DeclaredDigests.None, static _ => true, ct);
    }

    /// <summary>Leads submissions on until this one has ended and its draft is closed.</summary>
    public async Task<Model.Submissions.Submission> RunUntilEndedAsync(SubmissionId id, CancellationToken ct, TimeSpan? deadline = null)
    {
        Model.Submissions.Submission? submission = null;
        await Poll.Until(
            async () =>
            {
                while (await Runner.RunOnceAsync(ct))
                {
                }
                await Sealed.RunAsync(TimeSpan.Zero, ct);
                submission = await Submissions.FindAsync(id, ct);
                return submission is { IsEnded: true } && (await Drafts.FindAsync(submission.Draft, ct))?.SealedBy != id;
            },
            "the submission ends", ct, deadline ?? TimeSpan.FromSeconds(60));
        return submission!;
    }

    public async Task<byte[]?> ReadAsync(Dataset dataset, string path, CancellationToken ct)
    {
        if (await References.FindAsync(dataset, ArchivePath.Parse(path, null), dataset.Latest.Number, ct) is not { } reference) return null;
        await using var content = await Objects.OpenAsync(new(reference.ObjectKey!), 0, null, ct);
        using var bytes = new MemoryStream();
        await content!.CopyToAsync(bytes, ct);
        return bytes.ToArray();
    }
}

/// <summary>Wakes nobody else: tests lead submissions on themselves or by polling.</summary>
internal sealed class LocalSignal : IChangeSignal
{
    public Task SendAsync(SignalTopic topic, CancellationToken ct) => Task.CompletedTask;

    public Task WaitAsync(SignalTopic topic, string listener, TimeSpan atMost, CancellationToken ct) => Task.Delay(atMost, ct);
}
