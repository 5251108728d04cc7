using System.Runtime.InteropServices;
using Archive.Indexer.Format;
using Archive.Model.Files;

namespace Archive.Indexer.Columns;

/// <summary>One attribute of the rows of a table, as it lies in the file.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly struct Column
{
    private readonly ColumnRecord record;
    private readonly Block table;

    /// <summary>Reads a column of a table.</summary>
    public Column(Block table, in ColumnRecord record, int rows)
    {
        this.table = table;
        this.record = record;
        Rows = rows;
        if (record.Cardinality > int.MaxValue / 4 || record.SetCount > int.MaxValue / 4 || record.RunCount > int.MaxValue / 4)
            throw new InvalidDataException("A column is larger than a table can be.");
        if (record.Encoding > ColumnEncoding.Words) throw new InvalidDataException("A column's encoding is unknown.");
        Values = new FrontCodedList(table.From(record.DictionaryOffset));
        if (Values.Count != record.Cardinality) throw new InvalidDataException("A column's values do not match its record.");
    }

    /// <summary>Rows of the table.</summary>
    public int Rows { get; }

    /// <summary>The sorted values; value i has the ordinal i + 1.</summary>
    public FrontCodedList Values { get; }

    /// <summary>Number of different values.</summary>
    public int Cardinality => (int)record.Cardinality;

    /// <summary>Number of sets of several values that rows have.</summary>
    public int SetCount => (int)record.SetCount;

    /// <summary>Ordinals there are: none, the values, the sets.</summary>
    public int OrdinalCount => 1 + Cardinality + SetCount;

    /// <summary>Whether every value is a number.</summary>
    public bool IsNumeric => (record.Flags & ColumnRecord.NumericFlag) != 0;

    /// <summary>Whether every value is a date.</summary>
    public bool IsDates => (record.Flags & ColumnRecord.DatesFlag) != 0;

    /// <summary>What its values are held for: numbers or dates only where all of them are.</summary>
    public AttributeKind Kind => IsNumeric ? AttributeKind.Number : IsDates ? AttributeKind.Date : AttributeKind.Text;

    /// <summary>Rows without a value.</summary>
    public int Missing => (int)record.Missing;

    public ColumnEncoding Encoding => record.Encoding;

    /// <summary>Rows of each ordinal.</summary>
    public ReadOnlySpan<uint> Totals => table.Array<uint>(record.TotalsOffset, OrdinalCount);

    /// <summary>The ordinal of all rows of a constant column.</summary>
    public uint Constant => table.Read<uint>(record.DataOffset);

    /// <summary>First rows of the runs.</summary>
    public ReadOnlySpan<uint> RunStarts => table.Array<uint>(record.DataOffset, (int)record.RunCount);

    /// <summary>Ordinals of the runs.</summary>
    public ReadOnlySpan<uint> RunOrdinals => table.Array<uint>(record.DataOffset + (record.RunCount * 4L), (int)record.RunCount);

    /// <summary>The ordinals of a plain column, padded to 64 rows.</summary>
    public ReadOnlySpan<T> Plain<T>()
        where T : unmanaged => table.Array<T>(record.DataOffset, Bits.Words(Rows) << 6);

    /// <summary>The ordinal of a row.</summary>
    public int Ordinal(int row)
    {
        if ((uint)row >= (uint)Rows) throw new ArgumentOutOfRangeException(nameof(row));
        return (int)(record.Encoding switch
        {
            ColumnEncoding.Constant => Constant,
            ColumnEncoding.Runs => RunOrdinals[RunOf(row)],
            ColumnEncoding.Bytes => Plain<byte>()[row],
            ColumnEncoding.Shorts => Plain<ushort>()[row],
            _ => Plain<uint>()[row],
        });
    }

    /// <summary>The value ordinals of a set, ascending. Only for ordinals above <see cref="Cardinality"/>.</summary>
    public ReadOnlySpan<uint> Members(int ordinal)
    {
        var set = ordinal - Cardinality - 1;
        var offsets = table.Array<uint>(record.SetsOffset, SetCount + 1);
        var members = record.SetsOffset + ((SetCount + 1L) * 4);
        return table.Array<uint>(members + (offsets[set] * 4L), checked((int)(offsets[set + 1] - offsets[set])));
    }

    /// <summary>What a row is sorted by: the ordinal of its value, the least of several; 0 for none.</summary>
    public int SortOrdinal(int ordinal) => ordinal <= Cardinality ? ordinal : (int)Members(ordinal)[0];

    /// <summary>Number of runs of a column that has them.</summary>
    public int RunCount => (int)record.RunCount;

    /// <summary>The run that holds a row.</summary>
    public int RunOf(int row) => RunOf(RunStarts, row, 0);

    /// <summary>The run that holds a row, looked for from a run on that is not behind it: first in steps that double, then by halves.</summary>
    public static int RunOf(ReadOnlySpan<uint> starts, int row, int from)
    {
        var low = from;
        var step = 1;
        while (low + step < starts.Length && starts[low + step] <= (uint)row)
        {
            low += step;
            step <<= 1;
        }
        var high = Math.Min(starts.Length, low + step);
        while (high - low > 1)
        {
            var middle = (low + high) >>> 1;
            if (starts[middle] <= (uint)row) low = middle;
            else high = middle;
        }
        return low;
    }

    /// <summary>The values of an ordinal as texts.</summary>
    public void AddValues(int ordinal, List<string> target)
    {
        if (ordinal == 0) return;
        if (ordinal <= Cardinality)
        {
            target.Add(Values[ordinal - 1]);
            return;
        }
        foreach (var member in Members(ordinal)) target.Add(Values[(int)member - 1]);
    }
}
