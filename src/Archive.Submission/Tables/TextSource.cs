using System.Text;

namespace Archive.Submissions.Tables;

/// <summary>Text in blocks, whose first block may be looked at before it is read. UTF-8, or UTF-16 with a mark as spreadsheets write it.</summary>
internal sealed class TextSource(Stream content) : IDisposable
{
    private const int BlockChars = 64 * 1024;

    private readonly StreamReader reader = new(content, new UTF8Encoding(false, throwOnInvalidBytes: true), detectEncodingFromByteOrderMarks: true, BlockChars, leaveOpen: true);
    private readonly char[] buffer = new char[BlockChars];
    private int start;
    private int end;

    /// <summary>The number of the line that is being read, from 1; kept by whoever reads.</summary>
    public long Line { get; set; } = 1;

    /// <summary>What is at hand.</summary>
    public ReadOnlySpan<char> Rest => buffer.AsSpan(start, end - start);

    /// <summary>Passes over characters at hand.</summary>
    public void Skip(int count) => start += count;

    /// <summary>Fills the buffer up to its end or the end of the text, without passing over anything. Once, at the beginning.</summary>
    public async ValueTask PeekAsync(CancellationToken ct)
    {
        while (end < buffer.Length && await ReadAsync(end, ct) is > 0 and var read) end += read;
    }

    /// <summary>Gets the next block when nothing is at hand; false at the end of the text.</summary>
    public async ValueTask<bool> FillAsync(CancellationToken ct)
    {
        if (start < end) return true;
        start = 0;
        end = await ReadAsync(0, ct);
        return end > 0;
    }

    /// <inheritdoc/>
    public void Dispose() => reader.Dispose();

    private async ValueTask<int> ReadAsync(int at, CancellationToken ct)
    {
        try
        {
            return await reader.ReadAsync(buffer.AsMemory(at), ct);
        }
        catch (DecoderFallbackException)
        {
            throw new TableException(Line, new("file-list-encoding", "The text is not UTF-8 near this row. Save it as UTF-8."));
        }
    }
}
