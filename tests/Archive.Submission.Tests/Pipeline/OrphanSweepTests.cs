using System.Collections.Concurrent;
using Archive.Model.Files;
using Archive.Model.Submissions;
using Archive.Storage.Objects;
using Archive.TestKit;
using Npgsql;

namespace Archive.Submission.Tests.Pipeline;

/// <summary>What the sweep looks at, what it finds, and what it must not touch.</summary>
[TestClass]
public sealed partial class OrphanSweepTests
{
    private static readonly Dictionary<string, byte[]> Files = new() { ["a.tif"] = [1, 2, 3], ["b/c.tif"] = [4] };
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    public required TestContext TestContext { get; init; }

    private CancellationToken Ct => TestContext.CancellationToken;

    [TestMethod]
    public async Task Run_WhenTenThousandPassesHaveSettled_ListsNothingAndAsksOnce()
    {
        await using var ground = await Ground.CreateAsync(Ct);
        var node = new Node(ground);
        var released = await DepositAsync(node);
        var copied = await ExecuteAsync(ground, """
            INSERT INTO submissions (id, draft, accession, owner, active, attempt, attempts, due_at, cancel_requested, data)
            SELECT gen_random_uuid(), draft, 'S-BIAR' || 1000 + i, owner, active, 1000 + i, CASE i % 2 WHEN 0 THEN ARRAY[1000 + i] ELSE ARRAY[1, 1000 + i] END,
                due_at, cancel_requested, data
            FROM submissions, generate_series(1, 10000) i
            """);

        var idle = await CallsAsync(ground, n => n.Orphans.RunAsync(ground.Database.Metadata.ArchiveId, Day, Ct));
        await node.Leftovers.ReportAsync(released.Id, Ct);
        var one = await CallsAsync(ground, n => n.Orphans.RunAsync(ground.Database.Metadata.ArchiveId, Day, Ct));

        Assert.AreEqual(10_000, copied);
        Assert.AreEqual("ListDueAsync ProbeAsync", idle);
        // Two pages of candidates, the second one empty; one folder of attempts, one listing, one question for its three keys.
        Assert.AreEqual("FindReferencedAsync ListAsync ListByAccessionAsync ListDueAsync ListDueAsync ListFoldersAsync ProbeAsync SweptAsync", one);
        await Archived.IsWholeAsync(ground, node, released, Files, Ct);
    }

    [TestMethod]
    public async Task Run_WhenAStaleHolderWroteAfterTheSweepAndSaidSo_FindsItAtOnce()
    {
        await using var ground = await Ground.CreateAsync(Ct);
        var node = new Node(ground);
        await using var stale = await StaleHolder.BeginAsync(ground, node, canReport: true, Ct);
        await SweepAsync(ground, node, TimeSpan.Zero);

        await stale.WriteAsync();

        // It may learn between two batches that it lost its lease; then the second is not stored.
        var stored = (await KeysAsync(node)).Count;
        Assert.IsGreaterThanOrEqualTo(2, stored, "the stale holder stored a batch");
        Assert.AreEqual(stored, await SweepAsync(ground, node, TimeSpan.Zero));
        await IsEmptyAsync(node, stale.Submission);
    }

    [TestMethod]
    public async Task Run_WhenAStaleHolderWroteAfterTheSweepAndDied_FindsItAtTheSecondLook()
    {
        var settle = TimeSpan.FromSeconds(1);
        await using var ground = await Ground.CreateAsync(Ct);
        var node = new Node(ground);
        await using var stale = await StaleHolder.BeginAsync(ground, node, canReport: false, Ct);
        await SweepAsync(ground, node, settle);

        await stale.WriteAsync();

        Assert.AreEqual(2, (await KeysAsync(node)).Count, "the stale holder stored a batch");
        await Poll.Until(async () => await SweepAsync(ground, node, settle) == 2, "the second look finds it", Ct, TimeSpan.FromSeconds(20));
        await IsEmptyAsync(node, stale.Submission);
    }

