using System.Text;
using Archive.Model.Submissions;
using Archive.Submissions.FileLists;
using Archive.TestKit;

namespace Archive.Submission.Tests.FileLists;

[TestClass]
public sealed class FileListReaderTests
{
    public required TestContext TestContext { get; init; }

    [TestMethod]
    public async Task Read_WhenTabSeparated_GivesRowsWithTheirLinesAndAttributes()
    {
        var (rows, report) = await ReadAsync("\uFEFFFiles\tChannel\tSize\r\na/1.tif\tGFP\tlarge\r\n\r\nb.tif\t\t12");

        Assert.IsEmpty(report.Findings);
        CollectionAssert.AreEqual(
            new[] { "2 a/1.tif  Channel=GFP,Size=large", "4 b.tif  Size=12" }, rows);
    }

    [TestMethod]
    public async Task Read_WhenJson_GivesRowsOfElements()
    {
        var (rows, report) = await ReadAsync(
            """[{"path":"a.png","size":3,"type":"file","attributes":[{"name":"C","value":"x"},{"name":"D","value":null}]}, {"path":"dir","type":"directory"}]""");

        Assert.IsEmpty(report.Findings);
        CollectionAssert.AreEqual(new[] { "1 a.png 3 C=x", "2 dir  " }, rows);
    }

    [TestMethod]
    [DataRow("folder1/file1.ome.zarr.zip 24628037", "S-BIADTEST_COMPLEX_BIOSAMPLE/combined_file_list.tsv", 8)]
    [DataRow("folder2/file1.ome.zarr.zip 24628037", "S-BIADTEST_COMBINE_FILELIST/file_list_test_2.json", 4)]
    public async Task Read_WhenListIsReal_GivesEveryRow(string first, string file, int count)
    {
        if (Repository.RealData is null) Assert.Inconclusive("The folder of real inputs is absent.");

        var (rows, report) = await ReadAsync(await File.ReadAllTextAsync(Path.Combine(Repository.RealData!, "pagetab", file), TestContext.CancellationToken));

        Assert.IsEmpty(report.Findings);
        Assert.HasCount(count, rows);
        StringAssert.StartsWith(rows[0][2..], first, StringComparison.Ordinal);
    }

    [TestMethod]
    [DataRow("Name\tx\na\tb", "file-list-header @ list, row 1")]
    [DataRow("Files\t\tx\na\tb\tc", "file-list-header-blank @ list, row 1")]
    [DataRow("Files\tx\na\tb\tc", "file-list-row-too-wide @ list, row 2")]
    [DataRow("", "file-list-header @ list, row 1|file-list-empty @ list")]
    [DataRow("Files\tx", "file-list-empty @ list")]
    [DataRow("[{\"path\":\"a\"},", "file-list-not-json @ list, row 2")]
    [DataRow("[{\"path\":\"a\"} {\"path\":\"b\"}]", "file-list-not-json @ list, row 2")]
    [DataRow("{\"path\":\"a\"}", "file-list-not-json @ list, row 1")]
    [DataRow("[1,{\"path\":\"a\",\"size\":-1}]", "file-list-row @ list, row 1|file-size-invalid @ list, row 2")]
    [DataRow("[{\"path\":\"a\",\"attributes\":[{\"name\":\" \"},{\"name\":\"x\",\"value\":\"\\u0000\"}]}]", "attribute-name-blank @ list, row 1|text-invalid @ list, row 1")]
    public async Task Read_WhenSomethingIsWrong_SaysItWithItsRow(string text, string expected)
    {
        var (_, report) = await ReadAsync(text);

        Assert.IsTrue(expected.Split('|').Any(e => report.Findings.Any(f => $"{f.Code} @ {f.Place}" == e)), string.Join('\n', report.Findings));
        Assert.IsFalse(report.IsAcceptable);
    }

    [TestMethod]
    [DataRow("[{\"path\":\"a\"}]\n x", "line 2, byte 2")]
    [DataRow("[{\"path\":\"a\"}][{\"path\":\"b\"}]", "line 1, byte 15")]
    [DataRow("[{\"path\":\"a\"}]]", "line 1, byte 15")]
    public async Task Read_WhenSomethingFollowsTheJson_SaysWhere(string text, string position)
    {
        var (rows, report) = await ReadAsync(text);

        CollectionAssert.AreEqual(new[] { "1 a  " }, rows);
        var finding = report.Findings.Single();
        Assert.AreEqual("file-list-not-json @ list, row 2", $"{finding.Code} @ {finding.Place}");
        Assert.Contains(position, finding.Message);
    }

    [TestMethod]
    public async Task Read_WhenMuchWhiteSpaceFollowsTheJson_IsSoundAndWhatComesAfterItIsNot()
    {
        var space = new string(' ', 3_000_000);

        var (_, sound) = await ReadAsync("[{\"path\":\"a\"}]" + space);
        var (_, report) = await ReadAsync("[{\"path\":\"a\"}]" + space + "x");

        Assert.IsEmpty(sound.Findings);
        Assert.Contains("line 1, byte 3000015", report.Findings.Single().Message);
    }

