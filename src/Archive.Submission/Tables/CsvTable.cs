namespace Archive.Submissions.Tables;

/// <summary>
/// Comma-separated text by RFC 4180, or the same with semicolons: a cell in quotes may hold separators, doubled quotes and line ends. A
/// row's number is the line in which it begins. A quote inside a cell that does not begin with one is a character like any other. A CR
/// outside quotes that no LF follows is refused, as <see cref="TsvTable"/> does.
/// </summary>
internal sealed class CsvTable(TextSource source, char separator, int maxRowChars) : TableReader
{
    private bool isAfterReturn;

    private enum State
    {
        AtStart,
        Plain,
        Quoted,
        AfterQuote,
    }

    /// <inheritdoc/>
    public override async ValueTask<bool> ReadAsync(TableRow row, CancellationToken ct)
    {
        var state = State.AtStart;
        for (var any = false; ; any = true)
        {
            if (!await source.FillAsync(ct))
            {
                if (!any) return false;
                if (state == State.Quoted) throw Unclosed(row);
                row.EndCell();
                return true;
            }
            if (isAfterReturn)
            {
                isAfterReturn = false;
                if (source.Rest[0] != '\n') throw new TableException(source.Line - 1, TableFault.LineEnds);
                source.Skip(1);
                if (source.Rest.IsEmpty && !await source.FillAsync(ct)) return false;
            }
            if (!any) row.Begin(source.Line);
            if (Take(row, ref state)) return true;
            if (row.Size <= maxRowChars) continue;
            if (state == State.Quoted) throw Unclosed(row);
            await SkipLineAsync(ct);
            row.Fail("file-list-row-too-long", $"The row is longer than {maxRowChars} characters.");
            return true;
        }
    }

    /// <inheritdoc/>
    public override void Dispose() => source.Dispose();

    private static TableException Unclosed(TableRow row) => new(
        row.Number, new("file-list-quote", "A cell of this row begins with a quote and nothing ends it: double quotes inside a cell, and close it by one."));

    // Takes what is at hand of the row; true when that was its end.
    private bool Take(TableRow row, ref State state)
    {
        var rest = source.Rest;
        var at = 0;
        while (at < rest.Length)
        {
            if (state == State.Quoted)
            {
                at += TakeQuoted(row, rest[at..], ref state);
                continue;
            }
            if (state == State.AtStart && rest[at] == '"')
            {
                state = State.Quoted;
                at++;
                continue;
            }
            if (state == State.AfterQuote && rest[at] == '"')
            {
                row.Append('"');
                state = State.Quoted;
                at++;
                continue;
            }
            var stop = rest[at..].IndexOfAny(separator, '\n', '\r');
            var part = stop < 0 ? rest[at..] : rest.Slice(at, stop);
            if (part.Length > 0) TakePlain(row, part, ref state);
            at += part.Length;
            if (stop < 0) break;
            row.EndCell();
            state = State.AtStart;
            if (rest[at++] is var end && end == separator) continue;
            isAfterReturn = end == '\r';
            source.Line++;
            source.Skip(at);
            return true;
        }
        source.Skip(at);
        return false;
    }

    // Behind the closing quote only blanks stand; whatever else is there is kept, as spreadsheets do.
    private static void TakePlain(TableRow row, ReadOnlySpan<char> part, ref State state)
    {
        if (state == State.AfterQuote && part.IsWhiteSpace()) return;
        row.Append(part);
        state = State.Plain;
    }

    private int TakeQuoted(TableRow row, ReadOnlySpan<char> rest, ref State state)
    {
        var quote = rest.IndexOf('"');
        var part = quote < 0 ? rest : rest[..quote];
        source.Line += Lines(part);
        row.Append(part);
        if (quote < 0) return rest.Length;
        state = State.AfterQuote;
        return quote + 1;
    }

    // A CRLF that a block cuts in two counts twice at worst by its CR: only LF counts, or CR where no LF follows in the same block.
    private static int Lines(ReadOnlySpan<char> text)
    {
        var lines = text.Count('\n');
        return lines > 0 ? lines : text.Count('\r');
    }

    private async ValueTask SkipLineAsync(CancellationToken ct)
    {
        while (await source.FillAsync(ct))
        {
            var newline = source.Rest.IndexOf('\n');
            source.Skip(newline < 0 ? source.Rest.Length : newline + 1);
            if (newline < 0) continue;
            source.Line++;
            return;
        }
    }
}
