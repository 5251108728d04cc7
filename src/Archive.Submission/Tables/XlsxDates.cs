using System.Globalization;

namespace Archive.Submissions.Tables;

/// <summary>Which cells of a workbook hold dates, and the dates. A date is a number of days; only the style of its cell says that it is one.</summary>
internal sealed class XlsxDates
{
    private const double MaxSerial = 2_958_466;
    private const int MaxStyles = 100_000;

    private readonly List<bool> isDate = [];
    private readonly bool from1904;

    private XlsxDates(bool from1904) => this.from1904 = from1904;

    /// <summary>Reads the part of styles; none gives no dates.</summary>
    /// <param name="from1904">Whether days are counted from 1904, as old Macintosh programs did.</param>
    public static XlsxDates Read(Stream? part, bool from1904)
    {
        var dates = new XlsxDates(from1904);
        if (part is null) return dates;
        using var xml = new XlsxXml(part);
        var formats = new HashSet<int>();
        var isInside = false;
        while (xml.Next())
        {
            if (xml.Element == "cellXfs") isInside = !xml.IsEnd && !xml.IsEmpty;
            if (xml.IsEnd) continue;
            if (xml.Element == "numFmt" && formats.Count < MaxStyles && IsDateFormat(xml.Attribute("formatCode") ?? "")) formats.Add(Number(xml.Attribute("numFmtId")));
            else if (xml.Element == "xf" && isInside && dates.isDate.Count < MaxStyles) dates.isDate.Add(Number(xml.Attribute("numFmtId")) is var id && (IsBuiltIn(id) || formats.Contains(id)));
        }
        return dates;
    }

    /// <summary>The text of a number in a cell of the style: ISO 8601 for dates, times and instants, else the number as short as it can be.</summary>
    public string Text(string number, string? style)
    {
        if (!double.TryParse(number, NumberStyles.Float, CultureInfo.InvariantCulture, out var value)) return number;
        if (Number(style) is var index && index >= 0 && index < isDate.Count && isDate[index] && value >= 0 && value < MaxSerial) return Date(value);
        // Programs write 0.1 as 0.10000000000000001; long whole numbers stay as they are.
        return number.AsSpan().ContainsAny('.', 'E', 'e') ? value.ToString("R", CultureInfo.InvariantCulture) : number;
    }

    private string Date(double serial)
    {
        var seconds = (long)Math.Round(serial % 1 * 86_400);
        var time = TimeSpan.FromSeconds(seconds);
        if (serial < 1) return $"{(int)time.TotalHours:00}:{time.Minutes:00}:{time.Seconds:00}";
        // The year 1900 had no 29 February, but day 60 of spreadsheets is it.
        var start = from1904 ? new DateTime(1904, 1, 1) : new DateTime(1899, 12, serial < 60 ? 31 : 30);
        var instant = start.AddDays(Math.Floor(serial)).AddSeconds(seconds);
        return instant.ToString(seconds == 0 ? "yyyy-MM-dd" : "yyyy-MM-ddTHH:mm:ss", CultureInfo.InvariantCulture);
    }

    private static int Number(string? text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : -1;

    // ECMA-376 part 1, 18.8.30: formats with these numbers are not written down; 27 to 36 and 50 to 58 are those of East Asia.
    private static bool IsBuiltIn(int format) => format is (>= 14 and <= 22) or (>= 27 and <= 36) or (>= 45 and <= 47) or (>= 50 and <= 58);

    // Letters of dates outside quotes, brackets and escapes.
    private static bool IsDateFormat(string code)
    {
        var closing = '\0';
        for (var i = 0; i < code.Length; i++)
        {
            var c = code[i];
            if (closing != '\0')
            {
                if (c == closing) closing = '\0';
                continue;
            }
            if (c is '"' or '[') closing = c == '"' ? '"' : ']';
            else if (c is '\\' or '_' or '*') i++;
            else if (c is 'y' or 'Y' or 'm' or 'M' or 'd' or 'D' or 'h' or 'H' or 's' or 'S') return true;
        }
        return false;
    }
}
