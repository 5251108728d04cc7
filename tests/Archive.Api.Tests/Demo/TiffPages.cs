using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace Archive.Api.Tests.Demo;

/// <summary>Reads the TIFF that the demonstration writes, by the specification alone (Aldus, "TIFF Revision 6.0", 1992).</summary>
internal sealed class TiffPages
{
    private readonly byte[] file;

    public TiffPages(byte[] file)
    {
        this.file = file;
        Assert.AreEqual(0x2A4949u, Long(0) & 0xFFFFFF, "little-endian TIFF begins with II and 42");
        for (var at = Long(4); at != 0; at = Long(at + 2 + 12u * Short(at)))
            Pages.Add(Directory(at));
    }

    /// <summary>Tag to its values, of each page; the text of tag 270 is asked for by <see cref="Description"/>.</summary>
    public List<Dictionary<int, uint[]>> Pages { get; } = [];

    public string Description { get; private set; } = "";

    /// <summary>The samples of a 16-bit grey page.</summary>
    public ushort[] Gray16(int number)
    {
        var page = Pages[number];
        var (width, height) = ((int)page[256][0], (int)page[257][0]);
        var bytes = new List<byte>();
        for (var strip = 0; strip < page[273].Length; strip++)
        {
            var data = file.AsMemory((int)page[273][strip], (int)page[279][strip]);
            if (page[259][0] == 1)
            {
                bytes.AddRange(data.Span);
                continue;
            }

            Assert.AreEqual(8u, page[259][0], "deflate is compression 8 (Adobe TIFF Technical Note 2)");
            using var zlib = new ZLibStream(new MemoryStream(data.ToArray()), CompressionMode.Decompress);
            for (var next = zlib.ReadByte(); next >= 0; next = zlib.ReadByte())
                bytes.Add((byte)next);
        }

        Assert.AreEqual(width * height * 2, bytes.Count);
        var samples = new ushort[width * height];
        var differenced = page.TryGetValue(317, out var predictor) && predictor[0] == 2;
        for (var i = 0; i < samples.Length; i++)
            samples[i] = (ushort)(bytes[2 * i] + 256 * bytes[2 * i + 1] + (differenced && i % width > 0 ? samples[i - 1] : 0));
        return samples;
    }

    private Dictionary<int, uint[]> Directory(uint at)
    {
        var tags = new Dictionary<int, uint[]>();
        var last = -1;
        for (var entry = at + 2; entry < at + 2 + 12u * Short(at); entry += 12)
        {
            var (tag, type, count) = (Short(entry), Short(entry + 2), Long(entry + 4));
            Assert.IsGreaterThan(last, tag, "entries stand in ascending order");
            last = tag;
            var size = type switch { 2 => 1u, 3 => 2u, 4 => 4u, 5 => 8u, _ => throw new InvalidDataException($"type {type}") };
            var value = count * size <= 4 ? entry + 8 : Long(entry + 8);
            if (tag == 270)
                Description = Encoding.UTF8.GetString(file, (int)value, (int)count - 1);
            else if (type is 3 or 4)
                tags[tag] = [.. Enumerable.Range(0, (int)count).Select(i => type == 3 ? Short(value + 2 * (uint)i) : Long(value + 4 * (uint)i))];
        }

        return tags;
    }

    private ushort Short(uint at) => BinaryPrimitives.ReadUInt16LittleEndian(file.AsSpan((int)at));

    private uint Long(uint at) => BinaryPrimitives.ReadUInt32LittleEndian(file.AsSpan((int)at));
}
