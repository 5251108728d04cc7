using System.Runtime.CompilerServices;
using Archive.Model.Submissions;
using Archive.Submissions.Tables;

namespace Archive.Submissions.FileLists;

/// <summary>
/// Reads a file list row by row, so that its length does not matter: a table whose first header cell is <c>Files</c> (or <c>path</c>, as
/// exports name it) as TSV, CSV or the first sheet of an XLSX workbook, or a JSON array of <c>{path, size, type, attributes}</c>. The
/// content tells which, never the name. Lists of links are the same with <c>Links</c> and <c>url</c>.
/// </summary>
public static class FileListReader
{
    /// <summary>
    /// The rows in order. What is wrong is added to <paramref name="findings"/> under the list's name and row; a row with an
    /// error is left out, and reading stops early only where nothing after it could be made sense of.
    /// </summary>
    /// <param name="content">Read from its beginning; stays open. A workbook must be able to seek.</param>
    public static async IAsyncEnumerable<FileListRow> ReadAsync(
        Stream content, FileListForm form, FileListLimits limits, FindingList findings, [EnumeratorCancellation] CancellationToken ct)
    {
        var before = findings.Found;
        var buffer = new byte[64 * 1024];
        var start = await content.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, ct);
        await using var whole = new RewoundStream(buffer.AsMemory(0, start), content);
        var rows = IsJson(buffer.AsSpan(0, start))
            ? JsonFileList.ReadAsync(whole, form, limits, findings, ct)
            : TableFileList.ReadAsync(await OpenAsync(XlsxSheet.Begins(buffer.AsSpan(0, start)) ? content : whole, form, limits, findings, ct), form, limits, findings, ct);
        var count = 0L;
        await foreach (var row in rows)
        {
            if (++count > limits.MaxRows)
            {
                findings.Error("file-list-too-long", form.Place(row.Number), $"The list has more than {limits.MaxRows} rows.");
                yield break;
            }
            yield return row;
        }
        if (count == 0 && findings.Found == before) findings.Error("file-list-empty", form.Name, form.IsOfLinks ? "The link list names no link." : "The file list names no file.");
    }

    /// <summary>How a finding names a row.</summary>
    internal static string Place(string name, long row) => $"{name}, row {row}";

    private static async Task<TableReader?> OpenAsync(Stream content, FileListForm form, FileListLimits limits, FindingList findings, CancellationToken ct)
    {
        try
        {
            return content.CanSeek ? XlsxSheet.Open(content, XlsxLimits.Default) : await TextTables.OpenAsync(content, form, limits, ct);
        }
        catch (TableException e)
        {
            findings.Error(e.Fault.Code, form.Place(e.Row), e.Message);
            return null;
        }
    }

    private static bool IsJson(ReadOnlySpan<byte> start)
    {
        if (start.StartsWith("\uFEFF"u8)) start = start[3..];
        start = start.TrimStart(" \t\r\n"u8);
        return !start.IsEmpty && start[0] is (byte)'[' or (byte)'{';
    }
}
