using System.Buffers;
using System.Text;
using Archive.Indexer.Columns;
using Archive.Indexer.Format;

namespace Archive.Indexer.Searching;

/// <summary>
/// RFC 4180: accession, path, lengthBytes, format, then a column for each attribute: in the order of the dataset's table, over several
/// tables by name. Attributes beyond the thousand that most files have share a last column, each with its name. A cell that a spreadsheet would run as a formula gets an apostrophe before it; a number does not.
/// </summary>
internal sealed class CsvLines : FileLineWriter
{
    private static readonly SearchValues<char> Quoted = SearchValues.Create(",\"\r\n");

    private readonly List<string> attributes;
    private readonly HashSet<string> known;
    private readonly bool hasOthers;
    private int[] places = [];
    private int[] others = [];

    public CsvLines(List<FileHits> hits)
    {
        var found = hits.FindAll(h => h.Rows.Count > 0);
        var names = found.SelectMany(h => Columns(h).Select(h.Table.Table.ColumnName)).Distinct(StringComparer.Ordinal).ToList();
        hasOthers = names.Count > TableBuilder.MaxColumns;
        if (hasOthers) names = MostFrequent(found, TableBuilder.MaxColumns - 1);
        if (found.Count != 1 || hasOthers) names.Sort(StringComparer.Ordinal);
        attributes = names;
        known = [.. attributes];
    }

    // Datasets that share a table have columns for the attributes of all, also of those that were withdrawn since: only what the files found have is named.
    private static IEnumerable<int> Columns(FileHits hits) =>
        Enumerable.Range(1, hits.Table.Table.ColumnCount - 1).Where(i => hits.Table.DatasetCount == 1 || Count(hits, i) > 0);

    private static List<string> MostFrequent(List<FileHits> found, int most) =>
        [.. found.SelectMany(h => Columns(h).Select(i => (Name: h.Table.Table.ColumnName(i), Files: (long)Count(h, i))))
            .GroupBy(c => c.Name, StringComparer.Ordinal).OrderByDescending(g => g.Sum(c => c.Files)).ThenBy(g => g.Key, StringComparer.Ordinal).Take(most).Select(g => g.Key)];

    private static int Count(FileHits hits, int index)
    {
        var column = hits.Table.Table.Column(index);
        var counts = new int[column.OrdinalCount];
        hits.Rows.Add(column, counts);
        return hits.Rows.Count - counts[0];
    }

    public override void Begin(IBufferWriter<byte> target)
    {
        Add("accession,path,lengthBytes,format"u8);
        foreach (var name in attributes)
        {
            Add(","u8);
            Add(Encoding.UTF8.GetBytes(Escape(name)));
        }
        if (hasOthers) Add(",other attributes"u8);
        Add("\r\n"u8);
    }

    protected override void Enter(FileHits hits)
    {
        base.Enter(hits);
        var table = hits.Table.Table;
        places = [.. attributes.Select(name => table.FindColumn(FrontCodedListWriter.Encode(name)))];
        if (hasOthers) others = [.. Enumerable.Range(1, table.ColumnCount - 1).Where(i => !known.Contains(table.ColumnName(i)))];
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
        if (hasOthers) Add(Encoding.UTF8.GetBytes("," + Escape(string.Join("; ", others.SelectMany(c => Others(hits, c, row))))));
        Add("\r\n"u8);
    }

    private static IEnumerable<string> Others(FileHits hits, int index, int row)
    {
        var column = hits.Reader.Column(index);
        return column.OrdinalOf(row) is > 0 and var ordinal ? column.Values(ordinal).Select(v => $"{hits.Table.Table.ColumnName(index)}={v}") : [];
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
