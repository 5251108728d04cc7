using System.Buffers;
using Archive.Model.Files;
using Microsoft.Win32.SafeHandles;

namespace Archive.Storage.Objects.FileSystem;

/// <summary>
/// A file being written for the first time: filled in one pass, synced, then kept or, disposed without <see cref="Keep"/>, removed
/// again. Memory is two pieces of 256 KB, whatever the length.
/// </summary>
public sealed class NewFile : IDisposable
{
    // Digesting it takes some hundred microseconds, long beside a hand-over between threads; two fit a second-level cache.
    private const int PieceBytes = 256 * 1024;

    // Writeback is started this often, so that the sync at the end finds little left to do and dirty pages stay few.
    private const long WritebackBytes = 16 * 1024 * 1024;

    private readonly SafeFileHandle handle;
    private bool kept;

    private NewFile(string path, SafeFileHandle handle)
    {
        FilePath = path;
        this.handle = handle;
    }

    /// <summary>Where it stands.</summary>
    public string FilePath { get; }

    internal SafeFileHandle Handle => handle;

    /// <summary>Creates the file; its folder exists.</summary>
    /// <param name="reserveBytes">Room to reserve before the first byte, so that a full disk is known early; 0 for none.</param>
    /// <exception cref="VolumeFullException">There is no room for it.</exception>
    /// <exception cref="IOException">The name is taken, or the volume failed.</exception>
    public static NewFile Create(string path, long reserveBytes)
    {
        SafeFileHandle created;
        try
        {
            created = File.OpenHandle(path, FileMode.CreateNew, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete);
        }
        catch (IOException e) when (VolumeFullException.Is(e))
        {
            throw new VolumeFullException($"No room to create '{path}'.", e);
        }
        var file = new NewFile(path, created);
        try
        {
            Durable.Reserve(created, reserveBytes);
            return file;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Writes the content from the start to its end. While one piece is written and digested (on two threads when large), the
    /// next is read.
    /// </summary>
    /// <param name="content">What to write, read to its end.</param>
    /// <param name="digest">Whether to take digests.</param>
    /// <returns>How many bytes came, and their digests when taken.</returns>
    /// <exception cref="VolumeFullException">The disk is full.</exception>
    public async Task<(long LengthBytes, FileDigests? Digests)> FillAsync(Stream content, bool digest, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(content);
        using var hasher = digest ? new ContentHasher() : null;
        byte[] current = ArrayPool<byte>.Shared.Rent(PieceBytes), other = ArrayPool<byte>.Shared.Rent(PieceBytes);
        var storing = Task.CompletedTask;
        long length = 0;
        try
        {
            int count;
            do
            {
                count = await content.ReadAtLeastAsync(current.AsMemory(0, PieceBytes), PieceBytes, throwOnEndOfStream: false, ct);
                await storing;
                if (count == 0) break;
                storing = StoreAsync(current.AsMemory(0, count), length, hasher);
                length += count;
                (current, other) = (other, current);
            }
            while (count == PieceBytes);
            await storing;
            return (length, hasher?.Finish());
        }
        finally
        {
            // A piece still being written must not go back to the pool.
            await storing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            ArrayPool<byte>.Shared.Return(current);
            ArrayPool<byte>.Shared.Return(other);
        }
    }

    /// <summary>Brings the bytes to the disk. Blocks.</summary>
    /// <exception cref="IOException">They are lost: write another file.</exception>
    public void Sync() => Durable.Sync(handle);

    /// <summary>Lets the file stand when this is disposed.</summary>
    public void Keep() => kept = true;

    /// <inheritdoc/>
    public void Dispose()
    {
        handle.Dispose();
        if (!kept) Durable.TryUnlink(FilePath);
        kept = true;
    }

    private async Task StoreAsync(ReadOnlyMemory<byte> piece, long offset, ContentHasher? hasher)
    {
        if (piece.Length < PieceBytes || hasher is null)
        {
            Write(piece.Span, offset);
            hasher?.Append(piece);
            return;
        }
        var writing = Task.Run(() => Write(piece.Span, offset), CancellationToken.None);
        try
        {
            await hasher.AppendAsync(piece);
        }
        finally
        {
            await writing;
        }
    }

    private void Write(ReadOnlySpan<byte> piece, long offset)
    {
        try
        {
            RandomAccess.Write(handle, piece, offset);
        }
        catch (IOException e) when (VolumeFullException.Is(e))
        {
            throw new VolumeFullException($"No room to write '{FilePath}'.", e);
        }
        var end = offset + piece.Length;
        if (end / WritebackBytes != offset / WritebackBytes) Durable.StartWriteback(handle, end - WritebackBytes, WritebackBytes);
    }
}
