using System.Diagnostics;
using System.IO.Compression;
using System.Text;
using Archive.Model.PageTab;
using Archive.Submission.Tests.Tables;
using Archive.Submissions.Drafts;
using Archive.TestKit;

namespace Archive.Submission.Tests.PageTabs;

/// <summary>Page tabs as workbooks: the first sheet says what TSV says, and no workbook costs more than its bounds.</summary>
[TestClass]
public sealed class WorkbookPageTabTests
{
    private static readonly bool IsLong = Environment.GetEnvironmentVariable("ARCHIVE_TEST_LONG") == "1";

    public required TestContext TestContext { get; init; }

    private CancellationToken Ct => TestContext.CancellationToken;

    [TestMethod]
    public async Task Receive_WhenSheetIsAPageTab_KeepsTheJsonThatTsvGives()
    {
        var rows = new[] { new[] { "Submission", "S-1" }, ["Title", "a \"b\" & c"], ["ReleaseDate", "2024-01-01"], [""], ["Study"], ["<affiliation>", "o1"], [""], ["Files", "Channel"], ["a.tif", "GFP"], ["b.tif", ""] };

        var (json, reading) = await ReceiveAsync(PageTabForm.Xlsx, Workbook.OfRows(rows).ToBytes());
        var (fromTsv, _) = await ReceiveAsync(PageTabForm.Tsv, Encoding.UTF8.GetBytes(string.Join('\n', rows.Select(r => string.Join('\t', r)))));

        Assert.IsEmpty(reading.Report.Findings);
        Assert.AreEqual(fromTsv, json);
        Assert.Contains("a \\u0022b\\u0022", json!);
    }

    [TestMethod]
    public async Task Receive_WhenSheetIsWrong_NamesRows()
    {
        var (json, reading) = await ReceiveAsync(PageTabForm.Xlsx, Workbook.OfRows(["Submission"], ["", "x"], [""], ["Study"], ["a", "b", "c"]).ToBytes());

        Assert.IsNull(json);
        CollectionAssert.AreEqual(new[] { "attribute-name-blank row 2", "row-too-wide row 5" }, reading.Report.Findings.Select(f => $"{f.Code} {f.Place}").ToArray());
    }

    [TestMethod]
    public async Task Receive_WhenNoWorkbook_SaysSo()
    {
        var (_, reading) = await ReceiveAsync(PageTabForm.Xlsx, "Submission\n"u8.ToArray());

        Assert.AreEqual(PageTabFault.NotXlsx, reading.Fault);
    }

    [TestMethod]
    [DataRow("one part of blanks")]
    [DataRow("shared text in every cell")]
    [DataRow("rows without end")]
    public async Task Receive_WhenWorkbookIsABomb_StopsAtABound(string shape)
    {
        var book = shape switch
        {
            "one part of blanks" => Workbook.WithSheet(new string(' ', 200 << 20)),
            "rows without end" => Workbook.WithSheet(string.Concat(Enumerable.Range(1, 600_000).Select(i => $"<row r=\"{i}\"><c t=\"inlineStr\"><is><t>a</t></is></c></row>"))),
            _ => Workbook.WithSheet(string.Concat(Enumerable.Range(1, 100_000).Select(i => $"<row r=\"{i}\"><c t=\"s\"><v>0</v></c></row>"))),
        };
        if (shape.StartsWith("shared", StringComparison.Ordinal)) book.Parts["xl/sharedStrings.xml"] = "<sst><si><t>" + new string('x', 500_000) + "</t></si></sst>";
        var bytes = book.ToBytes(CompressionLevel.Optimal);
        var (before, started) = (GC.GetTotalAllocatedBytes(), Stopwatch.GetTimestamp());

        var (json, reading) = await ReceiveAsync(PageTabForm.Xlsx, bytes);

        TestContext.WriteLine($"{bytes.Length >> 10} KiB: {Stopwatch.GetElapsedTime(started).TotalMilliseconds:f0} ms, allocated {(GC.GetTotalAllocatedBytes() - before) >> 20} MiB: {reading.Report.Findings[0].Message}");
        Assert.IsNull(json);
        Assert.AreEqual(PageTabFault.TooLarge, reading.Fault);
        // The largest that bounds let through takes a second or two; a bomb would take minutes.
        Assert.IsLessThan(TimeSpan.FromSeconds(10), Stopwatch.GetElapsedTime(started));
        Assert.IsLessThan(400L << 20, GC.GetTotalAllocatedBytes() - before);
    }

    [TestMethod]
    public async Task Receive_WhenBytesOfAWorkbookAreChanged_ReadsOrRefuses()
    {
        var seed = Environment.TickCount;
        TestContext.WriteLine($"seed {seed}");
        var random = new Random(seed);
        var inputs = new List<byte[]>
        {
            Workbook.OfRows(["Submission", "S-1"], ["Title", "x"], [""], ["Study"], ["[q]", "v"], [""], ["Files", "A"], ["f", "1"]).ToBytes(CompressionLevel.NoCompression),
            Workbook.OfRows(["Submission"], [""], ["Study", "r"]).ToBytes(),
        };
        if (Repository.RealData is { } data) inputs.Add(await File.ReadAllBytesAsync(Path.Combine(data, "pagetab", "bia_mifa_models.xlsx"), Ct));
        for (var i = 0; i < (IsLong ? 50_000 : 1_000); i++)
        {
            var bytes = (byte[])inputs[random.Next(inputs.Count)].Clone();
            for (var changes = random.Next(1, 6); changes > 0; changes--) bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            var started = Stopwatch.GetTimestamp();

            var (json, reading) = await ReceiveAsync(PageTabForm.Xlsx, random.Next(5) == 0 ? bytes[..random.Next(bytes.Length)] : bytes);

            Assert.IsLessThan(TimeSpan.FromSeconds(2), Stopwatch.GetElapsedTime(started), $"seed {seed}, case {i}");
            Assert.AreEqual(json is not null, reading.Report.IsAcceptable && reading.Fault == PageTabFault.None, $"seed {seed}, case {i}");
        }
    }

    private async Task<(string? Json, PageTabReading Reading)> ReceiveAsync(PageTabForm form, byte[] bytes)
    {
        using var content = new MemoryStream(bytes);
        var received = await PageTabText.ReceiveAsync(content, PageTabLimits.Default.MaxBytes, Ct);
        var (json, reading) = await PageTabIntake.ToJsonAsync(form, received!, PageTabLimits.Default, null, Ct);
        using var text = json;
        if (text is null) return (null, reading);
        using var reader = new StreamReader(text.Open());
        return (await reader.ReadToEndAsync(Ct), reading);
    }
}
