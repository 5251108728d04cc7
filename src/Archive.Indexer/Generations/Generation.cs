using System.Text;
using System.Text.Json;
using Archive.Indexer.Columns;
using Archive.Indexer.Format;
using Archive.Indexer.Text;
using Archive.Model.Datasets;

namespace Archive.Indexer.Generations;

/// <summary>An open generation. Datasets are numbered from 0 in accession order.</summary>
internal sealed class Generation : Counted
{
    // A record with a part missing is refused, not read as if the part were empty.
    private static readonly JsonSerializerOptions Strict = new() { RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true };

    private readonly IndexFile file;
    private readonly bool deleteAtEnd;
    private readonly Block records;
    private readonly Block shelves;
    private readonly Block stored;
    private readonly Block storedIndex;

    private Generation(IndexFile source, bool deleteAtEnd)
    {
        file = source;
        this.deleteAtEnd = deleteAtEnd;
        Info = ReadJson<GenerationInfo>(file.Section(Sections.Info));
        Datasets = new Table(file.Section(Sections.Datasets));
        records = file.Section(Sections.Records);
        shelves = file.Section(Sections.Shelves);
        stored = file.Section(Sections.Stored);
        storedIndex = file.Section(Sections.StoredIndex);
        Text = new TextIndex(file, Datasets.Rows);
        _ = records.Part(0, (long)Datasets.Rows * DatasetRecord.Size);
        Units = new FileUnits(file, Datasets.Rows);
        Fields = new FileFields(file);
        FileTerms = new FileTerms(file);
        Parts = [.. file.Sections.OrderBy(s => s.Offset).Select(s => new IndexSection(s.Name, s.Length))];
    }

    /// <summary>What it is.</summary>
    public GenerationInfo Info { get; }

    /// <summary>The datasets with facets and numbers.</summary>
    public Table Datasets { get; }

    /// <summary>The words of the datasets.</summary>
    public TextIndex Text { get; }

    /// <summary>The tables in which the files of all datasets are searched.</summary>
    public FileUnits Units { get; }

    /// <summary>The attributes of files over all datasets.</summary>
    public FileFields Fields { get; }

    /// <summary>The words of files over all datasets.</summary>
    public FileTerms FileTerms { get; }

    /// <summary>Bytes on disk.</summary>
    public long LengthBytes => file.LengthBytes;

    /// <summary>Where it was opened from; it may have been renamed since.</summary>
    public string Path => file.Path;

    /// <summary>Its sections, in the order of the file.</summary>
    public IReadOnlyList<IndexSection> Parts { get; }

    /// <summary>Opens a generation after checking every byte of it.</summary>
    /// <param name="path">The file.</param>
    /// <param name="deleteAtEnd">Whether the file is deleted when the last lease ends.</param>
    /// <exception cref="DamagedIndexException">It is not what was written.</exception>
    public static Generation Open(string path, bool deleteAtEnd)
    {
        var opened = IndexFile.Open(path);
        try
        {
            return new Generation(opened, deleteAtEnd);
        }
        catch (Exception e) when (e is InvalidDataException or JsonException or OverflowException or ArgumentOutOfRangeException)
        {
            opened.Dispose();
            throw new DamagedIndexException(path, "structure", e.Message);
        }
        catch
        {
            opened.Dispose();
            throw;
        }
    }

    /// <summary>The number of a dataset; -1 when it is not in.</summary>
    public int Find(Accession accession) => Datasets.Keys.Find<AccessionOrder>(Encoding.ASCII.GetBytes(accession.ToString()));

    /// <summary>How many datasets come before an accession, and whether it is in.</summary>
    public (int Before, bool IsIn) Locate(Accession accession)
    {
        var text = Encoding.ASCII.GetBytes(accession.ToString());
        var before = Datasets.Keys.LowerBound<AccessionOrder>(text);
        Span<byte> buffer = stackalloc byte[FrontCodedList.MaxEntryBytes];
        return (before, before < Datasets.Keys.Count && buffer[..Datasets.Keys.Read(before, buffer)].SequenceEqual(text));
    }

    /// <summary>The accession of a dataset.</summary>
    public Accession Accession(int dataset) => Model.Datasets.Accession.Parse(Datasets.Keys[dataset], null);

    /// <summary>A dataset's record.</summary>
    public DatasetRecord Record(int dataset) => records.Read<DatasetRecord>(dataset * (long)DatasetRecord.Size);

    /// <summary>The files of a dataset.</summary>
    public Table Shelf(int dataset)
    {
        var record = Record(dataset);
        return new Table(shelves.Part(record.ShelfOffset, record.ShelfLength));
    }

    /// <summary>The bytes of a dataset's shelf, as they were written; the generation is held until the stream was read.</summary>
    public Stream OpenShelf(int dataset)
    {
        var record = Record(dataset);
        return new BlockStream(shelves.Part(record.ShelfOffset, record.ShelfLength));
    }

    /// <summary>What a hit shows.</summary>
    public StoredDataset Stored(int dataset)
    {
        var from = storedIndex.Read<long>(dataset * 8L);
        return StoredDatasetCodec.Read(stored.Bytes(from, checked((int)(storedIndex.Read<long>((dataset + 1) * 8L) - from))));
    }

    /// <inheritdoc/>
    protected override void End()
    {
        file.Dispose();
        if (!deleteAtEnd) return;
        try
        {
            File.Delete(file.Path);
            File.Delete(file.Path + GenerationFolder.DocumentsEnding);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Nobody waits for it, and the next start sweeps the folder.
        }
    }

    private static T ReadJson<T>(Block block) =>
        JsonSerializer.Deserialize<T>(block.Bytes(0, checked((int)block.Length)), Strict) ?? throw new InvalidDataException("A stored record is empty.");
}
