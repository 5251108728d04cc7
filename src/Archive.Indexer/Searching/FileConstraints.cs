using System.Text;
using Archive.Indexer.Building;
using Archive.Indexer.Columns;
using Archive.Indexer.Format;
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

    public FileConstraints(FileQuery query)
    {
        this.query = query;
        foreach (var range in query.Ranges)
            if (double.IsNaN(range.Min ?? 0) || double.IsNaN(range.Max ?? 0) || range.Name is Path or Dataset)
                throw SortRequest.Refuse($"min.{range.Name}, max.{range.Name}", "is a number, and of an attribute or @size.");
    }

    /// <summary>Attributes that a hit must have.</summary>
    public IEnumerable<string> Names => query.Filters.Select(f => f.Name).Concat(query.Ranges.Select(r => r.Name)).Distinct(StringComparer.Ordinal);

    /// <summary>Puts each constraint on a shelf's selection.</summary>
    public void Apply(Selection selection, Accession accession)
    {
        foreach (var filter in query.Filters) Filter(selection, accession, filter);
        foreach (var range in query.Ranges) Range(selection, range);
    }

    private static void Filter(Selection selection, Accession accession, FacetSelection filter)
    {
        var shelf = selection.Table;
        var bits = new ulong[Bits.Words(shelf.Rows)];
        switch (filter.Name)
        {
            case Path:
                foreach (var value in filter.Values) MarkPath(shelf, value, bits);
                break;
            case Dataset:
                if (filter.Values.Contains(accession.ToString(), StringComparer.Ordinal)) Bits.Fill(bits, shelf.Rows);
                break;
            case Size:
                foreach (var value in filter.Values)
                    if (long.TryParse(value, out var size))
                        MarkSize(shelf, size, bits);
                break;
            default:
                MarkValues(shelf, filter, bits);
                break;
        }
        selection.Constrain(filter.Name, bits);
    }

    private static void MarkValues(in Table shelf, FacetSelection filter, Span<ulong> bits)
    {
        var index = shelf.FindColumn(FrontCodedListWriter.Encode(filter.Name));
        if (index < 0) return;
        var column = shelf.Column(index);
        var wanted = new List<(int From, int To)>();
        foreach (var value in filter.Values)
            if (column.Values.Find<ValueOrder>(FrontCodedListWriter.Encode(value)) is >= 0 and var at)
                wanted.Add((at + 1, at + 1));
        if (wanted.Count == 0) return;
        Bits.Fill(bits, shelf.Rows);
        ColumnScan.And(column, OrdinalSet.Of(column, wanted), bits);
    }

    // A file's own path, or everything in a folder: paths are sorted, so a folder is a stretch of rows.
    private static void MarkPath(in Table shelf, string path, Span<ulong> bits)
    {
        var key = Encoding.UTF8.GetBytes(path);
        if (!path.EndsWith('/'))
        {
            if (shelf.Keys.Find<ByteOrder>(key) is >= 0 and var row) Bits.Set(bits, row);
            return;
        }
        var from = shelf.Keys.LowerBound<ByteOrder>(key);
        key[^1]++;
        Bits.SetRange(bits, from, shelf.Keys.LowerBound<ByteOrder>(key));
    }

    private static void MarkSize(in Table shelf, long size, Span<ulong> bits)
    {
        var same = new ulong[bits.Length];
        Bits.Fill(same, shelf.Rows);
        shelf.Number(0).And(size, size, same);
        Bits.Or(bits, same);
    }

    private static void Range(Selection selection, FileRange range)
    {
        var shelf = selection.Table;
        var bits = new ulong[Bits.Words(shelf.Rows)];
        if (range.Name == Size)
        {
            Bits.Fill(bits, shelf.Rows);
            shelf.Number(0).And(Whole(Math.Ceiling(range.Min ?? 0)), Whole(Math.Floor(range.Max ?? long.MaxValue)), bits);
        }
        else if (shelf.FindColumn(FrontCodedListWriter.Encode(range.Name)) is >= 0 and var index)
        {
            var column = shelf.Column(index);
            Bits.Fill(bits, shelf.Rows);
            ColumnScan.And(column, OrdinalSet.Of(column, [OrdinalSet.Numbers(column, range.Min, range.Max)]), bits);
        }
        selection.Constrain(range.Name, bits);
    }

    private static long Whole(double value) => value >= long.MaxValue ? long.MaxValue : value <= long.MinValue ? long.MinValue : (long)value;
}
