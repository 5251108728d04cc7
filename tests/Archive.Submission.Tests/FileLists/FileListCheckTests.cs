using System.Text;
using Archive.Model.Files;
using Archive.Model.PageTab;
using Archive.Model.Rembi;
using Archive.Model.Submissions;
using Archive.Submission.Tests.Pipeline;
using Archive.Submission.Tests.Tables;
using Archive.Submissions.FileLists;
using Archive.TestKit;

namespace Archive.Submission.Tests.FileLists;

/// <summary>Lists of a draft against what is staged, on a real database.</summary>
[TestClass]
public sealed class FileListCheckTests
{
    public required TestContext TestContext { get; init; }

    private CancellationToken Ct => TestContext.CancellationToken;

    [TestMethod]
    public async Task Check_WhenSeveralListsOfEveryForm_FindsWhatIsWrongInEach()
    {
        var findings = await CheckAsync(
            """
            "subsections":[
             {"type":"Study Component","attributes":[{"name":"File List","value":"lists/one.csv"}]},
             {"type":"Study Component","attributes":[{"name":"File List","value":"two.xlsx"}]},
             {"type":"Study Component","attributes":[{"name":"File List","value":"absent.tsv"}],
              "files":[[{"path":"a/1.tif"},{"path":"a/1.tif"}]]},
             {"type":"Study Component","files":[{"path":"a/1.tif","size":2},{"path":"c"}]}]
            """,
            ("lists/one.csv", "Files,Note\n\"a/1.tif\",\"x\ny\"\na/1.tif,\nb/nothing.tif,\n../up.tif,\n"u8.ToArray()),
            ("two.xlsx", Workbook.OfRows(["Files", "Note"], ["a/1.tif", ""], ["a", ""], ["gone.tif", "x"]).ToBytes()),
            ("a/1.tif", [1]), ("a/2.tif", [1]), ("c/d/e.tif", [1]), ("left.txt", [1]));

        CollectionAssert.AreEqual(
            new[]
            {
                "file-duplicate @ lists/one.csv, row 4", "file-missing @ lists/one.csv, row 5", "file-path @ lists/one.csv, row 6", "file-missing @ two.xlsx, row 4",
                "file-list-missing @ $.section.subsections[2].attributes[0]", "file-duplicate @ $.section.subsections[2].files[0][1]",
                "file-size-differs @ $.section.subsections[3].files[0]", "files-unlisted @ left.txt",
            },
            findings.Select(f => $"{f.Code} @ {f.Place}").ToArray());
    }

    [TestMethod]
    public async Task Check_WhenLinksAreListed_JudgesEachAndTheListIsNoStray()
    {
        var findings = await CheckAsync(
            """ "attributes":[{"name":"Link List","value":"links.tsv"},{"name":"File List","value":"f.tsv"}] """,
            ("links.tsv", "Links\tType\nhttps://example.org/a\t\nEMD-1234\tEMDB\nEMD-1\t\njavascript:alert(1)\t\nEMD-1234\tEMDB\n\tEMDB\ndoi:10.1000/x\t\n"u8.ToArray()),
            ("f.tsv", "Files\na.tif\n"u8.ToArray()), ("a.tif", [1]));

        CollectionAssert.AreEqual(
            new[] { "link-blank @ links.tsv, row 7", "link-without-type @ links.tsv, row 4", "link-without-type @ links.tsv, row 5", "link-duplicate @ links.tsv, row 6" },
            findings.Where(f => f.Code != "link-without-type" || !f.Place.EndsWith("row 8", StringComparison.Ordinal)).Select(f => $"{f.Code} @ {f.Place}").ToArray(), string.Join('\n', findings));
    }

    [TestMethod]
    public async Task Validate_WhenALinkListIsWrong_SaysSoWithoutSubmitting()
    {
        await using var ground = await Ground.CreateAsync(Ct);
        var node = new Node(ground);
        var draft = await SetAsync(node, await node.Desk.BeginAsync(Node.Owner, null, Ct), """ "attributes":[{"name":"Link List","value":"links.csv"}] """);
        await node.UploadAsync(draft, "links.csv", "Links,Type\n,EMDB\n"u8.ToArray(), Ct);

        var report = await node.Validator.CheckAsync((await node.Drafts.FindAsync(draft.Id, Ct))!, Revising.Depositor, null, Ct);

        Assert.Contains("link-blank links.csv, row 2", report.Findings.Select(f => $"{f.Code} {f.Place}"));
    }

