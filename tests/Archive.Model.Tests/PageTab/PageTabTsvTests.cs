using System.Text;
using System.Text.Json;
using Archive.Model.PageTab;

namespace Archive.Model.Tests.PageTab;

/// <summary>What TSV says and what is found in it; by the public exchange format of BioStudies, and docs/page-tab.md for words of our own.</summary>
[TestClass]
public sealed class PageTabTsvTests
{
    [TestMethod]
    public async Task Read_WhenEveryKindOfBlockIsThere_BuildsTheTree()
    {
        var document = await ReadSoundAsync("""
            # a comment, and blank lines before the first block

            Submission	S-1
            Title	A title
            ReleaseDate	2024-01-01

            Study	root
            Title	"a ""quoted"" title
            in two lines"
            Organism	Homo sapiens
            [Ontology]	NCBITaxon
            (source)	curator
            <affiliation>	o1
            DOI	

            File	plates/keys.xlsx
            Description	Summary

            Files	Type	[unit]
            a.tif	image	µm
            b.tif

            Link	https://example.org

            Author	a1

            Data[]	Title
            DT-1	First
            	Second

            Detail		DT-1

            File	below/detail.txt

            Data[a1]	Title
            DT-3	Third
            """);

        using var expected = PageTabText.Of(document);
        var json = await new StreamReader(expected.Open()).ReadToEndAsync();
        var wanted = await PageTabForms.ReadAsync(PageTabForm.Json, """
            {"accno":"S-1","attributes":[{"name":"Title","value":"A title"},{"name":"ReleaseDate","value":"2024-01-01"}],
             "section":{"accno":"root","type":"Study","attributes":[
               {"name":"Title","value":"a \"quoted\" title\nin two lines"},
               {"name":"Organism","value":"Homo sapiens","nmqual":[{"name":"source","value":"curator"}],"valqual":[{"name":"Ontology","value":"NCBITaxon"}]},
               {"name":"affiliation","value":"o1","reference":true},{"name":"DOI","value":null}],
              "files":[{"path":"plates/keys.xlsx","attributes":[{"name":"Description","value":"Summary"}]},
                [{"path":"a.tif","attributes":[{"name":"Type","value":"image","valqual":[{"name":"unit","value":"µm"}]}]},{"path":"b.tif"}]],
              "links":[{"url":"https://example.org"}],
              "subsections":[{"accno":"a1","type":"Author","subsections":[[{"accno":"DT-3","type":"Data","attributes":[{"name":"Title","value":"Third"}]}]]},
                [{"accno":"DT-1","type":"Data","attributes":[{"name":"Title","value":"First"}],"subsections":[{"type":"Detail","files":[{"path":"below/detail.txt"}]}]},
                 {"type":"Data","attributes":[{"name":"Title","value":"Second"}]}]]}}
            """);
        Assert.IsTrue(PageTabArbitrary.AreSame(wanted.Document!, document), json);
    }

    [TestMethod]
    public async Task Read_WhenManyThingsAreWrong_FindsAllWithTheirLines()
    {
        var reading = await PageTabForms.ReadAsync(PageTabForm.Tsv, string.Join('\n',
        [
            "Submission\tS-1\tmore", // 1
            "\tvalue without name", // 2
            "[q]\tx", // 3
            "Title\ta\tb", // 4
            "", // 5
            "File\tf", // 6
            "", // 7
            "Study\troot\tnobody", // 8
            "<>\tx", // 9
            "Text\t\"two", // 10
            "lines\" more", // 11
            "", // 12
            "Files\tA\t\tB", // 13
            "", // 14
            "Files\tA", // 15
            "f\t1\t2", // 16
            "\t3", // 17
            "", // 18
            "Author\ta\tmissing", // 19
            "", // 20
            "Link", // 21
            "{size}\t5", // 22
            "", // 23
            "File\tg", // 24
            "{size}\tbig", // 25
            "", // 26
            "\tno type", // 27
            "", // 28
            "Submission\tagain", // 29
            "NUL\ta\0b", // 30
            "{level}\t1", // 31
            "", // 32
            "Late\t\troot", // 33
            "{level}\t7", // 34
            "{table}\tnext", // 35
        ]));

        CollectionAssert.AreEquivalent(
            new[]
            {
                "row-too-wide line 1", "attribute-name-blank line 2", "qualifier-without-attribute line 3", "row-too-wide line 4", "section-missing line 6",
                "section-parent-missing line 8", "attribute-name-blank line 9", "quote-unbalanced line 10", "header-blank line 13", "table-empty line 13",
                "row-too-wide line 16", "file-path-missing line 17", "section-parent-missing line 19", "link-url-missing line 21", "property-invalid line 22",
                "file-size-invalid line 25", "section-type-missing line 27", "submission-repeated line 29", "text-invalid line 30", "property-invalid line 31",
                "property-invalid line 34", "property-invalid line 33",
            },
            reading.Report.Findings.Select(f => $"{f.Code} {f.Place}").ToArray());
    }

