using Archive.Model.Submissions;
using Archive.Storage.Metadata;
using Archive.TestKit;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace Archive.Contracts.Metadata;

/// <summary>What every store of leftovers promises. Passes end through the store of submissions beside it.</summary>
public abstract class LeftoverStoreContract : MetadataContract<ILeftoverStore>
{
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    private int number;

    /// <summary>The store of submissions over the same database.</summary>
    protected abstract ISubmissionStore Submissions { get; }

    [TestMethod]
    [DataRow(SubmissionState.Released, 1, false)]
    [DataRow(SubmissionState.Private, 1, false)]
    [DataRow(SubmissionState.Released, 2, true)]
    [DataRow(SubmissionState.Private, 3, true)]
    [DataRow(SubmissionState.Rejected, 1, true)]
    [DataRow(SubmissionState.Cancelled, 1, true)]
    [DataRow(SubmissionState.Cancelled, 2, true)]
    public async Task ListDueAsync_WhenAPassEnds_GivesItUnlessItsOnlyAttemptWasCommitted(SubmissionState end, int attempts, bool isDue)
    {
        var ended = await EndAsync(end, attempts);

        var due = await Store.ListDueAsync(null, 10, Ct);

        Assert.AreEqual(isDue, due.Any(d => d.Pass.Id == ended.Id));
        if (!isDue) return;
        // The sweep needs no findings, and a page of passes could carry a great many.
        var whole = (await Submissions.FindAsync(ended.Id, Ct))!;
        AreSame(whole with { Report = new([], whole.Report.Findings.Count + whole.Report.Omitted) }, due.Single().Pass);
        Assert.HasCount(attempts, due.Single().Pass.Attempts);
    }

    [TestMethod]
    public async Task ListDueAsync_WhenAPassIsActive_DoesNotGiveIt()
    {
        await Submissions.AddAsync(Sample.Submission(), Ct);
        var held = await LeaseAsync(TimeSpan.FromMilliseconds(1));
        held = await LeaseAsync(Long);
        Assert.IsTrue(await Submissions.TrySaveAsync(held with { State = SubmissionState.Validated }, Ct));

        await Store.ReportAsync(held.Id, Ct);

        Assert.IsEmpty(await Store.ListDueAsync(null, 10, Ct));
    }

    [TestMethod]
    public async Task ListDueAsync_WhenPaged_GivesEachOnceInOrder()
    {
        var ended = new List<SubmissionId>();
        for (var i = 0; i < 5; i++) ended.Add((await EndAsync(SubmissionState.Rejected, 1)).Id);

        var first = await Store.ListDueAsync(null, 2, Ct);
        var second = await Store.ListDueAsync(first[^1].Pass.Id, 2, Ct);
        var third = await Store.ListDueAsync(second[^1].Pass.Id, 2, Ct);

        CollectionAssert.AreEqual(
            ended.Select(i => i.ToString()).Order(StringComparer.Ordinal).ToList(),
            first.Concat(second).Concat(third).Select(d => d.Pass.Id.ToString()).ToList());
        Assert.IsEmpty(await Store.ListDueAsync(third[^1].Pass.Id, 2, Ct));
    }

    [TestMethod]
    public async Task SweptAsync_WhenItHasSettled_IsNotDueAgain()
    {
        await EndAsync(SubmissionState.Rejected, 1);
        await Store.SweptAsync((await Store.ListDueAsync(null, 10, Ct)).Single(), TimeSpan.Zero, Ct);

        Assert.IsEmpty(await Store.ListDueAsync(null, 10, Ct));
    }

