using System.Globalization;
using System.Text;

namespace Archive.Submissions.Tables;

/// <summary>
/// The first sheet of a workbook (XLSX, ECMA-376) row by row: texts, numbers as short as they can be, dates in ISO 8601, the last
/// result of formulas. Only shared texts and styles are held. Reads the file as it goes, so its calls end at once.
/// </summary>
public sealed class XlsxSheet : TableReader
{
    private readonly XlsxLimits limits;
    private readonly XlsxStrings strings;
    private readonly XlsxDates dates;
    private readonly XlsxXml sheet;
    private readonly StringBuilder text = new();
    private long lastRow;

    private XlsxSheet(XlsxLimits limits, XlsxStrings strings, XlsxDates dates, XlsxXml sheet) =>
        (this.limits, this.strings, this.dates, this.sheet) = (limits, strings, dates, sheet);

    /// <summary>Whether a file begins as a workbook does.</summary>
    public static bool Begins(ReadOnlySpan<byte> start) => start.StartsWith("PK\u0003\u0004"u8);

    /// <summary>Opens the first sheet.</summary>
    /// <param name="content">Can seek; stays open, and is nobody else's while rows are read.</param>
    /// <exception cref="TableException">It is no workbook that can be read, or above a bound.</exception>
    public static XlsxSheet Open(Stream content, XlsxLimits limits)
    {
        ArgumentNullException.ThrowIfNull(content);
        ArgumentNullException.ThrowIfNull(limits);
        var package = new XlsxPackage(content, limits);
        var book = Related(package, "", "officeDocument") ?? "xl/workbook.xml";
        var (sheetId, from1904) = ReadBook(package.Open(book) ?? throw XlsxPackage.Damaged("it has no workbook inside"));
        var sheetName = RelatedBy(package, book, (id, _) => id == sheetId) ?? throw XlsxPackage.Damaged("its first sheet is missing");
        var shared = XlsxStrings.Read(Part(package, Related(package, book, "sharedStrings")), limits);
        var styles = XlsxDates.Read(Part(package, Related(package, book, "styles")), from1904);
        return new(limits, shared, styles, new XlsxXml(package.Open(sheetName) ?? throw XlsxPackage.Damaged("its first sheet is missing")));
    }

    /// <inheritdoc/>
    public override ValueTask<bool> ReadAsync(TableRow row, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        return new(Read(row));
    }

    /// <summary>Reads the next row that the sheet has; rows that it leaves out are not given. False at the end.</summary>
    /// <exception cref="TableException">Nothing from here on can be read.</exception>
    public bool Read(TableRow row)
    {
        ArgumentNullException.ThrowIfNull(row);
        while (sheet.Next())
        {
            if (sheet.Element == "sheetData" && sheet.IsEnd) return false;
            if (sheet.IsEnd || sheet.Element != "row") continue;
            var number = sheet.Attribute("r") is { } r
                ? long.TryParse(r, NumberStyles.None, CultureInfo.InvariantCulture, out var given) ? given : 0
                : lastRow + 1;
            if (number <= lastRow || number > XlsxLimits.MaxRows) throw XlsxPackage.Damaged("its rows are not in order", lastRow + 1);
            lastRow = sheet.Row = number;
            row.Begin(number);
            if (!sheet.IsEmpty) ReadCells(row);
            return true;
        }
        return false;
    }

    /// <inheritdoc/>
    public override void Dispose() => sheet.Dispose();

    private static Stream? Part(XlsxPackage package, string? name) => name is null ? null : package.Open(name);

    private static (string? SheetId, bool From1904) ReadBook(Stream part)
    {
        using var xml = new XlsxXml(part);
        var from1904 = false;
        while (xml.Next())
        {
            if (xml.Element == "workbookPr" && !xml.IsEnd) from1904 = xml.Attribute("date1904") is "1" or "true";
            if (xml.Element == "sheet" && !xml.IsEnd) return (xml.RelationId(), from1904);
        }
        throw XlsxPackage.Damaged("it has no sheet");
    }

    private static string? Related(XlsxPackage package, string of, string kind) => RelatedBy(package, of, (_, type) => type.EndsWith("/" + kind, StringComparison.Ordinal));

    // The part that another refers to; relations stand beside a part in _rels, and name parts relative to its folder.
    private static string? RelatedBy(XlsxPackage package, string of, Func<string?, string, bool> isWanted)
    {
        var slash = of.LastIndexOf('/') + 1;
        if (package.Open($"{of[..slash]}_rels/{of[slash..]}.rels") is not { } part) return null;
        using var xml = new XlsxXml(part);
        while (xml.Next())
            if (!xml.IsEnd && xml.Element == "Relationship" && isWanted(xml.Attribute("Id"), xml.Attribute("Type") ?? "") && xml.Attribute("Target") is { } target)
                return target.StartsWith('/') ? target : of[..slash] + target;
        return null;
    }

    private void ReadCells(TableRow row)
    {
        while (sheet.Next() && !(sheet.IsEnd && sheet.Element == "row"))
        {
            if (sheet.IsEnd || sheet.Element != "c") continue;
            var column = sheet.Attribute("r") is { } place ? ColumnOf(place) : row.Count;
            if (column < row.Count || column >= XlsxLimits.MaxColumns) throw XlsxPackage.Damaged("the cells of a row are not in order", lastRow);
            while (row.Count < column) row.EndCell();
            var (kind, style) = (sheet.Attribute("t"), sheet.Attribute("s"));
            text.Clear();
            if (!sheet.IsEmpty) ReadCell(row, kind, style);
            if (row.Size > limits.MaxRowChars) throw XlsxPackage.TooLarge($"The row is longer than {limits.MaxRowChars} characters.", lastRow);
            row.EndCell();
        }
    }

    private void ReadCell(TableRow row, string? kind, string? style)
    {
        while (sheet.Next() && !(sheet.IsEnd && sheet.Element == "c"))
        {
            if (sheet.IsEnd) continue;
            if (sheet.Element == "is") XlsxStrings.ReadRuns(sheet, "is", text, limits.MaxRowChars);
            else if (sheet.Element == "v") sheet.ReadText(text, limits.MaxRowChars);
            else sheet.SkipElement();
        }
        if (text.Length == 0) return;
        var value = text.ToString();
        switch (kind)
        {
            case "s":
                if (!int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var index) || !strings.TryAppend(index, row))
                    throw XlsxPackage.Damaged("a cell names a text that is missing", lastRow);
                break;
            case "b": row.Append(value == "1" ? "TRUE" : value == "0" ? "FALSE" : value); break;
            case null or "n": row.Append(dates.Text(value, style)); break;
            default: row.Append(value); break;
        }
    }

    private int ColumnOf(string place)
    {
        var column = 0;
        foreach (var c in place)
        {
            if (!char.IsAsciiLetterUpper(c)) break;
            column = (column * 26) + (c - 'A' + 1);
            if (column > XlsxLimits.MaxColumns) break;
        }
        return column > 0 ? column - 1 : throw XlsxPackage.Damaged("a cell has no place", lastRow);
    }
}
