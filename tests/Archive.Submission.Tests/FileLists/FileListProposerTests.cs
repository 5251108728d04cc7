using System.Globalization;
using System.Text;
using Archive.Model.Errors;
using Archive.Model.Files;
using Archive.Model.Submissions;
using Archive.Submission.Tests.Pipeline;
using Archive.Submissions.FileLists;
using Archive.Submissions.FileLists.Proposing;
using Archive.Submissions.Revisions;
using Archive.TestKit;

namespace Archive.Submission.Tests.FileLists;

[TestClass]
public sealed class FileListProposerTests
{
    private const string Yeast = "pos{position}/{prefix}_{t:int}_{channel}_{z:int}.png";

    public required TestContext TestContext { get; init; }

    private CancellationToken Ct => TestContext.CancellationToken;

    [TestMethod]
    public async Task Propose_WhenPlanesAreMissing_ReportsTheHypercubeAndEachMissingPlane()
    {
        var names = new List<string>();
        for (var position = 1; position <= 2; position++)
            for (var t = 1; t <= 3; t++)
                foreach (var channel in new[] { "GFP", "Bright_field" })
                    for (var z = 1; z <= 2; z++)
                        names.Add(string.Create(CultureInfo.InvariantCulture, $"pos{position:000}/micro_scope_1_{t:000000}_{channel}_{z:000}.png"));
        names.RemoveAll(n => n is "pos001/micro_scope_1_000002_GFP_001.png" or "pos002/micro_scope_1_000003_Bright_field_002.png");

        var (proposal, _) = await ProposeAsync([.. names, "pos001/notes.txt", "list.tsv"], Wish(Yeast, name: "list.tsv"));

        CollectionAssert.AreEqual(new[] { "position", "prefix", "t", "channel", "z" }, proposal.Columns.ToArray());
        Assert.AreEqual((23L, 22L, 1), (proposal.Files, proposal.Matched, proposal.Unmatched.Count));
        Assert.AreEqual("pos001/notes.txt", proposal.Unmatched[0].Value);
        Assert.AreEqual("pos001/micro_scope_1_000001_Bright_field_001.png: position=001, prefix=micro_scope_1, t=1, channel=Bright_field, z=1", Text(proposal.Rows[0]));
        var cube = proposal.Hypercube!;
        CollectionAssert.AreEqual(
            new[] { "position 2 - 001,002", "t 3 1-3 1,2,3", "channel 2 - Bright_field,GFP", "z 2 1-2 1,2" },
            cube.Dimensions.Select(d => $"{d.Name} {d.Size} {d.First}-{d.Last} {string.Join(',', d.Values)}").ToArray());
        // 2 positions, 3 times, 2 channels, 2 planes less the two that were taken out above.
        Assert.AreEqual((24L, 22L, 0L, 0L), (cube.Planes, cube.PlanesFound, cube.MissingOmitted, cube.FilesRepeated));
        CollectionAssert.AreEqual(new[] { "001,2,GFP,1", "002,3,Bright_field,2" }, cube.Missing.Select(m => string.Join(',', m)).ToArray());
        Assert.IsEmpty(proposal.Findings);
    }

