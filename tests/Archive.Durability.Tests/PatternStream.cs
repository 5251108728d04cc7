using System.Buffers.Binary;

namespace Archive.Durability.Tests;

/// <summary>
/// Bytes of any length at the speed of memory: one block of random bytes over and over, with the block's number at the head of each
/// so that no two blocks are equal.
/// </summary>
/// <param name="seed">Which content.</param>
/// <param name="lengthBytes">How many bytes.</param>
internal sealed class PatternStream(int seed, long lengthBytes) : Stream
{
    private const int BlockBytes = 1 << 16;
    private static readonly byte[] Random = MakeBlock();
    private long position;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => lengthBytes;

    public override long Position
    {
        get => position;
        set => throw new NotSupportedException();
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer)
    {
        var total = (int)Math.Min(buffer.Length, lengthBytes - position);
        Span<byte> head = stackalloc byte[16];
        for (var done = 0; done < total;)
        {
            var (block, at) = Math.DivRem(position + done, BlockBytes);
            var part = buffer.Slice(done, (int)Math.Min(total - done, BlockBytes - at));
            Random.AsSpan((int)at, part.Length).CopyTo(part);
            BinaryPrimitives.WriteInt64LittleEndian(head, block);
            BinaryPrimitives.WriteInt64LittleEndian(head[8..], seed);
            if (at < head.Length) head[(int)at..].Slice(0, Math.Min(head.Length - (int)at, part.Length)).CopyTo(part);
            done += part.Length;
        }
        position += total;
        return total;
    }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => new(Read(buffer.Span));

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        Task.FromResult(Read(buffer.AsSpan(offset, count)));

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    private static byte[] MakeBlock()
    {
        var block = new byte[BlockBytes];
        new Random(12345).NextBytes(block);
        return block;
    }
}
