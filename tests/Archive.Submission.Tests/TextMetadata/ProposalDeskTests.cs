using System.Text;
using Archive.Model.Errors;
using Archive.Model.PageTab;
using Archive.Model.Submissions;
using Archive.Submissions.Drafts;
using Archive.Submissions.Staging;
using Archive.Submissions.Tests.Staging;
using Archive.Submissions.TextMetadata;

namespace Archive.Submissions.Tests.TextMetadata;

[TestClass]
public sealed class ProposalDeskTests : StagingFixture
{
    private const string Log = "Experiment details:\nAim: see\nOmero tags:\nred,blue\n------Time point_1------\n";

    private readonly ReadingCache cache = new();

    [TestMethod]
    public async Task Find_WhenAskedAgain_ReadsOnlyWhatChanged()
    {
        await StageAsync("a_log.txt", Log);
        await StageAsync("b_log.txt", Log);
        var first = await FindAsync();
        var reads = cache.Misses;

        var again = await FindAsync();
        var readsAgain = cache.Misses - reads;
        await StageAsync("b_log.txt", Log.Replace("blue", "green", StringComparison.Ordinal));
        var changed = await FindAsync();

        Assert.AreEqual(2, reads);
        Assert.AreEqual(0, readsAgain);
        Assert.AreEqual(3, cache.Misses);
        CollectionAssert.AreEqual(Ids(first), Ids(again));
        CollectionAssert.AreEqual(Ids(first).Take(3).ToArray(), Ids(changed).Take(3).ToArray());
        CollectionAssert.DoesNotContain(Ids(changed), Ids(first)[3]);
    }

    [TestMethod]
    public async Task Decide_WhenDropped_StaysDroppedUntilTheFileChanges()
    {
        await StageAsync("a_log.txt", Log);
        var red = (await FindAsync()).Items.Single(p => p.Found.Value == "red");
        await DeskOf().DecideAsync(Draft.Id, [], [red.Id], null, Ct);
        var dropped = await FindAsync();
        await StageAsync("other.txt", "x");
        await StageAsync("a_log.txt", Log);
        var same = await FindAsync();
        await StageAsync("a_log.txt", Log + "more");
        var changed = await FindAsync();

        Assert.AreEqual(ProposalState.Dropped, dropped.Items.Single(p => p.Found.Value == "red").State);
        Assert.AreEqual(ProposalState.Dropped, same.Items.Single(p => p.Found.Value == "red").State);
        Assert.AreEqual(ProposalState.Proposed, changed.Items.Single(p => p.Found.Value == "red").State);
    }

    [TestMethod]
    public async Task Decide_WhenRepeated_WritesNothing()
    {
        await StageAsync("a_log.txt", Log);
        var items = (await FindAsync()).Items;
        var (accept, drop) = (items.Take(2).Select(p => p.Id).ToList(), items.Skip(2).Select(p => p.Id).ToList());

        var first = await DeskOf().DecideAsync(Draft.Id, accept, drop, Draft.Revision, Ct);
        var second = await DeskOf().DecideAsync(Draft.Id, [.. accept, .. accept], drop, null, Ct);

        // The page tab, and what was dropped.
        Assert.AreEqual(Draft.Revision + 2, first.Revision);
        Assert.AreEqual(first.Revision, second.Revision);
        CollectionAssert.AreEqual(
            new[] { ProposalState.Accepted, ProposalState.Accepted, ProposalState.Dropped }, (await FindAsync()).Items.Select(p => p.State).ToArray());
    }

    [TestMethod]
    public async Task Decide_WhenDroppedBefore_IsAcceptedAfterAll()
    {
        await StageAsync("a_log.txt", Log);
        var id = (await FindAsync()).Items[0].Id;
        await DeskOf().DecideAsync(Draft.Id, [], [id], null, Ct);

        var stored = await DeskOf().DecideAsync(Draft.Id, [id], [], null, Ct);

        Assert.IsEmpty(stored.DroppedProposals);
        Assert.AreEqual(ProposalState.Accepted, (await FindAsync()).Items[0].State);
    }

