using System.Runtime.CompilerServices;
using System.Text;
using Archive.Model.Submissions;

namespace Archive.Submissions.FileLists;

/// <summary>
/// Reads a file list row by row, so that its length does not matter. Tab-separated text, whose first header cell is <c>Files</c>
/// (or <c>path</c>, as exports name it), or a JSON array of <c>{path, size, type, attributes}</c>; told apart by the first character.
/// </summary>
public static class FileListReader
{
    private static readonly UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);

    /// <summary>
    /// The rows in order. What is wrong is added to <paramref name="findings"/> under the list's name and row; a row with an
    /// error is left out, and reading stops early only where nothing after it could be made sense of.
    /// </summary>
    /// <param name="content">Read from where it stands; stays open.</param>
    /// <param name="name">The list's name in findings.</param>
    public static async IAsyncEnumerable<FileListRow> ReadAsync(
        Stream content, string name, FileListLimits limits, FindingList findings, [EnumeratorCancellation] CancellationToken ct)
    {
        var buffer = new byte[64 * 1024];
        var start = await content.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, ct);
        await using var whole = new RewoundStream(buffer.AsMemory(0, start), content);
        var rows = IsJson(buffer.AsSpan(0, start))
            ? JsonFileList.ReadAsync(whole, name, limits, findings, ct)
            : TsvFileList.ReadAsync(new StreamReader(whole, Strict), name, limits, findings, ct);
        var count = 0L;
        await foreach (var row in rows)
        {
            if (++count > limits.MaxRows)
            {
                findings.Error("file-list-too-long", Place(name, row.Number), $"The list has more than {limits.MaxRows} rows.");
                yield break;
            }
            yield return row;
        }
        if (count == 0 && !findings.HasErrors) findings.Error("file-list-empty", name, "The file list names no file.");
    }

    /// <summary>How a finding names a row.</summary>
    internal static string Place(string name, long row) => $"{name}, row {row}";

    private static bool IsJson(ReadOnlySpan<byte> start)
    {
        if (start.StartsWith("\uFEFF"u8)) start = start[3..];
        start = start.TrimStart(" \t\r\n"u8);
        return !start.IsEmpty && start[0] is (byte)'[' or (byte)'{';
    }
}
