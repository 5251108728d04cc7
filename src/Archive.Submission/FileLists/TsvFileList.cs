using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using Archive.Model.Files;
using Archive.Model.Submissions;

namespace Archive.Submissions.FileLists;

/// <summary>Reads the tab-separated form: a plain split on tabs, without quotes; blank lines are skipped.</summary>
internal static class TsvFileList
{
    /// <summary>See <see cref="FileListReader.ReadAsync"/>.</summary>
    public static async IAsyncEnumerable<FileListRow> ReadAsync(
        StreamReader text, string name, FileListLimits limits, FindingList findings, [EnumeratorCancellation] CancellationToken ct)
    {
        using var reader = text;
        var lines = new BoundedLines(reader, limits.MaxRowChars);
        Header? header = null;
        while (await NextAsync(lines, name, findings, ct) is { } line)
        {
            if (header is null && line.Text.Contains('\r', StringComparison.Ordinal))
            {
                findings.Error("file-list-line-ends", FileListReader.Place(name, lines.Number),
                    "The lines end with a carriage return (CR) only, so that the file is one line. Save it with line ends LF or CRLF.");
                yield break;
            }
            if (line.IsTooLong)
            {
                findings.Error("file-list-row-too-long", FileListReader.Place(name, lines.Number), $"The line is longer than {limits.MaxRowChars} characters.");
                if (header is null) yield break;
                continue;
            }
            if (string.IsNullOrWhiteSpace(line.Text)) continue;
            if (header is null)
            {
                header = Header.Read(line.Text, name, limits, findings);
                if (header is null) yield break;
                continue;
            }
            if (ReadRow(line.Text, lines.Number, header, name, findings) is { } row) yield return row;
        }
    }

    private static async Task<BoundedLines.Line?> NextAsync(BoundedLines lines, string name, FindingList findings, CancellationToken ct)
    {
        try
        {
            return await lines.NextAsync(ct);
        }
        catch (DecoderFallbackException)
        {
            findings.Error("file-list-encoding", FileListReader.Place(name, lines.Number + 1), "The file list is not UTF-8 near this row. Save it as UTF-8.");
            return null;
        }
    }

    private static FileListRow? ReadRow(string line, long number, Header header, string name, FindingList findings)
    {
        var cells = line.Split('\t');
        if (cells.Length > header.Names.Length && cells.AsSpan(header.Names.Length).ContainsAnyExcept(""))
        {
            findings.Error("file-list-row-too-wide", FileListReader.Place(name, number),
                $"The row has {cells.Length} cells and the header {header.Names.Length}.");
            return null;
        }
        if (line.Contains('\0', StringComparison.Ordinal))
        {
            findings.Error("text-invalid", FileListReader.Place(name, number), "The row has a NUL character.");
            return null;
        }
        long? declared = null;
        var attributes = new List<FileAttribute>(Math.Min(cells.Length, header.Names.Length));
        for (var i = 1; i < cells.Length && i < header.Names.Length; i++)
        {
            var value = cells[i].Trim();
            if (value.Length == 0) continue;
            if (i != header.SizeColumn) attributes.Add(new(header.Names[i], value));
            else if (long.TryParse(value, NumberStyles.None, null, out var size)) declared = size;
            else findings.Error("file-size-invalid", FileListReader.Place(name, number), "The size is not a whole number of bytes.");
        }
        return new(number, cells[0].Trim(), declared, attributes);
    }

    private sealed record Header(string[] Names, int SizeColumn)
    {
        public static Header? Read(string line, string name, FileListLimits limits, FindingList findings)
        {
            var names = line.TrimEnd('\t', ' ').Split('\t');
            for (var i = 0; i < names.Length; i++) names[i] = names[i].Trim();
            var isExport = names[0].Equals("path", StringComparison.OrdinalIgnoreCase);
            if (!isExport && !names[0].Equals("Files", StringComparison.OrdinalIgnoreCase))
            {
                findings.Error("file-list-header", FileListReader.Place(name, 1),
                    "The first cell of the header must be 'Files'. A file list is tab-separated text or a JSON array.", "Files");
                return null;
            }
            if (names.Length > limits.MaxColumns)
            {
                findings.Error("file-list-columns", FileListReader.Place(name, 1), $"The list has more than {limits.MaxColumns} columns.");
                return null;
            }
            for (var i = 1; i < names.Length; i++)
                if (names[i].Length == 0)
                    findings.Error("file-list-header-blank", FileListReader.Place(name, 1), $"The header of column {i + 1} is blank.");
            // Only an export's 'size' is the file's length; in a depositor's table a column Size may be anything.
            return new(names, isExport ? Array.FindIndex(names, n => n.Equals("size", StringComparison.OrdinalIgnoreCase)) : -1);
        }
    }
}