    [TestMethod]
    public async Task Run_WhenABackupHoldsTheLock_LeavesAllForTheNext()
    {
        await using var ground = await Ground.CreateAsync(Ct);
        var node = new Node(ground);
        var left = await LeaveAsync(ground, node, 3);
        await using (await ground.Database.Metadata.TryLockAsync("archive.sweep", Ct))
            Assert.AreEqual(0, await SweepAsync(ground, node, TimeSpan.Zero));
        Assert.HasCount(3, await KeysAsync(node));

        Assert.AreEqual(3, await SweepAsync(ground, node, TimeSpan.Zero));
        await IsEmptyAsync(node, left);
    }

    [TestMethod]
    public async Task Run_WhenAPassFailsAndThenABackupTakesTheLock_TellsTheFault()
    {
        await using var ground = await Ground.CreateAsync(Ct);
        var node = new Node(ground);
        for (var i = 0; i < 2; i++) await LeaveAsync(ground, node, 2);
        var failures = 0;
        var failing = new Node(ground, new Faults(c => c == "ListByAccessionAsync" && ++failures == 1 ? Fault.Before : Fault.None));

        await using (await ground.Database.Metadata.TryLockAsync("archive.sweep", Ct))
            await Assert.ThrowsExactlyAsync<InjectedException>(() => SweepAsync(ground, failing, TimeSpan.Zero));
    }

    [TestMethod]
    [DataRow("DeleteAsync")]
    [DataRow("FindReferencedAsync")]
    [DataRow("ListFoldersAsync")]
    [DataRow("SweptAsync")]
    public async Task Run_WhenACallFails_GoesOnWithTheOthersAndFinishesNextTime(string call)
    {
        await using var ground = await Ground.CreateAsync(Ct);
        var node = new Node(ground);
        Model.Submissions.Submission[] left = [await LeaveAsync(ground, node, 2), await LeaveAsync(ground, node, 2)];
        var failures = 0;
        var failing = new Node(ground, new Faults(c => c == call && Interlocked.Increment(ref failures) == 1 ? Fault.Before : Fault.None));

        await Assert.ThrowsExactlyAsync<InjectedException>(() => SweepAsync(ground, failing, TimeSpan.Zero));
        Assert.IsLessThanOrEqualTo(2, (await KeysAsync(node)).Count, "one pass that fails does not keep what the other left");
        await SweepAsync(ground, node, TimeSpan.Zero);

        foreach (var pass in left) await IsEmptyAsync(node, pass);
        Assert.IsEmpty(await node.Leftovers.ListDueAsync(null, 10, Ct));
    }

    [TestMethod]
    public async Task Run_WhenTheAccessionHasAnActivePass_WaitsForItsEnd()
    {
        await using var ground = await Ground.CreateAsync(Ct);
        var node = new Node(ground);
        var left = await LeaveAsync(ground, node, 2);
        var active = (await node.Submitter.SubmitAsync(left.Draft, Node.Owner, Ct))!.Submission!;
        Assert.AreEqual(left.Accession, active.Accession);

        Assert.AreEqual(0, await SweepAsync(ground, node, TimeSpan.Zero));
        Assert.AreEqual(0, (await node.Orphans.RunOverAllAsync(ground.Database.Metadata.ArchiveId, Ct)).Removed);
        Assert.HasCount(2, await KeysAsync(node));

        var released = await node.RunUntilEndedAsync(active.Id, Ct);
        Assert.AreEqual(2, await SweepAsync(ground, node, TimeSpan.Zero));
        await Archived.IsWholeAsync(ground, node, released, Files, Ct);
    }

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public async Task Run_WhenAnotherVolumeIsMountedInBetween_RemovesNothing(bool all)
    {
        await using var ground = await Ground.CreateAsync(Ct);
        var node = new Node(ground);
        await LeaveAsync(ground, node, 2);
        var walking = new Node(ground, new Faults(call =>
        {
            if (call == nameof(IObjectStore.ListAsync)) File.WriteAllText(Path.Combine(ground.ObjectsFolder, "archive-id"), "another");
            return Fault.None;
        }));

        await Assert.ThrowsExactlyAsync<WrongVolumeException>(() =>
            all ? walking.Orphans.RunOverAllAsync(ground.Database.Metadata.ArchiveId, Ct) : SweepAsync(ground, walking, TimeSpan.Zero));
        Assert.HasCount(2, await KeysAsync(node));
    }

