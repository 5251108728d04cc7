using System.Runtime.InteropServices;
using System.Text;
using Archive.Indexer.Format;

namespace Archive.Indexer.Columns;

/// <summary>Collects one attribute of a table's rows and writes it as a column.</summary>
internal sealed class ColumnBuilder
{
    // 0 stands for "no value", so ids begin at 1. A value and a set of values share one numbering in order of appearance.
    private readonly Dictionary<string, int> ids = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> lookup;
    private readonly Dictionary<string, int> setIds = new(StringComparer.Ordinal);
    private readonly List<Entry> entries = [default];
    private readonly OrdinalList rows = new();
    private readonly List<int> pending = [];
    private int pendingRow = -1;

    public ColumnBuilder(string name)
    {
        Name = name;
        lookup = ids.GetAlternateLookup<ReadOnlySpan<char>>();
    }

    /// <summary>The attribute.</summary>
    public string Name { get; }

    /// <summary>The id of a value; the same each time.</summary>
    public int Intern(string value, out bool isNew)
    {
        ref var id = ref CollectionsMarshal.GetValueRefOrAddDefault(ids, value, out var exists);
        isNew = !exists;
        if (isNew)
        {
            id = entries.Count;
            entries.Add(new Entry(FrontCodedListWriter.Encode(value), null));
        }
        return id;
    }

    /// <summary>Gives a row a value; rows come in ascending order, and a row may have several.</summary>
    public void Add(int row, int id)
    {
        if (row != pendingRow)
        {
            Flush();
            pendingRow = row;
        }
        if (!pending.Contains(id)) pending.Add(id);
    }

    /// <summary>Gives rows from <paramref name="firstRow"/> on what the rows of another table's column have.</summary>
    public void AddColumn(in Column column, int firstRow)
    {
        Flush();
        rows.PadTo(firstRow);
        var mapped = Intern(column);
        switch (column.Encoding)
        {
            case ColumnEncoding.Constant:
                rows.Add(mapped[(int)column.Constant], column.Rows);
                break;
            case ColumnEncoding.Runs:
                var starts = column.RunStarts;
                var ordinals = column.RunOrdinals;
                for (var run = 0; run < starts.Length; run++)
                    rows.Add(mapped[(int)ordinals[run]], (run + 1 < starts.Length ? (int)starts[run + 1] : column.Rows) - (int)starts[run]);
                break;
            default:
                for (var row = 0; row < column.Rows; row++) rows.Add(mapped[column.Ordinal(row)]);
                break;
        }
    }

    /// <summary>Writes the column's parts and gives its record, without name.</summary>
    public ColumnRecord WriteTo(ByteBuffer target, int rowCount)
    {
        Flush();
        rows.PadTo(rowCount);
        var ordinals = Rank(out var values, out var sets, out var flags);
        var record = new ColumnRecord { Cardinality = (uint)values.Count, SetCount = (uint)sets.Count, Flags = flags };
        WriteOrdinals(target, ordinals, rowCount, ref record);
        target.Align(4);
        record.DictionaryOffset = (uint)target.Length;
        var dictionary = new FrontCodedListWriter(shift: 3);
        foreach (var value in values) dictionary.Add(value);
        dictionary.WriteTo(target);
        WriteSets(target, sets, ref record);
        return record;
    }

    private void Flush()
    {
        if (pending.Count == 0) return;
        rows.PadTo(pendingRow);
        rows.Add(pending.Count == 1 ? pending[0] : InternSet());
        pending.Clear();
    }

    // The id of each ordinal of another column.
    private int[] Intern(in Column column)
    {
        var mapped = new int[column.OrdinalCount];
        Span<char> text = stackalloc char[FrontCodedList.MaxEntryBytes];
        for (var walk = column.Values.Walk(0); walk.MoveNext();)
            mapped[walk.Index + 1] = Intern(text[..Encoding.UTF8.GetChars(walk.Current, text)], walk.Current);
        for (var set = column.Cardinality + 1; set < mapped.Length; set++)
        {
            foreach (var member in column.Members(set)) pending.Add(mapped[(int)member]);
            mapped[set] = InternSet();
            pending.Clear();
        }
        return mapped;
    }

    private int Intern(ReadOnlySpan<char> text, ReadOnlySpan<byte> value)
    {
        if (lookup.TryGetValue(text, out var id)) return id;
        id = entries.Count;
        ids[text.ToString()] = id;
        entries.Add(new Entry(value.ToArray(), null));
        return id;
    }

    private int InternSet()
    {
        pending.Sort();
        var key = string.Join(' ', pending);
        ref var id = ref CollectionsMarshal.GetValueRefOrAddDefault(setIds, key, out var exists);
        if (!exists)
        {
            id = entries.Count;
            entries.Add(new Entry(null, [.. pending]));
        }
        return id;
    }

