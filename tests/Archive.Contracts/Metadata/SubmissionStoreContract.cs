using Archive.Model.Accounts;
using Archive.Model.Errors;
using Archive.Model.Submissions;
using Archive.Storage.Metadata;
using Archive.TestKit;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace Archive.Contracts.Metadata;

/// <summary>What every store of submissions promises.</summary>
public abstract partial class SubmissionStoreContract : MetadataContract<ISubmissionStore>
{
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(1);

    /// <summary>The same store as a node with another clock has it.</summary>
    protected abstract ISubmissionStore OpenNode(TimeProvider clock);

    [TestMethod]
    public async Task AddAsync_WhenRepeated_GivesWhatIsStored()
    {
        var submission = Sample.Submission();

        AreSame(submission, await Store.AddAsync(submission, Ct));
        AreSame(submission, await Store.AddAsync(submission with { Version = 9 }, Ct));
        AreSame(submission, await Store.FindAsync(submission.Id, Ct));
        Assert.IsNull(await Store.FindAsync(SubmissionId.New(), Ct));
    }

    [TestMethod]
    public async Task AddAsync_WhenManyAddToOneAccession_OneIsActiveAndTheOthersAreRefused()
    {
        var added = await RaceAsync(16, async _ =>
        {
            try
            {
                await Store.AddAsync(Sample.Submission(), Ct);
                return true;
            }
            catch (ArchiveException e) when (e.Problem == Problems.Conflict)
            {
                return false;
            }
        });

        Assert.AreEqual(1, added.Count(a => a));
    }

    [TestMethod]
    public async Task AddAsync_WhenTheEarlierOneEnded_IsGranted()
    {
        await Store.AddAsync(Sample.Submission(), Ct);
        var held = await LeaseAsync(Long);
        Assert.IsTrue(await Store.TrySaveAsync(held with { State = SubmissionState.Rejected }, Ct));

        var second = Sample.Submission();
        await Store.AddAsync(second, Ct);

        CollectionAssert.AreEqual(
            new[] { held.Id, second.Id }.OrderBy(i => i.ToString(), StringComparer.Ordinal).ToList(),
            (await Store.ListByAccessionAsync(held.Accession, Ct)).Select(s => s.Id).ToList());
    }

    [TestMethod]
    public async Task LeaseNextAsync_WhenManyNodesAsk_EachSubmissionIsHeldOnceWithItsOwnAttempt()
    {
        for (var i = 1; i <= 10; i++) await Store.AddAsync(Sample.Submission(Sample.Number(i)), Ct);

        var leased = (await RaceAsync(32, i => Store.LeaseNextAsync($"node{i}", Long, Ct))).OfType<Submission>().ToList();
        while (await Store.LeaseNextAsync("late", Long, Ct) is { } one) leased.Add(one);

        Assert.HasCount(10, leased);
        Assert.AreEqual(10, leased.Select(s => s.Id).Distinct().Count());
        Assert.AreEqual(10, leased.Select(s => s.Attempt).Distinct().Count());
        Assert.IsTrue(leased.TrueForAll(s => s.Attempt > 0 && s.Attempts.SequenceEqual([s.Attempt])));
    }

    [TestMethod]
    public async Task TrySaveAsync_WhenAnotherAttemptHoldsIt_ChangesNothing()
    {
        await Store.AddAsync(Sample.Submission(), Ct);
        var old = await LeaseAsync(Short);
        var current = await LeaseAsync(Long);
        Assert.IsGreaterThan(old.Attempt, current.Attempt);
        CollectionAssert.AreEqual(new[] { old.Attempt, current.Attempt }, current.Attempts.ToList());

        Assert.IsFalse(await Store.TrySaveAsync(old with { State = SubmissionState.Cancelled }, Ct));
        Assert.IsNull(await Store.RenewAsync(old, Long, Ct));
        AreSame(current, await Store.FindAsync(old.Id, Ct));
        Assert.IsTrue(await Store.TrySaveAsync(current with { State = SubmissionState.Validated }, Ct));
    }

