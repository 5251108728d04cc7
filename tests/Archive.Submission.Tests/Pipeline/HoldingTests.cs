using System.Globalization;
using Archive.Model.Submissions;
using Archive.Storage.Metadata;
using Archive.Storage.Objects;
using Npgsql;

namespace Archive.Submission.Tests.Pipeline;

/// <summary>Who holds a submission: stops, leases that lapse, and the end of a process.</summary>
[TestClass]
public sealed class HoldingTests
{
    private static readonly Dictionary<string, byte[]> Files = new()
    {
        ["plate/a1.tif"] = [1, 2, 3],
        ["plate/b2.tif"] = [.. Enumerable.Range(0, 100_000).Select(i => (byte)(i * 7))],
        ["readme.txt"] = [],
    };

    public required TestContext TestContext { get; init; }

    private CancellationToken Ct => TestContext.CancellationToken;

    [TestMethod]
    public async Task Cancel_WhenItIsNotYetWorkedOn_OpensTheDraft()
    {
        await using var ground = await Ground.CreateAsync(Ct);
        var node = new Node(ground);
        var draft = await node.PrepareAsync(Files, Ct);
        var first = (await node.Submitter.SubmitAsync(draft.Id, Node.Owner, Ct))!.Submission!;

        Assert.IsTrue(await node.Submissions.RequestCancelAsync(first.Id, Ct));
        var cancelled = await node.RunUntilEndedAsync(first.Id, Ct);
        var second = (await node.Submitter.SubmitAsync(draft.Id, Node.Owner, Ct))!.Submission!;
        var released = await node.RunUntilEndedAsync(second.Id, Ct);

        Assert.AreEqual(SubmissionState.Cancelled, cancelled.State);
        Assert.AreEqual(first.Accession, second.Accession);
        await Archived.IsWholeAsync(ground, node, released, Files, Ct);
        Assert.IsFalse(await node.Submissions.RequestCancelAsync(second.Id, Ct));
    }

    [TestMethod]
    public async Task Cancel_WhenFilesAreBeingStored_StopsTheStep()
    {
        await using var ground = await Ground.CreateAsync(Ct);
        var gate = new Gate();
        var node = new Node(ground, new Faults(gate.HoldPutFiles), lease: TimeSpan.FromSeconds(1));
        var draft = await node.PrepareAsync(Files, Ct);
        var submission = (await node.Submitter.SubmitAsync(draft.Id, Node.Owner, Ct))!.Submission!;

        var running = Task.Run(() => node.Runner.RunOnceAsync(Ct), Ct);
        await gate.Reached.WaitAsync(Ct);
        await node.Submissions.RequestCancelAsync(submission.Id, Ct);
        // The holder hears of it at its next renewal, a third of the lease later; only then the store goes on.
        await Task.WhenAny(running, Task.Delay(TimeSpan.FromSeconds(1), Ct));
        gate.Open();
        await running;
        var ended = await node.RunUntilEndedAsync(submission.Id, Ct);

        Assert.AreEqual(SubmissionState.Cancelled, ended.State);
        Assert.IsNull(await node.Datasets.FindAsync(submission.Accession, Ct));
    }

    [TestMethod]
    public async Task Publish_WhenThePageTabCannotBeRead_CanStillBeCancelled()
    {
        await using var ground = await Ground.CreateAsync(Ct);
        var gate = new Gate();
        var saves = 0;
        // Saved before are Validated and Ingested; what is read after that is for publishing.
        var node = new Node(ground, new Faults(call =>
        {
            if (call == nameof(ISubmissionStore.TrySaveAsync)) Interlocked.Increment(ref saves);
            return saves >= 2 ? gate.HoldReading(call) : Fault.None;
        }));
        var draft = await node.PrepareAsync(Files, Ct);
        var submission = (await node.Submitter.SubmitAsync(draft.Id, Node.Owner, Ct))!.Submission!;

        var running = Task.Run(() => node.Runner.RunOnceAsync(Ct), Ct);
        await gate.Reached.WaitAsync(Ct);
        await using (var connection = new NpgsqlConnection(ground.Database.ConnectionString))
        {
            await connection.OpenAsync(Ct);
            await using var damage = new NpgsqlCommand("UPDATE drafts SET page_tab = substring(page_tab FROM 1 FOR 40)", connection);
            await damage.ExecuteNonQueryAsync(Ct);
        }
        gate.Open();
        await running;

        var stored = (await node.Submissions.FindAsync(submission.Id, Ct))!;
        Assert.AreEqual(SubmissionState.Ingested, stored.State);
        Assert.IsFalse(stored.IsPublishing);
        Assert.IsTrue(await node.Submissions.RequestCancelAsync(submission.Id, Ct));
        Assert.AreEqual(SubmissionState.Cancelled, (await node.RunUntilEndedAsync(submission.Id, Ct)).State);
    }

