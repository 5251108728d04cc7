using System.Buffers;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Archive.Model.Files;
using ICSharpCode.SharpZipLib.Checksum;

namespace Archive.Storage.Objects;

/// <summary>
/// Takes MD5, SHA-256, CRC-32 and length of one content as it passes. Not for several threads at once; large pieces are digested
/// on two of them inside.
/// </summary>
public sealed class ContentHasher : IDisposable
{
    // A smaller piece is digested sooner than another thread can be relied on to wake.
    private const int WorthTwoThreads = 64 * 1024;

    private readonly IncrementalHash md5 = IncrementalHash.CreateHash(HashAlgorithmName.MD5);
    private readonly IncrementalHash sha256 = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly Crc32 crc32 = new();

    /// <summary>Bytes digested so far.</summary>
    public long LengthBytes { get; private set; }

    /// <summary>Digests the next piece on the calling thread.</summary>
    public void Append(ReadOnlyMemory<byte> piece)
    {
        md5.AppendData(piece.Span);
        AppendRest(piece);
    }

    /// <summary>Digests the next piece; it must stay unchanged until the task is complete. MD5 bounds the speed, so it runs beside the others.</summary>
    public async Task AppendAsync(ReadOnlyMemory<byte> piece)
    {
        if (piece.Length < WorthTwoThreads)
        {
            Append(piece);
            return;
        }
        var slowest = Task.Run(() => md5.AppendData(piece.Span), CancellationToken.None);
        try
        {
            AppendRest(piece);
        }
        finally
        {
            await slowest;
        }
    }

    /// <summary>The digests of all pieces. Afterwards the hasher is new again.</summary>
    public FileDigests Finish()
    {
        var digests = new FileDigests(
            Convert.ToHexStringLower(md5.GetHashAndReset()), Convert.ToHexStringLower(sha256.GetHashAndReset()), (uint)crc32.Value);
        crc32.Reset();
        LengthBytes = 0;
        return digests;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        md5.Dispose();
        sha256.Dispose();
    }

    private void AppendRest(ReadOnlyMemory<byte> piece)
    {
        sha256.AppendData(piece.Span);
        AppendCrc(piece);
        LengthBytes += piece.Length;
    }

    private void AppendCrc(ReadOnlyMemory<byte> piece)
    {
        if (MemoryMarshal.TryGetArray(piece, out var array))
        {
            crc32.Update(array);
            return;
        }
        var copy = ArrayPool<byte>.Shared.Rent(WorthTwoThreads);
        for (var rest = piece.Span; rest.Length > 0;)
        {
            var part = rest[..Math.Min(rest.Length, WorthTwoThreads)];
            part.CopyTo(copy);
            crc32.Update(new ArraySegment<byte>(copy, 0, part.Length));
            rest = rest[part.Length..];
        }
        ArrayPool<byte>.Shared.Return(copy);
    }
}