    [TestMethod]
    public async Task Run_WhenAReferenceAppearsJustBefore_KeepsItsObject()
    {
        await using var ground = await Ground.CreateAsync(Ct);
        var node = new Node(ground);
        var left = await LeaveAsync(ground, node, 2);
        var kept = $"{left.Accession}/v1/{left.Attempt}/left/1";
        var row = new FileReference
        {
            Accession = left.Accession, Submission = SubmissionId.New(), Version = 1, Path = ArchivePath.Parse("x", null), ObjectKey = kept,
            LengthBytes = 1, Digests = null, Format = "", Attributes = [],
        };
        var probes = 0;
        var sweeping = new Node(ground, new Faults(call =>
        {
            // The second look at the store's identity comes with the lock in hand.
            if (call == nameof(IObjectStore.ProbeAsync) && ++probes == 2) node.References.AddAsync([row], Ct).GetAwaiter().GetResult();
            return Fault.None;
        }));

        Assert.AreEqual(1, await SweepAsync(ground, sweeping, TimeSpan.Zero));
        CollectionAssert.AreEqual(new[] { kept }, await KeysAsync(node));
    }

    [TestMethod]
    public async Task Run_WhenTheStoreIsAnothers_RemovesNothing()
    {
        await using var ground = await Ground.CreateAsync(Ct);
        var node = new Node(ground);

        await Assert.ThrowsExactlyAsync<WrongVolumeException>(() => node.Orphans.RunAsync("another", TimeSpan.Zero, Ct));
        await Assert.ThrowsExactlyAsync<WrongVolumeException>(() => node.Orphans.RunOverAllAsync("another", Ct));
    }

    private async Task<Model.Submissions.Submission> DepositAsync(Node node)
    {
        var draft = await node.PrepareAsync(Files, Ct);
        return await node.RunUntilEndedAsync((await node.Submitter.SubmitAsync(draft.Id, Node.Owner, Ct))!.Submission!.Id, Ct);
    }

    // A cancelled pass, and objects as a holder that was killed left them under its attempt.
    private async Task<Model.Submissions.Submission> LeaveAsync(Ground ground, Node node, int count)
    {
        var draft = await node.PrepareAsync(Files, Ct);
        var submission = (await node.Submitter.SubmitAsync(draft.Id, Node.Owner, Ct))!.Submission!;
        await node.Submissions.RequestCancelAsync(submission.Id, Ct);
        var ended = await node.RunUntilEndedAsync(submission.Id, Ct);
        Assert.AreEqual(SubmissionState.Cancelled, ended.State);
        for (var i = 0; i < count; i++) await PutAsync(node, $"{ended.Accession}/v1/{ended.Attempt}/left/{i}");
        return ended;
    }

    private async Task PutAsync(Node node, string key)
    {
        using var content = new MemoryStream([1]);
        Assert.IsTrue(await node.Objects.TryPutAsync(new(key), content, 1, null, Ct));
    }

    private Task<long> SweepAsync(Ground ground, Node node, TimeSpan settle) => node.Orphans.RunAsync(ground.Database.Metadata.ArchiveId, settle, Ct);

    private async Task<List<string>> KeysAsync(Node node)
    {
        var keys = new List<string>();
        await foreach (var found in node.Objects.ListAsync("", Ct)) keys.Add(found.Key.Value);
        return keys;
    }

    private async Task IsEmptyAsync(Node node, Model.Submissions.Submission pass)
    {
        await foreach (var left in node.Objects.ListAsync($"{pass.Accession}/", Ct)) Assert.Fail($"{left.Key} is left.");
        await foreach (var row in node.References.ListPassAsync(pass.Accession, pass.Id, null, Ct)) Assert.Fail($"The row of {row.Path} is left.");
    }

    // Every call of a port that the work makes, in order of name.
    private static async Task<string> CallsAsync(Ground ground, Func<Node, Task> work)
    {
        var calls = new ConcurrentBag<string>();
        await work(new Node(ground, new Faults(call =>
        {
            calls.Add(call);
            return Fault.None;
        })));
        return string.Join(' ', calls.Order(StringComparer.Ordinal));
    }

    private async Task<int> ExecuteAsync(Ground ground, string sql)
    {
        await using var connection = new NpgsqlConnection(ground.Database.ConnectionString);
        await connection.OpenAsync(Ct);
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteNonQueryAsync(Ct);
    }
}
