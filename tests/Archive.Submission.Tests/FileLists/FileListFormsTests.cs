using System.Text;
using Archive.Model.Submissions;
using Archive.Submission.Tests.Tables;
using Archive.Submissions.FileLists;

namespace Archive.Submission.Tests.FileLists;

/// <summary>CSV (RFC 4180), XLSX, several values, links: what lists may look like besides plain TSV and JSON.</summary>
[TestClass]
public sealed class FileListFormsTests
{
    public required TestContext TestContext { get; init; }

    [TestMethod]
    [DataRow("Files,Channel\na.tif,GFP\n", "2 a.tif Channel=GFP")]
    [DataRow("\uFEFFFiles,Channel\r\na.tif,GFP\r\n\r\nb.tif,\r\n", "2 a.tif Channel=GFP|4 b.tif ")]
    [DataRow("\"Files\",\"Note\"\n\"a,b.tif\",\"say \"\"x\"\"\"\n", "2 a,b.tif Note=say \"x\"")]
    [DataRow("Files,Note\na.tif,\"one\ntwo\r\nthree\"\nb.tif,x\n", "2 a.tif Note=one\ntwo\r\nthree|5 b.tif Note=x")]
    [DataRow("Files,Note\na.tif,\"one\rtwo\"\nb.tif,x\r\n", "2 a.tif Note=one\rtwo|4 b.tif Note=x")]
    [DataRow("Files;Note;µm\na.tif;1,5;2\n", "2 a.tif Note=1,5,µm=2")]
    [DataRow("sep=;\nFiles;Note,x\na.tif;y\n", "3 a.tif Note,x=y")]
    [DataRow("\"Files\"\n\"a,b.tif\"\n", "2 a,b.tif ")]
    [DataRow("\n\nFiles,x\na.tif,y", "4 a.tif x=y")]
    [DataRow("Files,x\na.tif,5\" disk\n", "2 a.tif x=5\" disk")]
    [DataRow("Files,x\na.tif,\"y\"  ,\n", "2 a.tif x=y")]
    [DataRow("Files\tx,y;z\na.tif\t\"q\n", "2 a.tif x,y;z=\"q")]
    [DataRow("Files\tx\n a.tif \t y \n", "2  a.tif  x=y")]
    [DataRow("Files,x\n\"a.tif \", y \n", "2 a.tif  x=y")]
    public async Task Read_WhenText_IsTheTableThatItIs(string text, string expected)
    {
        var (rows, report) = await ReadAsync(Encoding.UTF8.GetBytes(text));

        Assert.IsEmpty(report.Findings, string.Join('\n', report.Findings));
        CollectionAssert.AreEqual(expected.Split('|'), rows);
    }

    [TestMethod]
    [DataRow("Files;a,b\nx;y\n", "file-list-separator @ list, row 1")]
    [DataRow("Files,x\na.tif,\"open\nb.tif,y\n", "file-list-quote @ list, row 2")]
    [DataRow("Files,x\na.tif,y,z\n", "file-list-row-too-wide @ list, row 2")]
    [DataRow("Files,x\na.tif,\"1\n2\"\nb.tif,y,z\n", "file-list-row-too-wide @ list, row 4")]
    [DataRow("Files,,x\na.tif,y,z\n", "file-list-header-blank @ list, row 1")]
    [DataRow("Files,x\ra.tif,y\r", "file-list-line-ends @ list, row 1")]
    [DataRow("Files,x\r\na.tif,y\rb.tif,z\r\n", "file-list-line-ends @ list, row 2")]
    [DataRow("\n\nFiles\ra.tif\r", "file-list-line-ends @ list, row 3")]
    public async Task Read_WhenCsvIsWrong_SaysItWithTheLineWhereTheRowBegins(string text, string expected)
    {
        var (_, report) = await ReadAsync(Encoding.UTF8.GetBytes(text));

        Assert.Contains(expected, report.Findings.Select(f => $"{f.Code} @ {f.Place}"));
    }

    [TestMethod]
    public async Task Read_WhenUtf16AsSpreadsheetsWriteIt_IsRead()
    {
        var (rows, report) = await ReadAsync([.. Encoding.Unicode.Preamble, .. Encoding.Unicode.GetBytes("Files\tName\r\nä.tif\tÖ\r\n")]);

        Assert.IsEmpty(report.Findings);
        CollectionAssert.AreEqual(new[] { "2 ä.tif Name=Ö" }, rows);
    }

