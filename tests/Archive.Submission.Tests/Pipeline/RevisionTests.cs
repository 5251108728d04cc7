using Archive.Model.Datasets;
using Archive.Model.Files;
using Archive.Model.Submissions;
using Npgsql;

namespace Archive.Submission.Tests.Pipeline;

/// <summary>Further versions of a dataset: what they write, what stays, and what is refused.</summary>
[TestClass]
public sealed partial class RevisionTests
{
    private static readonly Dictionary<string, string> Files = new() { ["a.tif"] = "one", ["b/c.tif"] = "two", ["d.tif"] = "three" };

    public required TestContext TestContext { get; init; }

    private CancellationToken Ct => TestContext.CancellationToken;

    [TestMethod]
    public async Task Revise_WhenAFileIsAdded_WritesItsRowAlone()
    {
        await using var ground = await Ground.CreateAsync(Ct);
        var node = new Node(ground);
        var first = await node.DepositAsync(Files, Ct);

        var draft = await node.ReviseAsync(first, Ct);
        await node.UploadAsync(draft, "e.tif", "four", Ct);
        await node.UploadAsync(draft, "more.tsv", "Files\tWell\ne.tif\tH9\n", Ct);
        await node.DescribeAsync(draft, Ct, lists: ["files.tsv", "more.tsv"]);
        var second = await node.CommitAsync(draft, Ct);

        Assert.AreEqual("e.tif=four Well:H9 | more.tsv", await node.RowsAsync(second, 2, Ct));
        Assert.AreEqual("a.tif=one Well:A0 | b/c.tif=two Well:A1 | d.tif=three Well:A2 | files.tsv", await node.FilesAsync(second, 1, Ct));
        Assert.AreEqual("a.tif=one Well:A0 | b/c.tif=two Well:A1 | d.tif=three Well:A2 | e.tif=four Well:H9 | files.tsv | more.tsv", await node.FilesAsync(second, 2, Ct));
        Assert.AreEqual(new VersionChanges(2, 0, 0, 0, 2, 4 + "Files\tWell\ne.tif\tH9\n".Length), second.Latest.Changes);
        Assert.AreEqual(Revising.Depositor, second.Latest.By);
        Assert.AreEqual(first.ReleaseDate, second.ReleaseDate, "the date of a public dataset does not move");
        Assert.IsGreaterThan(first.Change, second.Change);
        await node.CountsAreRightAsync(second, Ct);
        Assert.IsNull(await node.Drafts.FindRevisionAsync(first.Accession, Ct));
    }

    [TestMethod]
    public async Task Revise_WhenOnlyTheMetadataChange_WritesNoRow()
    {
        await using var ground = await Ground.CreateAsync(Ct);
        var node = new Node(ground);
        var first = await node.DepositAsync(Files, Ct);
        var keys = await node.KeysAsync(first.Accession, Ct);

        var draft = await node.ReviseAsync(first, Ct);
        await node.DescribeAsync(draft, Ct, title: "Wells of a plate, with another title", lists: "files.tsv");
        var second = await node.CommitAsync(draft, Ct);

        Assert.AreEqual("", await node.RowsAsync(second, 2, Ct));
        CollectionAssert.AreEqual(keys, await node.KeysAsync(first.Accession, Ct));
        Assert.AreEqual("Wells of a plate, with another title", second.Title);
        Assert.AreEqual(await node.FilesAsync(second, 1, Ct), await node.FilesAsync(second, 2, Ct));
        Assert.AreEqual(VersionChanges.None, second.Latest.Changes);
        await node.CountsAreRightAsync(second, Ct);
    }