    [TestMethod]
    public async Task Decide_WhenCutBetweenItsWrites_IsFinishedByItsRepetition()
    {
        await StageAsync("a_log.txt", Log);
        var ids = Ids(await FindAsync());
        await DeskOf().DecideAsync(Draft.Id, [], [ids[0]], null, Ct);
        var before = await Drafts.FindAsync(Draft.Id, Ct);
        await RunSqlAsync("ALTER TABLE drafts ADD CONSTRAINT cut CHECK (jsonb_array_length(data->'droppedProposals') < 2) NOT VALID");

        await Assert.ThrowsAsync<Exception>(() => DeskOf().DecideAsync(Draft.Id, [ids[1]], [ids[2]], before!.Revision, Ct));
        var cut = (await FindAsync()).Items.Select(p => p.State).ToArray();
        await RunSqlAsync("ALTER TABLE drafts DROP CONSTRAINT cut");
        await DeskOf().DecideAsync(Draft.Id, [ids[1]], [ids[2]], null, Ct);
        var repeated = (await FindAsync()).Items.Select(p => p.State).ToArray();

        CollectionAssert.AreEqual(new[] { ProposalState.Dropped, ProposalState.Accepted, ProposalState.Proposed }, cut);
        CollectionAssert.AreEqual(new[] { ProposalState.Dropped, ProposalState.Accepted, ProposalState.Dropped }, repeated);
    }

    // A long page tab is read in pieces, so that another may take its place in between.
    [TestMethod]
    [DataRow(0)]
    [DataRow(400_000)]
    public async Task Decide_WhenManyAtOnce_LosesNoneOfThem(int length)
    {
        using var pageTab = new MemoryStream(Encoding.UTF8.GetBytes($$$"""{"section":{"type":"Study","attributes":[{"name":"Description","value":"{{{new string('x', length)}}}"}]}}"""));
        using var text = await PageTabText.ReceiveAsync(pageTab, long.MaxValue, Ct);
        await Drafts.TryWritePageTabAsync(Draft, text!, Ct);
        await StageAsync("a_log.txt", "Experiment details:\nOmero tags:\n" + string.Join(',', Enumerable.Range(0, 12)) + "\n");
        var ids = Ids(await FindAsync());

        await Task.WhenAll(ids.Select(id => DeskOf().DecideAsync(Draft.Id, [id], [], null, Ct)));

        Assert.IsTrue((await FindAsync()).Items.All(p => p.State == ProposalState.Accepted));
    }

    [TestMethod]
    public async Task Decide_WhenTheRevisionIsAnother_OrTheDraftIsSealed_IsRefused()
    {
        await StageAsync("a_log.txt", Log);
        var id = (await FindAsync()).Items[0].Id;

        var stale = await Assert.ThrowsExactlyAsync<ArchiveException>(() => DeskOf().DecideAsync(Draft.Id, [id], [], Draft.Revision + 1, Ct));
        await SealAsync();
        var closed = await Assert.ThrowsExactlyAsync<ArchiveException>(() => DeskOf().DecideAsync(Draft.Id, [id], [], null, Ct));

        Assert.AreEqual(Problems.PreconditionFailed, stale.Problem);
        Assert.AreEqual(Problems.DraftSealed, closed.Problem);
    }

    [TestMethod]
    public async Task Decide_WhenIdsAreUnknownOrInBoth_NamesThemAllAndWritesNothing()
    {
        await StageAsync("a_log.txt", Log);
        var id = (await FindAsync()).Items[0].Id;

        var refused = await Assert.ThrowsExactlyAsync<ArchiveException>(() => DeskOf().DecideAsync(Draft.Id, [id, "no", "not"], [id, ""], null, Ct));

        Assert.AreEqual(Problems.Unprocessable, refused.Problem);
        var findings = (IReadOnlyList<Finding>)refused.Facts!["findings"]!;
        CollectionAssert.AreEqual(new[] { "$.accept[1]", "$.accept[2]", "$.drop[1]", "$" }, findings.Select(f => f.Place).ToArray());
        Assert.AreEqual(Draft.Revision, (await Drafts.FindAsync(Draft.Id, Ct))!.Revision);
    }

