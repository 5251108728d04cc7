using System.Text;
using Archive.Model.PageTab;
using Archive.Model.Submissions;
using Archive.TestKit;
using FsCheck;
using FsCheck.Fluent;

namespace Archive.Model.Tests.PageTab;

/// <summary>
/// Bytes changed at random in real and generated page tabs of every form: each is read or refused, in bounded time and memory, and what is
/// taken can be written in every form and read again as the same.
/// </summary>
[TestClass]
public sealed class PageTabFuzzTests
{
    private static readonly bool IsLong = Environment.GetEnvironmentVariable("ARCHIVE_TEST_LONG") == "1";
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(2);

    // Pieces that mean something in one of the forms, put where they do not belong.
    private static readonly byte[][] Pieces =
    [
        .. new[]
        {
            "\"", "\"\"", "\t", "\n", "\r\n", "\r", "\n\n", "#", "<", ">", "&amp;", "&x;", "<!DOCTYPE a [<!ENTITY x \"y\">]>", "<![CDATA[", "]]>", "<!--", "<table>", "</table>", "<value/>", "xmlns=\"a\"",
            "{", "}", "[", "]", "[[", ",", ":", "null", "\\u0000", "\\ud800", "\uFEFF", "{level}\t9", "{table}\tnext", "{size}\t-1", "Files\t{size}\t(x)", "Study[]", "File", "Submission", "\0", "\u0001",
        }.Select(Encoding.UTF8.GetBytes),
        [0xFF], [0xC3], [0xED, 0xA0, 0x80], [0xFF, 0xFE],
    ];

    public required TestContext TestContext { get; init; }

    [TestMethod]
    [DataRow(PageTabForm.Json)]
    [DataRow(PageTabForm.Tsv)]
    [DataRow(PageTabForm.Xml)]
    public async Task Read_WhenBytesAreChanged_ReadsOrRefusesInBounds(PageTabForm form)
    {
        var seed = Environment.TickCount;
        TestContext.WriteLine($"seed {seed}");
        var random = new Random(seed);
        var inputs = await InputsAsync(form);
        var (taken, slowest) = (0, TimeSpan.Zero);
        for (var i = 0; i < (IsLong ? 200_000 : 2_000); i++)
        {
            var bytes = Changed(inputs[random.Next(inputs.Count)], inputs, random);
            var (before, started) = (GC.GetTotalAllocatedBytes(), ProcessorTime.Start());
            PageTabReading reading;
            try
            {
                reading = await PageTabForms.ReadAsync(form, bytes);
            }
            catch (Exception e)
            {
                throw new AssertFailedException($"seed {seed}, case {i}: {Encoding.UTF8.GetString(bytes)}", e);
            }
            var (took, allocated) = (started.Elapsed, GC.GetTotalAllocatedBytes() - before);

            if (took > slowest) slowest = took;
            Assert.IsLessThan(Longest, took, $"seed {seed}, case {i}");
            Assert.IsLessThan((8L << 20) + (100L * bytes.Length), allocated, $"seed {seed}, case {i}");
            Assert.AreEqual(reading.Fault == PageTabFault.None, reading.Document is not null);
            if (reading.Fault != PageTabFault.None) Assert.IsFalse(reading.Report.IsAcceptable);
            else if (reading.Report.IsAcceptable && ++taken % 10 == 0) await ExpectSameAsync(reading.Document!, $"seed {seed}, case {i}");
        }
        TestContext.WriteLine($"{taken} taken, slowest {slowest.TotalMilliseconds:f0} ms");
        Assert.IsGreaterThan(0, taken, "All were refused: the changes are too coarse to find anything.");
    }

    [TestMethod]
    [DataRow(PageTabForm.Tsv, "quotes")]
    [DataRow(PageTabForm.Tsv, "open")]
    [DataRow(PageTabForm.Tsv, "tabs")]
    [DataRow(PageTabForm.Tsv, "columns")]
    [DataRow(PageTabForm.Tsv, "deep")]
    [DataRow(PageTabForm.Tsv, "backslashes")]
    [DataRow(PageTabForm.Tsv, "brackets")]
    [DataRow(PageTabForm.Tsv, "parents")]
    [DataRow(PageTabForm.Xml, "elements")]
    [DataRow(PageTabForm.Xml, "names")]
    [DataRow(PageTabForm.Xml, "attributes")]
    [DataRow(PageTabForm.Xml, "unknown")]
    [DataRow(PageTabForm.Xml, "text")]
    public async Task Read_WhenMadeToBeCostly_StaysInBounds(PageTabForm form, string shape)
    {
        var text = Costly(shape, (int)PageTabLimits.Default.MaxBytes - 100);
        var bytes = Encoding.UTF8.GetBytes(text);
        // Once before it is measured, short, so that nothing is compiled meanwhile.
        await PageTabForms.ReadAsync(form, Costly(shape, 10_000));
        var (before, started) = (GC.GetTotalAllocatedBytes(), ProcessorTime.Start());

        var reading = await PageTabForms.ReadAsync(form, bytes);

        var (took, allocated) = (started.Elapsed, GC.GetTotalAllocatedBytes() - before);
        TestContext.WriteLine($"{bytes.Length >> 20} MiB, {took.TotalMilliseconds:f0} ms, allocated {allocated >> 20} MiB, {reading.Fault}, {reading.Report.Findings.Count} findings");
        Assert.IsLessThan(Longest, took);
        Assert.IsLessThan(400L << 20, allocated);
    }

