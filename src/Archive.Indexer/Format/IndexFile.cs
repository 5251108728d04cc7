using System.Text;

namespace Archive.Indexer.Format;

/// <summary>
/// An index file, mapped. Layout: header of 64 bytes (magic u64, version u32, zeros); sections at multiples of 64; the table of
/// sections (name length u32, name, offset i64, length i64, CRC-32C u32); footer of 32 bytes (offset of the table i64, its length
/// i32, its CRC-32C u32, length of the file i64, magic u64). All numbers are little-endian. Written once, never modified.
/// </summary>
internal sealed class IndexFile : IDisposable
{
    /// <summary>"ARCINDX1".</summary>
    public const ulong Magic = 0x3158444E49435241;

    /// <summary>"ARCFOOT1".</summary>
    public const ulong FooterMagic = 0x31544F4F46435241;

    /// <summary>Changes with the layout of any section.</summary>
    public const uint Version = 5;

    /// <summary>Sections begin at multiples of this.</summary>
    public const int Alignment = 64;

    public const int HeaderBytes = 64;

    public const int FooterBytes = 32;

    private readonly MappedFile file;
    private readonly Dictionary<string, SectionRecord> sections;

    private IndexFile(MappedFile mapped, Dictionary<string, SectionRecord> table)
    {
        file = mapped;
        sections = table;
    }

    /// <summary>The file.</summary>
    public string Path => file.Path;

    /// <summary>Its length.</summary>
    public long LengthBytes => file.Length;

    /// <summary>The sections, with their lengths.</summary>
    public IReadOnlyCollection<SectionRecord> Sections => sections.Values;

    /// <summary>Opens a file and checks all of it.</summary>
    /// <exception cref="DamagedIndexException">It is not what was written.</exception>
    public static IndexFile Open(string path)
    {
        if (!BitConverter.IsLittleEndian) throw new PlatformNotSupportedException("The index is read on little-endian processors only.");
        var length = new FileInfo(path).Length;
        if (length < HeaderBytes + FooterBytes) throw new DamagedIndexException(path, "header", "the file is too short");
        var mapped = new MappedFile(path);
        try
        {
            CheckHeader(mapped);
            var table = ReadTable(mapped);
            foreach (var section in table.Values)
                if (Checksum.Of(mapped.Whole.Part(section.Offset, section.Length)) != section.Checksum)
                    throw new DamagedIndexException(path, section.Name, "its checksum differs");
            return new IndexFile(mapped, table);
        }
        catch
        {
            mapped.Dispose();
            throw;
        }
    }

    /// <summary>Checks every section of a file, also behind one that is damaged.</summary>
    /// <param name="tell">Told of each section whether it is what was written.</param>
    /// <returns>How many sections there are.</returns>
    /// <exception cref="DamagedIndexException">Header, footer or table are not what was written, so that there are no sections to check.</exception>
    public static int Check(string path, Action<string, bool> tell)
    {
        if (new FileInfo(path).Length < HeaderBytes + FooterBytes) throw new DamagedIndexException(path, "header", "the file is too short");
        using var mapped = new MappedFile(path);
        CheckHeader(mapped);
        var table = ReadTable(mapped);
        foreach (var section in table.Values) tell(section.Name, Checksum.Of(mapped.Whole.Part(section.Offset, section.Length)) == section.Checksum);
        return table.Count;
    }

    /// <summary>A section.</summary>
    /// <exception cref="DamagedIndexException">The file has none of that name.</exception>
    public Block Section(string name) => sections.TryGetValue(name, out var section)
        ? file.Whole.Part(section.Offset, section.Length)
        : throw new DamagedIndexException(Path, name, "it is absent");

    /// <inheritdoc/>
    public void Dispose() => file.Dispose();

    private static void CheckHeader(MappedFile file)
    {
        var header = file.Whole.Bytes(0, HeaderBytes);
        if (BitConverter.ToUInt64(header) != Magic) throw new DamagedIndexException(file.Path, "header", "it is no index file");
        var version = BitConverter.ToUInt32(header[8..]);
        if (version != Version) throw new DamagedIndexException(file.Path, "header", $"its version is {version}, not {Version}");
        if (header[12..].IndexOfAnyExcept((byte)0) >= 0) throw new DamagedIndexException(file.Path, "header", "its spare bytes are not zero");
    }

    private static Dictionary<string, SectionRecord> ReadTable(MappedFile file)
    {
        var footer = file.Whole.Bytes(file.Length - FooterBytes, FooterBytes);
        if (BitConverter.ToUInt64(footer[24..]) != FooterMagic) throw new DamagedIndexException(file.Path, "footer", "the file is cut off");
        if (BitConverter.ToInt64(footer[16..]) != file.Length) throw new DamagedIndexException(file.Path, "footer", "the length differs");
        var offset = BitConverter.ToInt64(footer);
        var length = BitConverter.ToInt32(footer[8..]);
        if (offset < 0 || length < 0 || offset > file.Length - FooterBytes - length)
            throw new DamagedIndexException(file.Path, "footer", "the table lies outside the file");
        var table = file.Whole.Bytes(offset, length);
        if (Checksum.Of(table) != BitConverter.ToUInt32(footer[12..])) throw new DamagedIndexException(file.Path, "table", "its checksum differs");
        var found = new Dictionary<string, SectionRecord>(StringComparer.Ordinal);
        while (!table.IsEmpty)
        {
            var nameLength = (int)BitConverter.ToUInt32(table);
            var name = Encoding.UTF8.GetString(table.Slice(4, nameLength));
            table = table[(4 + nameLength)..];
            found[name] = new SectionRecord(name, BitConverter.ToInt64(table), BitConverter.ToInt64(table[8..]), BitConverter.ToUInt32(table[16..]));
            table = table[20..];
        }
        return found;
    }
}