    [TestMethod]
    public async Task Decide_WhenThePageTabWouldBeTooLarge_IsRefused()
    {
        await StageAsync("a_log.txt", Log);
        var ids = Ids(await FindAsync());

        var tooLong = await Assert.ThrowsExactlyAsync<ArchiveException>(() => DeskOf(new PageTabLimits(100)).DecideAsync(Draft.Id, ids, [], null, Ct));
        var tooMany = await Assert.ThrowsExactlyAsync<ArchiveException>(() => DeskOf(new PageTabLimits(MaxItems: 9)).DecideAsync(Draft.Id, ids, [], null, Ct));
        // The section, and three attributes with two qualifiers each.
        await DeskOf(new PageTabLimits(MaxItems: 10)).DecideAsync(Draft.Id, ids, [], null, Ct);

        Assert.AreEqual(Problems.PageTabTooLarge, tooLong.Problem);
        Assert.AreEqual(Problems.PageTabTooLarge, tooMany.Problem);
    }

    [TestMethod]
    public async Task Find_WhenThereAreTooManyFiles_SaysWhichAreNotRead()
    {
        foreach (var i in Enumerable.Range(0, 5)) await StageAsync($"{i}_log.txt", Log);

        var byCount = await DeskOf(limits: new TextMetadataLimits(MaxFiles: 2)).FindAsync(Draft, Ct);
        var byBytes = await DeskOf(limits: new TextMetadataLimits(MaxBytesInAll: (Log.Length * 3) + 1)).FindAsync(Draft, Ct);

        Assert.AreEqual(2, byCount.FilesRead);
        Assert.AreEqual(3, byBytes.FilesRead);
        Assert.AreEqual("metadata-files-too-many @ 2_log.txt", byCount.Report.Findings.Select(f => $"{f.Code} @ {f.Place}").Single());
    }

    [TestMethod]
    public async Task Find_WhenDescribedFilesAreNotStaged_ProposesThoseThatAre()
    {
        await StageAsync("d/rawdataset.md.json", """{"name":"d","urls":[{"url":"a.md.json"},{"url":"b.md.json"}]}""");
        await StageAsync("d/a.md.json", """{"common":{"url":"a.tif"},"key_value_pairs":{"k":"1"}}""");
        await StageAsync("d/b.md.json", """{"common":{"url":"b.tif"},"key_value_pairs":{"k":"2"}}""");
        var none = await FindAsync();
        await StageAsync("d/b.tif", "pixels");
        var one = await FindAsync();
        await StageAsync("d/a.tif", "pixels");
        var both = await FindAsync();

        Assert.IsFalse(none.Items.Any(p => p.Found.Kind == ProposalKind.Table));
        Assert.HasCount(2, none.Report.Findings.Where(f => f.Code == "metadata-target-missing").ToList());
        Assert.AreEqual("d/b.tif", Table(one).Found.Table!.Rows.Single().File!.Value.Value);
        Assert.HasCount(2, Table(both).Found.Table!.Rows);
        Assert.AreNotEqual(Table(one).Id, Table(both).Id);
        Assert.IsEmpty(both.Report.Findings);

        static Proposal Table(ProposalList list) => list.Items.Single(p => p.Found.Kind == ProposalKind.Table);
    }

    private static string[] Ids(ProposalList list) => [.. list.Items.Select(p => p.Id)];

    private ProposalDesk DeskOf(PageTabLimits? pageTabs = null, TextMetadataLimits? limits = null) =>
        new(Drafts, Next, cache, new DraftOptions(PageTabs: pageTabs), limits ?? TextMetadataLimits.Default);

    private async Task<ProposalList> FindAsync() => await DeskOf().FindAsync((await Drafts.FindAsync(Draft.Id, Ct))!, Ct);

    private async Task StageAsync(string path, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        using var body = new MemoryStream(bytes);
        await Staging.ReceiveAsync(Draft.Id, Path(path), body, bytes.Length, DeclaredDigests.None, static _ => true, Ct);
    }
}
