using System.Runtime.InteropServices;

namespace Archive.Indexer.Searching;

/// <summary>The hits in one table.</summary>
internal sealed class FileHits(FileTable table, FileSelection selection)
{
    private FileHitReader? reader;

    public FileTable Table => table;

    public FileSelection Selection => selection;

    /// <summary>Rows that are hits.</summary>
    public RowSet Rows => selection.All;

    /// <summary>Shows rows, best in ascending order.</summary>
    public FileHitReader Reader => reader ??= new FileHitReader(table);
}

/// <summary>
/// A stretch of a table's rows that stand together in accession order: all of it, but where datasets of the other segment come
/// between its own.
/// </summary>
internal sealed class FileSlice(FileHits hits, int fromRow, int toRow)
{
    public FileHits Hits => hits;

    public FileTable Table => hits.Table;

    /// <summary>The first row.</summary>
    public int FromRow => fromRow;

    /// <summary>The row behind the last.</summary>
    public int ToRow => toRow;

    /// <summary>Hits among its rows.</summary>
    public int Count { get; } = hits.Rows.CountRange(fromRow, toRow);
}

/// <summary>A hit by place: the slice's number, and the row of its table.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct FilePlace(int Slice, int Row);
