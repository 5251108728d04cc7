using Archive.Model.Datasets;
using Archive.Model.Errors;
using Archive.Model.Files;
using Archive.Model.Submissions;

namespace Archive.Submission.Tests.Pipeline;

/// <summary>What comes between a revision and its commit.</summary>
public sealed partial class RevisionTests
{
    [TestMethod]
    public async Task Publish_WhenTheDatasetBecamePublicMeanwhile_RejectsWhatChangesItsFiles()
    {
        await using var ground = await Ground.CreateAsync(Ct);
        var node = new Node(ground);
        var first = await node.DepositAsync(Files, Ct, Revising.FarDate);
        var draft = await node.ReviseAsync(first, Ct);
        await node.UploadAsync(draft, "a.tif", "changed", Ct);
        // Released between the last step before the commit and the commit.
        var racing = new Node(ground, new Faults(call =>
        {
            if (call == "AddDocumentAsync") ReleaseAsync(node, first.Accession).GetAwaiter().GetResult();
            return Fault.None;
        }));

        var ended = await racing.EndAsync(draft, Ct);
        var head = (await node.Datasets.FindAsync(first.Accession, Ct))!;
        await SweepAsync(ground, node);

        Assert.AreEqual(SubmissionState.Rejected, ended.State);
        Assert.AreEqual("file-public", ended.Report.Findings[0].Code);
        Assert.HasCount(1, head.Versions);
        Assert.AreEqual("a.tif=one Well:A0 | b/c.tif=two Well:A1 | d.tif=three Well:A2 | files.tsv", await node.FilesAsync(head, 1, Ct));
        Assert.HasCount(4, await node.KeysAsync(first.Accession, Ct), "what the rejected pass stored is swept");
        Assert.IsNotNull(await node.Uploads.FindAsync(draft.Id, ArchivePath.Parse("a.tif", null), Ct), "its draft keeps the upload");
    }

    [TestMethod]
    public async Task Publish_WhenAnotherVersionCameMeanwhile_Rejects()
    {
        await using var ground = await Ground.CreateAsync(Ct);
        var node = new Node(ground);
        var first = await node.DepositAsync(Files, Ct);
        var draft = await node.ReviseAsync(first, Ct);
        await node.UploadAsync(draft, "e.tif", "four", Ct);
        var racing = new Node(ground, new Faults(call =>
        {
            if (call == "AddDocumentAsync") TakeVersionAsync(node, first.Accession).GetAwaiter().GetResult();
            return Fault.None;
        }));

        var ended = await racing.EndAsync(draft, Ct);
        var refused = await node.Submitter.SubmitAsync(draft.Id, Node.Owner, Ct);

        Assert.AreEqual(SubmissionState.Rejected, ended.State);
        Assert.AreEqual("base-moved", ended.Report.Findings[0].Code);
        Assert.IsNull(refused!.Submission);
        Assert.Contains("base-moved", refused.Report.Findings.Select(f => f.Code));
        Assert.HasCount(2, (await node.Datasets.FindAsync(first.Accession, Ct))!.Versions);
    }

    [TestMethod]
    public async Task Publish_WhenTwoRevisionsOfOneVersionAreSubmitted_CommitsOne()
    {
        await using var ground = await Ground.CreateAsync(Ct);
        var node = new Node(ground);
        var first = await node.DepositAsync(Files, Ct);
        var drafts = new List<Draft>();
        foreach (var name in new[] { "left.tif", "right.tif" })
        {
            drafts.Add(await node.ReviseAsync(first, Ct));
            await node.UploadAsync(drafts[^1], name, name, Ct);
            // Two open revisions of one dataset cannot be; even so only one of them may win.
            await ExecuteAsync(ground, "UPDATE drafts SET revises = NULL");
        }
        Node[] nodes = [new(ground), new(ground)];

        var outcomes = await Task.WhenAll(drafts.Select((d, i) => TryAsync(nodes[i], d)));
        foreach (var draft in drafts)
            if (await node.Drafts.FindAsync(draft.Id, Ct) is { SealedBy: { } pass }) await node.RunUntilEndedAsync(pass, Ct);

        var head = (await node.Datasets.FindAsync(first.Accession, Ct))!;
        Assert.HasCount(2, head.Versions);
        Assert.AreEqual(1, outcomes.Count(o => o == SubmissionState.Released));
        await SweepAsync(ground, node);
        Assert.HasCount(5, await node.KeysAsync(first.Accession, Ct));
        await node.CountsAreRightAsync(head, Ct);

        async Task<SubmissionState?> TryAsync(Node by, Draft draft)
        {
            try
            {
                return (await by.Submitter.SubmitAsync(draft.Id, Node.Owner, Ct))!.Submission is { } accepted
                    ? (await by.RunUntilEndedAsync(accepted.Id, Ct)).State
                    : null;
            }
            catch (ArchiveException e) when (e.Problem == Problems.Conflict)
            {
                return null; // The other one is being worked on.
            }
        }
    }

