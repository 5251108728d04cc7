using Archive.Model.Datasets;
using Archive.Model.Files;
using Archive.Model.PageTab;
using Archive.Model.Submissions;
using Archive.Storage.Metadata;
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
}