    // Maps ids to ordinals: values by value order, then sets by order of appearance.
    private int[] Rank(out List<byte[]> values, out List<int[]> sets, out byte flags)
    {
        var keys = new List<SortKey>(entries.Count);
        for (var id = 1; id < entries.Count; id++)
            if (entries[id].Value is { } value)
                keys.Add(new SortKey(id, value, ValueOrder.TryNumber(value, out var number) ? number : double.NaN));
        keys.Sort();
        values = keys.ConvertAll(k => k.Value);
        flags = keys.Count == 0 ? (byte)0
            : !double.IsNaN(keys[^1].Number) ? ColumnRecord.NumericFlag
            : keys.TrueForAll(k => DateText.IsDate(k.Value)) ? ColumnRecord.DatesFlag : (byte)0;
        var ordinals = new int[entries.Count];
        for (var i = 0; i < keys.Count; i++) ordinals[keys[i].Id] = i + 1;
        sets = [];
        for (var id = 1; id < entries.Count; id++)
        {
            if (entries[id].Members is not { } members) continue;
            var set = Array.ConvertAll(members, m => ordinals[m]);
            Array.Sort(set);
            sets.Add(set);
            ordinals[id] = values.Count + sets.Count;
        }
        return ordinals;
    }

    private void WriteOrdinals(ByteBuffer target, int[] ordinals, int rowCount, ref ColumnRecord record)
    {
        var totals = new uint[record.Cardinality + record.SetCount + 1];
        var starts = new List<uint>();
        var runs = 0;
        var width = totals.Length <= 256 ? 1 : totals.Length <= 65536 ? 2 : 4;
        var plainBytes = (((long)rowCount + 63) & ~63L) * width;
        for (int row = 0, before = -1; row < rowCount; row++)
        {
            var ordinal = ordinals[rows[row]];
            totals[ordinal]++;
            if (ordinal == before) continue;
            before = ordinal;
            runs++;
            if (runs * 8L < plainBytes) starts.Add((uint)row);
        }
        record.Missing = totals[0];
        target.Align(8);
        record.DataOffset = (uint)target.Length;
        if (runs <= 1)
        {
            record.Encoding = ColumnEncoding.Constant;
            target.AddUInt32(rowCount == 0 ? 0 : (uint)ordinals[rows[0]]);
        }
        else if (runs * 8L < plainBytes)
        {
            record.Encoding = ColumnEncoding.Runs;
            record.RunCount = (uint)runs;
            target.AddArray<uint>(CollectionsMarshal.AsSpan(starts));
            foreach (var start in starts) target.AddUInt32((uint)ordinals[rows[(int)start]]);
        }
        else
        {
            WritePlain(target, ordinals, rowCount, width);
            record.Encoding = width == 1 ? ColumnEncoding.Bytes : width == 2 ? ColumnEncoding.Shorts : ColumnEncoding.Words;
        }
        target.Align(4);
        record.TotalsOffset = (uint)target.Length;
        target.AddArray<uint>(totals);
    }

    private void WritePlain(ByteBuffer target, int[] ordinals, int rowCount, int width)
    {
        for (var row = 0; row < rowCount; row++)
        {
            var ordinal = (uint)ordinals[rows[row]];
            if (width == 1) target.Add((byte)ordinal);
            else if (width == 4) target.AddUInt32(ordinal);
            else
            {
                target.Add((byte)ordinal);
                if (width == 2) target.Add((byte)(ordinal >> 8));
            }
        }
        for (var pad = rowCount; (pad & 63) != 0; pad++)
            for (var i = 0; i < width; i++)
                target.Add(0);
    }

    private static void WriteSets(ByteBuffer target, List<int[]> sets, ref ColumnRecord record)
    {
        target.Align(4);
        record.SetsOffset = (uint)target.Length;
        if (sets.Count == 0) return;
        uint at = 0;
        target.AddUInt32(at);
        foreach (var set in sets) target.AddUInt32(at += (uint)set.Length);
        foreach (var set in sets)
            foreach (var member in set)
                target.AddUInt32((uint)member);
    }

    private readonly record struct Entry(byte[]? Value, int[]? Members);

    private readonly record struct SortKey(int Id, byte[] Value, double Number) : IComparable<SortKey>
    {
        public int CompareTo(SortKey other)
        {
            var isNumber = !double.IsNaN(Number);
            if (isNumber == double.IsNaN(other.Number)) return isNumber ? -1 : 1;
            return isNumber && Number != other.Number ? Number.CompareTo(other.Number) : Value.AsSpan().SequenceCompareTo(other.Value);
        }
    }
}
