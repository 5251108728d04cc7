using System.Text;
using System.Text.Json.Nodes;
using Archive.Model.PageTab;
using Archive.Model.Submissions;
using Archive.TestKit;

namespace Archive.Model.Tests.PageTab;

[TestClass]
public sealed class PageTabJsonTests
{
    public required TestContext TestContext { get; init; }

    private CancellationToken Ct => TestContext.CancellationToken;

    public static IEnumerable<object[]> RealFiles() =>
        Repository.RealData is { } data
            ? Directory.EnumerateFiles(Path.Combine(data, "pagetab"), "*.json", SearchOption.AllDirectories)
                .Where(f => f.EndsWith("_original.json", StringComparison.Ordinal) || f.EndsWith("_override.json", StringComparison.Ordinal)
                    || Path.GetFileName(f).StartsWith("S-EPMC", StringComparison.Ordinal) || f.EndsWith("to-pagetab.json", StringComparison.Ordinal))
                .Order(StringComparer.Ordinal).Select(f => new object[] { Path.GetRelativePath(data, f) })
            : [["absent"]];

    [TestMethod]
    [DynamicData(nameof(RealFiles))]
    public async Task ReadAndWrite_WhenDocumentIsReal_GivesTheSameDocument(string file)
    {
        if (Repository.RealData is null) Assert.Inconclusive("The folder of real inputs is absent.");
        var path = Path.Combine(Repository.RealData!, file);
        await using var content = File.OpenRead(path);

        var reading = await PageTabJson.ReadAsync(content, PageTabLimits.Default, Ct);

        Assert.IsEmpty(reading.Report.Findings.Where(f => f.Severity == Severity.Error));
        var expected = Normalised(JsonNode.Parse(await File.ReadAllBytesAsync(path, Ct))!);
        var actual = Normalised(JsonNode.Parse(await WriteAsync(reading.Document!))!);
        Assert.IsTrue(JsonNode.DeepEquals(expected, actual), $"expected\n{expected}\nactual\n{actual}");
    }

    [TestMethod]
    [DataRow(1)]
    [DataRow(2)]
    [DataRow(3)]
    [DataRow(4)]
    public async Task ReadAndWrite_WhenDocumentIsGenerated_GivesTheSameDocument(int seed)
    {
        var document = APageTab.Generated(new Random(seed));
        var written = await WriteAsync(document);

        var reading = await ReadAsync(Encoding.UTF8.GetString(written));

        Assert.IsEmpty(reading.Report.Findings);
        Assert.AreEqual(APageTab.Flat(document), APageTab.Flat(reading.Document!));
    }

    [TestMethod]
    public async Task Read_WhenManyThingsAreWrong_FindsAllWithTheirPaths()
    {
        var reading = await ReadAsync("""
            {"attributes":[{"name":" "},{"name":"A","value":{"x":1}},7],
             "section":{"files":[{"size":"big"},[]],"links":[{}],"subsections":{"type":"x"}, "unknown":[1,{}]}}
            """);

        CollectionAssert.AreEquivalent(
            new[]
            {
                "attribute-name-blank $.attributes[0]", "page-tab-type $.attributes[1].value", "page-tab-type $.attributes[2]",
                "section-type-missing $.section", "file-path-missing $.section.files[0]", "file-size-invalid $.section.files[0].size",
                "table-empty $.section.files[1]", "link-url-missing $.section.links[0]", "page-tab-type $.section.subsections",
            },
            reading.Report.Findings.Select(f => $"{f.Code} {f.Place}").ToArray());
        Assert.IsNotNull(reading.Document);
    }

    [TestMethod]
    public async Task Read_WhenReferencesAreSpeltOldOrNew_ReadsBothAndWritesOne()
    {
        var reading = await ReadAsync("""
            {"attributes":[{"name":"a","value":"o1","isReference":true},{"name":"b","value":"o1","reference":true},{"name":"c","value":3,"reference":false},
                           {"name":"d","isReference":"true"},{"name":"e","isReference":"false"}]}
            """);

        CollectionAssert.AreEqual(new[] { true, true, false, true, false }, reading.Document!.Attributes.Select(a => a.Reference).ToArray());
        Assert.AreEqual("3", reading.Document.Attributes[2].Value);
        var written = Encoding.UTF8.GetString(await WriteAsync(reading.Document));
        Assert.AreEqual(3, written.Split("\"reference\": true").Length - 1);
        Assert.DoesNotContain("isReference", written);
        Assert.DoesNotContain("false", written);
    }

