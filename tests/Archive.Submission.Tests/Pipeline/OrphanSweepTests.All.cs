using Archive.Submissions.Ingest;

namespace Archive.Submission.Tests.Pipeline;

/// <summary>The look at every object.</summary>
public sealed partial class OrphanSweepTests
{
    [TestMethod]
    public async Task RunOverAll_WhenAStaleHolderWroteLongAfterAndDied_FindsItAndTouchesNothingElse()
    {
        await using var ground = await Ground.CreateAsync(Ct);
        var node = new Node(ground);
        var released = await DepositAsync(node);
        await using var stale = await StaleHolder.BeginAsync(ground, node, canReport: false, Ct);
        await SweepAsync(ground, node, TimeSpan.Zero);
        await stale.WriteAsync();
        // What a restored database does not know: an attempt of an accession that it has, and an accession.
        string[] unknown = [$"{released.Accession}/v1/99999/x", "S-BIAR7000/v1/3/x"];
        foreach (var key in unknown) await PutAsync(node, key);
        await PutAsync(node, "shelves/S-BIAR1/v1/x");

        Assert.AreEqual(0, await SweepAsync(ground, node, TimeSpan.Zero), "the quick sweep has no reason to look");
        var swept = await node.Orphans.RunOverAllAsync(ground.Database.Metadata.ArchiveId, Ct);

        Assert.AreEqual(new SweptAll(Checked: 5, Removed: 2, UnknownAttempts: 2), swept);
        CollectionAssert.IsSubsetOf(unknown, await KeysAsync(node));
        foreach (var key in unknown) await node.Objects.DeleteAsync(new(key), Ct);
        Assert.IsNotNull(await node.Objects.FindAsync(new("shelves/S-BIAR1/v1/x"), Ct));
        await node.Objects.DeleteAsync(new("shelves/S-BIAR1/v1/x"), Ct);
        await Archived.IsWholeAsync(ground, node, released, Files, Ct);
        Assert.HasCount(3, await KeysAsync(node));
    }

    [TestMethod]
    [DataRow("ListByAccessionAsync")]
    [DataRow("ListFoldersAsync")]
    [DataRow("DeleteAsync")]
    public async Task RunOverAll_WhenAnAccessionFails_GoesOnWithTheOthersAndTellsTheFault(string call)
    {
        await using var ground = await Ground.CreateAsync(Ct);
        var node = new Node(ground);
        Model.Submissions.Submission[] left = [await LeaveAsync(ground, node, 2), await LeaveAsync(ground, node, 2)];
        var calls = 0;
        // The first listing of folders is that of the accessions.
        var failing = new Node(ground, new Faults(c => c == call && ++calls == (call == "ListFoldersAsync" ? 2 : 1) ? Fault.Before : Fault.None));

        await Assert.ThrowsExactlyAsync<InjectedException>(() => failing.Orphans.RunOverAllAsync(ground.Database.Metadata.ArchiveId, Ct));

        await IsEmptyAsync(node, left[1]);
        await node.Orphans.RunOverAllAsync(ground.Database.Metadata.ArchiveId, Ct);
        await IsEmptyAsync(node, left[0]);
    }

    [TestMethod]
    public async Task RunOverAll_WhenStoppedAgainAndAgain_GoesOnWhereItWas()
    {
        await using var ground = await Ground.CreateAsync(Ct);
        var node = new Node(ground);
        var left = new List<Model.Submissions.Submission>();
        for (var i = 0; i < 3; i++) left.Add(await LeaveAsync(ground, node, 1));
        foreach (var pass in left)
        {
            // Something new is found at the start each time, and the process ends with the second removal.
            var removals = 0;
            var stopped = new Node(ground, new Faults(c => c == "DeleteAsync" && ++removals == 2 ? throw new OperationCanceledException() : Fault.None));
            await Assert.ThrowsExactlyAsync<OperationCanceledException>(() => stopped.Orphans.RunOverAllAsync(ground.Database.Metadata.ArchiveId, Ct));
            await IsEmptyAsync(node, pass);
            await PutAsync(node, $"{pass.Accession}/v1/{pass.Attempt}/late");
        }

        var swept = await node.Orphans.RunOverAllAsync(ground.Database.Metadata.ArchiveId, Ct);

        Assert.AreEqual(new SweptAll(Checked: 3, Removed: 3, UnknownAttempts: 0), swept, "it goes round once");
    }

    [TestMethod]
    public async Task RunOverAll_WhenAPassBeginsMeanwhile_DoesNotCallItsAttemptUnknown()
    {
        await using var ground = await Ground.CreateAsync(Ct);
        var node = new Node(ground);
        var left = await LeaveAsync(ground, node, 1);
        var sweeping = new Node(ground, new Faults(call =>
        {
            if (call == "DeleteAsync") BeginAsync().GetAwaiter().GetResult();
            return Fault.None;
        }));

        var swept = await sweeping.Orphans.RunOverAllAsync(ground.Database.Metadata.ArchiveId, Ct);

        Assert.AreEqual(new SweptAll(Checked: 1, Removed: 1, UnknownAttempts: 0), swept);
        Assert.HasCount(1, await KeysAsync(node));

        async Task BeginAsync()
        {
            await node.Submitter.SubmitAsync(left.Draft, Node.Owner, Ct);
            var held = (await node.Submissions.LeaseNextAsync("another", Day, Ct))!;
            Assert.AreEqual(left.Accession, held.Accession);
            await PutAsync(node, $"{held.Accession}/v{held.Version}/{held.Attempt}/x");
        }
    }
}
