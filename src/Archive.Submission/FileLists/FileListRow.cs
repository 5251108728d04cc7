using Archive.Model.Files;

namespace Archive.Submissions.FileLists;

/// <summary>One row of a file list, as written.</summary>
/// <param name="Number">In TSV the line, the header being line 1; in JSON the element, from 1.</param>
/// <param name="Path">The path or folder that it speaks of; not yet checked.</param>
/// <param name="DeclaredLengthBytes">The size that the list gives, or null.</param>
/// <param name="Attributes">In column order; blank values are left out.</param>
public sealed record FileListRow(long Number, string Path, long? DeclaredLengthBytes, IReadOnlyList<FileAttribute> Attributes);

/// <summary>How much of a file list is read at once; every bound is inclusive.</summary>
/// <param name="MaxRowChars">Length of a line in characters or of a JSON element in bytes.</param>
/// <param name="MaxColumns">Columns of a table or attributes of a JSON element.</param>
/// <param name="MaxRows">Rows of one list.</param>
public sealed record FileListLimits(int MaxRowChars = 1 << 20, int MaxColumns = 1000, long MaxRows = 20_000_000)
{
    /// <summary>A megabyte a row, a thousand columns, twenty million rows: ten times the largest dataset known.</summary>
    public static FileListLimits Default { get; } = new();
}