    [TestMethod]
    public async Task Propose_WhenNamesAreReal_FindsWhatIsThere()
    {
        if (Repository.RealData is null) Assert.Inconclusive("The folder of real inputs is absent.");
        var root = Path.Combine(Repository.RealData!, "images/synthsys-demo/test_data");
        string[] names = [.. Directory.EnumerateFiles(root, "*", SearchOption.AllDirectories).Select(f => Path.GetRelativePath(root, f)).Order(StringComparer.Ordinal)];
        var images = names.Where(n => n.EndsWith(".png", StringComparison.Ordinal)).ToList();

        var (proposal, _) = await ProposeAsync(names, Wish(Yeast));

        // By another way: the parts of each name, cut at _ and . as the folder shows them.
        var parts = images.Select(n => (Position: n[3..6], Parts: n[7..^4].Split('_'))).ToList();
        var (positions, channels) = (parts.Select(p => p.Position).Distinct().Count(), parts.Select(p => p.Parts[2]).Distinct().Count());
        var (times, planes) = (parts.Max(p => int.Parse(p.Parts[1], CultureInfo.InvariantCulture)), parts.Max(p => int.Parse(p.Parts[3], CultureInfo.InvariantCulture)));
        Assert.AreEqual(images.Count, proposal.Matched);
        Assert.AreEqual(names.Length - images.Count, proposal.Unmatched.Count);
        CollectionAssert.AreEqual(new long[] { positions, times, channels, planes }, proposal.Hypercube!.Dimensions.Select(d => d.Size).ToArray());
        Assert.AreEqual((long)positions * times * channels * planes - images.Count, proposal.Hypercube.Missing.Count + proposal.Hypercube.MissingOmitted);
    }

    [TestMethod]
    public async Task Propose_WhenCutAtASeparator_TakesPartsFromBothEnds()
    {
        var (proposal, _) = await ProposeAsync(
            ["a/population1_img-03_c2.ome.tif", "a/x.tif", "b/population2_img-04_c1.tif", "b/population2_c3.tif"],
            new("l.tsv", null, "_", [new(1, "Population"), new(-1, "Channel"), new(2, "Image")], null, "*_*_*", null));

        CollectionAssert.AreEqual(
            new[] { "a/population1_img-03_c2.ome.tif: Population=population1, Channel=c2, Image=img-03", "b/population2_img-04_c1.tif: Population=population2, Channel=c1, Image=img-04" },
            proposal.Rows.Select(Text).ToArray());
        Assert.AreEqual(2, proposal.Files);
    }

    [TestMethod]
    [DataRow("a", null, "a/x1.tif,a/b/x2.tif")]
    [DataRow("a/", "*1*", "a/x1.tif")]
    [DataRow(null, "a/**", "a/x1.tif,a/b/x2.tif")]
    [DataRow(null, "a/*", "a/x1.tif")]
    [DataRow(null, "x?.tif", "a-1/x3.tif,a.b/x4.tif,a/b/x2.tif,a/x1.tif,a0/x5.tif")]
    public async Task Propose_WhenAFolderOrFilterIsGiven_LooksAtNothingElse(string? folder, string? filter, string expected)
    {
        var (proposal, _) = await ProposeAsync(
            ["a-1/x3.tif", "a.b/x4.tif", "a/x1.tif", "a/b/x2.tif", "a0/x5.tif"], new("l.tsv", "{_folder:path}/x{n:int}.tif", null, null, folder, filter, null));

        CollectionAssert.AreEquivalent(expected.Split(','), proposal.Rows.Select(r => r.Path.Value).ToArray());
        CollectionAssert.AreEqual(new[] { "n" }, proposal.Columns.ToArray());
    }

    [TestMethod]
    public async Task Propose_WhenThousandsAreMissing_ListsAThousandAndCountsTheRest()
    {
        var (proposal, _) = await ProposeAsync(["t000001.tif", "t900000.tif"], Wish("t{t:int}.tif"));

        var cube = proposal.Hypercube!;
        Assert.AreEqual((900_000L, 2L, 1000, 900_000L - 2 - 1000), (cube.Planes, cube.PlanesFound, cube.Missing.Count, cube.MissingOmitted));
        Assert.AreEqual("2", cube.Missing[0][0]);
    }

    [TestMethod]
    public async Task Propose_WhenCountedFromZeroOrTwice_SaysSo()
    {
        var (zero, _) = await ProposeAsync(["z0.tif", "z2.tif"], Wish("z{z:int}.tif"));
        var (twice, _) = await ProposeAsync(["a_1.tif", "b_1.tif", "b_01.tif"], Wish("{prefix}_{z:int}.tif"));
        var (chosen, _) = await ProposeAsync(["a_1.tif", "b_1.tif"], Wish("{prefix}_{z:int}.tif") with { Dimensions = ["z", "prefix"] });

        Assert.AreEqual("1", zero.Hypercube!.Missing.Single().Single());
        Assert.AreEqual(0, zero.Hypercube.Dimensions[0].First);
        Assert.AreEqual(2, twice.Hypercube!.FilesRepeated);
        Assert.Contains("planes-repeated", twice.Findings.Select(f => f.Code));
        Assert.AreEqual((2L, 2L), (chosen.Hypercube!.Planes, chosen.Hypercube.PlanesFound));
    }

