namespace Archive.Submissions.Tables;

/// <summary>
/// Tab-separated text: a plain split on tabs, without quotes. Lines end in LF or CRLF; a first one with a CR inside is refused, since the
/// whole text is then one line. Of a line above the bound only its length is noticed, so that none fills the memory.
/// </summary>
internal sealed class TsvTable(TextSource source, int maxRowChars) : TableReader
{
    private bool isPastHeader;
    private bool endsInReturn;

    /// <inheritdoc/>
    public override async ValueTask<bool> ReadAsync(TableRow row, CancellationToken ct)
    {
        row.Begin(source.Line);
        var isTooLong = false;
        for (var any = false; ; any = true)
        {
            if (!await source.FillAsync(ct))
            {
                if (!any) return false;
                break;
            }
            if (TakeLine(row, ref isTooLong)) break;
        }
        if (isTooLong)
        {
            row.Fail("file-list-row-too-long", $"The line is longer than {maxRowChars} characters.");
        }
        else
        {
            row.TrimReturn();
            row.EndCell();
        }
        isPastHeader |= isTooLong || !row.IsBlank;
        endsInReturn = false;
        source.Line++;
        return true;
    }

    /// <inheritdoc/>
    public override void Dispose() => source.Dispose();

    // Takes what is at hand of the line; true when that was its end.
    private bool TakeLine(TableRow row, ref bool isTooLong)
    {
        var rest = source.Rest;
        var newline = rest.IndexOf('\n');
        var part = newline < 0 ? rest : rest[..newline];
        if (!isPastHeader && HasReturnInside(part)) throw new TableException(source.Line, TableFault.LineEnds);
        if (row.Size + part.Length > maxRowChars) isTooLong = true;
        if (!isTooLong) Split(row, part);
        source.Skip(newline < 0 ? rest.Length : newline + 1);
        return newline >= 0;
    }

    // A CR at the end of a block is inside the line when anything but LF follows.
    private bool HasReturnInside(ReadOnlySpan<char> part)
    {
        if (part.IsEmpty) return false;
        if (endsInReturn) return true;
        var at = part.IndexOf('\r');
        endsInReturn = at == part.Length - 1;
        return at >= 0 && !endsInReturn;
    }

    private static void Split(TableRow row, ReadOnlySpan<char> part)
    {
        for (var tab = part.IndexOf('\t'); tab >= 0; tab = part.IndexOf('\t'))
        {
            row.Append(part[..tab]);
            row.EndCell();
            part = part[(tab + 1)..];
        }
        row.Append(part);
    }
}
