using Archive.Model.Errors;
using Archive.Model.Files;
using Archive.Model.Submissions;
using Archive.Storage.Metadata;

namespace Archive.Submission.Tests.Pipeline;

/// <summary>The end of drafts that nobody works on, on a clock that the test sets: the database's.</summary>
[TestClass]
public sealed partial class DraftExpiryTests
{
    private static readonly DateTimeOffset Begun = new(2031, 1, 1, 12, 0, 0, TimeSpan.Zero);

    public required TestContext TestContext { get; init; }

    private CancellationToken Ct => TestContext.CancellationToken;

    [TestMethod]
    public async Task Run_WhenDaysPass_WarnsThreeTimesAndThenRemovesEverything()
    {
        await using var world = await WorldAsync();
        var draft = await world.PrepareAsync();
        var told = new List<(int Day, int Warned, int Removed)>();

        for (var day = 0; day <= 185; day++)
        {
            await world.SetAsync(Begun.AddDays(day).AddHours(1));
            var (first, second) = (await world.Node.ExpiryAfter(180).RunAsync(Ct), await world.Node.ExpiryAfter(180).RunAsync(Ct));
            Assert.AreEqual((0, 0), second);
            if (first != (0, 0)) told.Add((day, first.Warned, first.Removed));
        }

        CollectionAssert.AreEqual(new[] { (150, 1, 0), (173, 1, 0), (179, 1, 0), (180, 0, 1) }, told);
        CollectionAssert.AreEqual(new[] { "30 days", "7 days", "1 day" }, (await world.MailsAsync("draft-expiry-warning")).Select(m => m.Values["days"]).ToArray());
        Assert.HasCount(1, await world.MailsAsync("draft-expired"));
        Assert.IsNull(await world.Node.Drafts.FindAsync(draft.Id, Ct));
        Assert.IsFalse(Directory.Exists(Path.Combine(world.Ground.StagingFolder, draft.Id.ToString())));
        Assert.AreEqual(0, await world.Node.Meter.CountAllBytesAsync(Ct));
        var entry = (await world.Node.Audit.ListAsync("draft", draft.Id.ToString(), null, null, 10, Ct)).Single().Entry;
        Assert.AreEqual(("expired", "archive"), (entry.Action, entry.As));
        Assert.AreEqual(2, entry.Before!["fileCount"]!.GetValue<int>());
        Assert.AreEqual(0L, await world.CountAsync("SELECT count(*) FROM drafts"));
    }

    [TestMethod]
    [DataRow("upload")]
    [DataRow("delete")]
    [DataRow("page tab")]
    [DataRow("replace")]
    public async Task Run_WhenSomebodyWorksOnIt_BeginsAnew(string how)
    {
        await using var world = await WorldAsync();
        var draft = await world.PrepareAsync();
        await world.SetAsync(Begun.AddDays(175));
        Assert.AreEqual((1, 0), await world.Node.ExpiryAfter(180).RunAsync(Ct));

        if (how == "upload") await world.Node.UploadAsync(draft, "more.tif", [1, 2, 3], Ct);
        else if (how == "delete") await world.Node.Staging.DeleteAsync(draft.Id, ArchivePath.Parse("a.tif", null), Ct);
        else if (how == "page tab") await world.Node.SetPageTabAsync(draft.Id, null, Ct);
        else await world.Node.Drafts.TryReplaceAsync((await world.Node.Drafts.FindAsync(draft.Id, Ct))! with { DroppedProposals = ["a"] }, Ct);
        await world.SetAsync(Begun.AddDays(175 + 149));
        Assert.AreEqual((0, 0), await world.Node.ExpiryAfter(180).RunAsync(Ct));
        await world.SetAsync(Begun.AddDays(175 + 151));
        Assert.AreEqual((1, 0), await world.Node.ExpiryAfter(180).RunAsync(Ct), "and the warnings come again");

        Assert.AreEqual(Begun.AddDays(175), (await world.Node.Drafts.FindAsync(draft.Id, Ct))!.TouchedAt);
        Assert.HasCount(2, await world.MailsAsync("draft-expiry-warning"));
    }

    [TestMethod]
    public async Task Touch_WhenUploadsFollowEachOther_IsWrittenOnceAnHourAndLeavesTheRevision()
    {
        await using var world = await WorldAsync();
        var draft = await world.PrepareAsync();
        var before = await world.Node.Drafts.FindAsync(draft.Id, Ct);
        var written = new List<DateTimeOffset>();
        foreach (var minutes in new[] { 10, 59, 61, 70, 130 })
        {
            await world.SetAsync(Begun.AddMinutes(minutes));
            await world.Node.UploadAsync(draft, $"f{minutes}.tif", [1], Ct);
            written.Add((await world.Node.Drafts.FindAsync(draft.Id, Ct))!.TouchedAt);
        }

        CollectionAssert.AreEqual(new[] { 0, 0, 61, 61, 130 }, written.Select(w => (int)(w - Begun).TotalMinutes).ToArray());
        Assert.AreEqual(before!.Revision, (await world.Node.Drafts.FindAsync(draft.Id, Ct))!.Revision);
    }

