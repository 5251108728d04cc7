using System.Text;

namespace Archive.Submissions.Tables;

/// <summary>The texts that cells of a workbook share, as UTF-8 one after another.</summary>
internal sealed class XlsxStrings
{
    private byte[] texts = new byte[1 << 12];
    private int[] ends = new int[1 << 8];
    private int count;

    /// <summary>Reads the part; none gives no text.</summary>
    public static XlsxStrings Read(Stream? part, XlsxLimits limits)
    {
        var strings = new XlsxStrings();
        if (part is null) return strings;
        using var xml = new XlsxXml(part);
        var text = new StringBuilder();
        while (xml.Next())
        {
            if (xml.IsEnd || xml.Element != "si") continue;
            text.Clear();
            ReadRuns(xml, "si", text, limits.MaxRowChars);
            strings.Add(text, limits);
        }
        return strings;
    }

    /// <summary>Takes the text of an element that has it plain (<c>t</c>) or in runs (<c>r/t</c>), without readings (<c>rPh</c>).</summary>
    public static void ReadRuns(XlsxXml xml, string element, StringBuilder text, int maxChars)
    {
        if (xml.IsEmpty) return;
        while (xml.Next() && !(xml.IsEnd && xml.Element == element))
        {
            if (xml.IsEnd) continue;
            if (xml.Element == "rPh") xml.SkipElement();
            else if (xml.Element == "t") xml.ReadText(text, maxChars);
        }
    }

    /// <summary>Adds a text to a row's cell; false when there is none of this number.</summary>
    public bool TryAppend(int index, TableRow row)
    {
        if ((uint)index >= (uint)count) return false;
        var start = index == 0 ? 0 : ends[index - 1];
        row.AppendUtf8(texts.AsSpan(start, ends[index] - start));
        return true;
    }

    private void Add(StringBuilder text, XlsxLimits limits)
    {
        if (count == limits.MaxSharedTexts) throw XlsxPackage.TooLarge($"The workbook has more than {limits.MaxSharedTexts} texts.");
        var start = count == 0 ? 0 : ends[count - 1];
        if (start + ((long)text.Length * 3) > texts.Length) Grow(start + ((long)text.Length * 3), limits);
        var length = start;
        foreach (var block in text.GetChunks()) length += Encoding.UTF8.GetBytes(block.Span, texts.AsSpan(length));
        if (length > limits.MaxSharedBytes) throw XlsxPackage.TooLarge($"The texts of the workbook are longer than {limits.MaxSharedBytes} bytes.");
        if (count == ends.Length) Array.Resize(ref ends, count * 2);
        ends[count++] = length;
    }

    private void Grow(long least, XlsxLimits limits) => Array.Resize(ref texts, (int)Math.Max(least, Math.Min(texts.Length * 2L, limits.MaxSharedBytes)));
}