    [TestMethod]
    public async Task Propose_WhenStored_PutsAListIntoTheDraftThatValidationAccepts()
    {
        await using var ground = await Ground.CreateAsync(Ct);
        var node = new Node(ground);
        string[] names = ["pos1/a_1_GFP_1.png", "pos1/a_2_GFP_1.png", "readme.txt"];
        var draft = await node.PrepareAsync(names.ToDictionary(n => n, _ => new byte[] { 1 }), Ct);
        var proposer = new FileListProposer(node.Staging);
        var wish = Wish(Yeast, name: "files.tsv");

        var taken = await Assert.ThrowsExactlyAsync<ArchiveException>(() => proposer.StoreAsync(draft.Id, Files(node, draft), wish, 1, false, Ct));
        var (proposal, stored) = await proposer.StoreAsync(draft.Id, Files(node, draft), wish, 1, mayReplace: true, Ct);
        var unmatched = await Assert.ThrowsExactlyAsync<ArchiveException>(() => proposer.StoreAsync(draft.Id, Files(node, draft), Wish("nothing{x}", name: "other.tsv"), 1, false, Ct));
        var report = await node.Validator.CheckAsync((await node.Drafts.FindAsync(draft.Id, Ct))!, Revising.Depositor, null, Ct);
        var submission = (await node.Submitter.SubmitAsync(draft.Id, Node.Owner, Ct))!.Submission!;
        var sealedNow = await Assert.ThrowsExactlyAsync<ArchiveException>(() => proposer.StoreAsync(draft.Id, Files(node, draft), wish, 1, true, Ct));
        var ended = await node.RunUntilEndedAsync(submission.Id, Ct);

        Assert.AreEqual(Problems.FileStaged, taken.Problem);
        Assert.AreEqual(Problems.Unprocessable, unmatched.Problem);
        Assert.AreEqual(Problems.DraftSealed, sealedNow.Problem);
        Assert.AreEqual((2L, "files.tsv"), (proposal.Matched, stored.Path.Value));
        Assert.IsNull(await node.Uploads.FindAsync(draft.Id, ArchivePath.Parse("other.tsv", null), Ct));
        Assert.IsTrue(report.IsAcceptable, string.Join('\n', report.Findings));
        var dataset = (await node.Datasets.FindAsync(ended.Accession, Ct))!;
        var reference = await node.References.FindAsync(dataset, ArchivePath.Parse("pos1/a_2_GFP_1.png", null), 1, Ct);
        Assert.AreEqual("position=1,prefix=a,t=2,channel=GFP,z=1", string.Join(',', reference!.Attributes.Select(a => $"{a.Name}={a.Value}")));
    }

    [TestMethod]
    public async Task Propose_WhenANameEndsInASpace_TheStoredListSpeaksOfIt()
    {
        await using var ground = await Ground.CreateAsync(Ct);
        var node = new Node(ground);
        var draft = await node.PrepareAsync(new Dictionary<string, byte[]> { ["x1 "] = [1], ["x2"] = [1] }, Ct);

        var (proposal, _) = await new FileListProposer(node.Staging).StoreAsync(draft.Id, Files(node, draft), Wish("x{n:int} ", name: "files.tsv"), 1, mayReplace: true, Ct);
        var submission = (await node.Submitter.SubmitAsync(draft.Id, Node.Owner, Ct))!.Submission!;
        var ended = await node.RunUntilEndedAsync(submission.Id, Ct);

        Assert.AreEqual(1, proposal.Matched);
        var dataset = (await node.Datasets.FindAsync(ended.Accession, Ct))!;
        var reference = await node.References.FindAsync(dataset, ArchivePath.Parse("x1 ", null), 1, Ct);
        Assert.AreEqual("n=1", string.Join(',', reference!.Attributes.Select(a => $"{a.Name}={a.Value}")));
    }