    [TestMethod]
    [DataRow("Submission\nTitle\t\"a\n\nStudy\nx\ty\tz\n", "quote-unbalanced line 2|row-too-wide line 5")]
    [DataRow("Submission\nTitle\t\"a\" b\n\nStudy\n", "quote-unbalanced line 2")]
    [DataRow("", "submission-missing line 1")]
    [DataRow("Study\nTitle\tx\n", "submission-missing line 1")]
    [DataRow("\n\n", "submission-missing line 1")]
    [DataRow("Submission\n\nStudy[]\tTitle\na\tb\n", "section-missing line 3")]
    [DataRow("Submission\n\nStudy\n\nA\n\"multi\nline\tname\"\tv\tw\n", "row-too-wide lines 6-7")]
    public async Task Read_WhenABlockIsWrong_GoesOnAndNamesItsLines(string text, string findings)
    {
        var reading = await PageTabForms.ReadAsync(PageTabForm.Tsv, text);

        Assert.AreEqual(findings, string.Join('|', reading.Report.Findings.Select(f => $"{f.Code} {f.Place}")));
    }

    [TestMethod]
    [DataRow("\r\n")]
    [DataRow("\r")]
    [DataRow("\n")]
    public async Task Read_WhenLinesEndInAnyWay_ReadsThem(string end)
    {
        var document = await ReadSoundAsync($"Submission{end}Title\t\"a{end}b\"{end}{end}Study{end}");

        Assert.AreEqual($"a{end}b", document.Attributes[0].Value);
        Assert.AreEqual("Study", document.Section!.Type);
    }

    [TestMethod]
    public async Task Read_WhenSavedAsUnicodeTextByASpreadsheet_ReadsIt()
    {
        var bytes = Encoding.Unicode.GetPreamble().Concat(Encoding.Unicode.GetBytes("Submission\t\nTitle\tnaïve 😀\t\t\n\t\nStudy\n")).ToArray();

        var reading = await PageTabForms.ReadAsync(PageTabForm.Tsv, bytes);

        Assert.IsEmpty(reading.Report.Findings);
        Assert.AreEqual("naïve 😀", reading.Document!.Attributes[0].Value);
        Assert.AreEqual("Study", reading.Document.Section!.Type);
    }

    [TestMethod]
    public async Task Read_WhenEncodingIsAnother_SaysWhere()
    {
        var reading = await PageTabForms.ReadAsync(PageTabForm.Tsv, [.. "Submission\nTitle\tna"u8, 0xEF, .. "ve\n"u8]);

        Assert.AreEqual(PageTabFault.NotTsv, reading.Fault);
        Assert.AreEqual("page-tab-not-tsv", reading.Report.Findings.Single().Code);
    }

    [TestMethod]
    public async Task Read_WhenAccessionIsRepeated_PutsChildrenBelowTheLastBefore()
    {
        // As in S-BIAD1043, where two biosamples are called Biosample-13.
        var document = await ReadSoundAsync("Submission\n\nStudy\n\nB\tx\n\nC\tc1\tx\n\nB\tx\n\nC\tc2\tx\n");

        CollectionAssert.AreEqual(new[] { "c1", "c2" }, document.Section!.Subsections.Select(s => s.Items[0].Subsections[0].Items[0].Accession).ToArray());
    }

