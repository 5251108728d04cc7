using System.Text;
using Archive.Indexer.Columns;
using Archive.Indexer.Format;
using Archive.Indexer.Generations;
using Archive.Model.Datasets;

namespace Archive.Indexer.Searching;

/// <summary>A table in which files are searched, and the datasets that its rows belong to, in order.</summary>
internal sealed class FileTable
{
    private readonly Generation? generation;
    private readonly Accession own;

    private FileTable(Generation? generation, Accession own, in Table table)
    {
        this.generation = generation;
        this.own = own;
        Table = table;
    }

    /// <summary>The rows.</summary>
    public Table Table { get; }

    /// <summary>Number of its segment in the snapshot; 0 for the shelf of one dataset, whose values are numbered by itself.</summary>
    public int Segment { get; private init; }

    /// <summary>Its number among the tables of the segment; -1 for the shelf of one dataset.</summary>
    public int Unit { get; private init; } = -1;

    /// <summary>The first dataset, in its segment.</summary>
    public int FirstDataset { get; private init; }

    /// <summary>How many datasets there are, one after the other.</summary>
    public int DatasetCount { get; private init; } = 1;

    /// <summary>A table of a generation in which all files are searched.</summary>
    public static FileTable OfUnit(IndexSnapshot snapshot, int segment, int unit)
    {
        var from = snapshot.Segments[segment].Generation;
        var (first, count) = from.Units.Datasets(unit);
        return new FileTable(from, default, from.Units.Table(unit)) { Segment = segment, Unit = unit, FirstDataset = first, DatasetCount = count };
    }

    /// <summary>The shelf of a dataset of a generation.</summary>
    public static FileTable OfDataset(IndexSnapshot snapshot, int segment, int dataset)
    {
        var from = snapshot.Segments[segment].Generation;
        return new FileTable(from, default, from.Shelf(dataset)) { FirstDataset = dataset };
    }

    /// <summary>A shelf that lies in no generation, such as that of a private version.</summary>
    public static FileTable OfShelf(Accession accession, in Table shelf) => new(null, accession, shelf);

    /// <summary>The accession of one of its datasets.</summary>
    public Accession Accession(int dataset) => generation?.Accession(dataset) ?? own;

    /// <summary>The first row of one of its datasets.</summary>
    public int FirstRow(int dataset) => DatasetCount == 1 ? 0 : generation!.Units.FirstRow(dataset);

    /// <summary>The first rows of its datasets.</summary>
    public ReadOnlySpan<uint> FirstRows => DatasetCount == 1 ? [0] : generation!.Units.FirstRows(Unit);

    /// <summary>The row behind the last of one of its datasets.</summary>
    public int EndRow(int dataset) => dataset + 1 < FirstDataset + DatasetCount ? FirstRow(dataset + 1) : Table.Rows;

    /// <summary>The dataset of a row.</summary>
    public int DatasetOf(int row) => DatasetCount == 1 ? FirstDataset : generation!.Units.DatasetOf(Unit, row);

    /// <summary>The files of one of its datasets with their paths.</summary>
    public Table Shelf(int dataset) => DatasetCount == 1 ? Table : generation!.Shelf(dataset);

    /// <summary>The path of a row.</summary>
    public string Path(int row)
    {
        var dataset = DatasetOf(row);
        return Shelf(dataset).Keys[row - FirstRow(dataset)];
    }

    /// <summary>One of its datasets by accession; -1 when it has none such.</summary>
    public int Find(Accession accession)
    {
        if (generation is null) return accession == own ? FirstDataset : -1;
        var dataset = generation.Find(accession);
        return dataset >= FirstDataset && dataset < FirstDataset + DatasetCount ? dataset : -1;
    }

    /// <summary>The first row that comes after a file, which need not be there; the number of rows when there is none.</summary>
    public int RowAfter(Accession accession, string path)
    {
        var (dataset, isIn) = Locate(accession);
        if (dataset < FirstDataset) return 0;
        if (dataset >= FirstDataset + DatasetCount) return Table.Rows;
        var first = FirstRow(dataset);
        if (!isIn) return first;
        var keys = Shelf(dataset).Keys;
        var row = keys.LowerBound<ByteOrder>(Encoding.UTF8.GetBytes(path));
        return first + (row < keys.Count && keys[row] == path ? row + 1 : row);
    }

    private (int Dataset, bool IsIn) Locate(Accession accession)
    {
        if (generation is not null) return generation.Locate(accession);
        var order = own.CompareTo(accession);
        return (FirstDataset + (order < 0 ? 1 : 0), order == 0);
    }
}