    [TestMethod]
    public async Task Read_WhenWorkbook_ReadsTheFirstSheet()
    {
        var book = Workbook.WithSheet("""
            <row r="1"><c t="s"><v>0</v></c><c t="s"><v>1</v></c><c t="str"><v>Day</v></c></row>
            <row r="4"><c t="str"><v>a/b.tif</v></c><c><v>0.5</v></c><c s="1"><v>46000</v></c></row>
            <row r="5"><c t="str"><v> </v></c></row>
            """);

        var (rows, report) = await ReadAsync(book.ToBytes());

        Assert.IsEmpty(report.Findings);
        // Day 46000 is 2025-12-09: 36526 is 2000-01-01, and 9474 days later are 25 years with 7 leap days and 342 days of 2025.
        CollectionAssert.AreEqual(new[] { "4 a/b.tif Channel=0.5,Day=2025-12-09" }, rows);
    }

    [TestMethod]
    [DataRow("Files\tChannel\tNote\na\tGFP; DIC;;GFP\tx\n", "2 a Channel=GFP,Channel=DIC,Channel=GFP,Note=x")]
    [DataRow("""[{"path":"a","attributes":[{"name":"Channel","value":["GFP; DIC","cy5"]},{"name":"N","value":2}]}]""", "1 a Channel=GFP,Channel=DIC,Channel=cy5,N=2")]
    public async Task Read_WhenASeparatorIsStated_GivesEachValue(string text, string expected)
    {
        var (rows, report) = await ReadAsync(Encoding.UTF8.GetBytes(text), new("list", ";"));

        Assert.IsEmpty(report.Findings);
        CollectionAssert.AreEqual(new[] { expected }, rows);
    }

    [TestMethod]
    public async Task Read_WhenNoSeparatorIsStated_KeepsTheCellWhole()
    {
        var (rows, _) = await ReadAsync("Files\tChannel\na\tGFP; DIC|cy5\n"u8.ToArray());

        CollectionAssert.AreEqual(new[] { "2 a Channel=GFP; DIC|cy5" }, rows);
    }

    [TestMethod]
    [DataRow("Files\tx\na\t1;2;3;4\n")]
    [DataRow("""[{"path":"a","attributes":[{"name":"x","value":"1;2;3;4"}]}]""")]
    public async Task Read_WhenARowHasTooManyValues_SaysSo(string text)
    {
        var (_, report) = await ReadAsync(Encoding.UTF8.GetBytes(text), new("list", ";"), FileListLimits.Default with { MaxValues = 3 });

        Assert.Contains("file-list-values", report.Findings.Select(f => f.Code));
    }

    // Each element of a JSON list may have names of its own: they must not be held without end.
    [TestMethod]
    public async Task Read_WhenEveryElementHasANewName_HoldsAMegabyteOfNamesAndReportsThoseOnly()
    {
        var tally = new ColumnTally();
        var json = "[" + string.Join(',', Enumerable.Range(0, 3000).Select(i => $$"""{"path":"{{i}}","attributes":[{"name":"{{i:00000}}{{new string('n', 1019)}}","value":"24.12.2025"}]}""")) + "]";

        await ReadAsync(Encoding.UTF8.GetBytes(json), new("list", Tally: tally));
        var findings = new FindingList();
        tally.Report(new("list"), findings);

        // 1,048,576 characters are 1,024 names of 1,024 each.
        Assert.AreEqual(1024, findings.Found);
        Assert.AreNotSame(tally.ColumnOf($"{1023:00000}{new string('n', 1019)}"), tally.ColumnOf("more"));
        Assert.AreSame(tally.ColumnOf("other"), tally.ColumnOf("more"));
    }

    [TestMethod]
    [DataRow("Links\tType\nhttps://example.org\tweb\n", "2 https://example.org Type=web")]
    [DataRow("url,Type\nEMD-1,EMDB\n", "2 EMD-1 Type=EMDB")]
    [DataRow("""[{"url":"EMD-1","attributes":[{"name":"Type","value":"EMDB"}]}]""", "1 EMD-1 Type=EMDB")]
    public async Task Read_WhenOfLinks_TakesTheirHeader(string text, string expected)
    {
        var (rows, report) = await ReadAsync(Encoding.UTF8.GetBytes(text), new("list", IsOfLinks: true));
        var (_, asFiles) = await ReadAsync(Encoding.UTF8.GetBytes(text));

        Assert.IsEmpty(report.Findings);
        CollectionAssert.AreEqual(new[] { expected }, rows);
        Assert.IsFalse(asFiles.IsAcceptable);
    }

    private async Task<(string[] Rows, ValidationReport Report)> ReadAsync(byte[] bytes, FileListForm? form = null, FileListLimits? limits = null)
    {
        using var content = new MemoryStream(bytes);
        var findings = new FindingList();
        var rows = new List<string>();
        await foreach (var row in FileListReader.ReadAsync(content, form ?? new("list"), limits ?? FileListLimits.Default, findings, TestContext.CancellationToken))
            rows.Add($"{row.Number} {row.Path} {string.Join(',', row.Attributes.Select(a => $"{a.Name}={a.Value}"))}");
        return ([.. rows], findings.ToReport());
    }
}