    [TestMethod]
    [DataRow("{a", "pattern-invalid @ pattern, character 1")]
    [DataRow("x}", "pattern-invalid @ pattern, character 2")]
    [DataRow("{a}{b}", "pattern-invalid @ pattern, character 4")]
    [DataRow("{a}_{a:int}", "pattern-invalid @ pattern, character 5")]
    [DataRow("{a:date}", "field-type @ pattern, character 1")]
    [DataRow("{}", "field-name @ pattern, character 1")]
    [DataRow("plain.png", "pattern-invalid @ pattern, character 1")]
    [DataRow("", "pattern-length @ pattern")]
    public void Read_WhenAPatternIsWrong_NamesTheCharacter(string pattern, string expected)
    {
        var findings = new FindingList();

        var rule = NamePattern.Read(pattern, findings);

        Assert.IsNull(rule);
        Assert.Contains(expected, findings.ToReport().Findings.Select(f => $"{f.Code} @ {f.Place}"));
    }

    [TestMethod]
    public void Read_WhenSeveralThingsAreWrong_SaysAllOfThem()
    {
        var refusal = Assert.ThrowsExactly<ArchiveException>(() => ProposalPlan.Read(
            new("../l.tsv", null, "/", [new(0, "a"), new(1, "b", "date")], "/f", "", ["c"])));

        CollectionAssert.AreEquivalent(
            new[] { "path-invalid", "path-invalid", "filter-length", "separator-invalid", "position-invalid", "field-type" },
            ((IReadOnlyList<Finding>)refusal.Facts["findings"]!).Select(f => f.Code).ToArray());
    }

    [TestMethod]
    [DataRow("{well}{t:int}", false)]
    [DataRow("{t:int}{well}.tif", true)]
    [DataRow("{{{t:int}}}{_:path}", true)]
    [DataRow("{a}/{a}_{t:int}", true)]
    public void Read_WhenFieldsTouch_TakesWhatHasAnEnd(string pattern, bool isTaken) => Assert.AreEqual(isTaken, NamePattern.Read(pattern, new FindingList()) is not null);

    [TestMethod]
    [DataRow("p1/p1_x", true)]
    [DataRow("p1/p2_x", false)]
    public void TryRead_WhenANameOccursTwice_HoldsThemEqual(string path, bool expected) =>
        Assert.AreEqual(expected, NamePattern.Read("{a}/{a}_x", new FindingList())!.TryRead(path, new string[1]));

    private static NextFileSet Files(Node node, Draft draft) => NextFileSet.OfStaged(draft.Id, node.Uploads, node.Staging);

    private static ProposalWish Wish(string pattern, string name = "l.tsv") => new(name, pattern, null, null, null, null, null);

    private static string Text(ProposedRow row) => $"{row.Path}: {string.Join(", ", row.Attributes.Select(a => $"{a.Name}={a.Value}"))}";

    private async Task<(FileListProposal Proposal, string Tsv)> ProposeAsync(string[] names, ProposalWish wish)
    {
        await using var ground = await Ground.CreateAsync(Ct);
        var node = new Node(ground);
        var draft = await node.Desk.BeginAsync(Node.Owner, null, Ct);
        foreach (var name in names) await node.UploadAsync(draft, name, [1], Ct);
        using var tsv = new MemoryStream();
        var proposal = await FileListProposer.ProposeAsync(Files(node, draft), wish, 50, tsv, Ct);
        var text = Encoding.UTF8.GetString(tsv.ToArray());
        // The list and the first rows are two outputs of one pass.
        Assert.AreEqual(proposal.Matched + 1, text.Count(c => c == '\n'));
        return (proposal, text);
    }
}
