using System.Globalization;
using System.Text;
using Archive.Model.PageTab;
using Archive.Submissions.TextMetadata;
using Archive.TestKit;

namespace Archive.Submissions.Tests.TextMetadata;

/// <summary>Mutations of real and of made files: whatever the bytes, a reading ends soon, keeps to its bounds and gives texts that a page tab can hold.</summary>
[TestClass]
public sealed class ParserFuzzTests
{
    private static readonly byte[][] Tokens = [.. new[]
    {
        "\r", "\n", "\r\r\n", ":", ",", "\0", "\uFEFF", "Channels:", "Points:", "Flow_control:", "Experiment details:", "Aim:", "GFP:", "[", "{", "\"", "\\ud800", "../", "null",
        "\"urls\"", "\"url\":\"experiment.md.json\"", "\"url\":\"../data/rawdataset.md.json\"", "99999999999999999999", "é",
    }.Select(Encoding.UTF8.GetBytes), [0xFF, 0xFE], [0xC3], [0x80]];

    public required TestContext TestContext { get; init; }

    [TestMethod]
    public Task Read_WhenMadeFilesAreMutated_StaysBounded() => FuzzAsync(Made());

    [TestMethod]
    public Task Read_WhenRealFilesAreMutated_StaysBounded()
    {
        var real = new List<(string Path, byte[] Bytes)>();
        foreach (var (folder, names) in new[]
        {
            ("synthsys-demo", new[] { "test_data/microscope1_Acq.txt", "test_data/microscope1_log.txt" }),
            ("bioimageit", new[] { "experiment", "data/rawdataset", "data/population1_001", "process1/processeddataset", "process1/population1_001_o", "process1/run" }
                .Select(n => $"tests/test_metadata_local/{n}.md.json").ToArray()),
        })
        {
            var reading = Reading.OfReal(folder);
            // Of the long protocol a beginning is enough: what follows it is never read.
            real.AddRange(names.Select(n => (n, reading[n].AsSpan(0, Math.Min(reading[n].Length, 6_000)).ToArray())));
        }
        return FuzzAsync(real);
    }

    private async Task FuzzAsync(List<(string Path, byte[] Bytes)> files)
    {
        var cases = Environment.GetEnvironmentVariable("ARCHIVE_TEST_LONG") == "1" ? 100_000 : 1_000;
        var before = GC.GetTotalMemory(forceFullCollection: true);
        for (var seed = 0; seed < cases; seed++)
        {
            var random = new Random(seed);
            var reading = new Reading();
            foreach (var (path, bytes) in files) reading.With(path, random.Next(3) == 0 ? Mutated(bytes, files, random) : bytes);
            var clock = ProcessorTime.Start();
            Found found;
            try
            {
                found = await reading.ReadAsync(TestContext.CancellationToken);
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                throw new AssertFailedException(string.Create(CultureInfo.InvariantCulture, $"Seed {seed} threw."), e);
            }
            Assert.IsLessThan(TimeSpan.FromSeconds(2), clock.Elapsed, $"Seed {seed} is slow.");
            foreach (var value in found.Reading.Values) AssertSound(value, seed);
            if (seed % 10 == 0) await AssertAcceptedAsync(found.Reading.Values, seed);
        }
        Assert.IsLessThan(50L << 20, GC.GetTotalMemory(forceFullCollection: true) - before);
    }

    // Everything can be accepted, is found again in the page tab as it is written and read, and is accepted no second time.
    private async Task AssertAcceptedAsync(IReadOnlyList<FoundValue> values, int seed)
    {
        var edit = new PageTabEdit(values);
        PageTabDocument? pageTab = null;
        foreach (var value in values) pageTab = edit.Accept(pageTab, value);
        if (pageTab is null) return;
        using var text = new MemoryStream();
        await PageTabJson.WriteAsync(pageTab, text, TestContext.CancellationToken);
        text.Position = 0;
        var read = await PageTabJson.ReadAsync(text, PageTabLimits.Default, TestContext.CancellationToken);
        Assert.IsEmpty(read.Report.Findings, $"Seed {seed}");
        var look = new PageTabLook(read.Document);
        foreach (var value in values)
        {
            Assert.IsTrue(look.Holds(value), $"Seed {seed}: {value.Place} {value.Value} of {value.Source} is not held.");
            Assert.AreSame(read.Document, edit.Accept(read.Document, value), $"Seed {seed}");
        }
    }

