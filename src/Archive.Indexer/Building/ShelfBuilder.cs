using Archive.Indexer.Columns;
using Archive.Indexer.Format;
using Archive.Model.Files;
using Archive.Model.Search;

namespace Archive.Indexer.Building;

/// <summary>
/// Makes the shelf of one version of a dataset: its files as a table, complete in itself, written once and copied byte for byte
/// into every generation that holds the version.
/// </summary>
internal static class ShelfBuilder
{
    /// <summary>The column of formats, always the first.</summary>
    public const string FormatColumn = "@format";

    /// <summary>The number of lengths in bytes, the only one.</summary>
    public const string SizeNumber = "@size";

    // A depositor's attribute of the name of the built-in column is found by keyword only, as one without a name is: else it would be taken for the format.
    private const string WordsOnly = "";

    /// <summary>Builds a shelf in memory, about 40 bytes a file.</summary>
    /// <param name="files">In path order by code point, each path once.</param>
    public static async Task<ByteBuffer> BuildAsync(IAsyncEnumerable<SearchFile> files, CancellationToken ct)
    {
        var table = new TableBuilder(withWords: true, SizeNumber);
        table.DeclareColumn(FormatColumn);
        ArchivePath? before = null;
        await foreach (var file in files.WithCancellation(ct))
        {
            if (before is { } last && last.CompareTo(file.Path) >= 0)
                throw new InvalidOperationException($"The files of a shelf are not in path order: {file.Path} after {last}.");
            before = file.Path;
            table.AddRow(file.Path.Value, file.LengthBytes);
            table.AddValue(FormatColumn, file.Format);
            foreach (var attribute in file.Attributes) table.AddValue(attribute.Name == FormatColumn ? WordsOnly : attribute.Name, attribute.Value);
        }
        return table.Finish();
    }
}
