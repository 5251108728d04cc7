using System.Globalization;
using System.Runtime.CompilerServices;
using Archive.Model.Files;
using Archive.Model.Submissions;
using Archive.Submissions.Tables;

namespace Archive.Submissions.FileLists;

/// <summary>Reads a list that is a table: a header, then a row for each file; blank rows are skipped.</summary>
internal static class TableFileList
{
    /// <summary>See <see cref="FileListReader.ReadAsync"/>. Disposes of the table; null is one that could not be opened.</summary>
    public static async IAsyncEnumerable<FileListRow> ReadAsync(
        TableReader? table, FileListForm form, FileListLimits limits, FindingList findings, [EnumeratorCancellation] CancellationToken ct)
    {
        using var reader = table;
        if (reader is null) yield break;
        var row = new TableRow();
        Header? header = null;
        while (await NextAsync(reader, row, form, findings, ct))
        {
            if (row.Fault is { } fault)
            {
                findings.Error(fault.Code, form.Place(row.Number), fault.Message);
                if (header is null) yield break;
                continue;
            }
            if (row.IsBlank) continue;
            if (header is null)
            {
                header = Header.Read(row, form, limits, findings);
                if (header is null) yield break;
                continue;
            }
            if (ReadRow(row, header, form, limits, findings) is { } read) yield return read;
        }
    }

    private static async Task<bool> NextAsync(TableReader reader, TableRow row, FileListForm form, FindingList findings, CancellationToken ct)
    {
        try
        {
            return await reader.ReadAsync(row, ct);
        }
        catch (TableException e)
        {
            findings.Error(e.Fault.Code, form.Place(e.Row), e.Message);
            return false;
        }
    }

    private static FileListRow? ReadRow(TableRow row, Header header, FileListForm form, FileListLimits limits, FindingList findings)
    {
        if (FaultOf(row, header, form, limits) is { } fault)
        {
            findings.Error(fault.Code, form.Place(row.Number), fault.Message);
            return null;
        }
        long? declared = null;
        if (header.SizeColumn > 0 && row[header.SizeColumn].Trim() is { IsEmpty: false } text)
        {
            if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var size)) declared = size;
            else findings.Error("file-size-invalid", form.Place(row.Number), "The size is not a whole number of bytes.");
        }
        // A name is kept as written: it may end in a space. An address may not.
        return new(row.Number, new string(form.IsOfLinks ? row[0].Trim() : row[0]), declared, form.Tally is null ? Attributes(row, header, form) : Count(row, header, form));
    }

    private static TableFault? FaultOf(TableRow row, Header header, FileListForm form, FileListLimits limits)
    {
        for (var i = header.Names.Length; i < row.Count; i++)
            if (!row[i].IsWhiteSpace())
                return new("file-list-row-too-wide", $"The row has {row.Count} cells and the header {header.Names.Length}.");
        if (row.Whole.Contains('\0')) return new("text-invalid", "The row has a NUL character.");
        if (form.Separator is { } separator && row.Whole.Count(separator) + header.Names.Length > limits.MaxValues)
            return new("file-list-values", $"The row has more than {limits.MaxValues} values.");
        return null;
    }

    private static List<FileAttribute> Attributes(TableRow row, Header header, FileListForm form)
    {
        var attributes = new List<FileAttribute>(Math.Min(row.Count, header.Names.Length));
        for (var i = 1; i < row.Count && i < header.Names.Length; i++)
            if (i != header.SizeColumn)
                foreach (var value in new CellValues(row[i], form.Separator))
                    attributes.Add(new(header.Names[i], new string(value)));
        return attributes;
    }

    private static FileAttribute[] Count(TableRow row, Header header, FileListForm form)
    {
        for (var i = 1; i < row.Count && i < header.Names.Length; i++)
        {
            if (i == header.SizeColumn || header.Columns![i].IsSettled) continue;
            foreach (var value in new CellValues(row[i], form.Separator)) header.Columns[i].Add(value, row.Number);
        }
        return [];
    }

    private sealed record Header(string[] Names, int SizeColumn, ColumnTally.Column[]? Columns)
    {
        public static Header? Read(TableRow row, FileListForm form, FileListLimits limits, FindingList findings)
        {
            var width = row.Count;
            while (width > 1 && row[width - 1].IsWhiteSpace()) width--;
            if (width > limits.MaxColumns)
            {
                findings.Error("file-list-columns", form.Place(row.Number), $"The list has more than {limits.MaxColumns} columns.");
                return null;
            }
            var names = new string[width];
            for (var i = 0; i < width; i++) names[i] = new string(row[i].Trim());
            var isExport = names[0].Equals(form.Key, StringComparison.OrdinalIgnoreCase);
            if (!isExport && !names[0].Equals(form.Header, StringComparison.OrdinalIgnoreCase))
            {
                findings.Error("file-list-header", form.Place(row.Number),
                    $"The first cell of the header must be '{form.Header}'. The list is TSV, CSV, the first sheet of an XLSX workbook, or a JSON array.", form.Header);
                return null;
            }
            for (var i = 1; i < width; i++)
                if (names[i].Length == 0)
                    findings.Error("file-list-header-blank", form.Place(row.Number), $"The header of column {i + 1} is blank.");
            if (row.Whole.Contains('\0')) findings.Error("text-invalid", form.Place(row.Number), "The header has a NUL character.");
            // Only an export's 'size' is the file's length; in a depositor's table a column Size may be anything.
            return new(names, isExport && !form.IsOfLinks ? Array.FindIndex(names, n => n.Equals("size", StringComparison.OrdinalIgnoreCase)) : -1,
                form.Tally is { } tally ? Array.ConvertAll(names, tally.ColumnOf) : null);
        }
    }
}
