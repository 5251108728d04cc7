using System.Buffers;
using System.Text;
using Archive.Indexer.Columns;
using Archive.Indexer.Format;

namespace Archive.Indexer.Searching;

/// <summary>
/// RFC 4180: accession, path, lengthBytes, format, then a column for each attribute: in the order of the dataset's table, over several
/// tables by name. A cell that a spreadsheet would run as a formula gets an apostrophe before it; a number does not.
/// </summary>
internal sealed class CsvLines : FileLineWriter
{
    private static readonly SearchValues<char> Quoted = SearchValues.Create(",\"\r\n");

    private readonly List<string> attributes;
    private int[] places = [];

    /// <exception cref="Model.Errors.ArchiveException">There are more attributes than a table can have.</exception>
    public CsvLines(List<FileHits> hits)
    {
        var found = hits.FindAll(h => h.Rows.Count > 0);
        var names = found.SelectMany(Names).Distinct(StringComparer.Ordinal);
        attributes = [.. found.Count == 1 ? names : names.Order(StringComparer.Ordinal)];
        if (attributes.Count > TableBuilder.MaxColumns)
            throw SortRequest.Refuse("format", $"cannot be csv: the files have {attributes.Count} attributes, and a table {TableBuilder.MaxColumns} at most. As jsonl they can be had.");
    }

    // Datasets that share a table have columns for the attributes of all, also of those that were withdrawn since: only what the files found have is named.
    private static IEnumerable<string> Names(FileHits hits)
    {
        var table = hits.Table.Table;
        return Enumerable.Range(1, table.ColumnCount - 1).Where(i => hits.Table.DatasetCount == 1 || HasValue(table.Column(i))).Select(table.ColumnName);

        bool HasValue(in Column column)
        {
            var counts = new int[column.OrdinalCount];
            hits.Rows.Add(column, counts);
            return counts[0] < hits.Rows.Count;
        }
    }

    public override void Begin(IBufferWriter<byte> target)
    {
        Add("accession,path,lengthBytes,format"u8);
        foreach (var name in attributes)
        {
            Add(","u8);
            Add(Encoding.UTF8.GetBytes(Escape(name)));
        }
        Add("\r\n"u8);
    }

    protected override void Enter(FileHits hits)
    {
        base.Enter(hits);
        var table = hits.Table.Table;
        places = [.. attributes.Select(name => table.FindColumn(FrontCodedListWriter.Encode(name)))];
    }

    protected override void WriteLine(FileHits hits, int row)
    {
        var reader = hits.Reader;
        Add(Encoding.UTF8.GetBytes(reader.Accession.ToString()));
        Add(","u8);
        Add(Encoding.UTF8.GetBytes(Escape(Encoding.UTF8.GetString(reader.Path))));
        Add(","u8);
        Add(reader.Size(row));
        Add(","u8);
        Add(Cell(hits, 0, row));
        foreach (var column in places)
        {
            Add(","u8);
            if (column >= 0) Add(Cell(hits, column, row));
        }
        Add("\r\n"u8);
    }

    protected override byte[] Encode(FileHits hits, int column, int ordinal) =>
        Encoding.UTF8.GetBytes(Escape(string.Join("; ", hits.Reader.Column(column).Values(ordinal))));

    /// <summary>A cell as it is written.</summary>
    public static string Escape(string text)
    {
        var isFormula = text.Length > 0 && (text[0] is '=' or '@' or '\t' or '\r' or '\n'
            || (text[0] is '+' or '-' && !ValueOrder.TryNumber(Encoding.UTF8.GetBytes(text), out _)));
        if (isFormula) text = "'" + text;
        var isBlankAtEnd = text.Length > 0 && (text[0] == ' ' || text[^1] == ' ');
        return isBlankAtEnd || text.AsSpan().ContainsAny(Quoted) ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : text;
    }
}
