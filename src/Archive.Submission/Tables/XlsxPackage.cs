using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace Archive.Submissions.Tables;

/// <summary>
/// The zip that a workbook is. Its directory is read here and not by the framework's archive, which holds as many entries as a file
/// has, whatever the file says of their number. A part is unpacked as it is read, under bounds.
/// </summary>
internal sealed class XlsxPackage
{
    private const int EndBytes = 22, EntryBytes = 46, LocalBytes = 30;
    private const uint EndMark = 0x06054b50, EntryMark = 0x02014b50, LocalMark = 0x04034b50;

    private readonly Stream content;
    private readonly XlsxLimits limits;
    private readonly Dictionary<string, Part> parts = new(StringComparer.OrdinalIgnoreCase);
    private long unpackedBytes;

    /// <summary>Reads the directory.</summary>
    /// <param name="content">Can seek; stays open and is read from wherever it stands.</param>
    /// <exception cref="TableException">It is no zip, or above a bound.</exception>
    public XlsxPackage(Stream content, XlsxLimits limits)
    {
        this.content = content;
        this.limits = limits;
        if (content.Length > limits.MaxFileBytes) throw TooLarge($"The workbook is longer than {limits.MaxFileBytes} bytes.");
        try
        {
            ReadDirectory();
        }
        catch (EndOfStreamException)
        {
            throw Damaged("its directory ends too early");
        }
    }

    /// <summary>A refusal of a workbook that cannot be read.</summary>
    public static TableException Damaged(string reason, long row = 1) =>
        new(row, new("xlsx-damaged", $"The workbook cannot be read: {reason}. Save it anew as .xlsx without password, or as TSV."));

    /// <summary>A refusal of a workbook above a bound.</summary>
    public static TableException TooLarge(string message, long row = 1) => new(row, new("xlsx-too-large", message + " Save the sheet as TSV or CSV instead."));

    /// <summary>Opens a part for reading; null when there is none of the name. One part is read at a time.</summary>
    /// <param name="name">As the package's relations write it; a leading <c>/</c> is passed over.</param>
    public Stream? Open(string name)
    {
        if (!parts.TryGetValue(name.TrimStart('/'), out var part)) return null;
        Span<byte> local = stackalloc byte[LocalBytes];
        GoTo(part.Offset);
        if (content.ReadAtLeast(local, LocalBytes, throwOnEndOfStream: false) < LocalBytes || BinaryPrimitives.ReadUInt32LittleEndian(local) != LocalMark)
            throw Damaged("its directory names a place where no part is");
        var start = part.Offset + LocalBytes + U16(local, 26) + U16(local, 28);
        var packed = new XlsxSlice(content, start, part.PackedBytes);
        return new XlsxPart(part.IsPacked ? new DeflateStream(packed, CompressionMode.Decompress) : packed, packed, limits, CountUnpacked);
    }

    private static ushort U16(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt16LittleEndian(bytes[at..]);

    private static uint U32(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt32LittleEndian(bytes[at..]);

    // Beyond its end a stream may be where it likes, or refuse.
    private void GoTo(long offset) => content.Position = offset <= content.Length ? offset : throw Damaged("its directory names a place behind its end");

    private void CountUnpacked(int bytes)
    {
        unpackedBytes += bytes;
        if (unpackedBytes > limits.MaxTotalBytes) throw TooLarge($"Unpacked, the workbook is longer than {limits.MaxTotalBytes} bytes.");
    }

    private void ReadDirectory()
    {
        // The end record is the last thing in the file but for a comment of at most 65,535 bytes.
        var tail = new byte[(int)Math.Min(content.Length, EndBytes + ushort.MaxValue)];
        content.Position = content.Length - tail.Length;
        content.ReadExactly(tail);
        var at = tail.Length - EndBytes;
        while (at >= 0 && U32(tail, at) != EndMark) at--;
        if (at < 0) throw Damaged("it is not a zip file");
        var (count, offset) = (U16(tail, at + 10), U32(tail, at + 16));
        if (count > limits.MaxParts) throw TooLarge($"The workbook has more than {limits.MaxParts} parts.");
        GoTo(offset);
        Span<byte> entry = stackalloc byte[EntryBytes];
        var name = new byte[ushort.MaxValue];
        for (var i = 0; i < count; i++)
        {
            content.ReadExactly(entry);
            if (U32(entry, 0) != EntryMark) throw Damaged("its directory is damaged");
            var nameBytes = U16(entry, 28);
            content.ReadExactly(name, 0, nameBytes);
            content.Position += U16(entry, 30) + U16(entry, 32);
            var method = U16(entry, 10);
            if ((U16(entry, 8) & 1) != 0) throw Damaged("it is encrypted");
            if (method is not (0 or 8)) continue;
            // A name that stands twice means the first, as spreadsheet programs read it.
            parts.TryAdd(Encoding.UTF8.GetString(name, 0, nameBytes), new(U32(entry, 42), U32(entry, 20), method == 8));
        }
    }

    private sealed record Part(long Offset, long PackedBytes, bool IsPacked);
}