    private static void AssertSound(FoundValue value, int seed)
    {
        Assert.IsGreaterThan(0, value.Source.Line, $"Seed {seed}");
        Assert.IsFalse(string.IsNullOrWhiteSpace(value.Place.Attribute), $"Seed {seed}");
        Assert.IsTrue(value.Place.SectionType is null || !string.IsNullOrWhiteSpace(value.Place.SectionTitle), $"Seed {seed}");
        IEnumerable<string?> texts = [value.Value, value.Place.Attribute, value.Place.SectionTitle, .. value.Table?.Columns ?? [], .. value.Table?.Rows.SelectMany(r => r.Cells) ?? []];
        foreach (var text in texts.OfType<string>())
        {
            Assert.IsFalse(text.Any(c => char.IsControl(c) && c != '\n'), $"Seed {seed}: a control character in '{text}'");
            Assert.AreEqual(text, Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text)), $"Seed {seed}: half a surrogate pair");
        }
        if (value.Table is not { } table) return;
        Assert.IsNotEmpty(table.Rows, $"Seed {seed}");
        foreach (var row in table.Rows)
        {
            Assert.HasCount(table.Columns.Count, row.Cells, $"Seed {seed}");
            Assert.IsFalse(string.IsNullOrWhiteSpace(row.Cells[0]), $"Seed {seed}");
            Assert.AreEqual(table.IsOfFiles, row.File is not null, $"Seed {seed}");
        }
    }

    private static byte[] Mutated(byte[] bytes, List<(string Path, byte[] Bytes)> files, Random random)
    {
        var list = bytes.ToList();
        for (var times = random.Next(1, 8); times > 0; times--)
        {
            var at = random.Next(list.Count + 1);
            switch (random.Next(7))
            {
                case 0 when at < list.Count:
                    list[at] = (byte)random.Next(256);
                    break;
                case 1:
                    list.InsertRange(at, Tokens[random.Next(Tokens.Length)]);
                    break;
                case 2:
                    list.RemoveRange(at, Math.Min(random.Next(40), list.Count - at));
                    break;
                case 3:
                    list.RemoveRange(at, list.Count - at);
                    break;
                case 4:
                    var length = Math.Min(random.Next(300), list.Count - at);
                    list.InsertRange(random.Next(list.Count + 1), list.GetRange(at, length));
                    break;
                case 5:
                    var other = files[random.Next(files.Count)].Bytes;
                    var from = random.Next(other.Length + 1);
                    list.InsertRange(at, other.AsSpan(from, Math.Min(200, other.Length - from)).ToArray());
                    break;
                default:
                    list.InsertRange(at, Enumerable.Repeat((byte)"[{\",:\n\r x"[random.Next(9)], random.Next(3_000)));
                    break;
            }
        }
        return [.. list];
    }

    private static List<(string Path, byte[] Bytes)> Made() =>
    [
        .. new (string, string)[]
        {
            ("t/m_Acq.txt", "Channels:\r\nChannel name, Exposure time\r\n DIC,  30\r\nZ_sectioning:\r\nSections,Spacing\r\n 5, 0.6\r\nTime_settings:\r\n1,300,2,600\r\nPoints:\r\nPosition name, X position, DIC\r\n p1, 1.0, 30\r\n\r\nFlow_control:\r\nSyringe pump details: 2 pumps.\r\r\nPump states at beginning of experiment:\r\r\nPump port, Contents\r\nCOM5, sugar\r\nNumber of pump changes:\r\n0\r\nFlow post switch:\r\n0.4\r\n4\r\n"),
            ("t/m_log.txt", "d\r\nExperiment details:\r\nAim: a\r\nStrain:\r\ns1\r\ns2\r\nMicroscope setup for used channels:\r\nDIC:\r\nled\r\nOmero tags:\r\na,b\r\n------Time point_1------\r\n"),
            ("experiment.md.json", """{"information":{"name":"e","author":"A"},"raw_dataset":{"url":"data/rawdataset.md.json"},"processed_datasets":[{"url":"p/processeddataset.md.json"}],"keys":["k"]}"""),
            ("data/rawdataset.md.json", """{"name":"data","urls":[{"url":"a.md.json"}]}"""),
            ("data/a.md.json", """{"common":{"name":"a","url":"a.tif"},"origin":{"type":"raw"},"key_value_pairs":{"k":"1"}}"""),
            ("p/processeddataset.md.json", """{"name":"p","urls":[{"url":"o.md.json"}]}"""),
            ("p/o.md.json", """{"common":{"name":"o","url":"o.tif"},"origin":{"type":"processed","run":{"url":"run.md.json"},"inputs":[{"name":"i","url":"../data/a.md.json"}],"output":{"name":"o"}}}"""),
            ("p/run.md.json", """{"process":{"name":"x"},"inputs":[{"name":"i","dataset":"data"}],"parameters":[{"name":"s","value":"3"}]}"""),
        }.Select(f => (f.Item1, Encoding.UTF8.GetBytes(f.Item2))),
    ];
}
