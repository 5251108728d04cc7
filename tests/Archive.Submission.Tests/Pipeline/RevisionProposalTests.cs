using System.Text;
using Archive.Submissions.Drafts;
using Archive.Submissions.FileLists.Proposing;
using Archive.Submissions.TextMetadata;

namespace Archive.Submission.Tests.Pipeline;

/// <summary>Proposals for a revision: files that stay are known to them as those that are staged.</summary>
[TestClass]
public sealed class RevisionProposalTests
{
    public required TestContext TestContext { get; init; }

    private CancellationToken Ct => TestContext.CancellationToken;

    [TestMethod]
    public async Task FileList_WhenPlanesAreAdded_ListsTheNewOnesAndCountsThoseThatStay()
    {
        await using var ground = await Ground.CreateAsync(Ct);
        var node = new Node(ground);
        var first = await node.DepositAsync(new Dictionary<string, string> { ["p1/t1.tif"] = "a", ["p1/t2.tif"] = "b", ["p2/t1.tif"] = "c" }, Ct);
        var draft = await node.ReviseAsync(first, Ct);
        await node.UploadAsync(draft, "p2/t2.tif", "d", Ct);
        await node.UploadAsync(draft, "readme.txt", "not a plane", Ct);
        using var tsv = new MemoryStream();

        var proposal = await FileListProposer.ProposeAsync(
            await node.Next.OpenAsync(draft, Ct), new("more.tsv", "p{position:int}/t{t:int}.tif", null, null, null, null, null), 10, tsv, Ct);

        Assert.AreEqual("Files\tposition\tt\np2/t2.tif\t2\t2\n", Encoding.UTF8.GetString(tsv.ToArray()));
        Assert.AreEqual((1L, 2L), (proposal.Matched, proposal.Files));
        Assert.AreEqual((4L, 4L), (proposal.Hypercube!.Planes, proposal.Hypercube.PlanesFound), "planes that are stored are not missing");
        CollectionAssert.AreEqual(new[] { "readme.txt" }, proposal.Unmatched.Select(p => p.Value).ToArray());
    }

    [TestMethod]
    public async Task Metadata_WhenTheFilesThatAreDescribedStay_IsProposedOfThem()
    {
        await using var ground = await Ground.CreateAsync(Ct);
        var node = new Node(ground);
        var first = await node.DepositAsync(new Dictionary<string, string> { ["data/a.tif"] = "a", ["data/b.tif"] = "b" }, Ct);
        var draft = await node.ReviseAsync(first, Ct);
        await node.UploadAsync(draft, "data/rawdataset.md.json", """{"name":"d","urls":[{"url":"a.md.json"},{"url":"c.md.json"}]}""", Ct);
        await node.UploadAsync(draft, "data/a.md.json", """{"common":{"url":"a.tif"},"key_value_pairs":{"k":"1"}}""", Ct);
        await node.UploadAsync(draft, "data/c.md.json", """{"common":{"url":"c.tif"},"key_value_pairs":{"k":"2"}}""", Ct);
        var desk = new ProposalDesk(node.Drafts, node.Next, new ReadingCache(), new DraftOptions(), TextMetadataLimits.Default);

        var found = await desk.FindAsync((await node.Drafts.FindAsync(draft.Id, Ct))!, Ct);

        var files = found.Items.SelectMany(p => p.Found.Table?.Rows ?? []).Select(r => r.File?.Value).OfType<string>().Distinct().ToList();
        CollectionAssert.AreEqual(new[] { "data/a.tif" }, files);
        CollectionAssert.AreEqual(new[] { "metadata-target-missing" }, found.Report.Findings.Select(f => f.Code).Distinct().ToList());
    }
}
