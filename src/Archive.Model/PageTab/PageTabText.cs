using System.Buffers;
using System.Text;

namespace Archive.Model.PageTab;

/// <summary>
/// The text of a page tab (UTF-8, without a byte order mark) in pieces borrowed from the pool, so that a long one needs no single
/// block of memory and leaves none behind. Disposing of it gives the pieces back: nothing of it may be used then. Not thread-safe.
/// </summary>
public sealed class PageTabText : IBufferWriter<byte>, IDisposable
{
    // Below 85,000 bytes, so that a piece which the pool does not keep is no large object.
    private const int PieceBytes = 64 * 1024;
    private const int FirstBytes = 4 * 1024;

    private readonly List<Piece> pieces = [];
    private bool isDisposed;

    private PageTabText()
    {
    }

    /// <summary>Its length.</summary>
    public long LengthBytes { get; private set; }

    /// <summary>The text.</summary>
    public ReadOnlySequence<byte> Bytes
    {
        get
        {
            ObjectDisposedException.ThrowIf(isDisposed, this);
            return pieces.Count == 0 ? default : Piece.Joined(pieces);
        }
    }

    /// <summary>An empty text, to be written to.</summary>
    internal static PageTabText Begin() => new();

    /// <summary>Reads a stream to its end, or to the first byte above the bound.</summary>
    /// <param name="maxBytes">The longest text taken.</param>
    /// <returns>The text, or null when it is longer; at most 64 KiB more have been read then.</returns>
    public static async Task<PageTabText?> ReceiveAsync(Stream content, long maxBytes, CancellationToken ct)
    {
        var text = new PageTabText();
        try
        {
            while (await content.ReadAsync(text.GetMemory(1), ct) is > 0 and var bytes)
            {
                text.Advance(bytes);
                if (text.LengthBytes > maxBytes) break;
            }
            if (text.LengthBytes <= maxBytes)
            {
                text.RemoveMark();
                var received = text;
                text = null;
                return received;
            }
            return null;
        }
        finally
        {
            text?.Dispose();
        }
    }

    /// <summary>Writes a document; see <see cref="PageTabJson.WriteAsync"/>.</summary>
    /// <param name="isIndented">For readers; a large table becomes several times as long by it.</param>
    public static PageTabText Of(PageTabDocument document, bool isIndented = false)
    {
        var text = new PageTabText();
        try
        {
            PageTabJson.Write(document, text, isIndented);
            return text;
        }
        catch
        {
            text.Dispose();
            throw;
        }
    }

    /// <summary>Writes the text to a stream.</summary>
    public async Task CopyToAsync(Stream target, CancellationToken ct)
    {
        foreach (var piece in Bytes) await target.WriteAsync(piece, ct);
    }

    /// <summary>The text as a stream that can seek. It must be used before the text is disposed of.</summary>
    public Stream Open() => new PageTabTextStream(Bytes);

    /// <inheritdoc/>
    public void Advance(int count)
    {
        pieces[^1].Length += count;
        LengthBytes += count;
    }

    /// <inheritdoc/>
    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        ObjectDisposedException.ThrowIf(isDisposed, this);
        if (pieces.Count == 0 || pieces[^1].Room < Math.Max(sizeHint, 1))
            pieces.Add(new Piece(ArrayPool<byte>.Shared.Rent(Math.Max(sizeHint, pieces.Count == 0 ? FirstBytes : PieceBytes))));
        return pieces[^1].Free;
    }

    /// <inheritdoc/>
    public Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    /// <inheritdoc/>
    public void Dispose()
    {
        if (isDisposed) return;
        isDisposed = true;
        foreach (var piece in pieces) piece.Return();
        pieces.Clear();
    }

    /// <summary>Adds bytes at the end.</summary>
    internal void Append(ReadOnlySequence<byte> bytes)
    {
        foreach (var part in bytes)
            for (var rest = part.Span; rest.Length > 0;)
            {
                var free = GetSpan(1);
                var count = Math.Min(free.Length, rest.Length);
                rest[..count].CopyTo(free);
                Advance(count);
                rest = rest[count..];
            }
    }

    /// <summary>Whether every byte belongs to a valid character: JSON is looked at more closely only where a text is used.</summary>
    internal bool IsUtf8()
    {
        var decoder = new UTF8Encoding(false, true).GetDecoder();
        var chars = ArrayPool<char>.Shared.Rent(PieceBytes);
        try
        {
            foreach (var piece in Bytes)
                for (var rest = piece.Span; rest.Length > 0;)
                {
                    decoder.Convert(rest, chars, flush: false, out var used, out _, out _);
                    rest = rest[used..];
                }
            decoder.Convert([], chars, flush: true, out _, out _, out _);
            return true;
        }
        catch (DecoderFallbackException)
        {
            return false;
        }
        finally
        {
            ArrayPool<char>.Shared.Return(chars);
        }
    }

    // Some editors begin a file with one; a reader of JSON may pass over it (RFC 8259, 8.1).
    private void RemoveMark()
    {
        // The parts of a stream may be as short as a byte, but they all go into the first piece as long as it has room.
        if (pieces.Count == 0 || !pieces[0].Used.Span.StartsWith(Encoding.UTF8.Preamble)) return;
        pieces[0].Skip(Encoding.UTF8.Preamble.Length);
        LengthBytes -= Encoding.UTF8.Preamble.Length;
    }

    private sealed class Piece(byte[] bytes) : ReadOnlySequenceSegment<byte>
    {
        private int start;

        public int Length { get; set; }

        public int Room => bytes.Length - Length;

        public Memory<byte> Free => bytes.AsMemory(Length);

        public ReadOnlyMemory<byte> Used => bytes.AsMemory(start, Length - start);

        public static ReadOnlySequence<byte> Joined(List<Piece> pieces)
        {
            var before = 0L;
            for (var i = 0; i < pieces.Count; i++)
            {
                pieces[i].Memory = pieces[i].Used;
                pieces[i].RunningIndex = before;
                pieces[i].Next = i + 1 < pieces.Count ? pieces[i + 1] : null;
                before += pieces[i].Memory.Length;
            }
            return new(pieces[0], 0, pieces[^1], pieces[^1].Memory.Length);
        }

        public void Skip(int count) => start = count;

        public void Return() => ArrayPool<byte>.Shared.Return(bytes);
    }
}