    [TestMethod]
    public async Task Run_WhenTheArchiveWasDownPastTheEnd_WarnsOnceAndKeepsItForADay()
    {
        await using var world = await WorldAsync();
        var draft = await world.PrepareAsync();
        await world.SetAsync(Begun.AddDays(400));

        Assert.AreEqual((1, 0), await world.Node.ExpiryAfter(180).RunAsync(Ct));
        var warned = (await world.Node.Drafts.FindAsync(draft.Id, Ct))!;
        await world.SetAsync(Begun.AddDays(400).AddHours(23));
        Assert.AreEqual((0, 0), await world.Node.ExpiryAfter(180).RunAsync(Ct));
        await world.SetAsync(Begun.AddDays(401));
        Assert.AreEqual((0, 1), await world.Node.ExpiryAfter(180).RunAsync(Ct));

        Assert.AreEqual(Begun.AddDays(401), DraftExpiry.EndOf(warned, TimeSpan.FromDays(180), Begun.AddDays(400)));
        var mail = (await world.MailsAsync("draft-expiry-warning")).Single();
        Assert.AreEqual(("1 day", "6 February 2032"), (mail.Values["days"], mail.Values["date"]));
    }

    [TestMethod]
    public async Task Run_WhenSealed_NeverEnds_AndARejectedOneKeepsItsNumberBurnt()
    {
        await using var world = await WorldAsync();
        var draft = await world.Node.PrepareAsync(new Dictionary<string, byte[]> { ["a.tif"] = [1] }, Ct, list: "Files\nmissing.tif\n", owner: world.Owner.Id);
        var submitted = (await world.Node.Submitter.SubmitAsync(draft.Id, world.Owner.Id, Ct))!.Submission!;
        await world.SetAsync(Begun.AddDays(1000));
        Assert.AreEqual((0, 0), await world.Node.ExpiryAfter(180).RunAsync(Ct));
        Assert.IsNull(DraftExpiry.EndOf((await world.Node.Drafts.FindAsync(draft.Id, Ct))!, TimeSpan.FromDays(180), world.Now));

        Assert.AreEqual(SubmissionState.Rejected, (await world.Node.RunUntilEndedAsync(submitted.Id, Ct)).State);
        foreach (var days in new[] { 151, 174, 179, 180 })
        {
            await world.SetAsync(Begun.AddDays(1000 + days));
            await world.Node.ExpiryAfter(180).RunAsync(Ct);
        }

        Assert.IsNull(await world.Node.Drafts.FindAsync(draft.Id, Ct), "opened by its rejection, it has the whole span from then on");
        Assert.AreEqual(SubmissionState.Rejected, (await world.Node.Submissions.FindAsync(submitted.Id, Ct))!.State, "what was found stays readable");
        var next = await world.Node.PrepareAsync(new Dictionary<string, byte[]> { ["a.tif"] = [1] }, Ct, owner: world.Owner.Id);
        var number = (await world.Node.Submitter.SubmitAsync(next.Id, world.Owner.Id, Ct))!.Submission!.Accession;
        Assert.AreNotEqual(submitted.Accession, number);
        Assert.Contains(submitted.Accession.ToString(), (await world.MailsAsync("draft-expired")).Single().Values["number"]);
    }

    [TestMethod]
    public async Task Run_WhenATransferRuns_WaitsForIt()
    {
        await using var world = await WorldAsync();
        var draft = await world.PrepareAsync();
        foreach (var days in new[] { 151, 174, 179 })
        {
            await world.SetAsync(Begun.AddDays(days));
            await world.Node.ExpiryAfter(180).RunAsync(Ct);
        }
        // As one that began before the last touch: its beginning would touch the draft.
        await world.CountAsync($"WITH t AS (INSERT INTO staged_paths (draft, path, upload, upload_path, promised_bytes, lease_until) VALUES ('{draft.Id.Value}', 'big', gen_random_uuid(), 'big', 10, clock_timestamp() + interval '5 minutes')) SELECT 1::bigint");
        await world.SetAsync(Begun.AddDays(181));
        Assert.AreEqual((0, 0), await world.Node.ExpiryAfter(180).RunAsync(Ct));
        await world.CountAsync("WITH t AS (UPDATE staged_paths SET lease_until = clock_timestamp() WHERE path = 'big') SELECT 1::bigint");
        Assert.AreEqual((0, 1), await world.Node.ExpiryAfter(180).RunAsync(Ct));
    }

