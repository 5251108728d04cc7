using Archive.Model.Search;

namespace Archive.Api.Pages;

/// <summary>Lays the index's answer out as a table with filters in its heads.</summary>
internal static class FilesTable
{
    private const int MaxColumns = 40;
    private const int MaxFacets = 24;

    // A filter lists every well of a 384-well plate, but all filters of a page together stay small.
    private const int MaxListed = 400;
    private const int MinListed = 50;
    private const int MaxListedInAll = 2400;

    // Beyond this a list of the most frequent values helps nobody: each stands for a handful of files.
    private const int MaxListedDistinct = 5000;
    private const string FormatColumn = "@format";
    private const string SizeColumn = "@size";

    /// <summary>The name of a column for people.</summary>
    public static string TitleOf(string column) => column switch
    {
        "@path" => "Path",
        SizeColumn => "Size",
        FormatColumn => "Format",
        _ => column,
    };

    /// <summary>The columns whose values are worth counting.</summary>
    public static IReadOnlyList<string> FacetsOf(IReadOnlyList<FileColumn> columns) =>
        [FormatColumn, .. columns.Where(c => c.Name != FormatColumn && c.DistinctValues is > 1 and <= MaxListedDistinct).Select(c => c.Name).Take(MaxFacets)];

    /// <summary>Values that each of some filters lists.</summary>
    public static int FacetSize(int facets) => Math.Clamp(MaxListedInAll / Math.Max(1, facets), MinListed, MaxListed);

    /// <summary>The table of a page of hits.</summary>
    public static FileTableView Build(FilesAddress address, IReadOnlyList<FileColumn> columns, SearchPage<FileHit> page)
    {
        var own = columns.Where(c => c.Name != FormatColumn).Take(MaxColumns).ToList();
        var names = own.Select(c => c.Name).ToList();
        var number = 0;
        FileColumnView Head(string column, bool hasRange) =>
            new(TitleOf(column), address.By(column).ToString(), address.OrderBy(column), Menu($"filter-{++number}", address, page, column, hasRange));
        return new(
            $"Files of {address.Accession} that match",
            new("Path", address.By("@path").ToString(), address.OrderBy("@path")),
            [.. own.Select(c => Head(c.Name, c.IsNumeric && c.DistinctValues > 1))],
            Head(FormatColumn, false),
            Head(SizeColumn, true),
            [.. page.Items.Select(f => FileRowView.Of(f.Accession, f.Path, f.LengthBytes, f.Format, f.Attributes, names, address.Version))]);
    }

    private static FileFilterView? Menu(string id, FilesAddress address, SearchPage<FileHit> page, string column, bool hasRange)
    {
        var facet = page.Facets.FirstOrDefault(f => f.Name == column);
        var values = facet?.Values.Select(v => new FileFilterValue(v.Value, v.Count, address.Has(column, v.Value))).ToList() ?? [];
        // A chosen value that the index does not list must stay in the form, or the next filter would drop it.
        var chosen = address.Filters.FirstOrDefault(f => f.Name == column)?.Values ?? [];
        values.AddRange(chosen.Where(c => values.TrueForAll(v => v.Value != c)).Select(c => new FileFilterValue(c, 0, true)));
        var typed = address.RangeOf(column);
        var range = hasRange ? new FileRangeView(FilesAddress.MinPrefix + column, FilesAddress.MaxPrefix + column, typed?.Min, typed?.Max) : null;
        if (values.Count < 2 && range is null && chosen.Count == 0) return null;
        return new(id, FilesAddress.FilterPrefix + column, values, Math.Max(0, (facet?.Distinct ?? 0) - values.Count), facet?.Missing ?? 0, range);
    }
}
