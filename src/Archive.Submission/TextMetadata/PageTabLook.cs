using System.Globalization;
using Archive.Model.PageTab;

namespace Archive.Submissions.TextMetadata;

/// <summary>Looks for found values in one page tab, however many are looked for and however long it is.</summary>
internal sealed class PageTabLook(PageTabDocument? document)
{
    /// <summary>The value qualifier that names the file of an accepted value.</summary>
    public const string SourceFile = "Source file";

    /// <summary>The value qualifier that names its line.</summary>
    public const string SourceLine = "Source line";

    private readonly Dictionary<(string? Type, string? Title), PageTabSection?> sections = [];
    private readonly Dictionary<(string? Type, string? Title), ILookup<string, PageTabAttribute>> attributes = [];

    /// <summary>The document.</summary>
    public PageTabDocument? Document { get; } = document;

    /// <summary>The attribute that a value goes to as the page tab stands.</summary>
    public string AttributeFor(FoundValue found)
    {
        if (found.Place.Otherwise is not { } otherwise) return found.Place.Attribute;
        var ofSubmission = found.Place.SectionType is null ? Document?.Attributes.Where(a => IsNamed(a, found.Place.Attribute)) : null;
        var standing = Named(found.Place, found.Place.Attribute).Concat(ofSubmission ?? []).FirstOrDefault(a => !string.IsNullOrWhiteSpace(a.Value));
        return standing is null || standing.Value == found.Value || Qualifier(standing, SourceFile) == found.Source.File.Value ? found.Place.Attribute : otherwise;
    }

    /// <summary>Values that stand at the place already.</summary>
    public IEnumerable<string> Standing(FoundValue found) => found.Table is not null
        ? []
        : Named(found.Place, found.Place.Attribute).Where(a => !string.IsNullOrWhiteSpace(a.Value)).Select(a => a.Value!);

    /// <summary>Whether the page tab holds the value with its source.</summary>
    public bool Holds(FoundValue found)
    {
        if (found.Table is null) return IsHeld(found, found.Place.Attribute) || (found.Place.Otherwise is { } other && IsHeld(found, other));
        if (Section(found.Place) is not { } section) return false;
        if (found.Table.IsOfFiles)
        {
            var files = Files(found.Table);
            return section.Files.Any(e => e.IsTable && IsSame(e.Items, files));
        }
        var rows = Sections(found);
        return section.Subsections.Any(e => e.IsTable && IsSame(e.Items, rows));
    }

    /// <summary>Whether the section is the one that the place means.</summary>
    public static bool IsMeant(PageTabSection section, MetadataPlace place) =>
        section.Type.Equals(place.SectionType, StringComparison.OrdinalIgnoreCase) &&
        section.Attributes.Any(a => IsNamed(a, place.TitleAttribute) && a.Value?.Trim() == place.SectionTitle);

    /// <summary>A table of files as the page tab has it.</summary>
    public static PageTabFile[] Files(FoundTable table) =>
        [.. table.Rows.Select(r => new PageTabFile(r.File!.Value.Value, null, "file", [.. Row(table, r)]))];

    /// <summary>Any other table as the page tab has it: sections in a row.</summary>
    public static PageTabSection[] Sections(FoundValue found) =>
        [.. found.Table!.Rows.Select(r => new PageTabSection(null, found.Place.Attribute, [.. Row(found.Table, r)], [], [], []))];

    /// <summary>Whether two tables have the same rows, with the same sources.</summary>
    public static bool IsSame(IReadOnlyList<PageTabFile> these, IReadOnlyList<PageTabFile> those) => IsSame(these, those, IsSame);

    /// <inheritdoc cref="IsSame(IReadOnlyList{PageTabFile}, IReadOnlyList{PageTabFile})"/>
    public static bool IsSame(IReadOnlyList<PageTabSection> these, IReadOnlyList<PageTabSection> those) => IsSame(these, those, IsSame);

    /// <summary>The qualifiers of a value.</summary>
    public static IEnumerable<PageTabQualifier> Qualifiers(FoundValue found) =>
        found.Unit is null ? Qualifiers(found.Source) : [new("Unit", found.Unit), .. Qualifiers(found.Source)];

    /// <summary>The value of a qualifier; null when there is none.</summary>
    public static string? Qualifier(PageTabAttribute attribute, string name) => attribute.ValueQualifiers.FirstOrDefault(q => q.Name == name)?.Value;

    /// <summary>Whether an attribute has the name, in any case.</summary>
    public static bool IsNamed(PageTabAttribute attribute, string name) => attribute.Name.Equals(name, StringComparison.OrdinalIgnoreCase);

    /// <summary>A line as qualifiers tell it.</summary>
    public static string LineOf(SourceLine source) => source.Line.ToString(CultureInfo.InvariantCulture);

    private PageTabSection? Section(MetadataPlace place)
    {
        if (sections.TryGetValue((place.SectionType, place.SectionTitle), out var known)) return known;
        return sections[(place.SectionType, place.SectionTitle)] = place.SectionType is null
            ? Document?.Section
            : Document?.Section?.Subsections.Where(e => !e.IsTable).Select(e => e.Items[0]).FirstOrDefault(s => IsMeant(s, place));
    }

    private IEnumerable<PageTabAttribute> Named(MetadataPlace place, string name)
    {
        if (!attributes.TryGetValue((place.SectionType, place.SectionTitle), out var lookup))
            attributes[(place.SectionType, place.SectionTitle)] = lookup = (Section(place)?.Attributes ?? []).ToLookup(a => a.Name, StringComparer.OrdinalIgnoreCase);
        return lookup[name];
    }

    private bool IsHeld(FoundValue found, string attribute) => Named(found.Place, attribute).Any(a => a.Value == found.Value
        && Qualifier(a, SourceFile) == found.Source.File.Value && Qualifier(a, SourceLine) == LineOf(found.Source));

    private static IEnumerable<PageTabAttribute> Row(FoundTable table, FoundRow row) => table.Columns.Select((name, i) =>
        new PageTabAttribute(name, row.Cells[i], false, [], i == 0 ? Qualifiers(row.Source) : []));

    private static PageTabQualifier[] Qualifiers(SourceLine source) => [new(SourceFile, source.File.Value), new(SourceLine, LineOf(source))];

    private static bool IsSame<T>(IReadOnlyList<T> these, IReadOnlyList<T> those, Func<T, T, bool> same)
    {
        if (these.Count != those.Count) return false;
        for (var i = 0; i < these.Count; i++)
            if (!same(these[i], those[i]))
                return false;
        return true;
    }

    private static bool IsSame(PageTabFile a, PageTabFile b) => a.Path == b.Path && IsSame(a.Attributes, b.Attributes, IsSame);

    private static bool IsSame(PageTabSection a, PageTabSection b) => a.Type == b.Type && IsSame(a.Attributes, b.Attributes, IsSame);

    private static bool IsSame(PageTabAttribute a, PageTabAttribute b) =>
        a.Name == b.Name && a.Value == b.Value && a.ValueQualifiers.SequenceEqual(b.ValueQualifiers);
}
