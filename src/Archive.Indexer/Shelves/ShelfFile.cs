using Archive.Indexer.Columns;
using Archive.Indexer.Format;
using Archive.Indexer.Generations;

namespace Archive.Indexer.Shelves;

/// <summary>A shelf, mapped. Its file has no name any more: when the last reader lets go its room is free, however the process ends.</summary>
internal sealed class ShelfFile : Counted
{
    private readonly MappedFile file;

    private ShelfFile(MappedFile file, Table table)
    {
        this.file = file;
        Table = table;
    }

    /// <summary>The files. Valid while somebody holds this.</summary>
    public Table Table { get; }

    /// <summary>Its length.</summary>
    public long LengthBytes => file.Length;

    /// <summary>Opens a shelf after checking every byte of it, and removes the file's name.</summary>
    /// <exception cref="DamagedIndexException">It is not what was written, or of another version of the program.</exception>
    public static ShelfFile Open(string path)
    {
        if (!BitConverter.IsLittleEndian) throw new PlatformNotSupportedException("Shelves are read on little-endian processors only.");
        if (new FileInfo(path).Length < TableHeader.Size) throw new DamagedIndexException(path, "shelf", "it is too short");
        var mapped = new MappedFile(path);
        try
        {
            var table = new Table(mapped.Whole);
            if (table.LengthBytes != mapped.Length || !table.IsSound()) throw new DamagedIndexException(path, "shelf", "its checksum differs");
            File.Delete(path);
            return new ShelfFile(mapped, table);
        }
        catch (Exception e) when (e is InvalidDataException or ArgumentOutOfRangeException or OverflowException)
        {
            mapped.Dispose();
            throw new DamagedIndexException(path, "shelf", e.Message);
        }
        catch
        {
            mapped.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    protected override void End() => file.Dispose();
}
