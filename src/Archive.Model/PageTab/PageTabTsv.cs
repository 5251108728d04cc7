using System.Buffers;
using System.Text;
using Archive.Model.Submissions;

namespace Archive.Model.PageTab;

/// <summary>
/// Page tab as tab-separated text: blocks of lines with blank lines between them, the submission first, then the root section. Follows the
/// public exchange format of BioStudies; what that has no way to write is written in words of our own (docs/page-tab.md).
/// </summary>
public static class PageTabTsv
{
    /// <summary>Reads a document and finds everything that is wrong with it; never throws for what the text contains.</summary>
    /// <param name="text">UTF-8, or UTF-16 with a mark, as spreadsheets write it.</param>
    public static PageTabReading Read(PageTabText text, PageTabLimits limits)
    {
        ArgumentNullException.ThrowIfNull(text);
        var reader = new PageTabTsvReader(limits, "line");
        using var content = text.Open();
        using var characters = new StreamReader(content, EncodingOf(text), detectEncodingFromByteOrderMarks: false, 16 * 1024);
        var rows = new PageTabTsvRows(characters, (line, message) => reader.Error("quote-unbalanced", line, line, message));
        try
        {
            while (rows.TryRead(out var row)) reader.Add(row);
            return reader.Finish();
        }
        catch (DecoderFallbackException)
        {
            return reader.Refuse(PageTabFault.NotTsv, "page-tab-not-tsv", reader.Place(rows.Line, rows.Line), "The text is not UTF-8 near this line. Save the file as text, UTF-8.");
        }
        catch (Exception e) when (e is PageTabOverfullException or PageTabTooDeepException)
        {
            return RefuseBound(reader, e, limits);
        }
    }

    /// <summary>Reads the rows of a sheet as lines of TSV: cells are never quoted, so a blank one is nothing.</summary>
    /// <param name="rows">Each with its number, from 1; rows that are left out count as blank.</param>
    public static async Task<PageTabReading> ReadRowsAsync(IAsyncEnumerable<(long Number, IReadOnlyList<string> Cells)> rows, PageTabLimits limits, CancellationToken ct)
    {
        var reader = new PageTabTsvReader(limits, "row");
        try
        {
            var (last, characters) = (0L, 0L);
            await foreach (var (number, cells) in rows.WithCancellation(ct))
            {
                // A sheet names a text that many cells share: written out, they may be far longer than the file.
                foreach (var cell in cells) characters += cell.Length;
                if (characters > limits.MaxBytes)
                    return reader.Refuse(PageTabFault.TooLarge, "page-tab-too-large", reader.Place(number, number), $"The texts of the page tab are longer than {limits.MaxBytes} characters. Put the files into a file list, which has no such bound.");
                if (number > last + 1) reader.Add(PageTabRow.Of(number - 1, []));
                last = number;
                reader.Add(PageTabRow.Of(number, cells));
            }
            return reader.Finish();
        }
        catch (Exception e) when (e is PageTabOverfullException or PageTabTooDeepException)
        {
            return RefuseBound(reader, e, limits);
        }
    }

    /// <summary>Writes the document, piece by piece. <see cref="PageTabOutput.FindInexpressible"/> says whether it can be.</summary>
    public static Task WriteAsync(PageTabDocument document, Stream target, CancellationToken ct) => PageTabTsvWriting.WriteAsync(document, target, ct);

    private static PageTabReading RefuseBound(PageTabTsvReader reader, Exception e, PageTabLimits limits) => e is PageTabTooDeepException deep
        ? reader.Refuse(PageTabFault.TooDeep, "page-tab-too-deep", deep.Place, PageTabOutput.TooDeepMessage)
        : reader.Refuse(PageTabFault.TooLarge, "page-tab-too-large", "$", PageTabOutput.OverfullMessage(limits));

    private static Encoding EncodingOf(PageTabText text)
    {
        Span<byte> start = stackalloc byte[2];
        if (text.LengthBytes >= 2) text.Bytes.Slice(0, 2).CopyTo(start);
        return start switch
        {
            [0xFF, 0xFE] => new UnicodeEncoding(bigEndian: false, byteOrderMark: true, throwOnInvalidBytes: true),
            [0xFE, 0xFF] => new UnicodeEncoding(bigEndian: true, byteOrderMark: true, throwOnInvalidBytes: true),
            _ => new UTF8Encoding(false, throwOnInvalidBytes: true),
        };
    }
}
