namespace Archive.Submissions.Tables;

/// <summary>A stretch of a stream that can seek. Leaves it open.</summary>
internal sealed class XlsxSlice(Stream content, long start, long lengthBytes) : ReadOnlyStream
{
    /// <summary>Bytes read so far.</summary>
    public long ReadBytes { get; private set; }

    /// <summary>Whether the stream beneath failed, and not what was made of its bytes.</summary>
    public bool HasFailed { get; private set; }

    /// <inheritdoc/>
    public override int Read(Span<byte> buffer)
    {
        HasFailed = true;
        content.Position = start + ReadBytes;
        var read = content.Read(buffer[..(int)Math.Min(buffer.Length, lengthBytes - ReadBytes)]);
        HasFailed = false;
        ReadBytes += read;
        return read;
    }
}

/// <summary>
/// A part while it is unpacked: bounded in length, in how much longer it may be than packed, and in the distance from one tag to the
/// next, since whatever stands between two tags may have to be held.
/// </summary>
internal sealed class XlsxPart(Stream unpacked, XlsxSlice packed, XlsxLimits limits, Action<int> count) : ReadOnlyStream
{
    private const int MaxTagBytes = 1 << 20;
    private const long FreeBytes = 1 << 20;

    private long bytes;
    private long sinceTag;

    /// <inheritdoc/>
    public override int Read(Span<byte> buffer)
    {
        var read = Unpack(buffer);
        bytes += read;
        count(read);
        if (bytes > limits.MaxPartBytes) throw XlsxPackage.TooLarge($"Unpacked, a part of the workbook is longer than {limits.MaxPartBytes} bytes.");
        if (bytes > FreeBytes && bytes - FreeBytes > packed.ReadBytes * limits.MaxRatio)
            throw XlsxPackage.TooLarge($"A part of the workbook becomes more than {limits.MaxRatio} times as long unpacked.");
        var lastTag = buffer[..read].LastIndexOf((byte)'<');
        sinceTag = lastTag < 0 ? sinceTag + read : read - lastTag;
        return sinceTag <= MaxTagBytes ? read : throw XlsxPackage.TooLarge("A text of the workbook is longer than a megabyte.");
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing) unpacked.Dispose();
        base.Dispose(disposing);
    }

    // Damaged bytes make the framework throw an IOException as a failing disk does; only the latter may be tried again.
    private int Unpack(Span<byte> buffer)
    {
        try
        {
            return unpacked.Read(buffer);
        }
        catch (IOException e) when (!packed.HasFailed)
        {
            throw new InvalidDataException("The packed bytes are damaged.", e);
        }
    }
}

/// <summary>What streams that are only read have in common.</summary>
internal abstract class ReadOnlyStream : Stream
{
    /// <inheritdoc/>
    public override bool CanRead => true;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => false;

    /// <inheritdoc/>
    public override long Length => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <inheritdoc/>
    public abstract override int Read(Span<byte> buffer);

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    /// <inheritdoc/>
    public override void Flush() => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
