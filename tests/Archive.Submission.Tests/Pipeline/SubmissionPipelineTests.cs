using System.Globalization;
using System.Text;
using Archive.Model.Datasets;
using Archive.Model.Errors;
using Archive.Model.Files;
using Archive.Model.PageTab;
using Archive.Model.Submissions;
using Archive.Storage.Metadata;
using Archive.Storage.Objects;
using Archive.Submissions.Accessioning;
using Archive.TestKit;

namespace Archive.Submission.Tests.Pipeline;

[TestClass]
public sealed class SubmissionPipelineTests
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
    public async Task Submit_WhenEverythingIsSound_ReleasesEveryByteWithItsAttributes()
    {
        await using var ground = await Ground.CreateAsync(Ct);
        var node = new Node(ground);
        var draft = await node.PrepareAsync(Files, Ct);

        var outcome = await node.Submitter.SubmitAsync(draft.Id, Node.Owner, Ct);
        var ended = await node.RunUntilEndedAsync(outcome!.Submission!.Id, Ct);

        Assert.AreEqual("S-BIAR1", outcome.Submission.Accession.ToString());
        Assert.AreEqual(SubmissionState.Submitted, outcome.Submission.State);
        Assert.Contains("release-date-past", outcome.Report.Findings.Select(f => f.Code));
        var dataset = await Archived.IsWholeAsync(ground, node, ended, Files, Ct);
        var reference = await node.References.FindAsync(dataset, ArchivePath.Parse("plate/b2.tif", null), 1, Ct);
        CollectionAssert.AreEqual(new[] { new FileAttribute("Well", "A1") }, reference!.Attributes.ToArray());
        CollectionAssert.AreEqual(
            new[] { SubmissionState.Submitted, SubmissionState.Validated, SubmissionState.Ingested, SubmissionState.Released },
            ended.History.Select(m => m.State).ToArray());
        var bytes = Files.Values.Sum(f => f.Length) + Node.ListOf(Files.Keys).Length;
        Assert.AreEqual(new SubmissionProgress(4, 4, bytes, bytes), ended.Progress);
        var given = await ReadAsync(await node.Datasets.OpenPageTabAsync(dataset.DocumentOf(dataset.Latest), Ct));
        var sent = await ReadAsync(await node.Datasets.OpenSentPageTabAsync(dataset.DocumentOf(dataset.Latest), Ct));
        Assert.AreEqual("S-BIAR1", given.Accession);
        Assert.IsNull(sent.Accession);
        Assert.AreEqual("2020-01-01", sent.Attributes[0].Value);
        Assert.AreEqual(ReleaseDates.Write(dataset.ReleaseDate!.Value), given.Attributes[0].Value);

        async Task<PageTabDocument> ReadAsync(StoredPageTab? stored) => (await PageTabJson.ReadAsync(stored!.Content, PageTabLimits.Default, Ct)).Document!;
    }

    [TestMethod]
    public async Task Submit_WhenRepeatedAtAnyTime_GivesTheSameSubmission()
    {
        await using var ground = await Ground.CreateAsync(Ct);
        var node = new Node(ground);
        var draft = await node.PrepareAsync(Files, Ct);

        var first = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => node.Submitter.SubmitAsync(draft.Id, Node.Owner, Ct)));
        await node.RunUntilEndedAsync(first[0]!.Submission!.Id, Ct);
        var afterwards = await node.Submitter.SubmitAsync(draft.Id, Node.Owner, Ct);

        Assert.HasCount(1, first.Append(afterwards).Select(o => (o!.Submission!.Id, o.Submission.Accession)).Distinct().ToList());
        Assert.AreEqual(SubmissionState.Released, afterwards!.Submission!.State);
        Assert.IsNull(await node.Submitter.SubmitAsync(DraftId.New(), Node.Owner, Ct));
    }

    [TestMethod]
    public async Task Run_WhenStagedFilesAreLost_RejectsNamingThemAndTakesThemAnew()
    {
        await using var ground = await Ground.CreateAsync(Ct);
        var node = new Node(ground);
        var draft = await node.PrepareAsync(Files, Ct);
        // As after a restore: the rows are in the backup, the contents are not.
        var lost = (await node.Uploads.FindAsync(draft.Id, ArchivePath.Parse("plate/b2.tif", null), Ct))!;
        File.Delete(node.Staging.PathOf(lost));

        var first = (await node.Submitter.SubmitAsync(draft.Id, Node.Owner, Ct))!.Submission!;
        var rejected = await node.RunUntilEndedAsync(first.Id, Ct);
        await node.UploadAsync((await node.Drafts.FindAsync(draft.Id, Ct))!, "plate/b2.tif", Files["plate/b2.tif"], Ct);
        var second = (await node.Submitter.SubmitAsync(draft.Id, Node.Owner, Ct))!.Submission!;
        var ended = await node.RunUntilEndedAsync(second.Id, Ct);

        Assert.AreEqual(SubmissionState.Rejected, rejected.State);
        Assert.AreEqual("file-lost plate/b2.tif", rejected.Report.Findings.Where(f => f.Severity == Severity.Error).Select(f => $"{f.Code} {f.Place}").Single());
        Assert.AreEqual(first.Accession, second.Accession);
        await Archived.IsWholeAsync(ground, node, ended, Files, Ct);
    }

    [TestMethod]
    public async Task Submit_WhenMetadataHasErrors_RefusesAndBurnsNoNumber()
    {
        await using var ground = await Ground.CreateAsync(Ct);
        var node = new Node(ground);
        var draft = await node.PrepareAsync(Files, Ct, releaseDate: "soon");

        var refused = await node.Submitter.SubmitAsync(draft.Id, Node.Owner, Ct);
        await node.SetPageTabAsync(draft.Id, null, Ct);
        var accepted = await node.Submitter.SubmitAsync(draft.Id, Node.Owner, Ct);

        Assert.IsNull(refused!.Submission);
        Assert.AreEqual("release-date-invalid", refused.Report.Findings.First(f => f.Severity == Severity.Error).Code);
        Assert.AreEqual("S-BIAR1", accepted!.Submission!.Accession.ToString());
    }

    [TestMethod]
    public async Task Submit_WhenAnUploadRuns_RefusesAndLeavesTheDraftOpen()
    {
        await using var ground = await Ground.CreateAsync(Ct);
        var node = new Node(ground);
        var draft = await node.PrepareAsync(Files, Ct);
        var upload = UploadId.New();
        var path = ArchivePath.Parse("late.tif", null);
        await node.Uploads.TryBeginAsync(draft.Id, path, upload, 0, TimeSpan.FromMinutes(1), Ct);

        var refused = await node.Submitter.SubmitAsync(draft.Id, Node.Owner, Ct);
        var stillOpen = !(await node.Drafts.FindAsync(draft.Id, Ct))!.IsSealed;
        await node.Uploads.AbandonAsync(draft.Id, path, upload, Ct);
        var accepted = await node.Submitter.SubmitAsync(draft.Id, Node.Owner, Ct);

        Assert.AreEqual("upload-running late.tif", refused!.Report.Findings.Where(f => f.Severity == Severity.Error).Select(f => $"{f.Code} {f.Place}").Single());
        Assert.IsTrue(stillOpen);
        Assert.IsNotNull(accepted!.Submission);
    }

    [TestMethod]
    public async Task Submit_WhenAnUploadBeganBeforeSealing_OpensTheDraftAgain()
    {
        await using var ground = await Ground.CreateAsync(Ct);
        var node = new Node(ground);
        var draft = await node.PrepareAsync(Files, Ct);
        // The upload takes its path after the metadata rules have looked and before the seal: at the seal's own write.
        var racing = new Node(ground, new Faults(call =>
        {
            if (call == "TryReplaceAsync") node.Uploads.TryBeginAsync(draft.Id, ArchivePath.Parse("late.tif", null), UploadId.New(), 0, TimeSpan.FromMinutes(1), Ct).GetAwaiter().GetResult();
            return Fault.None;
        }));

        var refused = await racing.Submitter.SubmitAsync(draft.Id, Node.Owner, Ct);

        Assert.IsNull(refused!.Submission);
        Assert.AreEqual("upload-running", refused.Report.Findings[0].Code);
        Assert.IsFalse((await node.Drafts.FindAsync(draft.Id, Ct))!.IsSealed);
    }

    [TestMethod]
    public async Task SealedDraft_RefusesEveryWrite()
    {
        await using var ground = await Ground.CreateAsync(Ct);
        var node = new Node(ground);
        var draft = await node.PrepareAsync(Files, Ct);
        await node.Submitter.SubmitAsync(draft.Id, Node.Owner, Ct);

        var pageTab = await Assert.ThrowsExactlyAsync<ArchiveException>(() => node.SetPageTabAsync(draft.Id, null, Ct));
        var upload = await Assert.ThrowsExactlyAsync<ArchiveException>(() => node.UploadAsync(draft, "x.tif", [1], Ct));
        var delete = await Assert.ThrowsExactlyAsync<ArchiveException>(() => node.Desk.DeleteAsync(draft.Id, Ct));

        Assert.AreEqual(Problems.DraftSealed, pageTab.Problem);
        Assert.AreEqual(Problems.DraftSealed, upload.Problem);
        Assert.AreEqual(Problems.DraftSealed, delete.Problem);
    }

    [TestMethod]
    public async Task PageTab_WhenRevisionIsOldOrDocumentUnsound_IsRefusedAndNothingIsStored()
    {
        await using var ground = await Ground.CreateAsync(Ct);
        var node = new Node(ground);
        var draft = await node.PrepareAsync(Files, Ct);
        var stands = (await node.Drafts.FindAsync(draft.Id, Ct))!;

        async Task<Problem> RefusalOf(string json, long? revision) =>
            (await Assert.ThrowsExactlyAsync<ArchiveException>(() => node.Desk.SetPageTabAsync(draft.Id, new MemoryStream(Encoding.UTF8.GetBytes(json)), revision, Ct))).Problem;

        Assert.AreEqual(Problems.PreconditionFailed, await RefusalOf("{}", stands.Revision - 1));
        Assert.AreEqual(Problems.PageTabNotJson, await RefusalOf("Submission\t", null));
        Assert.AreEqual(Problems.PageTabTooDeep, await RefusalOf(new string('[', 10_000), null));
        Assert.AreEqual(Problems.PageTabInvalid, await RefusalOf("{\"attributes\":[{}]}", stands.Revision));
        Assert.AreEqual(stands.Revision, (await node.Drafts.FindAsync(draft.Id, Ct))!.Revision);
    }

    [TestMethod]
    public async Task Validate_WhenAListNamesAMissingFile_RejectsAndKeepsTheAccessionForTheNextPass()
    {
        await using var ground = await Ground.CreateAsync(Ct);
        var node = new Node(ground);
        var draft = await node.PrepareAsync(Files, Ct, list: "Files\nplate/a1.tif\nplate/a1.tif\nplate/missing.tif\n../x\n");

        var first = (await node.Submitter.SubmitAsync(draft.Id, Node.Owner, Ct))!.Submission!;
        var rejected = await node.RunUntilEndedAsync(first.Id, Ct);
        await node.UploadAsync(draft, "files.tsv", Encoding.UTF8.GetBytes(Node.ListOf(Files.Keys)), Ct);
        var second = (await node.Submitter.SubmitAsync(draft.Id, Node.Owner, Ct))!.Submission!;
        var released = await node.RunUntilEndedAsync(second.Id, Ct);

        Assert.AreEqual(SubmissionState.Rejected, rejected.State);
        CollectionAssert.AreEqual(
            new[] { "file-duplicate files.tsv, row 3", "file-missing files.tsv, row 4", "file-path files.tsv, row 5" },
            rejected.Report.Findings.Where(f => f.Severity == Severity.Error).Select(f => $"{f.Code} {f.Place}").ToArray());
        Assert.AreNotEqual(first.Id, second.Id);
        Assert.AreEqual((first.Accession, first.Version), (second.Accession, second.Version));
        await Archived.IsWholeAsync(ground, node, released, Files, Ct);
    }

    [TestMethod]
    public async Task Validate_WhenNamesClash_FindsFoldersSizesAndCase()
    {
        await using var ground = await Ground.CreateAsync(Ct);
        var node = new Node(ground);
        var draft = await node.PrepareAsync(
            new Dictionary<string, byte[]> { ["a"] = [1], ["a-b"] = [1], ["a/b"] = [1], ["Case.tif"] = [1], ["case.tif"] = [1], ["zarr/0/0"] = [1] }, Ct,
            list: "path\tsize\tChannel\na-b\t7\tx\nzarr\t\tGFP\n");

        var report = await node.Validator.CheckAsync((await node.Drafts.FindAsync(draft.Id, Ct))!, Ct);

        CollectionAssert.AreEquivalent(
            new[] { "file-is-folder a/b", "file-size-differs files.tsv, row 2", "file-case-collision case.tif", "files-unlisted Case.tif" },
            report.Findings.Where(f => f.Code.StartsWith("file", StringComparison.Ordinal)).Select(f => $"{f.Code} {f.Place}").ToArray(),
            string.Join('\n', report.Findings));
    }

    [TestMethod]
    public async Task Ingest_WhenAFolderIsListed_GivesItsAttributesToTheFilesInside()
    {
        await using var ground = await Ground.CreateAsync(Ct);
        var node = new Node(ground);
        var draft = await node.PrepareAsync(
            new Dictionary<string, byte[]> { ["x.zarr/.zattrs"] = [1], ["x.zarr/0/0"] = [2] }, Ct, list: "Files\tChannel\nx.zarr\tGFP\nx.zarr/0/0\tRFP\n");

        var ended = await node.RunUntilEndedAsync((await node.Submitter.SubmitAsync(draft.Id, Node.Owner, Ct))!.Submission!.Id, Ct);

        var dataset = (await node.Datasets.FindAsync(ended.Accession, Ct))!;
        async Task<string> ChannelsOf(string path) =>
            string.Join('+', (await node.References.FindAsync(dataset, ArchivePath.Parse(path, null), 1, Ct))!.Attributes.Select(a => a.Value));
        Assert.AreEqual("GFP", await ChannelsOf("x.zarr/.zattrs"));
        Assert.AreEqual("GFP+RFP", await ChannelsOf("x.zarr/0/0"));
        Assert.AreEqual("", await ChannelsOf("files.tsv"));
    }

    [TestMethod]
    public async Task Ingest_WhenStagedContentChanged_Rejects()
    {
        await using var ground = await Ground.CreateAsync(Ct);
        var node = new Node(ground);
        var draft = await node.PrepareAsync(Files, Ct);
        var staged = (await node.Uploads.FindAsync(draft.Id, ArchivePath.Parse("plate/b2.tif", null), Ct))!;
        await File.AppendAllTextAsync(node.Staging.PathOf(staged), "x", Ct);

        var ended = await node.RunUntilEndedAsync((await node.Submitter.SubmitAsync(draft.Id, Node.Owner, Ct))!.Submission!.Id, Ct);

        Assert.AreEqual(SubmissionState.Rejected, ended.State);
        Assert.AreEqual("digest-differs plate/b2.tif", ended.Report.Findings.Where(f => f.Severity == Severity.Error).Select(f => $"{f.Code} {f.Place}").Single());
        Assert.IsFalse((await node.Drafts.FindAsync(draft.Id, Ct))!.IsSealed);
        await node.Orphans.RunAsync(ground.Database.Metadata.ArchiveId, TimeSpan.FromDays(1), Ct);
        await foreach (var left in node.Objects.ListAsync("", Ct)) Assert.Fail($"{left.Key} is left.");
    }

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
        Assert.AreEqual(ended, (await node.Submissions.FindAsync(submission.Id, Ct))! with { Attempts = ended.Attempts, History = ended.History, Report = ended.Report });
        await Archived.IsWholeAsync(ground, node, ended, Files, Ct);
        // Not every store can refuse a key that is taken: what keeps the two apart is the attempt in it.
        await foreach (var file in node.References.ListPassAsync(ended.Accession, ended.Id, null, Ct))
            Assert.StartsWith(string.Create(CultureInfo.InvariantCulture, $"{ended.Accession}/v1/{ended.Attempts[^1]}/"), file.ObjectKey);
    }

    [TestMethod]
    public async Task Ingest_WhenTheStoreIsFull_WaitsWithAReasonAndGoesOn()
    {
        await using var ground = await Ground.CreateAsync(Ct);
        var full = true;
        var node = new Node(ground, objectStore: store => new Faults(call =>
            full && call == nameof(IObjectStore.PutFilesAsync) ? throw new VolumeFullException("full") : Fault.None).Over(store));
        var draft = await node.PrepareAsync(Files, Ct);
        var submission = (await node.Submitter.SubmitAsync(draft.Id, Node.Owner, Ct))!.Submission!;

        await node.Runner.RunOnceAsync(Ct);
        var waiting = (await node.Submissions.FindAsync(submission.Id, Ct))!;
        full = false;
        var ended = await node.RunUntilEndedAsync(submission.Id, Ct);

        Assert.AreEqual(SubmissionState.Validated, waiting.State);
        StringAssert.Contains(waiting.Waiting!.Reason, "full", StringComparison.Ordinal);
        Assert.AreEqual(1, waiting.Waiting.Tries);
        Assert.IsNull(ended.Waiting);
        await Archived.IsWholeAsync(ground, node, ended, Files, Ct);
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

    [TestMethod]
    public async Task Release_WhenTheDateComes_MakesTheDatasetPublic()
    {
        await using var ground = await Ground.CreateAsync(Ct);
        var node = new Node(ground);
        var tomorrow = ReleaseDates.Write(new DateTimeOffset(TimeProvider.System.GetUtcNow().UtcDateTime.Date.AddDays(2), TimeSpan.Zero));
        var draft = await node.PrepareAsync(Files, Ct, releaseDate: tomorrow);
        var ended = await node.RunUntilEndedAsync((await node.Submitter.SubmitAsync(draft.Id, Node.Owner, Ct))!.Submission!.Id, Ct);

        var none = await node.Release.ReleaseDueAsync(Ct);
        var dataset = (await node.Datasets.FindAsync(ended.Accession, Ct))!;
        await node.Datasets.TryWriteAsync(dataset with { ReleaseDate = TimeProvider.System.GetUtcNow().AddMinutes(-1) }, Ct);
        var one = await node.Release.ReleaseDueAsync(Ct);

        Assert.AreEqual(SubmissionState.Private, ended.State);
        Assert.AreEqual(0, dataset.Change);
        Assert.AreEqual((0, 1), (none, one));
        Assert.AreEqual(DatasetState.Released, (await node.Datasets.FindAsync(ended.Accession, Ct))!.State);
    }

    [TestMethod]
    public async Task AttachTo_WhenTheCollectionExists_GivesItsPrefix()
    {
        await using var ground = await Ground.CreateAsync(Ct);
        var node = new Node(ground);
        var draft = await node.PrepareAsync(Files, Ct);
        await node.SetPageTabAsync(draft.Id, null, Ct, """,{"name":"AttachTo","value":"nowhere"},{"name":"AttachTo","value":"plates"}""");

        var outcome = await node.Submitter.SubmitAsync(draft.Id, Node.Owner, Ct);
        var ended = await node.RunUntilEndedAsync(outcome!.Submission!.Id, Ct);

        Assert.AreEqual("S-PLATE1", outcome.Submission.Accession.ToString());
        Assert.Contains("collection-unknown", outcome.Report.Findings.Select(f => f.Code));
        Assert.AreEqual("Plates", (await node.Datasets.FindAsync(ended.Accession, Ct))!.Collection);
    }

    [TestMethod]
    public async Task Delete_RemovesDraftAndStaging()
    {
        await using var ground = await Ground.CreateAsync(Ct);
        var node = new Node(ground);
        var draft = await node.PrepareAsync(Files, Ct);

        await node.Desk.DeleteAsync(draft.Id, Ct);
        await node.Desk.DeleteAsync(draft.Id, Ct);

        Assert.IsNull(await node.Drafts.FindAsync(draft.Id, Ct));
        await foreach (var left in node.Uploads.ListAsync(draft.Id, null, Ct)) Assert.Fail($"{left.Path} is left.");
    }

    [TestMethod]
    public async Task OrphanSweep_WhenTheStoreIsAnothers_RemovesNothing()
    {
        await using var ground = await Ground.CreateAsync(Ct);
        var node = new Node(ground);

        await Assert.ThrowsExactlyAsync<WrongVolumeException>(() => node.Orphans.RunAsync("another", TimeSpan.Zero, Ct));
        await Assert.ThrowsExactlyAsync<WrongVolumeException>(() => node.Orphans.RunOverAllAsync("another", Ct));
    }

    [TestMethod]
    public async Task RaiseNumbersAfterRestore_WhenObjectsAreNewerThanMetadata_StartsAboveThem()
    {
        await using var ground = await Ground.CreateAsync(Ct);
        var node = new Node(ground);
        using var content = new MemoryStream([1]);
        await node.Objects.TryPutAsync(new("S-BIAR41/v1/977/a/b.tif"), content, 1, null, Ct);
        await node.Objects.TryPutAsync(new("S-BIAR9/v2/1003/a"), new MemoryStream([1]), 1, null, Ct);
        await node.Objects.TryPutAsync(new("S-PLATE2/v1/5/a"), new MemoryStream([1]), 1, null, Ct);
        // A dataset without files has nothing but its shelf.
        await node.Objects.TryPutAsync(new("shelves/S-BIAR52/v1/00ff"), new MemoryStream([1]), 1, null, Ct);
        var listings = 0;
        var objects = new Faults(call =>
        {
            if (call == nameof(IObjectStore.ListAsync)) listings++;
            return Fault.None;
        }).Over(node.Objects);
        var draft = await node.PrepareAsync(Files, Ct);

        var highest = await new RaiseNumbersAfterRestore(node.Collections, node.Datasets, node.Submissions, objects).RunAsync(Ct);
        var submission = (await node.Submitter.SubmitAsync(draft.Id, Node.Owner, Ct))!.Submission!;
        var ended = await node.RunUntilEndedAsync(submission.Id, Ct);

        Assert.AreEqual(52, highest["S-BIAR"]);
        Assert.AreEqual(2, highest["S-PLATE"]);
        Assert.AreEqual("S-BIAR53", submission.Accession.ToString());
        Assert.AreEqual(1004, ended.Attempt);
        Assert.AreEqual(0, listings, "objects were listed, where folders are enough");
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
