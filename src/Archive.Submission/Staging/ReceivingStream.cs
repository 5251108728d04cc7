using Archive.Model.Errors;

namespace Archive.Submissions.Staging;

/// <summary>
/// A depositor's body as it arrives: each read has its own deadline, the bytes are counted against what was declared and allowed,
/// and quota and room on the disk are looked at again where the length is not known. Read only; asynchronous only.
/// </summary>
internal sealed class ReceivingStream : Stream
{
    private const long LookAtRoomEveryBytes = 64 * 1024 * 1024;

    private readonly Stream body;
    private readonly long? declaredBytes;
    private readonly StagingOptions options;
    private readonly Func<CancellationToken, Task> requireRoom;
    private readonly Func<long, CancellationToken, Task> requireQuota;
    private readonly CancellationToken stop;
    private readonly CancellationTokenSource idle;
    private readonly CancellationTokenSource either;

    public ReceivingStream(
        Stream body, long? declaredBytes, StagingOptions options, Func<CancellationToken, Task> requireRoom, Func<long, CancellationToken, Task> requireQuota,
        TimeProvider time, CancellationToken ct)
    {
        this.body = body;
        this.declaredBytes = declaredBytes;
        this.options = options;
        this.requireRoom = requireRoom;
        this.requireQuota = requireQuota;
        stop = ct;
        idle = new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);
        either = CancellationTokenSource.CreateLinkedTokenSource(ct, idle.Token);
    }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => ReceivedBytes;
        set => throw new NotSupportedException();
    }

    /// <summary>Bytes that came.</summary>
    public long ReceivedBytes { get; private set; }

    /// <summary>Fails when the body ended early.</summary>
    public void RequireWhole()
    {
        if (declaredBytes is { } declared && ReceivedBytes < declared) throw Truncated(null);
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        idle.CancelAfter(options.IdleTimeout);
        var read = await ReadBodyAsync(buffer);
        idle.CancelAfter(Timeout.InfiniteTimeSpan);
        var before = ReceivedBytes;
        ReceivedBytes += read;
        if (declaredBytes is { } declared)
        {
            if (ReceivedBytes > declared)
                throw new ArchiveException(Problems.UploadTooLong, $"More came than the {declared} bytes that were declared.", Limits.Fact("declaredBytes", declared));
        }
        else
        {
            Limits.RequireLength(ReceivedBytes, options.MaxFileBytes);
            await requireQuota(ReceivedBytes, stop);
            if (ReceivedBytes / LookAtRoomEveryBytes != before / LookAtRoomEveryBytes) await requireRoom(stop);
        }
        return read;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            either.Dispose();
            idle.Dispose();
        }
        base.Dispose(disposing);
    }

    private async ValueTask<int> ReadBodyAsync(Memory<byte> buffer)
    {
        try
        {
            return await body.ReadAsync(buffer, either.Token);
        }
        catch (OperationCanceledException) when (idle.IsCancellationRequested && !stop.IsCancellationRequested)
        {
            throw new ArchiveException(
                Problems.UploadIdle, $"Nothing came for {options.IdleTimeout.TotalSeconds:0} seconds after {ReceivedBytes} bytes.",
                Limits.Fact("receivedBytes", ReceivedBytes));
        }
        catch (IOException e)
        {
            // The server tells a torn connection, and a body shorter than its Content-Length, as an IOException of its own.
            throw Truncated(e);
        }
    }

    private ArchiveException Truncated(Exception? cause) => new(
        Problems.UploadTruncated,
        declaredBytes is { } declared ? $"{ReceivedBytes} bytes came and {declared} were declared." : $"The upload was torn after {ReceivedBytes} bytes.",
        new Dictionary<string, object?>(StringComparer.Ordinal) { ["receivedBytes"] = ReceivedBytes, ["declaredBytes"] = declaredBytes },
        cause);
}