    [TestMethod]
    public async Task TrySaveAsync_WhenTheLeaseLapsed_ChangesNothingEvenIfNobodyTookIt()
    {
        await Store.AddAsync(Sample.Submission(), Ct);
        var held = await LeaseAsync(Short);
        await Poll.Until(async () => await Store.RenewAsync(held, Short, Ct) is null, "the lease lapses", Ct);

        Assert.IsFalse(await Store.TrySaveAsync(held with { State = SubmissionState.Validated }, Ct));
        Assert.AreEqual(SubmissionState.Submitted, (await Store.FindAsync(held.Id, Ct))!.State);
    }

    [TestMethod]
    public async Task RenewAsync_WhenHeld_StoresProgressAndTellsOfACancelRequest()
    {
        await Store.AddAsync(Sample.Submission(), Ct);
        var held = await LeaseAsync(Long);
        Assert.IsTrue(await Store.RequestCancelAsync(held.Id, Ct));

        var renewed = await Store.RenewAsync(held with { Progress = new(1, 2, 3, 4) }, Long, Ct);

        Assert.AreEqual(new SubmissionProgress(1, 2, 3, 4), renewed!.Progress);
        Assert.IsTrue(renewed.CancelRequested);
        Assert.IsTrue(await Store.TrySaveAsync(held with { State = SubmissionState.Validated }, Ct));
        Assert.IsTrue((await Store.FindAsync(held.Id, Ct))!.CancelRequested, "a save by one who had not heard of it keeps it");
    }

    [TestMethod]
    public async Task TrySaveAsync_WhenEnded_GivesTheLeaseBackForGood()
    {
        await Store.AddAsync(Sample.Submission(), Ct);
        var held = await LeaseAsync(Long);

        Assert.IsTrue(await Store.TrySaveAsync(held with { State = SubmissionState.Released }, Ct));

        Assert.IsFalse(await Store.TrySaveAsync(held with { State = SubmissionState.Submitted }, Ct));
        Assert.IsNull(await Store.LeaseNextAsync("n", Long, Ct));
        Assert.IsFalse(await Store.RequestCancelAsync(held.Id, Ct));
        Assert.AreEqual(SubmissionState.Released, (await Store.FindAsync(held.Id, Ct))!.State);
    }

    [TestMethod]
    [DataRow(-600)]
    [DataRow(0)]
    [DataRow(600)]
    public async Task TrySaveAsync_WhenWaiting_IsDueByTheDatabasesClockWhateverTheNodesSays(int nodeAheadSeconds)
    {
        var clock = new ShiftedClock(TimeSpan.FromSeconds(nodeAheadSeconds));
        var node = OpenNode(clock);
        await Store.AddAsync(Sample.Submission(Sample.Number(1)), Ct);
        await Store.AddAsync(Sample.Submission(Sample.Number(2)), Ct);
        var brief = await LeaseAsync(Long);
        var lasting = await LeaseAsync(Long);

        Assert.IsTrue(await node.TrySaveAsync(Wait(brief, clock, TimeSpan.FromMilliseconds(50)), Ct));
        Assert.IsTrue(await node.TrySaveAsync(Wait(lasting, clock, TimeSpan.FromMinutes(1)), Ct));

        Submission? again = null;
        await Poll.Until(async () => (again = await node.LeaseNextAsync("n", Long, Ct)) is not null, "the brief wait ends", Ct);
        Assert.AreEqual(brief.Id, again!.Id);
        Assert.IsNull(await node.LeaseNextAsync("n", Long, Ct), "the lasting wait holds");
        var next = (await Store.FindAsync(lasting.Id, Ct))!.Waiting!.NextTry;
        var expected = TimeProvider.System.GetUtcNow() + TimeSpan.FromMinutes(1);
        Assert.IsLessThan(TimeSpan.FromSeconds(30), (next - expected).Duration(), "it is told by the true clock");
    }