    [TestMethod]
    public async Task Check_WhenColumnsAreNearlyTyped_SaysWhereTheyAreNot()
    {
        var list = new StringBuilder("Files\tExposure\tDay\tTaken\tUsDay\tChannels\n");
        for (var i = 1; i <= 20; i++) list.Append($"{i}.tif\t{(i == 7 ? "n/a" : $"0.{i}")}\t{(i == 9 ? "soon" : "2026-01-02")}\t24.12.2025\t1/2/2026\tGFP;DIC\n");

        var findings = await CheckAsync(
            """ "attributes":[{"name":"File List","value":"f.tsv","valqual":[{"name":"Separator","value":";"}]}] """,
            [("f.tsv", Encoding.UTF8.GetBytes(list.ToString())), .. Enumerable.Range(1, 20).Select(i => ($"{i}.tif", new byte[] { 1 }))]);

        CollectionAssert.AreEquivalent(
            new[] { "column-mixed f.tsv, row 8 ", "column-mixed f.tsv, row 10 ", "date-form f.tsv, row 2 2025-12-24", "date-form f.tsv, row 2 " },
            findings.Select(f => $"{f.Code} {f.Place} {f.Fix}").ToArray());
    }

    [TestMethod]
    public async Task Check_WhenNamesAreUnsafe_ProposesOthersAndRefusesNone()
    {
        var findings = await CheckAsync(
            """ "attributes":[{"name":"File List","value":"f.tsv"}] """,
            ("f.tsv", "Files\nimg#1 (µm).tif\n"u8.ToArray()), ("img#1 (µm).tif", [1]));

        Assert.AreEqual("Warning file-name-unsafe img_1 (um).tif", string.Join('|', findings.Select(f => $"{f.Severity} {f.Code} {f.Fix}")));
    }

    [TestMethod]
    public async Task Check_WhenNamesHaveBlanksAround_TakesThemAsWrittenAndProposesTheTrimmed()
    {
        var findings = await CheckAsync(
            """ "attributes":[{"name":"File List","value":"f.tsv"}] """,
            ("f.tsv", "Files\tx\na.tif \t1\nb.tif \t2\n"u8.ToArray()), ("a.tif ", [1]), ("b.tif", [1]));

        CollectionAssert.AreEqual(new[] { "file-missing @ f.tsv, row 3: b.tif", "files-unlisted @ b.tif: " }, findings.Select(f => $"{f.Code} @ {f.Place}: {f.Fix}").ToArray());
    }

    [TestMethod]
    public async Task Check_WhenAListIsEmptyAfterOneWithErrors_SaysBoth()
    {
        var findings = await CheckAsync(
            """ "subsections":[{"type":"Study Component","attributes":[{"name":"File List","value":"one.tsv"}]},{"type":"Study Component","attributes":[{"name":"File List","value":"two.csv"}]}] """,
            ("one.tsv", "Files\ngone.tif\n"u8.ToArray()), ("two.csv", "Files,x\n"u8.ToArray()));

        CollectionAssert.AreEqual(new[] { "file-missing @ one.tsv, row 2", "file-list-empty @ two.csv" }, findings.Select(f => $"{f.Code} @ {f.Place}").ToArray());
    }

