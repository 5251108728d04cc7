using System.Buffers.Binary;
using System.Text;

namespace Archive.Indexer.Format;

/// <summary>
/// Writes an index file: magic and version, then sections that begin at multiples of 64, the table of sections with a checksum
/// each, and a footer that finds and checks the table. Layout in <see cref="IndexFile"/>.
/// </summary>
internal sealed class IndexFileWriter : IDisposable
{
    private readonly FileStream file;
    private readonly List<SectionRecord> sections = [];
    private long position;
    private string? open;
    private long openAt;
    private uint openChecksum;

    /// <summary>Creates the file; it must not exist.</summary>
    public IndexFileWriter(string path)
    {
        file = new FileStream(path, new FileStreamOptions
        {
            Mode = FileMode.CreateNew, Access = FileAccess.ReadWrite, Share = FileShare.Read, BufferSize = 1 << 16,
        });
        Span<byte> header = stackalloc byte[IndexFile.HeaderBytes];
        header.Clear();
        BinaryPrimitives.WriteUInt64LittleEndian(header, IndexFile.Magic);
        BinaryPrimitives.WriteUInt32LittleEndian(header[8..], IndexFile.Version);
        file.Write(header);
        position = header.Length;
    }

    /// <summary>Where in the current section the next byte lies.</summary>
    public long SectionPosition => position - openAt;

    /// <summary>Begins a section; the one before ends.</summary>
    public void Begin(string name)
    {
        End();
        Pad(IndexFile.Alignment);
        open = name;
        openAt = position;
        openChecksum = uint.MaxValue;
    }

    /// <summary>Adds bytes to the section.</summary>
    public void Write(ReadOnlySpan<byte> bytes)
    {
        openChecksum = Checksum.Append(openChecksum, bytes);
        file.Write(bytes);
        position += bytes.Length;
    }

    /// <summary>A place in the section to go back to.</summary>
    public (long Position, uint Checksum) Mark() => (position, openChecksum);

    /// <summary>Forgets what was written to the section since a mark.</summary>
    public void Rewind((long Position, uint Checksum) mark)
    {
        file.Flush();
        file.SetLength(mark.Position);
        file.Position = mark.Position;
        (position, openChecksum) = mark;
    }

    /// <summary>Fills the section with zeros up to a multiple of bytes.</summary>
    public void Align(int multiple)
    {
        Span<byte> zeros = stackalloc byte[64];
        zeros.Clear();
        var rest = (int)(SectionPosition % multiple);
        if (rest != 0) Write(zeros[..(multiple - rest)]);
    }

    /// <summary>Writes a whole section.</summary>
    public void WriteSection(string name, ReadOnlySpan<byte> bytes)
    {
        Begin(name);
        Write(bytes);
    }

    /// <summary>Maps a section that has ended, so that later ones can be made from it.</summary>
    public (MappedFile File, Block Section) Map(string name)
    {
        End();
        file.Flush();
        var section = sections.Find(s => s.Name == name) ?? throw new InvalidOperationException($"There is no section {name}.");
        var mapped = new MappedFile(file.Name);
        return (mapped, mapped.Whole.Part(section.Offset, section.Length));
    }

    /// <summary>Writes table and footer, and makes the file durable.</summary>
    /// <exception cref="IOException">The volume failed; the file is worthless.</exception>
    public void Finish()
    {
        End();
        Pad(IndexFile.Alignment);
        var table = new ByteBuffer();
        foreach (var section in sections)
        {
            var name = Encoding.UTF8.GetBytes(section.Name);
            table.AddUInt32((uint)name.Length);
            table.Add(name);
            table.AddArray([section.Offset, section.Length]);
            table.AddUInt32(section.Checksum);
        }
        file.Write(table.Written);
        var tableAt = position;
        position += table.Length;
        Span<byte> footer = stackalloc byte[IndexFile.FooterBytes];
        BinaryPrimitives.WriteInt64LittleEndian(footer, tableAt);
        BinaryPrimitives.WriteInt32LittleEndian(footer[8..], table.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(footer[12..], Checksum.Of(table.Written));
        BinaryPrimitives.WriteInt64LittleEndian(footer[16..], position + footer.Length);
        BinaryPrimitives.WriteUInt64LittleEndian(footer[24..], IndexFile.FooterMagic);
        file.Write(footer);
        file.Flush();
        Storage.Objects.FileSystem.Durable.Sync(file.SafeFileHandle);
    }

    /// <inheritdoc/>
    public void Dispose() => file.Dispose();

    private void End()
    {
        if (open is null) return;
        sections.Add(new SectionRecord(open, openAt, position - openAt, ~openChecksum));
        open = null;
    }

    private void Pad(int multiple)
    {
        Span<byte> zeros = stackalloc byte[64];
        zeros.Clear();
        var rest = (int)(position % multiple);
        if (rest == 0) return;
        file.Write(zeros[..(multiple - rest)]);
        position += multiple - rest;
    }
}

/// <summary>An entry of the table of sections.</summary>
internal sealed record SectionRecord(string Name, long Offset, long Length, uint Checksum);