    [TestMethod]
    public async Task Run_WhenManyNodesRunAtOnce_EachThingHappensOnce()
    {
        await using var world = await WorldAsync();
        for (var i = 0; i < 5; i++) await world.PrepareAsync();
        var nodes = Enumerable.Range(0, 6).Select(_ => new Node(world.Ground)).ToList();
        var sums = new List<(int, int)>();
        foreach (var days in new[] { 151, 174, 179, 180 })
        {
            await world.SetAsync(Begun.AddDays(days));
            var all = await Task.WhenAll(nodes.Select(n => Task.Run(() => n.ExpiryAfter(180).RunAsync(Ct), Ct)));
            sums.Add((all.Sum(a => a.Warned), all.Sum(a => a.Removed)));
        }

        CollectionAssert.AreEqual(new[] { (5, 0), (5, 0), (5, 0), (0, 5) }, sums);
        Assert.HasCount(15, await world.MailsAsync("draft-expiry-warning"));
        Assert.HasCount(5, await world.MailsAsync("draft-expired"));
        Assert.AreEqual(5L, await world.CountAsync("SELECT count(*) FROM audit WHERE subject_kind = 'draft'"));
        Assert.AreEqual(0L, await world.CountAsync("SELECT count(*) FROM drafts"));
    }

    // Each call fails once, before it took effect or after: what is left is finished by the next look, and nothing comes twice.
    [TestMethod]
    public async Task Run_WhenCutAtEachCall_IsFinishedByTheNextLook()
    {
        for (var cut = 0; ; cut++)
        {
            await using var world = await WorldAsync();
            await world.PrepareAsync();
            var (calls, fell) = (0, false);
            var faults = new Faults(_ =>
            {
                if (calls++ != cut / 2) return Fault.None;
                fell = true;
                return cut % 2 == 0 ? Fault.Before : Fault.After;
            });
            foreach (var days in new[] { 151, 174, 179, 180 })
            {
                await world.SetAsync(Begun.AddDays(days));
                try
                {
                    await new Node(world.Ground, faults).ExpiryAfter(180).RunAsync(Ct);
                }
                catch (InjectedException)
                {
                    // As a killed node.
                }
                await world.Node.ExpiryAfter(180).RunAsync(Ct);
                await world.Node.DraftEffects.SweepAsync(Ct);
            }
            Assert.AreEqual(0L, await world.CountAsync("SELECT count(*) FROM drafts"), $"cut {cut}");
            Assert.HasCount(3, await world.MailsAsync("draft-expiry-warning"), $"cut {cut}");
            Assert.HasCount(1, await world.MailsAsync("draft-expired"), $"cut {cut}");
            Assert.AreEqual(1L, await world.CountAsync("SELECT count(*) FROM audit WHERE subject_kind = 'draft'"), $"cut {cut}");
            if (!fell) break;
            Assert.IsLessThan(200, cut);
        }
    }

    [TestMethod]
    public async Task Run_WhenTurnedOffOrShort_KeepsToTheSpan()
    {
        await using var world = await WorldAsync();
        await world.PrepareAsync();
        await world.SetAsync(Begun.AddDays(10_000));
        Assert.AreEqual((0, 0), await world.Node.ExpiryAfter(0).RunAsync(Ct));
        Assert.AreEqual((0, 1), await world.Node.ExpiryAfter(1).RunAsync(Ct), "a span of a day has no warning");

        await world.PrepareAsync();
        await world.SetAsync(Begun.AddDays(10_002));
        Assert.AreEqual((0, 0), await world.Node.ExpiryAfter(10).RunAsync(Ct), "no warning of thirty days in a span of ten");
        await world.SetAsync(Begun.AddDays(10_003.1));
        Assert.AreEqual((1, 0), await world.Node.ExpiryAfter(10).RunAsync(Ct));
    }

    [TestMethod]
    public async Task Expired_WhenItCannotBeEmptiedYet_IsFoundByNobodyAndKeepsNoOther()
    {
        await using var world = await WorldAsync();
        var draft = await world.PrepareAsync();
        var other = await world.PrepareAsync();
        foreach (var days in new[] { 151, 174, 179 })
        {
            await world.SetAsync(Begun.AddDays(days));
            await world.Node.ExpiryAfter(180).RunAsync(Ct);
        }
        await world.SetAsync(Begun.AddDays(180));
        var read = (await world.Node.Drafts.FindAsync(draft.Id, Ct))!;
        var removals = 0;
        var faults = new Faults(call => call == nameof(IUploadStore.RemoveAsync) && removals++ == 0 ? Fault.Before : Fault.None);
        await new Node(world.Ground, faults).ExpiryAfter(180).RunAsync(Ct);
        var left = await world.Node.DraftAgenda.ListExpiredAsync(null, 10, Ct);

        Assert.AreEqual(draft.Id, left.Single().Id, "the other one is gone, and this one is for the next sweep");
        Assert.IsNull(await world.Node.Drafts.FindAsync(draft.Id, Ct));
        Assert.IsNull(await world.Node.Drafts.FindAsync(other.Id, Ct));
        Assert.IsNull(await world.Node.Drafts.OpenPageTabAsync(draft.Id, Ct));
        Assert.IsEmpty(await world.Node.Drafts.ListAsync(world.Owner.Id, null, 10, Ct));
        Assert.IsNull(await world.Node.Drafts.TryReplaceAsync(read, Ct));
        var refused = await Assert.ThrowsExactlyAsync<ArchiveException>(() => world.Node.UploadAsync(draft, "late.tif", [1], Ct));
        Assert.AreEqual(Problems.DraftNotFound, refused.Problem);
    }
}