    [TestMethod]
    [DataRow("", "line 1, column 1")]
    [DataRow("Submission\tS-BIAD1\n", "line 1, column 1")]
    [DataRow("{\n  \"attributes\": [,]}", "line 2, column 18")]
    [DataRow("{\"attributes\":[]} x", "line 1, column 19")]
    public async Task Read_WhenTextIsNotJson_SaysWhere(string text, string place)
    {
        var reading = await ReadAsync(text);

        Assert.AreEqual(PageTabFault.NotJson, reading.Fault);
        Assert.IsNull(reading.Document);
        Assert.AreEqual(place, reading.Report.Findings.Single().Place);
    }

    [TestMethod]
    [DataRow("[1]")]
    [DataRow("\"page tab\"")]
    [DataRow("{\"\\ud800\":1}")]
    public async Task Read_WhenJsonIsNoDocument_RefusesOrReadsNothing(string text)
    {
        var reading = await ReadAsync(text);

        Assert.IsNull(reading.Document?.Section);
    }

    [TestMethod]
    [DataRow("\\u0000")]
    [DataRow("\\ud800")]
    public async Task Read_WhenTextIsNoUnicode_FindsIt(string value)
    {
        var reading = await ReadAsync("{\"attributes\":[{\"name\":\"Title\",\"value\":\"a" + value + "\"}]}");

        Assert.AreEqual("text-invalid $.attributes[0].value", reading.Report.Findings.Select(f => $"{f.Code} {f.Place}").Single());
    }

    [TestMethod]
    public async Task Read_WhenNestedTenThousandDeep_SaysSo()
    {
        var text = string.Concat(Enumerable.Repeat("{\"section\":{\"subsections\":[", 10_000));

        var reading = await ReadAsync(text);

        Assert.AreEqual(PageTabFault.TooDeep, reading.Fault);
        Assert.AreEqual("page-tab-too-deep", reading.Report.Findings.Single().Code);
    }

    [TestMethod]
    public async Task Read_WhenLongerThanTheBound_StopsReadingThere()
    {
        using var endless = new EndlessArray(200L << 20);

        var reading = await PageTabJson.ReadAsync(endless, PageTabLimits.Default, Ct);

        Assert.AreEqual(PageTabFault.TooLarge, reading.Fault);
        Assert.IsLessThan(PageTabLimits.Default.MaxBytes + (33L << 20), endless.Given);
    }

    [TestMethod]
    public async Task Read_WhenItHasTooManyItems_Refuses()
    {
        using var content = new MemoryStream(Encoding.UTF8.GetBytes("{\"attributes\":[" + string.Join(',', Enumerable.Repeat("{\"name\":\"a\"}", 101)) + "]}"));

        var reading = await PageTabJson.ReadAsync(content, new PageTabLimits(MaxItems: 100), Ct);

        Assert.AreEqual(PageTabFault.TooLarge, reading.Fault);
    }

    private async Task<PageTabReading> ReadAsync(string text)
    {
        using var content = new MemoryStream(Encoding.UTF8.GetBytes(text));
        return await PageTabJson.ReadAsync(content, PageTabLimits.Default, Ct);
    }

    private async Task<byte[]> WriteAsync(PageTabDocument document)
    {
        using var target = new MemoryStream();
        await PageTabJson.WriteAsync(document, target, Ct);
        return target.ToArray();
    }

    // What the format says is the same: unknown properties, empty lists, null accessions and false references mean nothing.
    private static JsonNode? Normalised(JsonNode node)
    {
        string[] known = ["accno", "attributes", "section", "type", "files", "links", "subsections", "name", "value", "reference", "nmqual", "valqual", "path", "size", "url"];
        switch (node)
        {
            case JsonArray array:
                return new JsonArray([.. array.Select(n => n is null ? null : Normalised(n))]);
            case JsonObject o:
                var result = new JsonObject();
                foreach (var (key, value) in o)
                {
                    var name = key == "isReference" ? "reference" : key;
                    if (!known.Contains(name) || value is JsonArray { Count: 0 }) continue;
                    if (value is null && name != "value") continue;
                    if (name == "reference" && !value!.GetValue<bool>()) continue;
                    result[name] = value is null ? null : Normalised(value);
                }
                if (o.ContainsKey("section")) result["type"] = "submission";
                if (o.ContainsKey("name") && !o.ContainsKey("url") && !result.ContainsKey("value")) result["value"] = null;
                return result;
            default:
                return node.DeepClone();
        }
    }

    private sealed class EndlessArray(long length) : Stream
    {
        public long Given { get; private set; }

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => Given; set => throw new NotSupportedException(); }

        public override int Read(byte[] buffer, int offset, int count)
        {
            var bytes = (int)Math.Min(count, length - Given);
            for (var i = 0; i < bytes; i++) buffer[offset + i] = (byte)(Given + i == 0 ? '[' : ((Given + i) & 1) == 1 ? '1' : ',');
            Given += bytes;
            return bytes;
        }

        public override void Flush() => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
