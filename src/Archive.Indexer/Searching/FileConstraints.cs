using System.Globalization;
using System.Text;
using Archive.Indexer.Building;
using Archive.Indexer.Columns;
using Archive.Indexer.Format;
using Archive.Indexer.Generations;
using Archive.Indexer.Text;
using Archive.Model.Datasets;
using Archive.Model.Search;

namespace Archive.Indexer.Searching;

/// <summary>The filters and ranges of a query for files.</summary>
internal sealed class FileConstraints
{
    public const string Path = "@path";
    public const string Size = ShelfBuilder.SizeNumber;
    public const string Dataset = "@dataset";

    private readonly FileQuery query;
    private readonly RowPool pool;
    private readonly List<FileBounds> ranges;

    public FileConstraints(FileQuery query, RowPool pool)
    {
        this.query = query;
        this.pool = pool;
        ranges = [.. query.Ranges.Select(FileBounds.Read)];
    }

    /// <summary>Attributes that a hit must have.</summary>
    public IEnumerable<string> Names => query.Filters.Select(f => f.Name).Concat(query.Ranges.Select(r => r.Name)).Distinct(StringComparer.Ordinal);

    /// <summary>Takes out the tables of a generation that have no file with one of the paths asked for, as far as the words of the paths tell.</summary>
    public void Narrow(Generation generation, Span<ulong> units)
    {
        foreach (var filter in query.Filters)
        {
            if (filter.Name != Path) continue;
            var (any, one) = (new ulong[units.Length], new ulong[units.Length]);
            foreach (var path in filter.Values)
            {
                Array.Clear(one);
                WordsOf(path).MarkUnits(generation, one);
                Bits.Or(any, one);
            }
            Bits.And(units, any);
        }
    }

    /// <summary>Puts each constraint on the selection of a table.</summary>
    public void Apply(FileSelection selection, FileTable table)
    {
        foreach (var filter in query.Filters) selection.Constrain(filter.Name, Filter(table, filter));
        foreach (var range in ranges) selection.Constrain(range.Name, Range(table.Table, range));
    }

    private ArraySegment<ulong> Filter(FileTable table, FacetSelection filter)
    {
        if (!filter.Name.StartsWith('@') || filter.Name == ShelfBuilder.FormatColumn) return MarkValues(table.Table, filter);
        var bits = pool.Empty(table.Table.Rows);
        foreach (var value in filter.Values)
        {
            switch (filter.Name)
            {
                case Path:
                    MarkPath(table, value, bits);
                    break;
                case Dataset:
                    if (Accession.TryParse(value, null, out var accession) && table.Find(accession) is >= 0 and var dataset)
                        Bits.SetRange(bits, table.FirstRow(dataset), table.EndRow(dataset));
                    break;
            }
        }
        if (filter.Name == Size) MarkSizes(table.Table, filter.Values, bits);
        return bits;
    }

    private ArraySegment<ulong> MarkValues(in Table table, FacetSelection filter)
    {
        var index = table.FindColumn(FrontCodedListWriter.Encode(filter.Name));
        if (index < 0) return pool.Empty(table.Rows);
        var column = table.Column(index);
        var wanted = new List<(int From, int To)>(filter.Values.Count);
        foreach (var value in filter.Values)
            if (column.Values.Find<ValueOrder>(FrontCodedListWriter.Encode(value)) is >= 0 and var at)
                wanted.Add((at + 1, at + 1));
        return Mark(table, column, wanted);
    }

    private ArraySegment<ulong> Mark(in Table table, in Column column, List<(int From, int To)> wanted)
    {
        var bits = pool.Rent(table.Rows);
        ColumnScan.Mark(column, OrdinalSet.Of(column, wanted), bits);
        return bits;
    }

    // A file's own path, or everything in a folder: paths are sorted within a dataset, so a folder is a stretch of its rows. Where many datasets
    // share the table, their words tell in which of them the path can be.
    private void MarkPath(FileTable table, string path, Span<ulong> bits)
    {
        var likely = pool.Empty(table.Table.Rows).AsSpan();
        if (table.DatasetCount == 1) Bits.Fill(likely, table.Table.Rows);
        else WordsOf(path).MarkRows(table.Table, pool, likely);
        var key = Encoding.UTF8.GetBytes(path);
        var end = (byte[])key.Clone();
        if (path.EndsWith('/')) end[^1]++;
        for (var row = Bits.Next(likely, 0); row >= 0;)
        {
            var dataset = table.DatasetOf(row);
            var first = table.FirstRow(dataset);
            var keys = table.Shelf(dataset).Keys;
            if (path.EndsWith('/')) Bits.SetRange(bits, first + keys.LowerBound<ByteOrder>(key), first + keys.LowerBound<ByteOrder>(end));
            else if (keys.Find<ByteOrder>(key) is >= 0 and var at) Bits.Set(bits, first + at);
            row = Bits.Next(likely, table.EndRow(dataset));
        }
    }

    private static FileNode WordsOf(string path)
    {
        var words = WordSplitter.Split(path).Distinct(StringComparer.Ordinal).Select(word => new WordOfFiles(word, isPrefix: false)).ToList();
        return words.Count == 0 ? new EverythingOfFiles() : new AllOfFiles(words);
    }

    // One look at each row, however many sizes are asked for.
    private static void MarkSizes(in Table table, IReadOnlyList<string> values, Span<ulong> bits)
    {
        var sizes = new HashSet<long>();
        foreach (var value in values)
            if (long.TryParse(value, NumberStyles.Integer, CultureInfo.InvariantCulture, out var size))
                sizes.Add(size);
        var numbers = table.Number(0);
        sizes.RemoveWhere(size => size < numbers.Min || size > numbers.Max);
        for (var row = 0; row < table.Rows && sizes.Count > 0; row++)
            if (sizes.Contains(numbers[row]))
                Bits.Set(bits, row);
    }

    private ArraySegment<ulong> Range(in Table table, FileBounds range)
    {
        if (range.Name == Size)
        {
            var bits = pool.Rent(table.Rows);
            Bits.Fill(bits, table.Rows);
            table.Number(0).And(Whole(Math.Ceiling(range.MinNumber ?? 0)), Whole(Math.Floor(range.MaxNumber ?? long.MaxValue)), bits);
            return bits;
        }
        var index = table.FindColumn(FrontCodedListWriter.Encode(range.Name));
        if (index < 0) return pool.Empty(table.Rows);
        var column = table.Column(index);
        return Mark(table, column, range.Of(column));
    }

    private static long Whole(double value) => value >= long.MaxValue ? long.MaxValue : value <= long.MinValue ? long.MinValue : (long)value;
}