    [TestMethod]
    public async Task Revise_WhenUnderEmbargo_ReplacesAndRemovesAndTheOldVersionStays()
    {
        await using var ground = await Ground.CreateAsync(Ct);
        var node = new Node(ground);
        var first = await node.DepositAsync(Files, Ct, Revising.FarDate);

        var draft = await node.ReviseAsync(first, Ct);
        await node.UploadAsync(draft, "a.tif", "changed", Ct);
        await node.UploadAsync(draft, "d.tif", "three", Ct); // as it is
        await node.Staging.MarkRemovedAsync(draft.Id, ArchivePath.Parse("b/c.tif", null), Ct);
        await node.UploadAsync(draft, "files.tsv", "Files\tWell\na.tif\tA0\nd.tif\tA2\n", Ct);
        var second = await node.CommitAsync(draft, Ct);

        Assert.AreEqual(DatasetState.Private, second.State);
        Assert.AreEqual("a.tif=changed Well:A0 | b/c.tif- | files.tsv", await node.RowsAsync(second, 2, Ct));
        Assert.AreEqual("a.tif=changed Well:A0 | d.tif=three Well:A2 | files.tsv", await node.FilesAsync(second, 2, Ct));
        Assert.AreEqual("a.tif=one Well:A0 | b/c.tif=two Well:A1 | d.tif=three Well:A2 | files.tsv", await node.FilesAsync(second, 1, Ct));
        Assert.AreEqual((0L, 2L, 1L, 0L), (second.Latest.Changes!.Added, second.Latest.Changes.Replaced, second.Latest.Changes.Removed, second.Latest.Changes.Redescribed));
        await node.CountsAreRightAsync(second, Ct);

        // What was removed may come again.
        var again = await node.ReviseAsync(second, Ct);
        await node.UploadAsync(again, "b/c.tif", "back", Ct);
        var third = await node.CommitAsync(again, Ct);
        Assert.AreEqual("b/c.tif=back", await node.RowsAsync(third, 3, Ct));
        await node.CountsAreRightAsync(third, Ct);
    }

    [TestMethod]
    public async Task Revise_WhenAListSaysOtherwise_GivesFilesNewAttributesAndTheSameObject()
    {
        await using var ground = await Ground.CreateAsync(Ct);
        var node = new Node(ground);
        var first = await node.DepositAsync(Files, Ct);
        var keys = await node.KeysAsync(first.Accession, Ct);

        // A list that is added speaks of a public file: its description may be mended by its depositor.
        var draft = await node.ReviseAsync(first, Ct);
        await node.UploadAsync(draft, "notes.tsv", "Files\tNote\nb/c.tif\tblurred\n", Ct);
        await node.DescribeAsync(draft, Ct, lists: ["files.tsv", "notes.tsv"]);
        var second = await node.CommitAsync(draft, Ct);
        // A list that is no longer named, and one that is changed, by a curator.
        draft = await node.ReviseAsync(second, Ct);
        await node.UploadAsync(draft, "files.tsv", "Files\tWell\na.tif\tZ9\nb/c.tif\tA1\nd.tif\tA2\n", Ct);
        await node.DescribeAsync(draft, Ct, lists: "files.tsv");
        var third = await node.CommitAsync(draft, Ct, Revising.Curator);

        Assert.AreEqual("b/c.tif=two Well:A1 Note:blurred | notes.tsv", await node.RowsAsync(second, 2, Ct));
        Assert.AreEqual("a.tif=one Well:Z9 | b/c.tif=two Well:A1 | files.tsv", await node.RowsAsync(third, 3, Ct));
        Assert.AreEqual(new VersionChanges(0, 1, 0, 2, 0, 0), third.Latest.Changes! with { ByteDelta = 0 });
        Assert.HasCount(keys.Count + 2, await node.KeysAsync(first.Accession, Ct), "only the two lists were stored");
        Assert.AreEqual("a.tif=one Well:A0 | b/c.tif=two Well:A1 | d.tif=three Well:A2 | files.tsv", await node.FilesAsync(third, 1, Ct));
        await node.CountsAreRightAsync(third, Ct);
    }

    [TestMethod]
    public async Task Revise_WhenAnOldListNamesAFolder_GivesNewFilesInItItsAttributes()
    {
        await using var ground = await Ground.CreateAsync(Ct);
        var node = new Node(ground);
        var draft = await node.Desk.BeginAsync(Node.Owner, null, Ct);
        await node.DescribeAsync(draft, Ct, lists: "files.tsv");
        await node.UploadAsync(draft, "b/c.tif", "two", Ct);
        await node.UploadAsync(draft, "files.tsv", "Files\tPlate\nb\tP1\n", Ct);
        var first = await node.CommitAsync(draft, Ct);

        draft = await node.ReviseAsync(first, Ct);
        await node.UploadAsync(draft, "b/new.tif", "new", Ct);
        var ended = await node.EndAsync(draft, Ct);
        var second = (await node.Datasets.FindAsync(first.Accession, Ct))!;

        Assert.AreEqual("b/new.tif=new Plate:P1", await node.RowsAsync(second, 2, Ct));
        Assert.DoesNotContain("files-unlisted", ended.Report.Findings.Select(f => f.Code));
    }

