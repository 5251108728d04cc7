namespace Archive.Storage.Metadata.Postgres;

/// <summary>A value in the database as a stream: each piece is one short statement, so that a slow reader holds no connection.</summary>
/// <param name="first">The first piece.</param>
/// <param name="lengthBytes">The length of all.</param>
/// <param name="read">Reads the piece from a byte on (from 0), at most as long as the first; what it throws comes out of the stream.</param>
internal sealed class PieceStream(byte[] first, long lengthBytes, Func<long, CancellationToken, Task<byte[]>> read) : Stream
{
    private ReadOnlyMemory<byte> piece = first;
    private long position;

    /// <inheritdoc/>
    public override bool CanRead => true;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => false;

    /// <inheritdoc/>
    public override long Length => lengthBytes;

    /// <inheritdoc/>
    public override long Position
    {
        get => position;
        set => throw new NotSupportedException();
    }

    /// <inheritdoc/>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (position == lengthBytes || buffer.IsEmpty) return 0;
        if (piece.IsEmpty) piece = await read(position, cancellationToken);
        if (piece.IsEmpty) throw new EndOfStreamException("The stored text is shorter than it was.");
        var count = Math.Min(buffer.Length, piece.Length);
        piece[..count].CopyTo(buffer);
        piece = piece[count..];
        position += count;
        return count;
    }

    /// <inheritdoc/>
    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("The database is read without blocking.");

    /// <inheritdoc/>
    public override void Flush() => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
