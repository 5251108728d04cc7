using Archive.Model.Datasets;
using Archive.Model.Files;

namespace Archive.Api.Pages;

/// <summary>What the page of a dataset's files shows.</summary>
internal sealed record FilesView
{
    /// <summary>The dataset.</summary>
    public required Dataset Dataset { get; init; }

    /// <summary>The version whose files are shown.</summary>
    public required CommittedVersion Version { get; init; }

    /// <summary>The state that the address holds.</summary>
    public required FilesAddress Address { get; init; }

    /// <summary>The rows.</summary>
    public required FileTableView Table { get; init; }

    /// <summary>All matches.</summary>
    public required long Total { get; init; }

    /// <summary>Rows a page.</summary>
    public required int PageSize { get; init; }

    /// <summary>Whether the table can be filtered and sorted; else the rows come in path order.</summary>
    public required bool IsSearchable { get; init; }

    /// <summary>Without a search: whether this is another page than the first.</summary>
    public bool IsContinued { get; init; }

    /// <summary>Without a search: the path that the next page begins after; null on the last.</summary>
    public ArchivePath? NextAfter { get; init; }

    /// <summary>The page before, without a search the first one; null on the first.</summary>
    public string? Previous => IsSearchable
        ? Address.At > 0 ? Address.From(Address.At - PageSize).ToString() : null
        : IsContinued ? Pages.Address.Files(Dataset.Accession, VersionInAddress) : null;

    /// <summary>The page after; null on the last.</summary>
    public string? Next => IsSearchable
        ? Address.At + Table.Rows.Count < Total && Table.Rows.Count > 0 ? Address.From(Address.At + PageSize).ToString() : null
        : NextAfter is { } path ? Pages.Address.FilesAfter(Dataset.Accession, VersionInAddress, path) : null;

    /// <summary>The last page of a table that can be searched.</summary>
    public string Last => Address.From((Total - 1) / PageSize * PageSize).ToString();

    /// <summary>Which rows these are, in words.</summary>
    public string Rows => IsSearchable
        ? $"Rows {Format.Count(Address.At + 1)} to {Format.Count(Address.At + Table.Rows.Count)} of {Format.Count(Total)}"
        : $"{Format.Count(Table.Rows.Count)} of {Format.Counted(Total, "file")}, by path";

    /// <summary>The version to be named in addresses; null on the newest.</summary>
    public int? VersionInAddress => Version.Number == Dataset.Latest.Number ? null : Version.Number;

    /// <summary>Everything that narrows the table: its name, its value, and where giving it up leads.</summary>
    public IEnumerable<(string Kind, string Value, string Address)> Chosen
    {
        get
        {
            if (Address.Text.Length > 0) yield return ("Words", Address.Text, Address.WithoutText().ToString());
            foreach (var filter in Address.Filters)
                yield return (FilesTable.TitleOf(filter.Name), string.Join(", ", filter.Values), Address.WithoutFilter(filter.Name).ToString());
            foreach (var range in Address.Ranges)
                yield return (FilesTable.TitleOf(range.Name), range.Words, Address.WithoutRange(range.Name).ToString());
        }
    }
}