    [TestMethod]
    public async Task Revise_WhenADepositorChangesPublicFiles_IsRejectedAndACuratorIsNot()
    {
        await using var ground = await Ground.CreateAsync(Ct);
        var node = new Node(ground);
        var first = await node.DepositAsync(Files, Ct);
        var draft = await node.ReviseAsync(first, Ct);
        await node.UploadAsync(draft, "a.tif", "changed", Ct);
        await node.UploadAsync(draft, "d.tif", "three", Ct);
        await node.Staging.MarkRemovedAsync(draft.Id, ArchivePath.Parse("b/c.tif", null), Ct);
        await node.UploadAsync(draft, "rest.tsv", "Files\tWell\na.tif\tA0\nd.tif\tA2\n", Ct);
        await node.DescribeAsync(draft, Ct, lists: "rest.tsv");

        var checkedBefore = await node.Validator.CheckAsync((await node.Drafts.FindAsync(draft.Id, Ct))!, Revising.Depositor, null, Ct);
        var rejected = await node.EndAsync(draft, Ct);
        var second = await node.CommitAsync((await node.Drafts.FindAsync(draft.Id, Ct))!, Ct, Revising.Curator);

        Assert.AreEqual(SubmissionState.Rejected, rejected.State);
        string[] expected = ["file-public a.tif", "file-public b/c.tif"];
        CollectionAssert.AreEqual(expected, Errors(rejected.Report));
        CollectionAssert.AreEqual(expected, Errors(checkedBefore));
        Assert.AreEqual("a.tif=changed Well:A0 | d.tif=three Well:A2 | files.tsv | rest.tsv", await node.FilesAsync(second, 2, Ct));
        Assert.AreEqual((Revising.Curator, 1L, 1L), (second.Latest.By, second.Latest.Changes!.Replaced, second.Latest.Changes.Removed));
        Assert.AreEqual("a.tif=one Well:A0 | b/c.tif=two Well:A1 | d.tif=three Well:A2 | files.tsv", await node.FilesAsync(second, 1, Ct));
        await node.CountsAreRightAsync(second, Ct);
    }

    [TestMethod]
    public async Task Check_WhenOnlyAdded_FindsWhatDoesNotFitTheVersionBefore()
    {
        await using var ground = await Ground.CreateAsync(Ct);
        var node = new Node(ground);
        var first = await node.DepositAsync(Files, Ct);
        var draft = await node.ReviseAsync(first, Ct);
        await node.UploadAsync(draft, "a.tif/inner.tif", "in a file", Ct);
        await node.UploadAsync(draft, "b", "over a folder", Ct);
        await node.UploadAsync(draft, "more.tsv", "Files\tSize\nb/c.tif\t99\nnone.tif\t\nd.tif\t5\nd.tif\t5\nb\t13\n../x\t\n", Ct);
        await node.DescribeAsync(draft, Ct, lists: ["files.tsv", "more.tsv"]);

        var report = await node.Validator.CheckAsync((await node.Drafts.FindAsync(draft.Id, Ct))!, Revising.Depositor, null, Ct);

        CollectionAssert.AreEquivalent(
            new[]
            {
                "file-is-folder a.tif/inner.tif", "file-is-folder b", "file-missing more.tsv, row 3", "file-duplicate more.tsv, row 5", "file-path more.tsv, row 7",
            },
            Errors(report).Where(e => !e.StartsWith("file-size", StringComparison.Ordinal)).ToArray());
        Assert.Contains("files-unlisted a.tif/inner.tif", report.Findings.Select(f => $"{f.Code} {f.Place}"));
    }

    [TestMethod]
    public async Task Check_WhenAFileIsRemovedThatAnUnchangedListNames_SaysSo()
    {
        await using var ground = await Ground.CreateAsync(Ct);
        var node = new Node(ground);
        var first = await node.DepositAsync(Files, Ct, Revising.FarDate);
        var draft = await node.ReviseAsync(first, Ct);
        await node.Staging.MarkRemovedAsync(draft.Id, ArchivePath.Parse("b/c.tif", null), Ct);

        var report = await node.Validator.CheckAsync((await node.Drafts.FindAsync(draft.Id, Ct))!, Revising.Depositor, null, Ct);

        CollectionAssert.AreEqual(new[] { "file-missing files.tsv, row 3" }, Errors(report));
    }

    internal static Task<long> SweepAsync(Ground ground, Node node) =>
        node.Orphans.RunAsync(ground.Database.Metadata.ArchiveId, TimeSpan.Zero, CancellationToken.None);

    internal static async Task ExecuteAsync(Ground ground, string statement)
    {
        await using var connection = new NpgsqlConnection(ground.Database.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(statement, connection);
        await command.ExecuteNonQueryAsync();
    }

    private static string[] Errors(ValidationReport report) =>
        [.. report.Findings.Where(f => f.Severity == Severity.Error).Select(f => $"{f.Code} {f.Place}")];
}
