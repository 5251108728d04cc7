using Archive.Model.Files;

namespace Archive.Submissions.FileLists;

/// <summary>One row of a list, as written.</summary>
/// <param name="Number">In text the line in which it begins, the header being line 1; in a sheet its row; in JSON the element, from 1.</param>
/// <param name="Path">The path or folder that it speaks of, or the address in a list of links; not yet checked.</param>
/// <param name="DeclaredLengthBytes">The size that the list gives, or null.</param>
/// <param name="Attributes">In column order, a name once for each value; blank values are left out. Empty where they were not asked for.</param>
public sealed record FileListRow(long Number, string Path, long? DeclaredLengthBytes, IReadOnlyList<FileAttribute> Attributes);

/// <summary>What a list is read as.</summary>
/// <param name="Name">The list's name in findings.</param>
/// <param name="Separator">What stands between several values of one cell; null: a cell is one value.</param>
/// <param name="IsOfLinks">Whether it lists links and not files: <c>Links</c> in the place of <c>Files</c>, <c>url</c> in that of <c>path</c>.</param>
/// <param name="Tally">Where values are counted by kind; then rows come without their attributes. Null: rows have attributes.</param>
public sealed record FileListForm(string Name, string? Separator = null, bool IsOfLinks = false, ColumnTally? Tally = null)
{
    /// <summary>The first header cell that depositors write.</summary>
    internal string Header => IsOfLinks ? "Links" : "Files";

    /// <summary>The first header cell of exports, and the property in JSON.</summary>
    internal string Key => IsOfLinks ? "url" : "path";

    /// <summary>How a finding names a row.</summary>
    internal string Place(long row) => FileListReader.Place(Name, row);
}

/// <summary>How much of a file list is read at once; every bound is inclusive.</summary>
/// <param name="MaxRowChars">Length of a row in characters or of a JSON element in bytes.</param>
/// <param name="MaxColumns">Columns of a table or attributes of a JSON element.</param>
/// <param name="MaxRows">Rows of one list.</param>
/// <param name="MaxValues">Values of one row, all cells together.</param>
public sealed record FileListLimits(int MaxRowChars = 1 << 20, int MaxColumns = 1000, long MaxRows = 20_000_000, int MaxValues = 10_000)
{
    /// <summary>A megabyte a row, a thousand columns, twenty million rows: ten times the largest dataset known.</summary>
    public static FileListLimits Default { get; } = new();
}
