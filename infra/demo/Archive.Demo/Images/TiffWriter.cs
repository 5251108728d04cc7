using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace Archive.Demo.Images;

/// <summary>How the pixels of a page lie in memory.</summary>
internal enum PixelKind
{
    /// <summary>One 16-bit sample, little endian.</summary>
    Gray16,

    /// <summary>Three 8-bit samples, red first.</summary>
    Rgb24,
}

/// <summary>What a TIFF file holds; pages are drawn one at a time while the file is written.</summary>
/// <param name="Width">Pixels in a row.</param>
/// <param name="Height">Rows of a page.</param>
/// <param name="Kind">The layout of a pixel.</param>
/// <param name="PageCount">At least 1.</param>
/// <param name="Page">Draws a page by its number from 0: rows without padding.</param>
/// <param name="Description">ImageDescription of the first page: OME-XML here, in UTF-8 as OME asks.</param>
/// <param name="PixelMicrometres">Edge of a pixel, for the resolution tags.</param>
/// <param name="Deflate">Whether strips are compressed, with horizontal differencing for 16-bit pages.</param>
internal sealed record TiffImage(
    int Width, int Height, PixelKind Kind, int PageCount, Func<int, byte[]> Page, string Description, double PixelMicrometres, bool Deflate);

/// <summary>Writes baseline TIFF 6.0, little endian, in strips, from front to back without seeking.</summary>
/// <remarks>
/// Each page is its directory followed by its strips, so that the offset of the next directory is known once the strips of this page
/// are compressed. Layout and tag numbers: Aldus, "TIFF Revision 6.0", 1992; Adobe, "TIFF Technical Note 2" for deflate (8).
/// </remarks>
internal static class TiffWriter
{
    private const ushort Short = 3;
    private const ushort Long = 4;
    private const ushort Rational = 5;
    private const ushort Ascii = 2;
    private const int HeaderLengthBytes = 8;
    private const int StripTargetBytes = 32 * 1024;

    public static void Write(Stream to, TiffImage image)
    {
        Span<byte> header = [(byte)'I', (byte)'I', 42, 0, HeaderLengthBytes, 0, 0, 0];
        to.Write(header);
        long position = HeaderLengthBytes;
        for (var page = 0; page < image.PageCount; page++)
            position = WritePage(to, image, page, position);
    }

    private static long WritePage(Stream to, TiffImage image, int page, long position)
    {
        var rowBytes = image.Width * (image.Kind == PixelKind.Gray16 ? 2 : 3);
        var rowsPerStrip = Math.Clamp(StripTargetBytes / rowBytes, 1, image.Height);
        var strips = Strips(image, image.Page(page), rowBytes, rowsPerStrip);
        var directory = new Directory(image, page, rowsPerStrip);
        var dataStart = position + directory.LengthBytes(strips.Count);
        var dataEnd = dataStart + strips.Sum(strip => (long)strip.Length);
        var padded = dataEnd + (dataEnd & 1);
        to.Write(directory.ToBytes(position, dataStart, strips, page == image.PageCount - 1 ? 0 : padded));
        foreach (var strip in strips)
            to.Write(strip);
        if (padded != dataEnd)
            to.WriteByte(0);
        return padded;
    }

    private static List<byte[]> Strips(TiffImage image, byte[] pixels, int rowBytes, int rowsPerStrip)
    {
        if (image.Deflate && image.Kind == PixelKind.Gray16)
            Difference(pixels, image.Width);
        var strips = new List<byte[]>();
        for (var row = 0; row < image.Height; row += rowsPerStrip)
        {
            var strip = pixels.AsSpan(row * rowBytes, Math.Min(rowsPerStrip, image.Height - row) * rowBytes);
            strips.Add(image.Deflate ? Compress(strip) : strip.ToArray());
        }

        return strips;
    }

    /// <summary>Predictor 2: each sample becomes its difference from the one to its left.</summary>
    private static void Difference(byte[] pixels, int width)
    {
        for (var row = 0; row < pixels.Length; row += width * 2)
        {
            var line = pixels.AsSpan(row, width * 2);
            for (var x = width - 1; x > 0; x--)
            {
                var here = BinaryPrimitives.ReadUInt16LittleEndian(line[(x * 2)..]);
                var left = BinaryPrimitives.ReadUInt16LittleEndian(line[(x * 2 - 2)..]);
                BinaryPrimitives.WriteUInt16LittleEndian(line[(x * 2)..], (ushort)(here - left));
            }
        }
    }