    [TestMethod]
    public async Task Publish_WhenWithdrawnMeanwhile_IsCancelled()
    {
        await using var ground = await Ground.CreateAsync(Ct);
        var node = new Node(ground);
        var first = await node.DepositAsync(Files, Ct);
        var draft = await node.ReviseAsync(first, Ct);
        await node.UploadAsync(draft, "e.tif", "four", Ct);
        var submitted = (await node.Submitter.SubmitAsync(draft.Id, Node.Owner, Ct))!.Submission!;
        await node.Datasets.TryWriteAsync(first with { State = DatasetState.Withdrawn, WithdrawalReason = "consent" }, Ct);

        var ended = await node.RunUntilEndedAsync(submitted.Id, Ct);
        var refused = await node.Submitter.SubmitAsync(draft.Id, Node.Owner, Ct);

        Assert.AreEqual(SubmissionState.Cancelled, ended.State);
        Assert.Contains("dataset-withdrawn", refused!.Report.Findings.Select(f => f.Code));
    }

    [TestMethod]
    public async Task Release_WhenAVersionWasSupersededUnderEmbargo_ItStaysPrivate()
    {
        await using var ground = await Ground.CreateAsync(Ct);
        var node = new Node(ground);
        var first = await node.DepositAsync(Files, Ct, Revising.FarDate);
        var draft = await node.ReviseAsync(first, Ct);
        await node.DescribeAsync(draft, Ct, "2020-01-01", lists: "files.tsv");
        var second = await node.CommitAsync(draft, Ct);

        Assert.AreEqual(DatasetState.Released, second.State);
        Assert.IsFalse(second.IsOpen(second.Versions[0]));
        Assert.IsTrue(second.IsOpen(second.Versions[1]));
    }

    [TestMethod]
    public async Task Begin_WhenRepeatedAndRacing_GivesOneDraftWithThePageTabThatHolds()
    {
        await using var ground = await Ground.CreateAsync(Ct);
        var node = new Node(ground);
        var dataset = await node.DepositAsync(Files, Ct, Revising.FarDate);
        // Moved, and nobody has read the page tab since.
        dataset = (await node.Datasets.TryWriteAsync(dataset with { ReleaseDate = dataset.ReleaseDate!.Value.AddDays(-7) }, Ct))!;

        var begun = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => node.Revisions.BeginAsync(dataset, Ct)));
        await using var stored = await node.Drafts.OpenPageTabAsync(begun[0].Draft.Id, Ct);
        var text = await new StreamReader(stored!.Content).ReadToEndAsync(Ct);

        Assert.HasCount(1, begun.Select(b => b.Draft.Id).Distinct().ToList());
        Assert.AreEqual(1, begun.Count(b => b.IsNew));
        Assert.AreEqual((Node.Owner, 2, dataset.Accession), (begun[0].Draft.Owner, begun[0].Draft.Version, begun[0].Draft.Accession!.Value));
        Assert.Contains($"\"{ReleaseDates.Write(dataset.ReleaseDate!.Value)}\"", text);
        Assert.Contains($"\"{dataset.Accession}\"", text);
        var committed = await node.CommitAsync(begun[0].Draft, Ct);
        Assert.AreEqual(dataset.ReleaseDate, committed.ReleaseDate, "sent back unchanged, it moves nothing");
    }

    private static async Task ReleaseAsync(Node node, Accession accession)
    {
        var head = (await node.Datasets.FindAsync(accession, CancellationToken.None))!;
        await node.Datasets.TryWriteAsync(head with { State = DatasetState.Released }, CancellationToken.None);
    }

    private static async Task TakeVersionAsync(Node node, Accession accession)
    {
        var head = (await node.Datasets.FindAsync(accession, CancellationToken.None))!;
        if (head.Versions.Count > 1) return;
        await node.Datasets.TryWriteAsync(head with { Versions = [.. head.Versions, head.Latest with { Number = 2, Submission = SubmissionId.New() }] }, CancellationToken.None);
    }
}
