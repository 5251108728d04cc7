using Archive.Indexer.Columns;
using Archive.Indexer.Format;

namespace Archive.Indexer.Generations;

/// <summary>
/// The tables in which the files of all datasets are searched, in accession order: a large dataset is one of its own, its shelf;
/// small ones that follow each other share one, a pack, which holds again what their shelves say but for the paths. So a search over
/// all costs what the files cost, however many datasets they are in.
/// </summary>
internal sealed class FileUnits
{
    private readonly Block rows;
    private readonly Block units;
    private readonly Block shelves;
    private readonly Block packs;

    public FileUnits(IndexFile file, int datasets)
    {
        rows = file.Section(Sections.UnitRows).Part(0, datasets * 4L);
        units = file.Section(Sections.Units);
        shelves = file.Section(Sections.Shelves);
        packs = file.Section(Sections.Packs);
        Count = checked((int)(units.Length / UnitRecord.Size));
        var next = 0;
        for (var unit = 0; unit < Count; unit++)
        {
            var (first, count) = Datasets(unit);
            if (first != next || count < 1) throw new InvalidDataException("The tables of files do not follow each other.");
            next = checked(first + count);
        }
        if (next != datasets) throw new InvalidDataException("The tables of files do not cover the datasets.");
    }

    /// <summary>Number of tables.</summary>
    public int Count { get; }

    /// <summary>The first dataset of a table, and how many follow it there with it.</summary>
    public (int First, int Count) Datasets(int unit)
    {
        var record = Record(unit);
        return (checked((int)record.FirstDataset), checked((int)record.DatasetCount));
    }

    /// <summary>A table.</summary>
    public Table Table(int unit)
    {
        var record = Record(unit);
        return new Table((record.DatasetCount == 1 ? shelves : packs).Part(record.Offset, record.Length));
    }

    /// <summary>The first rows of the datasets of a table.</summary>
    public ReadOnlySpan<uint> FirstRows(int unit)
    {
        var (first, count) = Datasets(unit);
        return rows.Array<uint>(first * 4L, count);
    }

    /// <summary>The first row of a dataset in its table.</summary>
    public int FirstRow(int dataset) => rows.ReadCount(dataset * 4L);

    /// <summary>The dataset that has a row of a table.</summary>
    public int DatasetOf(int unit, int row) => Datasets(unit).First + Column.RunOf(FirstRows(unit), row, 0);

    /// <summary>Where the columns of a table begin among those of all.</summary>
    public uint FirstColumn(int unit) => Record(unit).FirstColumn;

    private UnitRecord Record(int unit) => units.Read<UnitRecord>(unit * (long)UnitRecord.Size);
}