    [TestMethod]
    public async Task TrySaveAsync_WhenWaiting_GivesTheLeaseBack()
    {
        await Store.AddAsync(Sample.Submission(), Ct);
        var held = await LeaseAsync(Long);
        Assert.IsTrue(await Store.TrySaveAsync(Wait(held, TimeProvider.System, Long), Ct));

        Assert.IsFalse(await Store.TrySaveAsync(held, Ct));
        Assert.IsNull(await Store.RenewAsync(held, Long, Ct));
        Assert.AreEqual("no room", (await Store.FindAsync(held.Id, Ct))!.Waiting!.Reason);
    }

    [TestMethod]
    public async Task ListAsync_WhenPaged_GivesNewestFirst()
    {
        var owner = AccountId.New();
        for (var i = 1; i <= 5; i++) await Store.AddAsync(Sample.Submission(Sample.Number(i), i == 3 ? null : owner), Ct);

        var all = await Store.ListAsync(null, null, null, 100, Ct);
        var first = await Store.ListAsync(owner, null, null, 2, Ct);
        var rest = await Store.ListAsync(owner, null, first[^1].Id, 100, Ct);

        var ids = all.Select(s => s.Id.ToString()).ToList();
        Assert.HasCount(5, ids);
        CollectionAssert.AreEqual(ids.OrderDescending(StringComparer.Ordinal).ToList(), ids);
        CollectionAssert.AreEqual(
            all.Where(s => s.Owner == owner).Select(s => s.Id).ToList(), first.Concat(rest).Select(s => s.Id).ToList());
    }

    [TestMethod]
    public async Task ListAsync_WhenThereAreFindings_GivesTheirNumberOnly()
    {
        var submission = Sample.Submission(Sample.Number(1));
        await Store.AddAsync(submission, Ct);
        var expected = (await Store.FindAsync(submission.Id, Ct))! with { Report = new([], submission.Report.Findings.Count + submission.Report.Omitted) };

        AreSame([expected], await Store.ListAsync(submission.Owner, null, null, 10, Ct));
        AreSame([expected], await Store.ListByAccessionAsync(submission.Accession, Ct));
    }

    [TestMethod]
    public async Task ReadMarksAsync_WhenOneIsWritten_ChangesItsMarkOnly()
    {
        var (still, moving, missing) = (Sample.Submission(Sample.Number(1)), Sample.Submission(Sample.Number(2)), SubmissionId.New());
        await Store.AddAsync(still, Ct);
        await Store.AddAsync(moving, Ct);
        var before = await Store.ReadMarksAsync([still.Id, moving.Id, missing], Ct);

        Assert.IsTrue(await Store.RequestCancelAsync(moving.Id, Ct));

        var after = await Store.ReadMarksAsync([still.Id, moving.Id, missing], Ct);
        Assert.HasCount(2, before);
        Assert.AreEqual(before[still.Id], after[still.Id]);
        Assert.AreNotEqual(before[moving.Id], after[moving.Id]);
    }

    [TestMethod]
    public async Task ListAsync_WhenOfADraft_GivesItsPassesOnly()
    {
        var owner = AccountId.New();
        var wanted = Sample.Submission(Sample.Number(1), owner);
        await Store.AddAsync(wanted, Ct);
        await Store.AddAsync(Sample.Submission(Sample.Number(2), owner), Ct);

        Assert.AreEqual(wanted.Id, (await Store.ListAsync(owner, wanted.Draft, null, 100, Ct)).Single().Id);
        Assert.IsEmpty(await Store.ListAsync(AccountId.New(), wanted.Draft, null, 100, Ct));
    }

    private static Submission Wait(Submission held, TimeProvider clock, TimeSpan time) =>
        held with { Waiting = new Waiting("no room", clock.GetUtcNow(), clock.GetUtcNow() + time, 1) };

    private async Task<Submission> LeaseAsync(TimeSpan lease)
    {
        Submission? held = null;
        await Poll.Until(async () => (held = await Store.LeaseNextAsync("node", lease, Ct)) is not null, "a submission is due", Ct);
        return held!;
    }

    private sealed class ShiftedClock(TimeSpan ahead) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + ahead;
    }
}
