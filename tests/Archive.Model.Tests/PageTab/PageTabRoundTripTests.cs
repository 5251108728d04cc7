using System.Text;
using Archive.Model.PageTab;
using Archive.Model.Submissions;
using Archive.TestKit;
using FsCheck;
using FsCheck.Fluent;

namespace Archive.Model.Tests.PageTab;

/// <summary>Every form says the same: what is written as TSV or XML is read as the document that it was.</summary>
[TestClass]
public sealed class PageTabRoundTripTests
{
    private static readonly int Cases = Environment.GetEnvironmentVariable("ARCHIVE_TEST_LONG") == "1" ? 50_000 : 1_000;

    public static IEnumerable<object[]> RealFiles() =>
        Repository.RealData is { } data
            ? Directory.EnumerateFiles(Path.Combine(data, "pagetab"), "*", SearchOption.AllDirectories)
                .Where(f => f.EndsWith(".json", StringComparison.Ordinal) || f.EndsWith(".tsv", StringComparison.Ordinal))
                .Order(StringComparer.Ordinal).Select(f => new object[] { Path.GetRelativePath(data, f) })
            : [["absent"]];

    [TestMethod]
    public void WriteAndRead_WhenDocumentIsGenerated_GivesTheSameFromTsv() => Check(PageTabForm.Tsv);

    [TestMethod]
    public void WriteAndRead_WhenDocumentIsGenerated_GivesTheSameFromXmlOrSaysWhyNot() => Check(PageTabForm.Xml);

    [TestMethod]
    public void WriteAndRead_WhenDocumentIsGenerated_GivesTheSameFromJson() => Check(PageTabForm.Json);

    [TestMethod]
    [DynamicData(nameof(RealFiles))]
    public async Task WriteAndRead_WhenFileIsReal_GivesTheSameThroughEveryForm(string file)
    {
        if (Repository.RealData is null) Assert.Inconclusive("The folder of real inputs is absent.");
        var reading = await PageTabForms.ReadAsync(PageTabForms.Of(file), await File.ReadAllBytesAsync(Path.Combine(Repository.RealData!, file)));
        // File lists, link lists and other descriptions lie there too.
        if (reading.Document?.Section is null || !reading.Report.IsAcceptable)
        {
            Assert.DoesNotContain("original", file);
            return;
        }

        var document = reading.Document;
        foreach (var form in (PageTabForm[])[PageTabForm.Tsv, PageTabForm.Xml, PageTabForm.Json, PageTabForm.Tsv])
        {
            Assert.IsEmpty(PageTabOutput.FindInexpressible(document, form).Findings);
            var again = await PageTabForms.ReadAsync(form, await PageTabForms.WriteAsync(form, document));
            Assert.IsEmpty(again.Report.Findings, form.ToString());
            Assert.IsTrue(PageTabArbitrary.AreSame(reading.Document, again.Document!), form.ToString());
            document = again.Document!;
        }
    }

    [TestMethod]
    public async Task Read_WhenTheSameStudyIsTsvAndJson_GivesTheSameDocument()
    {
        if (Repository.RealData is null) Assert.Inconclusive("The folder of real inputs is absent.");
        var path = Path.Combine(Repository.RealData!, "pagetab", "rembi", "rembi-metadata_rembi-to-pagetab");

        var json = await PageTabForms.ReadAsync(PageTabForm.Json, await File.ReadAllBytesAsync(path + ".json"));
        var tsv = await PageTabForms.ReadAsync(PageTabForm.Tsv, await File.ReadAllBytesAsync(path + ".tsv"));

        // The published pair was made by one program, so it is an oracle of its own.
        Assert.IsEmpty(tsv.Report.Findings);
        Assert.IsTrue(PageTabArbitrary.AreSame(json.Document!, tsv.Document!));
    }

    [TestMethod]
    public async Task Write_WhenTableIsReal_WritesItAsATable()
    {
        if (Repository.RealData is null) Assert.Inconclusive("The folder of real inputs is absent.");
        var path = Path.Combine(Repository.RealData!, "pagetab", "S-BSMS4", "S-BSMS4_original.json");
        var reading = await PageTabForms.ReadAsync(PageTabForm.Json, await File.ReadAllBytesAsync(path));

        var lines = Encoding.UTF8.GetString(await PageTabForms.WriteAsync(PageTabForm.Tsv, reading.Document!)).Split('\n');

        // 60 files in one table (README of the real inputs), some without the columns of a treatment.
        var header = Array.FindIndex(lines, l => l.StartsWith("Files\t{size}\tType\tTitle\t", StringComparison.Ordinal));
        Assert.IsGreaterThan(0, header);
        Assert.AreEqual(60, lines.Skip(header + 1).TakeWhile(l => l.Length > 0).Count());
    }

    private static void Check(PageTabForm form) => Prop.ForAll(PageTabArbitrary.Document, document =>
    {
        var isExpressible = PageTabOutput.FindInexpressible(document, form).IsAcceptable;
        if (!isExpressible) return form == PageTabForm.Xml;
        var written = PageTabForms.WriteAsync(form, document).GetAwaiter().GetResult();
        var reading = PageTabForms.ReadAsync(form, written).GetAwaiter().GetResult();
        if (reading.Document is not null && reading.Report.Findings.Count == 0 && PageTabArbitrary.AreSame(document, reading.Document)) return true;
        using var json = PageTabText.Of(document);
        throw new AssertFailedException(
            $"{Encoding.UTF8.GetString(written)}\n{string.Join('\n', reading.Report.Findings)}\n{new StreamReader(json.Open()).ReadToEnd()}");
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(Cases).WithName(form.ToString()));
}