    private static string Costly(string shape, int length) => shape switch
    {
        "quotes" => Repeated("Submission\n", "\"a\"\"b\"\t\"c\nd\"\n", length),
        "open" => Repeated("Submission\n", "\"a\t\"b\n", length),
        "tabs" => Repeated("Submission\n\nFiles\ta\nf", "\t", length),
        "columns" => Repeated("Submission\n\nStudy\n\nFiles", "\t[a]\t(b)", length / 2) + Repeated("\nf", "\tv", length / 2),
        "deep" => "Submission\n\nStudy\n" + string.Concat(Enumerable.Range(0, length / 20).Select(i => $"\nA\t{i}\t{(i == 0 ? "" : i - 1)}\n")),
        "backslashes" => Repeated("Submission\n", "\\", length),
        "brackets" => Repeated("Submission\n\nStudy\n\n", "[", length / 2) + Repeated("", "]", length / 2),
        "parents" => "Submission\n\nStudy\n" + string.Concat(Enumerable.Range(0, length / 20).Select(i => $"\nA\t\tmissing {i}\n")),
        "elements" => Repeated("<submission>", "<section>", length),
        "names" => "<submission>" + string.Concat(Enumerable.Range(0, length / 12).Select(i => $"<n{i}/>")) + "</submission>",
        "attributes" => "<submission " + string.Concat(Enumerable.Range(0, length / 14).Select(i => $"n{i}='' ")) + "/>",
        "unknown" => Repeated("<submission>", "<a/>x", length) + "</submission>",
        _ => Repeated("<submission><attributes><attribute><name>a</name><value>", "x<![CDATA[y]]>", length) + "</value></attribute></attributes></submission>",
    };

    private static string Repeated(string start, string part, int length)
    {
        var text = new StringBuilder(start, length + 100);
        while (text.Length + part.Length <= length) text.Append(part);
        return text.ToString();
    }

    private static async Task<List<byte[]>> InputsAsync(PageTabForm form)
    {
        var documents = PageTabArbitrary.Document.Generator.Sample(40, 10).ToList();
        var inputs = new List<byte[]>();
        if (Repository.RealData is { } data)
        {
            foreach (var file in Directory.EnumerateFiles(Path.Combine(data, "pagetab"), "*", SearchOption.AllDirectories).Where(f => Path.GetExtension(f) is ".json" or ".tsv").Order(StringComparer.Ordinal))
            {
                var bytes = await File.ReadAllBytesAsync(file);
                if (PageTabForms.Of(file) == form) inputs.Add(bytes);
                else if ((await PageTabForms.ReadAsync(PageTabForms.Of(file), bytes)).Document is { Section: not null } document) documents.Add(document);
            }
        }
        foreach (var document in documents.Where(d => PageTabOutput.FindInexpressible(d, form).IsAcceptable)) inputs.Add(await PageTabForms.WriteAsync(form, document));
        return inputs;
    }

    private static byte[] Changed(byte[] input, List<byte[]> others, Random random)
    {
        var bytes = input.ToList();
        for (var changes = random.Next(4) == 0 ? random.Next(20) : 1 + random.Next(2); changes > 0; changes--)
        {
            var at = random.Next(bytes.Count + 1);
            var count = Math.Min(random.Next(1, 40), bytes.Count - at);
            switch (random.Next(7))
            {
                case 0 when at < bytes.Count: bytes[at] = (byte)random.Next(256); break;
                case 1 when at < bytes.Count: bytes[at] ^= (byte)(1 << random.Next(8)); break;
                case 2: bytes.InsertRange(at, Pieces[random.Next(Pieces.Length)]); break;
                case 3: bytes.RemoveRange(at, count); break;
                case 4: bytes.InsertRange(at, bytes.GetRange(at, count)); break;
                case 5 when random.Next(8) == 0: bytes.RemoveRange(at, bytes.Count - at); break;
                default:
                    var other = others[random.Next(others.Count)];
                    var from = random.Next(other.Length + 1);
                    bytes.InsertRange(at, other.AsSpan(from, Math.Min(random.Next(60), other.Length - from)).ToArray());
                    break;
            }
        }
        return [.. bytes];
    }

    private static async Task ExpectSameAsync(PageTabDocument document, string which)
    {
        foreach (var form in (PageTabForm[])[PageTabForm.Json, PageTabForm.Tsv, PageTabForm.Xml])
        {
            if (!PageTabOutput.FindInexpressible(document, form).IsAcceptable)
            {
                Assert.AreEqual(PageTabForm.Xml, form, which);
                continue;
            }
            var again = await PageTabForms.ReadAsync(form, await PageTabForms.WriteAsync(form, document));
            Assert.IsTrue(again.Document is not null && PageTabArbitrary.AreSame(document, again.Document), $"{which}, {form}");
            Assert.IsEmpty(again.Report.Findings.Where(f => f.Severity == Severity.Error), $"{which}, {form}");
        }
    }
}
