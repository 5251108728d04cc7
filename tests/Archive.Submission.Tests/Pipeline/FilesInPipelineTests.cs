using System.Text;
using Archive.Model.Files;
using Archive.Model.Submissions;
using Archive.Storage.Objects;

namespace Archive.Submission.Tests.Pipeline;

/// <summary>What becomes of files and their lists on the way into the archive.</summary>
[TestClass]
public sealed class FilesInPipelineTests
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

        var report = await node.Validator.CheckAsync((await node.Drafts.FindAsync(draft.Id, Ct))!, new(Node.Owner, Model.Accounts.Role.Depositor), null, Ct);

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
}