    [TestMethod]
    public async Task Cancel_WhenPublishingIsAboutToBegin_StopsItAtOnce()
    {
        await using var ground = await Ground.CreateAsync(Ct);
        var gate = new Gate();
        // The lease outlives the test: whoever leaves the stop to the next holder is late.
        var node = new Node(ground, new Faults(gate.HoldThirdSave), lease: TimeSpan.FromMinutes(5));
        var draft = await node.PrepareAsync(Files, Ct);
        var submission = (await node.Submitter.SubmitAsync(draft.Id, Node.Owner, Ct))!.Submission!;

        // Saved before are Validated and Ingested; the third save says that publishing begins.
        var running = Task.Run(() => node.Runner.RunOnceAsync(Ct), Ct);
        await gate.Reached.WaitAsync(Ct);
        var isAsked = await node.Submissions.RequestCancelAsync(submission.Id, Ct);
        gate.Open();
        await running;

        Assert.IsTrue(isAsked);
        Assert.AreEqual(SubmissionState.Cancelled, (await node.Submissions.FindAsync(submission.Id, Ct))!.State);
        Assert.IsNull(await node.Datasets.FindAsync(submission.Accession, Ct));
        Assert.IsFalse((await node.Drafts.FindAsync(draft.Id, Ct))!.IsSealed);
    }

    [TestMethod]
    public async Task Lease_WhenItsHolderSleeps_TheNextHolderFinishesAndTheSleeperChangesNothing()
    {
        await using var ground = await Ground.CreateAsync(Ct);
        var gate = new Gate();
        // The sleeper cannot renew: its renewals fail, as if the whole process stood still.
        var sleeper = new Node(ground, new Faults(call => call == "RenewAsync" && gate.IsHolding ? Fault.Before : gate.HoldPutFiles(call)), lease: TimeSpan.FromSeconds(1));
        var node = new Node(ground);
        var draft = await node.PrepareAsync(Files, Ct);
        var submission = (await node.Submitter.SubmitAsync(draft.Id, Node.Owner, Ct))!.Submission!;

        var sleeping = Task.Run(() => sleeper.Runner.RunOnceAsync(Ct), Ct);
        await gate.Reached.WaitAsync(Ct);
        var ended = await node.RunUntilEndedAsync(submission.Id, Ct);
        var before = await node.Datasets.FindAsync(submission.Accession, Ct);
        gate.Open();
        await sleeping;

        Assert.HasCount(2, ended.Attempts);
        Assert.AreEqual(before!.Revision, (await node.Datasets.FindAsync(submission.Accession, Ct))!.Revision);
        Assert.AreEqual(ended, (await node.Submissions.FindAsync(submission.Id, Ct))! with { Attempts = ended.Attempts, History = ended.History, Report = ended.Report, Sources = ended.Sources, Named = ended.Named });
        CollectionAssert.AreEqual(ended.Named.ToList(), (await node.Submissions.FindAsync(submission.Id, Ct))!.Named.ToList());
        await Archived.IsWholeAsync(ground, node, ended, Files, Ct);
        // Not every store can refuse a key that is taken: what keeps the two apart is the attempt in it.
        await foreach (var file in node.References.ListPassAsync(ended.Accession, ended.Id, null, Ct))
            Assert.StartsWith(string.Create(CultureInfo.InvariantCulture, $"{ended.Accession}/v1/{ended.Attempts[^1]}/"), file.ObjectKey);
    }

    [TestMethod]
    public async Task Runner_WhenStopped_HandsBackWhatItHolds()
    {
        await using var ground = await Ground.CreateAsync(Ct);
        var gate = new Gate();
        var stopping = new Node(ground, new Faults(gate.HoldPutFiles));
        var draft = await stopping.PrepareAsync(Files, Ct);
        var submission = (await stopping.Submitter.SubmitAsync(draft.Id, Node.Owner, Ct))!.Submission!;
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Ct);

        var running = Task.Run(() => stopping.Runner.RunAsync(stop.Token), Ct);
        await gate.Reached.WaitAsync(Ct);
        await stop.CancelAsync();
        gate.Open();
        await running;

        // The lease lasts 20 seconds; that the next start need not wait for it is the point.
        var node = new Node(ground);
        Assert.IsTrue(await node.Runner.RunOnceAsync(Ct));
        await Archived.IsWholeAsync(ground, node, await node.RunUntilEndedAsync(submission.Id, Ct), Files, Ct);
    }

    /// <summary>Holds the first call that stores files until it is opened.</summary>
    private sealed class Gate
    {
        private readonly TaskCompletionSource opened = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource held = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int reached;

        public Task Reached => held.Task;

        public bool IsHolding => held.Task.IsCompleted && !opened.Task.IsCompleted;

        public void Open() => opened.TrySetResult();

        public Fault HoldPutFiles(string call) => Hold(call, nameof(IObjectStore.PutFilesAsync), 1);

        public Fault HoldReading(string call) => Hold(call, nameof(IDraftStore.OpenPageTabAsync), 1);

        public Fault HoldThirdSave(string call) => Hold(call, nameof(ISubmissionStore.TrySaveAsync), 3);

        private Fault Hold(string call, string wanted, int time)
        {
            if (call != wanted || Interlocked.Increment(ref reached) != time) return Fault.None;
            held.TrySetResult();
            opened.Task.GetAwaiter().GetResult();
            return Fault.None;
        }
    }
}
