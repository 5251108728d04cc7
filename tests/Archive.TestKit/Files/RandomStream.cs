namespace Archive.TestKit.Files;

/// <summary>
/// Bytes that look random and are the same for the same seed, of any length and without memory; another position gives other bytes.
/// Read in pieces as a network gives them.
/// </summary>
/// <param name="seed">Which content.</param>
/// <param name="lengthBytes">How many bytes.</param>
/// <param name="pieceBytes">The most that one read gives.</param>
public sealed class RandomStream(int seed, long lengthBytes, int pieceBytes = int.MaxValue) : Stream
{
    private long position;

    /// <summary>Called before each read with the bytes given so far: to fail, to wait, to cancel.</summary>
    public Func<long, CancellationToken, Task>? BeforeRead { get; init; }

    /// <summary>Called when a read finds the end, before it says so.</summary>
    public Func<Task>? AtEnd { get; init; }

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

    /// <summary>The whole content, for tests of small ones.</summary>
    public static byte[] Bytes(int seed, int lengthBytes)
    {
        var bytes = new byte[lengthBytes];
        using var stream = new RandomStream(seed, lengthBytes);
        stream.ReadExactly(bytes);
        return bytes;
    }

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    /// <inheritdoc/>
    public override int Read(Span<byte> buffer)
    {
        var count = (int)Math.Min(Math.Min(buffer.Length, pieceBytes), lengthBytes - position);
        for (var i = 0; i < count;)
        {
            // SplitMix64 (Steele, Lea and Flood 2014) of the word's number: any position without those before it.
            var word = (ulong)((position + i) / 8);
            var x = ((ulong)(uint)seed << 40) + (word * 0x9E3779B97F4A7C15);
            x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9;
            x = (x ^ (x >> 27)) * 0x94D049BB133111EB;
            x ^= x >> 31;
            for (var at = (int)((position + i) % 8); at < 8 && i < count; at++, i++) buffer[i] = (byte)(x >> (8 * at));
        }
        position += count;
        return count;
    }

    /// <inheritdoc/>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (BeforeRead is not null) await BeforeRead(position, cancellationToken);
        cancellationToken.ThrowIfCancellationRequested();
        var read = Read(buffer.Span);
        if (read == 0 && AtEnd is not null) await AtEnd();
        return read;
    }

    /// <inheritdoc/>
    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <inheritdoc/>
    public override void Flush()
    {
    }

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
