using Archive.Submissions.Tables;

namespace Archive.Submissions.FileLists;

/// <summary>Tells tab-separated from comma- and semicolon-separated lists: by what stands behind the first cell of the header, which is known.</summary>
internal static class TextTables
{
    /// <summary>Opens a text as the table that it is; one whose header is not that of a list is opened as tab-separated, to be told so.</summary>
    /// <exception cref="TableException">It is no text, or its header can be read in two ways.</exception>
    public static async Task<TableReader> OpenAsync(Stream content, FileListForm form, FileListLimits limits, CancellationToken ct)
    {
        var source = new TextSource(content);
        try
        {
            await source.PeekAsync(ct);
            return Separator(source, form) is { } separator
                ? new CsvTable(source, separator, limits.MaxRowChars)
                : new TsvTable(source, limits.MaxRowChars);
        }
        catch
        {
            source.Dispose();
            throw;
        }
    }

    // Null for tabs.
    private static char? Separator(TextSource source, FileListForm form)
    {
        if (TakeStated(source) is { } stated) return stated == '\t' ? null : stated;
        var rest = source.Rest;
        var blank = rest.Length - rest.TrimStart(" \t\r\n").Length;
        // Blank lines before the header are passed over by whoever reads it.
        var header = rest[(rest[..blank].LastIndexOfAny('\n', '\r') + 1)..];
        var end = header.IndexOfAny('\n', '\r');
        if (end >= 0) header = header[..end];
        var isQuoted = header.StartsWith('"');
        var cell = isQuoted ? header[1..] : header;
        var length = isQuoted ? cell.IndexOf('"') : cell.IndexOfAny("\t,;");
        if (length >= 0) cell = cell[..length];
        var behind = header[(cell.Length + (isQuoted && length >= 0 ? 2 : 0))..].TrimStart(' ');
        if (!IsHeader(cell.Trim(), form)) return null;
        if (behind.IsEmpty) return isQuoted ? ',' : null;
        if (behind[0] != ';') return behind[0] == ',' ? ',' : null;
        return HasBare(behind, ',')
            ? throw new TableException(source.Line, new("file-list-separator",
                "The header has semicolons and commas, so it is not clear which separates cells. Put cells with commas in quotes, or save the list as TSV."))
            : ';';
    }

    private static bool IsHeader(ReadOnlySpan<char> cell, FileListForm form) =>
        cell.Equals(form.Header, StringComparison.OrdinalIgnoreCase) || cell.Equals(form.Key, StringComparison.OrdinalIgnoreCase);

    // Spreadsheets state the separator in a first line of its own: sep=;
    private static char? TakeStated(TextSource source)
    {
        var rest = source.Rest;
        if (rest.Length < 6 || !rest.StartsWith("sep=", StringComparison.OrdinalIgnoreCase) || rest[4] is not (',' or ';' or '\t') || rest[5] is not ('\r' or '\n')) return null;
        var stated = rest[4];
        source.Skip(rest[5] == '\r' && rest.Length > 6 && rest[6] == '\n' ? 7 : 6);
        source.Line++;
        return stated;
    }

    private static bool HasBare(ReadOnlySpan<char> header, char character)
    {
        var isQuoted = false;
        foreach (var c in header)
        {
            if (c == '"') isQuoted = !isQuoted;
            else if (c == character && !isQuoted) return true;
        }
        return false;
    }
}