    [TestMethod]
    public async Task Write_WhenFormatHasNoWayToSayIt_SaysItInWordsOfOurOwn()
    {
        var reading = await PageTabForms.ReadAsync(PageTabForm.Json, """
            {"attributes":[{"name":"<a>","value":""},{"name":"#b","value":" c "}],
             "section":{"type":"Files","subsections":[{"type":"A","subsections":[{"type":"B"}]},
               [{"type":"C","files":[{"path":"f","size":3,"type":"directory"}]},{"type":"D"}]]}}
            """);

        var text = Encoding.UTF8.GetString(await PageTabForms.WriteAsync(PageTabForm.Tsv, reading.Document!));

        Assert.AreEqual("Submission\n\\<a>\t\"\"\n\"#b\"\t\" c \"\n\n\\Files\n\nA\n\nB\n{level}\t2\n\nC\n{table}\tfirst\n\nFile\tf\n{size}\t3\n{type}\tdirectory\n\nD\n{table}\tnext\n", text);
    }

    [TestMethod]
    [DataRow("\\[a]")]
    [DataRow("\\\\[a]")]
    [DataRow("\\ [a]")]
    [DataRow("A[b]")]
    [DataRow("\\A[b]")]
    [DataRow("\\Files")]
    [DataRow("\\")]
    [DataRow("[a]")]
    public async Task WriteAndRead_WhenATypeLooksLikeSomethingElse_GivesItBack(string type)
    {
        var written = await PageTabForms.ReadAsync(PageTabForm.Json, JsonSerializer.Serialize(new { section = new { type = "Study", subsections = new[] { new { type } } } }));

        var text = Encoding.UTF8.GetString(await PageTabForms.WriteAsync(PageTabForm.Tsv, written.Document!));
        var read = await PageTabForms.ReadAsync(PageTabForm.Tsv, text);

        Assert.AreEqual(type, read.Document?.Section?.Subsections.Single().Items.Single().Type, text);
    }

    [TestMethod]
    public async Task Read_WhenItHasTooManyRows_Refuses()
    {
        var reading = await PageTabForms.ReadAsync(PageTabForm.Tsv, "Submission\n" + string.Concat(Enumerable.Repeat("a\tb\n", 100)), new PageTabLimits(MaxItems: 100));

        Assert.AreEqual(PageTabFault.TooLarge, reading.Fault);
    }

    [TestMethod]
    public async Task Read_WhenSectionsStandTooDeep_SaysWhichLine()
    {
        var text = "Submission\n\nStudy\ta0\n" + string.Concat(Enumerable.Range(1, 40).Select(i => $"\nA\ta{i}\ta{i - 1}\n"));

        var reading = await PageTabForms.ReadAsync(PageTabForm.Tsv, text);

        // 31 levels below the root are 64 of JSON; the 32nd section begins in line 3 + 2 * 32.
        Assert.AreEqual(PageTabFault.TooDeep, reading.Fault);
        Assert.AreEqual("line 67", reading.Report.Findings.Single().Place);
    }

    [TestMethod]
    public async Task ReadRows_WhenRowsAreLeftOut_EndsTheBlock()
    {
        var reading = await PageTabTsv.ReadRowsAsync(Rows(), PageTabLimits.Default, CancellationToken.None);

        Assert.AreEqual("row-too-wide row 8", string.Join('|', reading.Report.Findings.Select(f => $"{f.Code} {f.Place}")));
        Assert.AreEqual("Study", reading.Document!.Section!.Type);
        Assert.AreEqual("a \"b\"", reading.Document.Attributes[0].Value);

        static async IAsyncEnumerable<(long, IReadOnlyList<string>)> Rows()
        {
            await Task.Yield();
            yield return (1, ["Submission", "S-1", "", " "]);
            yield return (2, ["Title", "a \"b\""]);
            yield return (7, ["Study"]);
            yield return (8, ["Title", "b", "c"]);
        }
    }

    private static async Task<PageTabDocument> ReadSoundAsync(string text)
    {
        var reading = await PageTabForms.ReadAsync(PageTabForm.Tsv, text);
        Assert.IsEmpty(reading.Report.Findings, string.Join('\n', reading.Report.Findings));
        return reading.Document!;
    }
}