    private static byte[] Compress(ReadOnlySpan<byte> strip)
    {
        // One strip of 32 KiB: its compressed length has to be known before the directory in front of it is written.
        using var compressed = new MemoryStream();
        using (var zlib = new ZLibStream(compressed, CompressionLevel.Optimal, leaveOpen: true))
            zlib.Write(strip);
        return compressed.ToArray();
    }

    /// <summary>The directory of one page: entries of 12 bytes in tag order, then the values that do not fit into an entry.</summary>
    private sealed class Directory(TiffImage image, int page, int rowsPerStrip)
    {
        private static readonly byte[] Software = "Archive.Demo\0"u8.ToArray();

        public long LengthBytes(int stripCount) => ToBytes(0, 0, [.. Enumerable.Repeat(Array.Empty<byte>(), stripCount)], 0).Length;

        public byte[] ToBytes(long position, long dataStart, List<byte[]> strips, long next)
        {
            var entries = Entries(dataStart, strips);
            var valuesAt = 2 + entries.Count * 12 + 4;
            var bytes = new List<byte>(valuesAt);
            var values = new List<byte>();
            Add(bytes, (ushort)entries.Count);
            foreach (var (tag, type, count, value) in entries)
            {
                Add(bytes, tag);
                Add(bytes, type);
                Add(bytes, count);
                if (value.Length <= 4)
                {
                    bytes.AddRange(value);
                    bytes.AddRange(new byte[4 - value.Length]);
                    continue;
                }

                Add(bytes, (uint)(position + valuesAt + values.Count));
                values.AddRange(value);
                if ((values.Count & 1) != 0)
                    values.Add(0);
            }

            Add(bytes, (uint)next);
            bytes.AddRange(values);
            return [.. bytes];
        }

        private List<(ushort Tag, ushort Type, uint Count, byte[] Value)> Entries(long dataStart, List<byte[]> strips)
        {
            var samples = image.Kind == PixelKind.Rgb24 ? 3 : 1;
            var bits = (ushort)(image.Kind == PixelKind.Rgb24 ? 8 : 16);
            var perCentimetre = (uint)Math.Round(10_000_000.0 / image.PixelMicrometres);
            var offsets = new uint[strips.Count];
            for (var (i, at) = (0, dataStart); i < offsets.Length; at += strips[i++].Length)
                offsets[i] = (uint)at;
            List<(ushort, ushort, uint, byte[])> entries =
            [
                Longs(256, (uint)image.Width),
                Longs(257, (uint)image.Height),
                Shorts(258, [.. Enumerable.Repeat(bits, samples)]),
                Shorts(259, (ushort)(image.Deflate ? 8 : 1)),
                Shorts(262, (ushort)(image.Kind == PixelKind.Rgb24 ? 2 : 1)),
                Longs(273, offsets),
                Shorts(277, (ushort)samples),
                Longs(278, (uint)rowsPerStrip),
                Longs(279, [.. strips.Select(strip => (uint)strip.Length)]),
                (282, Rational, 1, [.. Longs(0, perCentimetre, 1000).Item4]),
                (283, Rational, 1, [.. Longs(0, perCentimetre, 1000).Item4]),
                Shorts(284, 1),
                Shorts(296, 3),
                (305, Ascii, (uint)Software.Length, Software),
                Shorts(339, [.. Enumerable.Repeat((ushort)1, samples)]),
            ];
            if (page == 0)
            {
                var text = Encoding.UTF8.GetBytes(image.Description + "\0");
                entries.Insert(5, (270, Ascii, (uint)text.Length, text));
            }

            if (image.Deflate && image.Kind == PixelKind.Gray16)
                entries.Insert(entries.Count - 1, Shorts(317, 2));
            return entries;
        }

        private static (ushort Tag, ushort Type, uint Count, byte[] Value) Shorts(ushort tag, params ReadOnlySpan<ushort> values)
        {
            var bytes = new List<byte>(values.Length * 2);
            foreach (var value in values)
                Add(bytes, value);
            return (tag, Short, (uint)values.Length, [.. bytes]);
        }

        private static (ushort Tag, ushort Type, uint Count, byte[] Value) Longs(ushort tag, params ReadOnlySpan<uint> values)
        {
            var bytes = new List<byte>(values.Length * 4);
            foreach (var value in values)
                Add(bytes, value);
            return (tag, Long, (uint)values.Length, [.. bytes]);
        }

        private static void Add(List<byte> bytes, ushort value)
        {
            bytes.Add((byte)value);
            bytes.Add((byte)(value >> 8));
        }

        private static void Add(List<byte> bytes, uint value)
        {
            Add(bytes, (ushort)value);
            Add(bytes, (ushort)(value >> 16));
        }
    }
}
