using System.Runtime.InteropServices;
using System.Text.Json;
using Archive.Indexer.Columns;
using Archive.Indexer.Facets;
using Archive.Indexer.Format;
using Archive.Indexer.Generations;
using Archive.Indexer.Text;
using Archive.Model.Datasets;
using Archive.Model.Search;

namespace Archive.Indexer.Building;

/// <summary>
/// Writes one generation from datasets in accession order. Shelves go straight to the file; what is kept in memory grows with the
/// texts and with the different values, not with the files.
/// </summary>
internal sealed class GenerationWriter : IDisposable
{
    private const int CopyBytes = 1 << 17;
    private const int StoredDescription = 2000;

    private readonly string path;
    private readonly byte[] buffer = new byte[CopyBytes];
    private readonly IndexFileWriter file;
    private readonly PackSizes packs;
    private readonly TextIndexBuilder text = new();
    private readonly TableBuilder table = new(withWords: false, DatasetNumbers.Names);
    private readonly FacetRow facets;
    private readonly List<DatasetRecord> records = [];
    private readonly List<long> storedIndex = [0];
    private readonly FileStream stored;
    private readonly ByteBuffer storedRecord = new();
    private readonly string stamp;
    private Accession? last;

    /// <summary>Begins a file that must not exist.</summary>
    public GenerationWriter(string path, FacetCatalogue catalogue, PackSizes packs)
    {
        this.path = path;
        this.packs = packs;
        file = new IndexFileWriter(path);
        stored = new FileStream(path + ".stored", new FileStreamOptions
        {
            Mode = FileMode.Create, Access = FileAccess.ReadWrite, Options = FileOptions.DeleteOnClose, BufferSize = 1 << 16,
        });
        stamp = catalogue.Stamp;
        facets = new FacetRow(table, catalogue);
        table.DeclareColumn(DatasetNumbers.TitleColumn);
        file.Begin(Sections.Shelves);
    }

    /// <summary>Adds the next dataset with its shelf.</summary>
    /// <exception cref="DamagedIndexException">The shelf is not what was written. Nothing was added; it may be tried with another.</exception>
    public async Task AddAsync(SearchDocument document, Stream shelf, CancellationToken ct)
    {
        if (last is { } before && before.CompareTo(document.Accession) >= 0)
            throw new InvalidOperationException($"Datasets are not in accession order: {document.Accession} after {before}.");
        file.Align(IndexFile.Alignment);
        var mark = file.Mark();
        var record = new DatasetRecord { Change = document.Change, Version = (uint)document.Version, ShelfOffset = file.SectionPosition };
        try
        {
            record.ShelfLength = await CopyShelfAsync(document.Accession, shelf, ct);
        }
        catch
        {
            file.Rewind(mark);
            throw;
        }
        last = document.Accession;
        records.Add(record);
        text.Add(document.Texts);
        AddRow(document);
        Store(document);
    }

    /// <summary>Finishes the file and makes it durable.</summary>
    /// <param name="leftOut">Public datasets that are not in it, a hundred at most.</param>
    public void Finish(string name, DateTimeOffset builtAt, long newestChange, IReadOnlyList<Accession> leftOut)
    {
        var (mapped, shelves) = file.Map(Sections.Shelves);
        long files = 0;
        using (mapped)
        {
            var tables = records.ConvertAll(r => new Table(shelves.Part(r.ShelfOffset, r.ShelfLength)));
            files = tables.Sum(t => (long)t.Rows);
            for (var row = 0; row < tables.Count; row++) facets.Add(row, tables[row]);
            var units = FileUnitsWriter.Write(file, packs, CollectionsMarshal.AsSpan(records), tables);
            var (packsMapped, packed) = file.Map(Sections.Packs);
            using (packsMapped)
            {
                var unitTables = units.ConvertAll(u => new Table((u.DatasetCount == 1 ? shelves : packed).Part(u.Offset, u.Length)));
                FileFieldsWriter.Write(file, CollectionsMarshal.AsSpan(units), unitTables);
                FileTermsWriter.Write(file, unitTables);
            }
        }
        file.WriteSection(Sections.Datasets, table.Finish().Written);
        file.WriteSection(Sections.Records, MemoryMarshal.AsBytes(CollectionsMarshal.AsSpan(records)));
        WriteStored();
        text.WriteTo(file);
        var info = new GenerationInfo(name, builtAt, newestChange, records.Count, files, stamp) { LeftOut = [.. leftOut.Select(a => a.ToString())] };
        file.WriteSection(Sections.Info, JsonSerializer.SerializeToUtf8Bytes(info));
        file.Finish();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        file.Dispose();
        stored.Dispose();
    }

    private void AddRow(SearchDocument document)
    {
        table.AddRow(document.Accession.ToString(), document.ReleaseDate?.DayNumber ?? 0, 0, 0);
        facets.Add(document);
        table.AddValue(DatasetNumbers.TitleColumn, DatasetNumbers.TitleKey(document.Title));
    }

    private void Store(SearchDocument document)
    {
        var shown = document.Description.Length <= StoredDescription ? document.Description : document.Description[..StoredDescription];
        storedRecord.Clear();
        StoredDatasetCodec.Write(storedRecord, new StoredDataset(
            document.Accession, document.Version, document.Title, shown, document.People, document.Organisms, document.Methods,
            document.Collection, document.Licence, document.ReleaseDate));
        stored.Write(storedRecord.Written);
        storedIndex.Add(stored.Position);
    }

    private void WriteStored()
    {
        file.Begin(Sections.Stored);
        stored.Position = 0;
        for (int read; (read = stored.Read(buffer)) > 0;) file.Write(buffer.AsSpan(0, read));
        file.WriteSection(Sections.StoredIndex, MemoryMarshal.AsBytes(CollectionsMarshal.AsSpan(storedIndex)));
    }

    private async Task<uint> CopyShelfAsync(Accession accession, Stream shelf, CancellationToken ct)
    {
        var first = await shelf.ReadAtLeastAsync(buffer.AsMemory(0, TableHeader.Size), TableHeader.Size, throwOnEndOfStream: false, ct);
        var header = MemoryMarshal.Read<TableHeader>(buffer);
        if (first < TableHeader.Size || header.Magic != TableHeader.Expected) throw new DamagedIndexException(path, $"shelf of {accession}", "it is no shelf");
        var state = Checksum.Append(uint.MaxValue, buffer.AsSpan(TableHeader.Checked, TableHeader.Size - TableHeader.Checked));
        file.Write(buffer.AsSpan(0, TableHeader.Size));
        uint length = TableHeader.Size;
        for (int read; (read = await shelf.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, ct)) > 0; length += (uint)read)
        {
            state = Checksum.Append(state, buffer.AsSpan(0, read));
            file.Write(buffer.AsSpan(0, read));
        }
        if (length != header.Length || ~state != header.Checksum)
            throw new DamagedIndexException(path, $"shelf of {accession}", "it is not what was written");
        return length;
    }
}
