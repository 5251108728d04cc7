using Archive.Model.Datasets;
using Archive.Model.Files;

namespace Archive.Api.Pages;

/// <summary>A table of files.</summary>
/// <param name="Caption">What the rows are, for those who do not see the page.</param>
/// <param name="Path">The head of the first column.</param>
/// <param name="Columns">The dataset's own attributes, in the order of its file lists.</param>
/// <param name="Format">The head of the format's column.</param>
/// <param name="Size">The head of the size's column.</param>
/// <param name="Rows">One for each file.</param>
internal sealed record FileTableView(
    string Caption, FileColumnView Path, IReadOnlyList<FileColumnView> Columns, FileColumnView Format, FileColumnView Size, IReadOnlyList<FileRowView> Rows)
{
    /// <summary>A plain table of some files, columns as they come.</summary>
    public static FileTableView Plain(string caption, IReadOnlyList<FileReference> files, int? version)
    {
        var names = files.SelectMany(f => f.Attributes).Select(a => a.Name).Distinct(StringComparer.Ordinal).ToList();
        return new(caption, new("Path"), [.. names.Select(n => new FileColumnView(n))], new("Format"), new("Size"),
            [.. files.Select(f => FileRowView.Of(f.Accession, f.Path, f.LengthBytes, f.Format, f.Attributes, names, version))]);
    }
}

/// <summary>The head of a column.</summary>
/// <param name="Title">Its name.</param>
/// <param name="SortAddress">Sorts by it, the other way round when it does so already; null where the table is not to be sorted.</param>
/// <param name="Order"><c>ascending</c> or <c>descending</c> when the rows are sorted by it, else null.</param>
/// <param name="Menu">What it can be filtered by; null for nothing.</param>
internal sealed record FileColumnView(string Title, string? SortAddress = null, string? Order = null, FileFilterView? Menu = null);

/// <summary>The filter menu of a column, part of the table's form.</summary>
/// <param name="Id">Unique on the page.</param>
/// <param name="FilterField">Name of the form's field for values.</param>
/// <param name="Values">Values to choose from, the most frequent first; empty when there are too many to list.</param>
/// <param name="Unlisted">Different values that are not listed.</param>
/// <param name="Missing">Matching files without a value.</param>
/// <param name="Range">Bounds, where the column holds numbers.</param>
internal sealed record FileFilterView(string Id, string FilterField, IReadOnlyList<FileFilterValue> Values, int Unlisted, long Missing, FileRangeView? Range)
{
    /// <summary>Whether it narrows the table now.</summary>
    public bool IsOn => Values.Any(v => v.IsChosen) || Range is { Min: not null } or { Max: not null };
}

/// <summary>A value of a filter menu.</summary>
internal sealed record FileFilterValue(string Value, long Count, bool IsChosen);

/// <summary>Bounds of a filter menu, as typed.</summary>
internal sealed record FileRangeView(string MinField, string MaxField, string? Min, string? Max);

/// <summary>A row: one file.</summary>
/// <param name="Folder">The path up to the name, with its slash; empty at the top.</param>
/// <param name="Name">The last part of the path.</param>
/// <param name="PageAddress">The file's page.</param>
/// <param name="BytesAddress">The file itself.</param>
/// <param name="LengthBytes">Its length.</param>
/// <param name="Format">Its format.</param>
/// <param name="Cells">A text for each column of the dataset's own; null where the file has none.</param>
internal sealed record FileRowView(
    string Folder, string Name, string PageAddress, string BytesAddress, long LengthBytes, string Format, IReadOnlyList<string?> Cells)
{
    /// <summary>Lays a file out for a table's columns.</summary>
    public static FileRowView Of(
        Accession accession, ArchivePath path, long lengthBytes, string format, IReadOnlyList<FileAttribute> attributes,
        IReadOnlyList<string> columns, int? version) => new(
        path.Value[..^path.FileName.Length],
        path.FileName,
        Address.File(accession, path, version),
        Address.Bytes(accession, path, version),
        lengthBytes,
        format,
        [.. columns.Select(column => Cell(attributes, column))]);

    // A name repeats where a file has several values.
    private static string? Cell(IReadOnlyList<FileAttribute> attributes, string column)
    {
        string? cell = null;
        foreach (var attribute in attributes)
            if (attribute.Name == column)
                cell = cell is null ? attribute.Value : $"{cell}, {attribute.Value}";
        return cell;
    }
}