    [TestMethod]
    public async Task SweptAsync_WhenItHasNotSettled_IsDueOnceMoreLater()
    {
        var settle = TimeSpan.FromMilliseconds(300);
        await EndAsync(SubmissionState.Rejected, 1);
        var first = (await Store.ListDueAsync(null, 10, Ct)).Single();
        await Store.SweptAsync(first, settle, Ct);

        IReadOnlyList<Leftovers> again = [];
        await Poll.Until(async () => (again = await Store.ListDueAsync(null, 10, Ct)).Count > 0, "it is due once more", Ct);
        Assert.AreEqual(first.Since, again.Single().Since);
        await Store.SweptAsync(again.Single(), settle, Ct);

        // A report is the only thing that brings it back, and it finds no trace of the earlier time.
        Assert.IsEmpty(await Store.ListDueAsync(null, 10, Ct));
        await Store.ReportAsync(first.Pass.Id, Ct);
        Assert.IsGreaterThan(first.Since, (await Store.ListDueAsync(null, 10, Ct)).Single().Since);
    }

    [TestMethod]
    public async Task SweptAsync_WhenAnotherSweepWasDoneFirst_KeepsTheSecondLook()
    {
        var settle = TimeSpan.FromMilliseconds(300);
        await EndAsync(SubmissionState.Rejected, 1);
        var one = (await Store.ListDueAsync(null, 10, Ct)).Single();
        var other = (await Store.ListDueAsync(null, 10, Ct)).Single();
        await Store.SweptAsync(one, settle, Ct);
        await Store.SweptAsync(other, settle, Ct);

        await Poll.Until(async () => (await Store.ListDueAsync(null, 10, Ct)).Count > 0, "it is due once more", Ct);
    }

    [TestMethod]
    public async Task FindWalkedAsync_WhenSet_GivesTheLast()
    {
        Assert.IsNull(await Store.FindWalkedAsync(Ct));
        foreach (var walked in new[] { 7, 3 })
        {
            await Store.SetWalkedAsync(Sample.Number(walked), Ct);
            Assert.AreEqual(Sample.Number(walked), await Store.FindWalkedAsync(Ct));
        }
    }

    [TestMethod]
    public async Task SweptAsync_WhenADayIsToPass_IsNotDueNow()
    {
        await EndAsync(SubmissionState.Cancelled, 2);
        await Store.SweptAsync((await Store.ListDueAsync(null, 10, Ct)).Single(), Day, Ct);

        Assert.IsEmpty(await Store.ListDueAsync(null, 10, Ct));
    }

    [TestMethod]
    public async Task ReportAsync_WhenSweptLongAgo_MakesItDueAgain()
    {
        var ended = await EndAsync(SubmissionState.Released, 2);
        await Store.SweptAsync((await Store.ListDueAsync(null, 10, Ct)).Single(), TimeSpan.Zero, Ct);

        await Store.ReportAsync(ended.Id, Ct);

        Assert.AreEqual(ended.Id, (await Store.ListDueAsync(null, 10, Ct)).Single().Pass.Id);
        await Store.ReportAsync(SubmissionId.New(), Ct);
    }

    [TestMethod]
    public async Task SweptAsync_WhenItWasReportedMeanwhile_LeavesItDue()
    {
        var ended = await EndAsync(SubmissionState.Released, 2);
        var seen = (await Store.ListDueAsync(null, 10, Ct)).Single();
        await Store.ReportAsync(ended.Id, Ct);

        await Store.SweptAsync(seen, TimeSpan.Zero, Ct);

        Assert.AreEqual(ended.Id, (await Store.ListDueAsync(null, 10, Ct)).Single().Pass.Id);
    }

    private async Task<Submission> EndAsync(SubmissionState end, int attempts)
    {
        await Submissions.AddAsync(Sample.Submission(Sample.Number(++number)), Ct);
        var held = await LeaseAsync(attempts > 1 ? TimeSpan.FromMilliseconds(1) : Long);
        for (var i = 2; i <= attempts; i++) held = await LeaseAsync(i < attempts ? TimeSpan.FromMilliseconds(1) : Long);
        var ended = held with { State = end };
        Assert.IsTrue(await Submissions.TrySaveAsync(ended, Ct));
        return ended;
    }

    private async Task<Submission> LeaseAsync(TimeSpan lease)
    {
        Submission? held = null;
        await Poll.Until(async () => (held = await Submissions.LeaseNextAsync("node", lease, Ct)) is not null, "a submission is due", Ct);
        return held!;
    }
}
