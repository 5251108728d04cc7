using System.Text;
using Archive.Model.Submissions;
using Archive.Submission.Tests.Tables;
using Archive.Submissions.FileLists;
using Archive.Submissions.FileLists.Proposing;
using Archive.TestKit;

namespace Archive.Submission.Tests.FileLists;

/// <summary>Mutations of lists of every form: never anything but rows and findings, never long, never more memory than bounds allow.</summary>
[TestClass]
public sealed class FileListFuzzTests
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(2);

    private static readonly int Cases = Environment.GetEnvironmentVariable("ARCHIVE_TEST_LONG") == "1" ? 200_000 : 2_000;

    // What breaks readers: ends of lines and cells, quotes, brackets, marks, numbers out of range.
    private static readonly byte[][] Spices =
    [
        .. new[] { "\"", "\t", ",", ";", "\n", "\r", "\r\n", "\0", "\uFEFF", "[", "]", "{", "}", "Files", "sep=;\n", "PK\u0003\u0004", "<row r=\"9\">", "</row>", "&#0;", "&x;", "<!DOCTYPE a>", "999999999999", "\\ud800" }
            .Select(Encoding.UTF8.GetBytes),
        [0xFF], [0xC3], [0xED, 0xA0, 0x80], [0xFF, 0xFE],
    ];

    public required TestContext TestContext { get; init; }

    [TestMethod]
    [DataRow("tsv")]
    [DataRow("csv")]
    [DataRow("json")]
    [DataRow("xlsx")]
    [DataRow("sheet")]
    [Timeout(3_600_000, CooperativeCancellation = true)]
    public async Task Read_WhenMutated_GivesRowsAndFindingsOnly(string kind)
    {
        var seeds = Seeds(kind);
        var random = new Random(20261120 + kind[0] + kind.Length);
        var limits = new FileListLimits(MaxRowChars: 10_000, MaxColumns: 50, MaxRows: 10_000, MaxValues: 200);
        var (longest, allocated, rows) = (TimeSpan.Zero, 0L, 0L);
        for (var i = 0; i < Cases; i++)
        {
            var bytes = Mutate(seeds[random.Next(seeds.Count)], random, most: kind is "sheet" or "xlsx" ? 2 : 5);
            if (kind == "sheet") bytes = Book(bytes);
            var (clock, before) = (ProcessorTime.Start(), GC.GetAllocatedBytesForCurrentThread());
            var findings = new FindingList();
            using var content = new MemoryStream(bytes);
            var form = new FileListForm("list", random.Next(2) == 0 ? ";" : null, IsOfLinks: random.Next(8) == 0, Tally: random.Next(2) == 0 ? new ColumnTally() : null);
            try
            {
                await foreach (var row in FileListReader.ReadAsync(content, form, limits, findings, TestContext.CancellationToken)) rows += row.Number > 0 ? 1 : 0;
                form.Tally?.Report(form, findings);
            }
            catch (Exception e)
            {
                Assert.Fail($"Case {i} of {kind} ({Convert.ToBase64String(bytes)}): {e}");
            }
            if (clock.Elapsed > longest) longest = clock.Elapsed;
            allocated = Math.Max(allocated, GC.GetAllocatedBytesForCurrentThread() - before);
        }
        TestContext.WriteLine($"{Cases} cases of {kind}: {rows} rows, longest {longest.TotalMilliseconds:0} ms, most {allocated >> 10} KiB");
        Assert.IsGreaterThan(0, rows, "No mutation was ever read: the test would show nothing.");
        Assert.IsLessThan(Longest, longest);
        Assert.IsLessThan(64L << 20, allocated);
    }

    [TestMethod]
    public void Propose_WhenPatternsAreRandom_TakesLinearTimeAndNeverThrows()
    {
        var random = new Random(20261120);
        string[] parts = ["{a}", "{b:int}", "{c:path}", "_", "/", "*", "(", "[", "+", ".", "a", "{", "}", "{{", "{:}", "{a:int}", "\\", "$", "{_}", "é"];
        var path = string.Concat(Enumerable.Repeat("a_1/", 200)) + "!";
        var (longest, read) = (TimeSpan.Zero, 0);
        for (var i = 0; i < Math.Min(Cases, 20_000); i++)
        {
            var pattern = string.Concat(Enumerable.Range(0, random.Next(1, 24)).Select(_ => parts[random.Next(parts.Length)]));
            var clock = ProcessorTime.Start();
            if (NamePattern.Read(pattern, new FindingList()) is { } rule)
            {
                read++;
                rule.TryRead(path, new string[rule.Fields.Count]);
            }
            if (clock.Elapsed > longest) longest = clock.Elapsed;
        }
        TestContext.WriteLine($"{read} patterns, longest {longest.TotalMilliseconds:0} ms");
        Assert.IsGreaterThan(50, read);
        Assert.IsLessThan(Longest, longest);
    }

    private static List<byte[]> Seeds(string kind)
    {
        const string tsv = "Files\tChannel\tDay\na/1.tif\tGFP; DIC\t2026-01-02\n\"b\".tif\t5\t1.2.2026\n";
        const string csv = "\"Files\",Channel,Day\r\na/1.tif,\"GFP, \"\"x\"\"\",2026-01-02\r\nb.tif,\"two\r\nlines\",3\r\n";
        const string json = """[{"path":"a/1.tif","size":12,"type":"file","attributes":[{"name":"Channel","value":"GFP; DIC"},{"name":"N","value":["1",2,null]}]},{"path":"b.tif"}]""";
        var seeds = new List<byte[]>
        {
            kind switch
            {
                "tsv" => Encoding.UTF8.GetBytes(tsv),
                "csv" => Encoding.UTF8.GetBytes(csv),
                "json" => Encoding.UTF8.GetBytes(json),
                "xlsx" => Workbook.OfRows(["Files", "Channel"], ["a/1.tif", "GFP; DIC"], ["b.tif", "2"]).ToBytes(),
                _ => Encoding.UTF8.GetBytes("""<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="str"><v>Day</v></c></row><row r="2"><c r="A2" t="inlineStr"><is><t>a.tif</t></is></c><c r="B2" s="1"><v>46000</v></c></row>"""),
            },
        };
        if (Repository.RealData is not { } real) return seeds;
        if (kind == "tsv") seeds.Add(File.ReadAllBytes(Path.Combine(real, "pagetab/S-BIADTEST_COMPLEX_BIOSAMPLE/combined_file_list.tsv")));
        if (kind == "json") seeds.Add(File.ReadAllBytes(Path.Combine(real, "pagetab/S-BIADTEST_COMBINE_FILELIST/file_list_test_2.json")));
        if (kind == "xlsx") seeds.Add(File.ReadAllBytes(Path.Combine(real, "pagetab/bia_mifa_models.xlsx")));
        return seeds;
    }

    // The mutation is of the sheet's XML, and the zip around it is whole.
    private static byte[] Book(byte[] sheet) => Workbook.WithSheet(Encoding.Latin1.GetString(sheet)).ToBytes();

    private static byte[] Mutate(byte[] seed, Random random, int most)
    {
        var bytes = seed.ToList();
        for (var times = random.Next(most); times >= 0 && bytes.Count > 0; times--)
        {
            var at = random.Next(bytes.Count);
            var length = Math.Min(random.Next(1, 20), bytes.Count - at);
            switch (random.Next(6))
            {
                case 0: bytes[at] = (byte)random.Next(256); break;
                case 1: bytes[at] ^= (byte)(1 << random.Next(8)); break;
                case 2: bytes.RemoveRange(at, length); break;
                case 3: bytes.InsertRange(at, bytes.GetRange(at, length)); break;
                case 4: bytes.InsertRange(at, Enumerable.Repeat(Spices[random.Next(Spices.Length)], random.Next(1, 4)).SelectMany(s => s)); break;
                default: if (random.Next(4) == 0) bytes.RemoveRange(at, bytes.Count - at); break;
            }
        }
        return [.. bytes];
    }
}
