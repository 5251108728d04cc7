using System.Buffers.Binary;
using System.IO.Compression;
using System.Security;
using System.Text;

namespace Archive.Submission.Tests.Tables;

/// <summary>Writes workbooks (ECMA-376) by hand, right ones and wrong ones. The framework's zip writer is not the code under test.</summary>
internal sealed class Workbook
{
    private const string Main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    private const string Relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

    public Dictionary<string, string> Parts { get; } = new(StringComparer.Ordinal)
    {
        ["_rels/.rels"] = $"""<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="{Relations}/officeDocument" Target="xl/workbook.xml"/></Relationships>""",
        ["xl/workbook.xml"] = $"""<workbook xmlns="{Main}" xmlns:r="{Relations}"><workbookPr/><sheets><sheet name="Files" sheetId="1" r:id="rId7"/><sheet name="Other" sheetId="2" r:id="rId8"/></sheets></workbook>""",
        ["xl/_rels/workbook.xml.rels"] = $"""
            <Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId8" Type="{Relations}/worksheet" Target="worksheets/sheet1.xml"/>
            <Relationship Id="rId7" Type="{Relations}/worksheet" Target="/xl/worksheets/first.xml"/><Relationship Id="rId9" Type="{Relations}/sharedStrings" Target="sharedStrings.xml"/>
            <Relationship Id="rId10" Type="{Relations}/styles" Target="styles.xml"/></Relationships>
            """,
        ["xl/worksheets/sheet1.xml"] = "<worksheet/>",
        // Style 1 is built in, 2 is a date by its letters, 3 is not: its letters are in quotes and brackets.
        ["xl/styles.xml"] = $"""
            <styleSheet xmlns="{Main}"><numFmts count="2"><numFmt numFmtId="164" formatCode="dd\.mm\.yyyy hh:mm"/><numFmt numFmtId="165" formatCode="0.0&quot; days&quot;[Red]"/></numFmts>
            <cellStyleXfs><xf numFmtId="14"/></cellStyleXfs><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="164"/><xf numFmtId="165"/></cellXfs></styleSheet>
            """,
        ["xl/sharedStrings.xml"] = $"""<sst xmlns="{Main}"><si><t>Files</t></si><si><r><t>Chan</t></r><r><t xml:space="preserve">nel </t></r><rPh><t>reading</t></rPh></si><si><t>ä &amp; b</t></si></sst>""",
    };

    /// <summary>A workbook whose first sheet has the content.</summary>
    public static Workbook WithSheet(string sheetData)
    {
        var book = new Workbook();
        book.Parts["xl/worksheets/first.xml"] = $"""<?xml version="1.0" encoding="UTF-8"?><worksheet xmlns="{Main}"><sheetData>{sheetData}</sheetData></worksheet>""";
        return book;
    }

    /// <summary>A workbook of texts.</summary>
    public static Workbook OfRows(params string[][] rows) => WithSheet(string.Concat(rows.Select((cells, r) =>
        $"""<row r="{r + 1}">{string.Concat(cells.Select((c, i) => $"""<c r="{(char)('A' + i)}{r + 1}" t="inlineStr"><is><t>{SecurityElement.Escape(c)}</t></is></c>"""))}</row>""")));

    public byte[] ToBytes(CompressionLevel level = CompressionLevel.Fastest)
    {
        using var bytes = new MemoryStream();
        using (var zip = new ZipArchive(bytes, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (name, text) in Parts)
            {
                using var part = zip.CreateEntry(name, level).Open();
                part.Write(Encoding.UTF8.GetBytes(text));
            }
        }
        return bytes.ToArray();
    }

    /// <summary>The same zip with a number of entries written into its end record that it does not have.</summary>
    public static byte[] WithEntryCount(byte[] zip, ushort count)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(zip.AsSpan(zip.Length - 22 + 8), count);
        BinaryPrimitives.WriteUInt16LittleEndian(zip.AsSpan(zip.Length - 22 + 10), count);
        return zip;
    }
}
