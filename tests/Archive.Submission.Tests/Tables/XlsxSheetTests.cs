using System.IO.Compression;
using System.Text;
using Archive.Submissions.Tables;
using Archive.TestKit;

namespace Archive.Submission.Tests.Tables;

[TestClass]
public sealed class XlsxSheetTests
{
    [TestMethod]
    public void Read_WhenCellsAreOfEveryKind_GivesTheirTexts()
    {
        var rows = Read(Workbook.WithSheet("""
            <row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c><c r="C1" t="inlineStr"><is><r><t>in</t></r><r><t>line</t></r></is></c></row>
            <row r="3"><c r="A3" t="s"><v>2</v></c><c r="C3"><v>0.10000000000000001</v></c><c r="D3" t="b"><v>1</v></c><c r="E3" t="str"><f>A1&amp;"x"</f><v>Filesx</v></c><c r="F3" t="e"><v>#N/A</v></c></row>
            <row><c><v>7</v></c><c s="3"><v>2.5</v></c><c/><c t="d"><v>2026-01-02</v></c></row>
            """));

        CollectionAssert.AreEqual(
            new[] { "1: Files|Channel |inline", "3: ä & b||0.1|TRUE|Filesx|#N/A", "4: 7|2.5||2026-01-02" }, rows);
    }

    [TestMethod]
    // Serials by ECMA-376 part 1, 18.17.4.1: day 1 is 1900-01-01, day 60 the 29 February 1900 that never was, 36526 is 2000-01-01.
    [DataRow(1, "36526", false, "2000-01-01")]
    [DataRow(1, "1", false, "1900-01-01")]
    [DataRow(1, "59", false, "1900-02-28")]
    [DataRow(1, "61", false, "1900-03-01")]
    [DataRow(2, "36526.5", false, "2000-01-01T12:00:00")]
    [DataRow(2, "0.25", false, "06:00:00")]
    [DataRow(1, "35064", true, "2000-01-01")]
    [DataRow(3, "36526", false, "36526")]
    [DataRow(0, "36526", false, "36526")]
    [DataRow(1, "-1", false, "-1")]
    public void Read_WhenAStyleSaysDate_GivesIso(int style, string value, bool from1904, string expected)
    {
        var book = Workbook.WithSheet($"""<row r="1"><c r="A1" s="{style}"><v>{value}</v></c></row>""");
        if (from1904) book.Parts["xl/workbook.xml"] = book.Parts["xl/workbook.xml"].Replace("<workbookPr/>", "<workbookPr date1904=\"1\"/>", StringComparison.Ordinal);

        CollectionAssert.AreEqual(new[] { "1: " + expected }, Read(book));
    }

    [TestMethod]
    public void Read_WhenTheWorkbookIsReal_GivesItsFirstSheet()
    {
        if (Repository.RealData is null) Assert.Inconclusive("The folder of real inputs is absent.");

        var rows = Read(File.ReadAllBytes(Path.Combine(Repository.RealData!, "pagetab", "bia_mifa_models.xlsx")));

        // The header of sheet 'Study', as unzip and an editor show it.
        CollectionAssert.AreEqual(
            new[] { "1: title|description|keywords|license|ai_models_trained|acknowledgements|funding_statement|publications|authors|link_url|link_description|grants" }, rows);
    }

    [TestMethod]
    [DataRow("not a zip", "xlsx-damaged")]
    [DataRow("no workbook", "xlsx-damaged")]
    [DataRow("no sheet", "xlsx-damaged")]
    [DataRow("document type", "xlsx-damaged")]
    [DataRow("entity", "xlsx-damaged")]
    [DataRow("broken XML", "xlsx-damaged")]
    [DataRow("rows backwards", "xlsx-damaged")]
    [DataRow("cells backwards", "xlsx-damaged")]
    [DataRow("row too far", "xlsx-damaged")]
    [DataRow("column too far", "xlsx-damaged")]
    [DataRow("missing text", "xlsx-damaged")]
    [DataRow("deep", "xlsx-damaged")]
    [DataRow("many names", "xlsx-damaged")]
    [DataRow("cut", "xlsx-damaged")]
    [DataRow("more entries than there are", "xlsx-damaged")]
    [DataRow("too many entries", "xlsx-too-large", "more than 50 parts")]
    [DataRow("bomb", "xlsx-too-large", "times as long")]
    [DataRow("bomb of shared texts", "xlsx-too-large", "texts of the workbook are longer")]
    [DataRow("long attribute", "xlsx-too-large", "longer than a megabyte")]
    [DataRow("long cell", "xlsx-too-large", "longer than 100000")]
    [DataRow("long part", "xlsx-too-large", "part of the workbook is longer")]
    public void Read_WhenHostile_IsRefusedWithinBounds(string fault, string code, string message = "")
    {
        var bytes = Hostile(fault);
        var limits = new XlsxLimits(MaxParts: 60_000, MaxPartBytes: 4 << 20, MaxSharedBytes: 1 << 20, MaxRowChars: 100_000);
        var before = GC.GetTotalAllocatedBytes();

        var refusal = Assert.ThrowsExactly<TableException>(() => Read(bytes, fault == "too many entries" ? limits with { MaxParts = 50 } : limits));

        Assert.AreEqual(code, refusal.Fault.Code, refusal.Message);
        Assert.Contains(message, refusal.Message);
        Assert.IsLessThan(60L << 20, GC.GetTotalAllocatedBytes() - before);
    }

