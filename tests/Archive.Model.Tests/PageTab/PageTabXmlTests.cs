using System.Text;
using Archive.Model.PageTab;
using Archive.Model.Submissions;

namespace Archive.Model.Tests.PageTab;

[TestClass]
public sealed class PageTabXmlTests
{
    [TestMethod]
    public async Task Read_WhenEverythingIsThere_BuildsTheTree()
    {
        var reading = await PageTabForms.ReadAsync(PageTabForm.Xml, """
            <?xml version="1.0" encoding="UTF-8"?>
            <!-- comments are passed over -->
            <submission accno="S-1">
              <attributes><attribute><name>Title</name><value>a &amp; b <![CDATA[<c>]]></value></attribute></attributes>
              <section accno="root" type="Study">
                <attributes>
                  <attribute reference="true"><name>affiliation</name><value>o1</value></attribute>
                  <attribute><name>Organism</name><value> x </value><nmqual><name>n</name></nmqual><valqual><name>v</name><value/></valqual></attribute>
                </attributes>
                <links><link><url>https://example.org</url></link><table><link><url>u</url></link></table></links>
                <files><file size="12"><path>f</path></file><table><file type="directory"><path>g</path></file></table></files>
                <subsections><section acc="o1" type="Organisation"/><table><section type="Data"/></table></subsections>
              </section>
            </submission>
            """);

        Assert.IsEmpty(reading.Report.Findings);
        var wanted = await PageTabForms.ReadAsync(PageTabForm.Json, """
            {"accno":"S-1","attributes":[{"name":"Title","value":"a & b <c>"}],
             "section":{"accno":"root","type":"Study","attributes":[{"name":"affiliation","value":"o1","reference":true},
              {"name":"Organism","value":" x ","nmqual":[{"name":"n"}],"valqual":[{"name":"v","value":""}]}],
              "links":[{"url":"https://example.org"},[{"url":"u"}]],"files":[{"path":"f","size":12},[{"path":"g","type":"directory"}]],
              "subsections":[{"accno":"o1","type":"Organisation"},[{"type":"Data"}]]}}
            """);
        Assert.IsTrue(PageTabArbitrary.AreSame(wanted.Document!, reading.Document!));
    }

    [TestMethod]
    public async Task Read_WhenManyThingsAreWrong_FindsAllWithTheirLines()
    {
        var reading = await PageTabForms.ReadAsync(PageTabForm.Xml, """
            <submission>
              <attributes><attribute><value>x</value></attribute></attributes>
              <section>
                <atributes/>
                <files><file size="big"/><table></table></files>
                <links><link/></links>
                stray
                <subsections><section type="A"><attributes><attribute><name>n<b/></name><valqual/></attribute>
                </attributes></section></subsections>
              </section>
              <section type="B"/>
            </submission>
            """);

        CollectionAssert.AreEquivalent(
            new[]
            {
                "Error attribute-name-blank line 2", "Error section-type-missing lines 3-10", "Warning element-unknown line 4", "Error file-size-invalid line 5",
                "Error file-path-missing line 5", "Error table-empty line 5", "Error link-url-missing line 6", "Warning text-ignored line 7", "Error page-tab-type line 8",
                "Error attribute-name-blank line 8", "Error section-repeated line 11",
            },
            reading.Report.Findings.Select(f => $"{f.Severity} {f.Code} {f.Place}").ToArray(), string.Join('\n', reading.Report.Findings));
    }

    [TestMethod]
    [DataRow("", "not XML")]
    [DataRow("<submission>", "not XML")]
    [DataRow("<submission/><x/>", "not XML")]
    [DataRow("<submission>&x;</submission>", "not XML")]
    [DataRow("<submission>&#1;</submission>", "not XML")]
    [DataRow("<study/>", "is a 'submission'")]
    [DataRow("<?xml version=\"1.0\" encoding=\"utf-7\"?><submission/>", "not XML")]
    [DataRow("<?xml version=\"1.0\" encoding=\"no-such\"?><submission/>", "not XML")]
    [DataRow("<!DOCTYPE submission [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;\">]><submission>&b;</submission>", "DOCTYPE")]
    [DataRow("<!DOCTYPE submission SYSTEM \"file:///etc/passwd\"><submission/>", "DOCTYPE")]
    public async Task Read_WhenTextIsNoPageTabInXml_SaysWhy(string text, string reason)
    {
        var reading = await PageTabForms.ReadAsync(PageTabForm.Xml, text);

        Assert.AreEqual(PageTabFault.NotXml, reading.Fault);
        var finding = reading.Report.Findings.Single(f => f.Severity == Severity.Error);
        Assert.Contains(reason, finding.Message);
        Assert.StartsWith("line 1", finding.Place);
    }

    [TestMethod]
    [DataRow(32)]
    [DataRow(100_000)]
    public async Task Read_WhenNestedTooDeep_SaysSo(int sections)
    {
        // Each level of sections is two of JSON, and the first is its second: 32 are 64 and one below is too deep.
        var reading = await PageTabForms.ReadAsync(PageTabForm.Xml,
            "<submission>" + string.Concat(Enumerable.Repeat("<section type='A'><subsections>", sections)) + "<section type='A'/>"
            + string.Concat(Enumerable.Repeat("</subsections></section>", sections)) + "</submission>");

        Assert.AreEqual(PageTabFault.TooDeep, reading.Fault);
    }

    [TestMethod]
    public void FindInexpressible_WhenTextsHaveControlCharacters_NamesEach()
    {
        var document = new PageTabDocument("a\u0001", [new("Title", "b\u000Bc", false, [], [new("q", "\uFFFF")])], new("x", "Study", [], [], [], []));

        var xml = PageTabOutput.FindInexpressible(document, PageTabForm.Xml).Findings;
        var tsv = PageTabOutput.FindInexpressible(document, PageTabForm.Tsv).Findings;

        CollectionAssert.AreEqual(new[] { "$.accno", "$.attributes[0].value", "$.attributes[0].valqual[0].value" }, xml.Select(f => f.Place).ToArray());
        Assert.Contains("U+000B", xml[1].Message);
        Assert.IsEmpty(tsv);
    }

    [TestMethod]
    public async Task Write_WhenDocumentIsLarge_SendsItInPieces()
    {
        var files = Enumerable.Range(0, 20_000).Select(i => new PageTabFile($"folder/file{i}.tif", i, "file", [])).ToArray();
        var document = new PageTabDocument(null, [], new(null, "Study", [], [new(files, true)], [], []));
        foreach (var form in (PageTabForm[])[PageTabForm.Tsv, PageTabForm.Xml])
        {
            await using var target = new WatchedStream();

            await (form == PageTabForm.Tsv ? PageTabTsv.WriteAsync(document, target, CancellationToken.None) : PageTabXml.WriteAsync(document, target, CancellationToken.None));

            // Pieces are cut at rows once 64 KiB have gathered, and the writer of XML gathers as much itself.
            Assert.IsGreaterThan(400_000, target.Length);
            Assert.IsLessThan(150_000, target.LongestBetweenFlushes, form.ToString());
        }
    }

    private sealed class WatchedStream : MemoryStream
    {
        private long sinceFlush;

        public long LongestBetweenFlushes { get; private set; }

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            sinceFlush += buffer.Length;
            LongestBetweenFlushes = Math.Max(LongestBetweenFlushes, sinceFlush);
            return base.WriteAsync(buffer, cancellationToken);
        }

        public override Task FlushAsync(CancellationToken cancellationToken)
        {
            sinceFlush = 0;
            return base.FlushAsync(cancellationToken);
        }
    }
}
