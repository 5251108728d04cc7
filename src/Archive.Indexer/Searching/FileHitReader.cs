using System.Runtime.InteropServices;
using System.Text;
using Archive.Indexer.Columns;
using Archive.Indexer.Format;
using Archive.Model.Datasets;
using Archive.Model.Files;
using Archive.Model.Search;

namespace Archive.Indexer.Searching;

/// <summary>
/// Shows rows of a table. Neighbours share most of what they say, so what was read for one is kept for the next: names, values,
/// the run that a row lies in, the place in the list of paths.
/// </summary>
internal sealed class FileHitReader
{
    private readonly FileTable table;
    private readonly CellReader[] columns;
    private readonly string[] names;
    private readonly NumberColumn sizes;
    private int dataset = -1;
    private int firstRow;
    private int endRow;
    private Accession accession;
    private FrontCodedList keys;
    private FrontCodedList.Walker walker;

    public FileHitReader(FileTable table)
    {
        this.table = table;
        columns = new CellReader[table.Table.ColumnCount];
        names = new string[columns.Length];
        for (var i = 0; i < columns.Length; i++)
        {
            columns[i] = new CellReader(table.Table.Column(i));
            names[i] = table.Table.ColumnName(i);
        }
        sizes = table.Table.Number(0);
    }

    /// <summary>Names of the columns; the first is the format's.</summary>
    public IReadOnlyList<string> Names => names;

    /// <summary>A row as it is shown.</summary>
    public FileHit Read(int row)
    {
        MoveTo(row);
        var format = columns[0].OrdinalOf(row);
        var attributes = new List<FileAttribute>(columns.Length);
        for (var i = 1; i < columns.Length; i++)
        {
            var ordinal = columns[i].OrdinalOf(row);
            if (ordinal == 0) continue;
            if (columns[i].IsSet(ordinal))
                foreach (var member in columns[i].Members(ordinal)) attributes.Add(new FileAttribute(names[i], columns[i].Value((int)member)));
            else attributes.Add(new FileAttribute(names[i], columns[i].Value(ordinal)));
        }
        return new FileHit(accession, ArchivePath.FromStore(Encoding.UTF8.GetString(Path)), sizes[row], format == 0 ? "" : columns[0].Value(columns[0].First(format)), attributes);
    }

    /// <summary>The path of the row that was moved to.</summary>
    public ReadOnlySpan<byte> Path => walker.Current;

    /// <summary>The dataset of the row that was moved to.</summary>
    public Accession Accession => accession;

    /// <summary>The length of a row's file in bytes.</summary>
    public long Size(int row) => sizes[row];

    /// <summary>The ordinal that a row has in a column; the reader of its values.</summary>
    public ref CellReader Column(int index) => ref columns[index];

    /// <summary>Moves to a row, by preference one a little further on.</summary>
    public void MoveTo(int row)
    {
        if (dataset < 0 || row < firstRow || row >= endRow)
        {
            dataset = table.DatasetOf(row);
            (firstRow, endRow) = (table.FirstRow(dataset), table.EndRow(dataset));
            accession = table.Accession(dataset);
            keys = table.Shelf(dataset).Keys;
            walker = keys.Walk(row - firstRow);
        }
        var local = row - firstRow;
        if (local < walker.Index || local - walker.Index > 32) walker = keys.Walk(local);
        while (walker.Index < local)
            if (!walker.MoveNext())
                throw new InvalidDataException("A table has fewer paths than rows.");
    }
}

/// <summary>Reads one column row by row; rows that ascend cost least.</summary>
[StructLayout(LayoutKind.Auto)]
internal struct CellReader
{
    private const int Kept = 8;

    private readonly Column column;
    private readonly (int Ordinal, string Value)[] kept = new (int, string)[Kept];
    private int run;
    private int runFrom;
    private int runTo;
    private int ordinal;

    public CellReader(in Column column) => this.column = column;

    /// <summary>The ordinal of a row; 0 for no value.</summary>
    public int OrdinalOf(int row)
    {
        if (column.Encoding != ColumnEncoding.Runs) return column.Ordinal(row);
        if (row >= runFrom && row < runTo) return ordinal;
        var starts = column.RunStarts;
        run = Column.RunOf(starts, row, row >= runFrom ? run : 0);
        (runFrom, runTo) = ((int)starts[run], run + 1 < starts.Length ? (int)starts[run + 1] : column.Rows);
        return ordinal = (int)column.RunOrdinals[run];
    }

    /// <summary>Whether an ordinal stands for several values.</summary>
    public readonly bool IsSet(int ordinal) => ordinal > column.Cardinality;

    /// <summary>The value ordinals of a set.</summary>
    public readonly ReadOnlySpan<uint> Members(int ordinal) => column.Members(ordinal);

    /// <summary>The value ordinal of an ordinal, the least where it stands for several.</summary>
    public readonly int First(int ordinal) => column.SortOrdinal(ordinal);

    /// <summary>The values of an ordinal.</summary>
    public readonly string[] Values(int ordinal)
    {
        if (!IsSet(ordinal)) return [Value(ordinal)];
        var members = Members(ordinal);
        var values = new string[members.Length];
        for (var i = 0; i < values.Length; i++) values[i] = Value((int)members[i]);
        return values;
    }

    /// <summary>A value by its ordinal.</summary>
    public readonly string Value(int ordinal)
    {
        ref var entry = ref kept[ordinal & (Kept - 1)];
        if (entry.Ordinal != ordinal) entry = (ordinal, column.Values[ordinal - 1]);
        return entry.Value;
    }
}