    [TestMethod]
    public void Read_WhenASheetIsLong_HoldsOneRow()
    {
        const int count = 200_000;
        var sheet = new StringBuilder();
        for (var i = 1; i <= count; i++) sheet.Append("<row r=\"").Append(i).Append("\"><c r=\"A").Append(i).Append("\"><v>").Append(i).Append("</v></c></row>");
        using var content = new MemoryStream(Workbook.WithSheet(sheet.ToString()).ToBytes());
        using var reader = XlsxSheet.Open(content, XlsxLimits.Default);
        var row = new TableRow();
        var sum = 0L;

        while (reader.Read(row)) sum += long.Parse(row[0], System.Globalization.CultureInfo.InvariantCulture);

        Assert.AreEqual((long)count * (count + 1) / 2, sum);
    }

    private static byte[] Hostile(string fault)
    {
        const string cell = """<row r="1"><c r="A1" t="inlineStr"><is><t>x</t></is></c></row>""";
        var book = Workbook.WithSheet(cell);
        switch (fault)
        {
            case "not a zip": return "PK\u0003\u0004 and nothing more"u8.ToArray();
            case "no workbook": book.Parts.Remove("xl/workbook.xml"); break;
            case "no sheet": book.Parts.Remove("xl/worksheets/first.xml"); break;
            case "document type": book.Parts["xl/worksheets/first.xml"] = "<!DOCTYPE worksheet SYSTEM \"http://localhost/x.dtd\"><worksheet/>"; break;
            case "entity": book.Parts["xl/worksheets/first.xml"] = "<!DOCTYPE a [<!ENTITY b \"" + new string('x', 1000) + "\">]><worksheet>&b;&b;</worksheet>"; break;
            case "broken XML": book = Workbook.WithSheet("""<row r="1"><c r="A1"><v>1</c></row>"""); break;
            case "rows backwards": book = Workbook.WithSheet("""<row r="2"/><row r="1"/>"""); break;
            case "cells backwards": book = Workbook.WithSheet("""<row r="1"><c r="B1"><v>1</v></c><c r="A1"><v>1</v></c></row>"""); break;
            case "row too far": book = Workbook.WithSheet("""<row r="1048577"/>"""); break;
            case "column too far": book = Workbook.WithSheet("""<row r="1"><c r="ZZZZ1"><v>1</v></c></row>"""); break;
            case "missing text": book = Workbook.WithSheet("""<row r="1"><c r="A1" t="s"><v>3</v></c></row>"""); break;
            case "deep": book = Workbook.WithSheet(string.Concat(Enumerable.Repeat("<a>", 1000))); break;
            case "many names": book = Workbook.WithSheet(string.Concat(Enumerable.Range(0, 100_000).Select(i => $"<n{i}/>"))); break;
            case "bomb": book = Workbook.WithSheet(new string(' ', 200 << 10) + string.Concat(Enumerable.Repeat("<row/>", 4 << 20))); break;
            case "bomb of shared texts": book.Parts["xl/sharedStrings.xml"] = "<sst>" + string.Concat(Enumerable.Repeat("<si><t>" + Convert.ToHexString(Enumerable.Range(0, 45_000).Select(i => (byte)(i * i * 31 >> 4)).ToArray()) + "</t></si>", 20)) + "</sst>"; break;
            case "long attribute": book = Workbook.WithSheet($"""<row r="1"><c r="{new string('A', 3 << 20)}"/></row>"""); break;
            case "long cell": book = Workbook.WithSheet($"""<row r="1"><c r="A1" t="str"><v>{new string('x', 200_000)}</v></c></row>"""); break;
            case "long part": return Stored(5 << 20);
            case "too many entries": for (var i = 0; i < 60; i++) book.Parts[$"x{i}"] = ""; break;
            case "more entries than there are": return Workbook.WithEntryCount(book.ToBytes(), 50_000);
            case "cut":
                {
                    // The packed bytes of the sheet are zeroed; the directory at the end stays whole.
                    var cut = Workbook.WithSheet(string.Concat(Enumerable.Repeat(cell, 1)) + string.Concat(Enumerable.Range(2, 5000).Select(i => $"<row r=\"{i}\"><c><v>{i * 7919}</v></c></row>"))).ToBytes();
                    cut.AsSpan(cut.Length / 2, 200).Clear();
                    return cut;
                }
        }
        return book.ToBytes(CompressionLevel.Optimal);
    }

    // Not packed, so no ratio says anything.
    private static byte[] Stored(int bytes)
    {
        var rows = new StringBuilder();
        for (var i = 1; rows.Length < bytes; i++) rows.Append("<row r=\"").Append(i).Append("\"><c t=\"str\"><v>").Append('x', 100).Append("</v></c></row>");
        return Workbook.WithSheet(rows.ToString()).ToBytes(CompressionLevel.NoCompression);
    }

    private static string[] Read(Workbook book) => Read(book.ToBytes());

    private static string[] Read(byte[] bytes, XlsxLimits? limits = null)
    {
        using var content = new MemoryStream(bytes);
        using var sheet = XlsxSheet.Open(content, limits ?? XlsxLimits.Default);
        var rows = new List<string>();
        for (var row = new TableRow(); sheet.Read(row);) rows.Add($"{row.Number}: {string.Join('|', row.ToArray())}");
        return [.. rows];
    }
}
