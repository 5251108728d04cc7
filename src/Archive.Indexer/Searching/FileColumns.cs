using Archive.Indexer.Columns;
using Archive.Model.Search;

namespace Archive.Indexer.Searching;

/// <summary>What a shelf's columns are, for those who draw a table of it.</summary>
internal static class FileColumns
{
    /// <summary>In the shelf's order: <c>@format</c> first, then as the file lists have them.</summary>
    public static IReadOnlyList<FileColumn> Of(in Table shelf)
    {
        var columns = new FileColumn[shelf.ColumnCount];
        for (var i = 0; i < columns.Length; i++)
        {
            var column = shelf.Column(i);
            columns[i] = new FileColumn(shelf.ColumnName(i), FileTally.TypeOf(column.Kind), column.Cardinality, column.Missing);
        }
        return columns;
    }
}