    [TestMethod]
    public async Task Submit_WhenListedInAWorkbookWithSeveralValues_LandsThemInTheFileReference()
    {
        await using var ground = await Ground.CreateAsync(Ct);
        var node = new Node(ground);
        var draft = await node.Desk.BeginAsync(Node.Owner, null, Ct);
        await SetAsync(node, draft, """ "attributes":[{"name":"Title","value":"Wells of a plate, imaged for a test"},{"name":"File List","value":"f.xlsx","valqual":[{"name":"separator","value":"|"}]}] """);
        await node.UploadAsync(draft, "a/1.tif", [1], Ct);
        await node.UploadAsync(draft, "f.xlsx", Workbook.WithSheet("""
            <row r="1"><c t="s"><v>0</v></c><c t="str"><v>Channel</v></c><c t="str"><v>Day</v></c></row>
            <row r="2"><c t="str"><v>a/1.tif</v></c><c t="str"><v>GFP | DIC</v></c><c s="1"><v>46000</v></c></row>
            """).ToBytes(), Ct);

        var outcome = (await node.Submitter.SubmitAsync(draft.Id, Node.Owner, Ct))!;
        var ended = await node.RunUntilEndedAsync(outcome.Submission!.Id, Ct);

        Assert.AreEqual(SubmissionState.Released, ended.State, string.Join('\n', ended.Report.Findings));
        var reference = await node.References.FindAsync((await node.Datasets.FindAsync(ended.Accession, Ct))!, ArchivePath.Parse("a/1.tif", null), 1, Ct);
        Assert.AreEqual("Channel=GFP,Channel=DIC,Day=2025-12-09", string.Join(',', reference!.Attributes.Select(a => $"{a.Name}={a.Value}")));
    }

    [TestMethod]
    public async Task Check_WhenTheInlineTableIsReal_ReadsEveryRow()
    {
        if (Repository.RealData is null) Assert.Inconclusive("The folder of real inputs is absent.");
        await using var real = File.OpenRead(Path.Combine(Repository.RealData!, "pagetab/S-BSMS4/S-BSMS4_original.json"));
        var study = RembiReader.Read((await PageTabJson.ReadAsync(real, PageTabLimits.Default, Ct)).Document!);
        await using var ground = await Ground.CreateAsync(Ct);
        var node = new Node(ground);
        var draft = await node.Desk.BeginAsync(Node.Owner, null, Ct);
        foreach (var file in study.InlineFiles.Skip(1)) await node.UploadAsync(draft, file.Path, new byte[(int)(file.LengthBytes ?? 1) % 1000], Ct);
        var findings = new FindingList();

        await new FileListCheck(node.Uploads, node.Staging, FileListLimits.Default).CheckAsync(draft.Id, study, findings, Ct);

        // 60 rows, as the folder's README says; the first file was not uploaded, the others have not their real lengths.
        Assert.HasCount(60, study.InlineFiles);
        Assert.AreEqual(study.InlineFiles[0].Place, findings.ToReport().Findings.Single(f => f.Code == "file-missing").Place);
        Assert.DoesNotContain("file-duplicate", findings.ToReport().Findings.Select(f => f.Code));
    }

    [TestMethod]
    public async Task Check_WhenTwoThousandRowsAreWrong_KeepsAThousandAndCountsTheRest()
    {
        var report = await ReportAsync(
            """ "attributes":[{"name":"File List","value":"f.csv"}] """,
            ("f.csv", Encoding.UTF8.GetBytes("Files,x\n" + string.Concat(Enumerable.Range(0, 2000).Select(i => $"gone{i}.tif,1\n")))));

        Assert.HasCount(1000, report.Findings);
        Assert.AreEqual(1000, report.Omitted);
        Assert.AreEqual("f.csv, row 2", report.Findings[0].Place);
    }

    private async Task<IReadOnlyList<Finding>> CheckAsync(string section, params (string Path, byte[] Content)[] files) => (await ReportAsync(section, files)).Findings;

    private async Task<ValidationReport> ReportAsync(string section, params (string Path, byte[] Content)[] files)
    {
        await using var ground = await Ground.CreateAsync(Ct);
        var node = new Node(ground);
        var draft = await node.Desk.BeginAsync(Node.Owner, null, Ct);
        draft = await SetAsync(node, draft, section);
        foreach (var (path, content) in files) await node.UploadAsync(draft, path, content, Ct);
        var findings = new FindingList();
        await new FileListCheck(node.Uploads, node.Staging, FileListLimits.Default).CheckAsync(draft.Id, await node.Validator.StudyAsync(draft.Id, Ct), findings, Ct);
        return findings.ToReport();
    }

    private async Task<Draft> SetAsync(Node node, Draft draft, string section)
    {
        var json = $$$"""{"attributes":[{"name":"ReleaseDate","value":"2020-01-01"}],"section":{"type":"Study",{{{section}}} }}""";
        return (await node.Desk.SetPageTabAsync(draft.Id, new MemoryStream(Encoding.UTF8.GetBytes(json)), null, Ct)).Draft;
    }
}
