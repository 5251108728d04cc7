using System.Buffers.Binary;
using System.IO.Compression;

namespace Archive.Demo.Images;

/// <summary>Writes PNG with one 16-bit sample a pixel: label masks, in which the value is the number of an object.</summary>
/// <remarks>W3C, "Portable Network Graphics (PNG) Specification (Second Edition)": sections 5 (chunks), 9 (filter 0) and annex D (CRC).</remarks>
internal static class PngWriter
{
    private static readonly uint[] CrcTable = [.. Enumerable.Range(0, 256).Select(n => CrcOf((uint)n))];

    /// <param name="to">Receives the whole file.</param>
    /// <param name="width">Pixels in a row.</param>
    /// <param name="height">Rows.</param>
    /// <param name="gray16">Samples, little endian, rows without padding.</param>
    public static void Write(Stream to, int width, int height, ReadOnlySpan<byte> gray16)
    {
        to.Write([0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A]);
        Span<byte> head = stackalloc byte[13];
        BinaryPrimitives.WriteInt32BigEndian(head, width);
        BinaryPrimitives.WriteInt32BigEndian(head[4..], height);
        head[8] = 16;
        Chunk(to, "IHDR"u8, head);
        Chunk(to, "IDAT"u8, Compressed(width, gray16));
        Chunk(to, "IEND"u8, []);
    }

    private static byte[] Compressed(int width, ReadOnlySpan<byte> gray16)
    {
        // A chunk's length stands in front of it; a mask is small and mostly zeros.
        using var compressed = new MemoryStream();
        using (var zlib = new ZLibStream(compressed, CompressionLevel.Optimal, leaveOpen: true))
        {
            var line = new byte[1 + width * 2];
            for (var row = 0; row < gray16.Length; row += width * 2)
            {
                for (var i = 0; i < width * 2; i += 2)
                    (line[i + 1], line[i + 2]) = (gray16[row + i + 1], gray16[row + i]);
                zlib.Write(line);
            }
        }

        return compressed.ToArray();
    }

    private static void Chunk(Stream to, ReadOnlySpan<byte> type, ReadOnlySpan<byte> data)
    {
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, data.Length);
        to.Write(number);
        to.Write(type);
        to.Write(data);
        BinaryPrimitives.WriteUInt32BigEndian(number, ~Crc(Crc(uint.MaxValue, type), data));
        to.Write(number);
    }

    private static uint Crc(uint crc, ReadOnlySpan<byte> bytes)
    {
        foreach (var value in bytes)
            crc = CrcTable[(crc ^ value) & 0xFF] ^ (crc >> 8);
        return crc;
    }

    private static uint CrcOf(uint n)
    {
        for (var bit = 0; bit < 8; bit++)
            n = (n & 1) != 0 ? 0xEDB88320 ^ (n >> 1) : n >> 1;
        return n;
    }
}
