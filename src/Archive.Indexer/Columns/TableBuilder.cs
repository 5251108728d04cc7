using System.Runtime.InteropServices;
using System.Text;
using Archive.Indexer.Format;

namespace Archive.Indexer.Columns;

/// <summary>
/// Puts a table together row by row: a key (path or accession), numbers, attributes, and the words of paths and values. A
/// table is complete in itself and the same bytes wherever it is copied to.
/// </summary>
internal sealed class TableBuilder
{
    /// <summary>Columns a table has at most; the values of further attributes are found by keyword only.</summary>
    public const int MaxColumns = 1000;

    private readonly (string Name, List<long> Values)[] numbers;
    private readonly FrontCodedListWriter keys = new(shift: 5);
    private readonly List<(ColumnBuilder Column, List<int[]?> Words)> columns = [];
    private readonly Dictionary<string, int> columnIndex = new(StringComparer.Ordinal);
    private readonly TermTable? terms;

    /// <param name="withWords">Whether words of keys and values can be looked up.</param>
    /// <param name="numberNames">Names of the numbers that every row has.</param>
    public TableBuilder(bool withWords, params string[] numberNames)
    {
        terms = withWords ? new TermTable() : null;
        numbers = Array.ConvertAll(numberNames, name => (name, new List<long>()));
    }

    /// <summary>Rows added.</summary>
    public int Rows { get; private set; }

    /// <summary>Begins the next row; keys come in the table's order, each once.</summary>
    public void AddRow(string key, params ReadOnlySpan<long> values)
    {
        if (keys.Count != Rows) throw new InvalidOperationException("Rows of whole tables were added, which have no keys.");
        keys.Add(Encoding.UTF8.GetBytes(key));
        Rows++;
        for (var i = 0; i < numbers.Length; i++) numbers[i].Values.Add(values[i]);
        terms?.AddText(Rows - 1, key);
    }

    /// <summary>
    /// Appends the rows of a table with the same numbers, without their keys: attributes by name, and the words of keys and values.
    /// </summary>
    public void AddTable(in Table table)
    {
        for (var i = 0; i < numbers.Length; i++)
        {
            var number = table.Number(i);
            for (var row = 0; row < table.Rows; row++) numbers[i].Values.Add(number[row]);
        }
        for (var i = 0; i < table.ColumnCount; i++)
        {
            var index = IndexOf(table.ColumnName(i));
            if (index < 0) throw new InvalidOperationException("Together the tables have more columns than one may have.");
            columns[index].Column.AddColumn(table.Column(i), Rows);
        }
        terms?.AddTable(table, Rows);
        Rows += table.Rows;
    }

    /// <summary>Makes sure that a column is there, so that its place does not depend on the rows.</summary>
    public void DeclareColumn(string name) => _ = IndexOf(name);

    /// <summary>Sets a number that was not known when the row began.</summary>
    public void SetNumber(int row, int number, long value) => numbers[number].Values[row] = value;

    /// <summary>Gives the newest row a value; blank ones are left out.</summary>
    public void AddValue(string column, string value) => AddValue(Rows - 1, column, value);

    /// <summary>Gives a row a value; within each column rows come in ascending order.</summary>
    public void AddValue(int row, string column, string value)
    {
        if (string.IsNullOrWhiteSpace(value)) return;
        var index = IndexOf(column);
        value = Clean(value);
        if (index < 0)
        {
            terms?.AddText(row, value);
            return;
        }
        var (builder, words) = columns[index];
        var id = builder.Intern(value, out var isNew);
        builder.Add(row, id);
        if (terms is null) return;
        if (isNew)
        {
            while (words.Count <= id) words.Add(null);
            words[id] = terms.Intern(value);
        }
        terms.Add(row, words[id]!);
    }

    /// <summary>Writes the table; nothing can be added afterwards.</summary>
    public ByteBuffer Finish()
    {
        var target = new ByteBuffer(Math.Clamp(Rows * 32, 1 << 11, 1 << 16));
        target.Add(new byte[TableHeader.Size]);
        var header = new TableHeader
        {
            Magic = TableHeader.Expected, Rows = (uint)Rows, ColumnCount = (uint)columns.Count, NumberCount = (uint)numbers.Length,
            Flags = keys.Count == Rows ? 0 : TableHeader.KeylessFlag,
        };
        target.Align(4);
        header.KeysOffset = (uint)target.Length;
        keys.WriteTo(target);
        WriteColumns(target, ref header);
        WriteNumbers(target, ref header);
        if (terms is not null) (header.TermsOffset, header.TermIndexOffset, header.RunsOffset, header.RunsLength) = terms.WriteTo(target);
        target.Align(8);
        header.Length = (uint)target.Length;
        target.Set(0, MemoryMarshal.AsBytes(new ReadOnlySpan<TableHeader>(in header)));
        header.Checksum = Checksum.Of(target.Written[TableHeader.Checked..]);
        target.Set(0, MemoryMarshal.AsBytes(new ReadOnlySpan<TableHeader>(in header)));
        return target;
    }

    private void WriteColumns(ByteBuffer target, ref TableHeader header)
    {
        var records = new ColumnRecord[columns.Count];
        for (var i = 0; i < records.Length; i++)
        {
            records[i] = columns[i].Column.WriteTo(target, Rows);
            var name = FrontCodedListWriter.Encode(columns[i].Column.Name);
            records[i].NameOffset = (uint)target.Length;
            records[i].NameLength = (ushort)name.Length;
            target.Add(name);
        }
        target.Align(4);
        header.ColumnsOffset = (uint)target.Length;
        target.AddArray<ColumnRecord>(records);
    }

    private void WriteNumbers(ByteBuffer target, ref TableHeader header)
    {
        var records = new List<byte[]>();
        foreach (var (name, values) in numbers)
        {
            var record = NumberColumn.Write(target, values);
            var text = Encoding.UTF8.GetBytes(name);
            BitConverter.TryWriteBytes(record, (uint)target.Length);
            BitConverter.TryWriteBytes(record.AsSpan(4), (ushort)text.Length);
            target.Add(text);
            records.Add(record);
        }
        target.Align(8);
        header.NumbersOffset = (uint)target.Length;
        foreach (var record in records) target.Add(record);
    }

    private int IndexOf(string name)
    {
        if (columnIndex.TryGetValue(name, out var index)) return index;
        if (columns.Count == MaxColumns || string.IsNullOrWhiteSpace(name)) return -1;
        columns.Add((new ColumnBuilder(name), []));
        return columnIndex[name] = columns.Count - 1;
    }

    // Values are compared as UTF-8 of limited length, so what is lost on the way there must be lost before they are told apart.
    private static string Clean(string value) =>
        value.Length > FrontCodedList.MaxEntryBytes / 3 || value.AsSpan().IndexOfAnyInRange('\uD800', '\uDFFF') >= 0
            ? Encoding.UTF8.GetString(FrontCodedListWriter.Encode(value))
            : value;
}
