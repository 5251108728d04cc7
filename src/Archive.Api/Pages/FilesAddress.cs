using System.Globalization;
using System.Text;
using Archive.Model.Datasets;
using Archive.Model.Search;

namespace Archive.Api.Pages;

/// <summary>The state of a file table as its address holds it: the parameters of <c>/api/datasets/{acc}/files</c>.</summary>
/// <param name="Accession">The dataset.</param>
/// <param name="Text">What was typed.</param>
/// <param name="Filters">Chosen values of columns.</param>
/// <param name="Ranges">Bounds of columns, as typed.</param>
/// <param name="Sort">The order, or null for paths.</param>
/// <param name="At">Rows before the page, 0 or more.</param>
/// <param name="Version">An older version; null for the newest.</param>
internal sealed record FilesAddress(
    Accession Accession, string Text, IReadOnlyList<FacetSelection> Filters, IReadOnlyList<TypedRange> Ranges, string? Sort, long At, int? Version = null)
{
    /// <summary>Before the name of a column whose values are chosen.</summary>
    public const string FilterPrefix = "filter.";

    /// <summary>Before the name of a column with a lower bound.</summary>
    public const string MinPrefix = "min.";

    /// <summary>Before the name of a column with an upper bound.</summary>
    public const string MaxPrefix = "max.";

    private const int MaxRanges = 50;

    /// <summary>Whether the table shows every file.</summary>
    public bool IsWhole => Text.Length == 0 && Filters.Count == 0 && Ranges.Count == 0;

    /// <summary>Every file of a dataset, by path.</summary>
    public static FilesAddress Of(Accession accession, int? version = null) => new(accession, "", [], [], null, 0, version);

    /// <summary>Reads the query of a request. <c>row</c>, which people type, counts from 1 and wins over <c>at</c>.</summary>
    /// <param name="version">The version that the request is for, judged already; null for the newest.</param>
    public static FilesAddress Read(Accession accession, IQueryCollection query, int? version = null)
    {
        var text = query["q"].ToString().Trim();
        var filters = query.Where(p => p.Key.StartsWith(FilterPrefix, StringComparison.Ordinal) && p.Key.Length > FilterPrefix.Length)
            .Select(p => new FacetSelection(p.Key[FilterPrefix.Length..], SearchAddress.Chosen(p.Value)))
            .Where(f => f.Values.Count > 0).OrderBy(f => f.Name, StringComparer.Ordinal).ToList();
        var at = Number(query["row"]) is { } row ? Math.Max(0, row - 1) : Math.Max(0, Number(query["at"]) ?? 0);
        return new(accession, text.Length > SearchAddress.MaxTextLength ? text[..SearchAddress.MaxTextLength] : text, filters,
            ReadRanges(query), SearchAddress.NullIfBlank(query["sort"]), at, version);
    }

    /// <summary>Whether a value of a column is chosen.</summary>
    public bool Has(string column, string value) => Filters.Any(f => f.Name == column && f.Values.Contains(value, StringComparer.Ordinal));

    /// <summary>The bounds of a column, or null.</summary>
    public TypedRange? RangeOf(string column) => Ranges.FirstOrDefault(r => r.Name == column);

    /// <summary>Without a filter; back on the first row.</summary>
    public FilesAddress WithoutFilter(string column) => this with { Filters = [.. Filters.Where(f => f.Name != column)], At = 0 };

    /// <summary>Without the bounds of a column; back on the first row.</summary>
    public FilesAddress WithoutRange(string column) => this with { Ranges = [.. Ranges.Where(r => r.Name != column)], At = 0 };

    /// <summary>Without what was typed; back on the first row.</summary>
    public FilesAddress WithoutText() => this with { Text = "", At = 0 };

    /// <summary>Every file, in the order that was chosen.</summary>
    public FilesAddress Whole() => this with { Text = "", Filters = [], Ranges = [], At = 0 };

    /// <summary>Sorted by a column, the other way round when it is so already; back on the first row.</summary>
    public FilesAddress By(string column) => this with { Sort = (Sort ?? "@path") == column ? "-" + column : column, At = 0 };

    /// <summary>From another row on.</summary>
    public FilesAddress From(long at) => this with { At = Math.Max(0, at) };

    /// <summary><c>ascending</c> or <c>descending</c> when the table is sorted by a column, else null.</summary>
    public string? OrderBy(string column) => (Sort ?? "@path") is var sort && sort == column ? "ascending" : sort == "-" + column ? "descending" : null;

    /// <summary>What the index is asked.</summary>
    public FileQuery ToQuery(int size, IReadOnlyList<string> facets, int facetSize) => new()
    {
        Accession = Accession,
        Text = Text,
        Filters = Filters,
        Ranges = [.. Ranges.Select(r => r.ToRange()).Where(r => r.Min is not null || r.Max is not null)],
        Facets = facets,
        Sort = Sort,
        Size = size,
        At = At,
        FacetSize = facetSize,
    };

    /// <summary>The address, path and query.</summary>
    public override string ToString() => Address.Files(Accession) + Query();

    /// <summary>The same search at the API, from the first row on.</summary>
    public string ToApi() => $"/api/datasets/{Accession}/files{From(0).Query()}";

    private string Query()
    {
        var address = new StringBuilder();
        SearchAddress.Add(address, "version", Version?.ToString(CultureInfo.InvariantCulture));
        SearchAddress.Add(address, "q", Text);
        foreach (var filter in Filters)
            foreach (var value in filter.Values)
                SearchAddress.Add(address, FilterPrefix + filter.Name, value);
        foreach (var range in Ranges)
        {
            SearchAddress.Add(address, MinPrefix + range.Name, range.Min);
            SearchAddress.Add(address, MaxPrefix + range.Name, range.Max);
        }
        SearchAddress.Add(address, "sort", Sort);
        if (At > 0) SearchAddress.Add(address, "at", At.ToString(CultureInfo.InvariantCulture));
        return address.ToString();
    }

    private static List<TypedRange> ReadRanges(IQueryCollection query)
    {
        var names = query.Keys.Where(k => k.StartsWith(MinPrefix, StringComparison.Ordinal) || k.StartsWith(MaxPrefix, StringComparison.Ordinal))
            .Select(k => k[MinPrefix.Length..]).Where(n => n.Length > 0).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal);
        return [.. names.Select(n => new TypedRange(n, Typed(query[MinPrefix + n]), Typed(query[MaxPrefix + n])))
            .Where(r => r.Min is not null || r.Max is not null).Take(MaxRanges)];
    }

    // What is no number bounds nothing, so it is forgotten rather than shown as if it did.
    private static string? Typed(string? text) => TypedRange.Number(text) is not null ? text!.Trim() : null;

    private static long? Number(string? text) => long.TryParse(text, NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out var n) ? n : null;
}

/// <summary>Bounds as typed, both inclusive.</summary>
/// <param name="Name">The column.</param>
/// <param name="Min">A number, or null for none.</param>
/// <param name="Max">A number, or null for none.</param>
internal sealed record TypedRange(string Name, string? Min, string? Max)
{
    /// <summary>The bounds as the index takes them.</summary>
    public FileRange ToRange() => new(Name, Plain(Min), Plain(Max));

    /// <summary>The bounds in words.</summary>
    public string Words => (Min, Max) switch
    {
        (null, _) => $"up to {Max}",
        (_, null) => $"from {Min}",
        _ => $"{Min} to {Max}",
    };

    private static string? Plain(string? text) => Number(text)?.ToString("R", CultureInfo.InvariantCulture);

    /// <summary>A finite number; null for anything else.</summary>
    public static double? Number(string? text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) ? number : null;
}