    // As spreadsheets on old Macs saved: the whole file is then one line.
    [TestMethod]
    [DataRow(2)]
    [DataRow(200_000)]
    public async Task Read_WhenLinesEndInCarriageReturnsOnly_SaysSoOnce(int rows)
    {
        var (read, report) = await ReadAsync("Files\tx\r" + string.Concat(Enumerable.Range(0, rows).Select(i => $"f{i}.tif\tv\r")));

        Assert.IsEmpty(read);
        var finding = report.Findings.Single();
        Assert.AreEqual("file-list-line-ends @ list, row 1", $"{finding.Code} @ {finding.Place}");
        Assert.Contains("LF or CRLF", finding.Message);
    }

    [TestMethod]
    public async Task Read_WhenACarriageReturnStandsInALine_IsNoEndOfIt()
    {
        var (read, report) = await ReadAsync("Files\tx\na.tif\tone\rtwo\nb.tif\tv\r\n");

        Assert.IsEmpty(report.Findings);
        CollectionAssert.AreEqual(new[] { "2 a.tif  x=one\rtwo", "3 b.tif  x=v" }, read);
    }

    [TestMethod]
    public async Task Read_WhenNotUtf8_SaysSo()
    {
        var (_, report) = await ReadAsync([.. "Files\tx\na\t"u8, 0xE9, .. "\n"u8]);

        // Read in blocks: the row is near, and never one that no file has.
        Assert.Contains("file-list-encoding @ list, row 1", report.Findings.Select(f => $"{f.Code} @ {f.Place}"));
    }

    [TestMethod]
    [DataRow('F')]
    [DataRow('[')]
    public async Task Read_WhenARowIsEndless_StaysBounded(char first)
    {
        var limits = new FileListLimits(MaxRowChars: 100_000);
        var start = first == 'F' ? "Files\tx\na\t" : "[{\"path\":\"";
        await using var endless = new Repeating(Encoding.UTF8.GetBytes(start), 200L << 20);
        var findings = new FindingList();
        var before = GC.GetTotalAllocatedBytes();

        await foreach (var _ in FileListReader.ReadAsync(endless, new("list"), limits, findings, TestContext.CancellationToken)) Assert.Fail("A row was given.");

        Assert.IsTrue(findings.HasErrors);
        Assert.IsLessThan(50L << 20, GC.GetTotalAllocatedBytes() - before);
    }

    [TestMethod]
    public async Task Read_WhenManyRows_StreamsBothForms()
    {
        const int count = 100_000;
        var tsv = new StringBuilder("Files\tWell\n");
        var json = new StringBuilder("[");
        for (var i = 0; i < count; i++)
        {
            tsv.Append("plate/").Append(i).Append(".tif\tA").Append(i % 12).Append('\n');
            json.Append(i == 0 ? "" : ",\n").Append("{\"path\":\"plate/").Append(i).Append(".tif\",\"attributes\":[{\"name\":\"Well\",\"value\":\"A").Append(i % 12).Append("\"}]}");
        }
        json.Append(']');

        var (fromTsv, _) = await ReadAsync(tsv.ToString());
        var (fromJson, _) = await ReadAsync(json.ToString());

        Assert.HasCount(count, fromTsv);
        CollectionAssert.AreEqual(fromTsv.Select(r => r[(r.IndexOf(' ') + 1)..]).ToArray(), fromJson.Select(r => r[(r.IndexOf(' ') + 1)..]).ToArray());
    }

    private Task<(string[] Rows, ValidationReport Report)> ReadAsync(string text) => ReadAsync(Encoding.UTF8.GetBytes(text));

    private async Task<(string[] Rows, ValidationReport Report)> ReadAsync(byte[] bytes)
    {
        using var content = new MemoryStream(bytes);
        var findings = new FindingList();
        var rows = new List<string>();
        await foreach (var row in FileListReader.ReadAsync(content, new("list"), FileListLimits.Default, findings, TestContext.CancellationToken))
            rows.Add($"{row.Number} {row.Path} {row.DeclaredLengthBytes} {string.Join(',', row.Attributes.Select(a => $"{a.Name}={a.Value}"))}");
        return ([.. rows], findings.ToReport());
    }

    private sealed class Repeating(byte[] start, long length) : Stream
    {
        private long position;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => position; set => throw new NotSupportedException(); }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override int Read(Span<byte> buffer)
        {
            var bytes = (int)Math.Min(buffer.Length, length - position);
            for (var i = 0; i < bytes; i++) buffer[i] = position + i < start.Length ? start[position + i] : (byte)'x';
            position += bytes;
            return bytes;
        }

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => new(Read(buffer.Span));

        public override void Flush() => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
