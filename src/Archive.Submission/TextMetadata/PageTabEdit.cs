using Archive.Model.PageTab;

namespace Archive.Submissions.TextMetadata;

/// <summary>
/// Puts accepted values into a page tab. What the depositor wrote stays: a value joins what stands there, fills a blank, or takes the
/// place of what an earlier reading of the same file said and says no more. Each value has qualifiers that name its file and line; of
/// a table each row has them at its first attribute.
/// </summary>
/// <param name="current">Everything that the files say now, by which older readings are told.</param>
internal sealed class PageTabEdit(IEnumerable<FoundValue> current)
{
    private const string RootType = "Study";

    private readonly List<FoundValue> tables = [.. current.Where(v => v.Table is not null)];

    private readonly HashSet<Told> told = [.. current.Where(v => v.Value is not null).SelectMany(v => Names(v.Place)
        .SelectMany(name => new[] { Told.Of(v, name, v.Value!, null), Told.Of(v, name, v.Value!, PageTabLook.LineOf(v.Source)) }))];

    /// <summary>The page tab with the value in it; the same when it holds it already.</summary>
    public PageTabDocument Accept(PageTabDocument? document, FoundValue found)
    {
        var look = new PageTabLook(document);
        if (look.Holds(found)) return document!;
        var attribute = look.AttributeFor(found);
        document ??= new PageTabDocument(null, [], null);
        var root = document.Section ?? new PageTabSection(null, RootType, [], [], [], []);
        if (found.Place.SectionType is null) return document with { Section = Put(root, found, attribute) };
        var entries = root.Subsections.ToList();
        var at = entries.FindIndex(e => !e.IsTable && PageTabLook.IsMeant(e.Items[0], found.Place));
        if (at < 0)
        {
            at = entries.Count;
            var title = new PageTabAttribute(found.Place.TitleAttribute, found.Place.SectionTitle, false, [], []);
            entries.Add(new([new PageTabSection(NewAccession(root, found.Place.SectionType), found.Place.SectionType, [title], [], [], [])], false));
        }
        entries[at] = new([Put(entries[at].Items[0], found, attribute)], false);
        return document with { Section = root with { Subsections = entries } };
    }

    private PageTabSection Put(PageTabSection section, FoundValue found, string attribute)
    {
        if (found.Table is not { } table) return section with { Attributes = PutAttribute(section.Attributes, found, attribute) };
        return table.IsOfFiles
            ? section with { Files = PutTable(section.Files, PageTabLook.Files(table), f => f.Attributes, e => IsTold(found, t => PageTabLook.IsSame(e, PageTabLook.Files(t.Table!))), table) }
            : section with
            {
                Subsections = PutTable(section.Subsections, PageTabLook.Sections(found), s => s.Type == found.Place.Attribute ? s.Attributes : [],
                    e => IsTold(found, t => PageTabLook.IsSame(e, PageTabLook.Sections(t))), table),
            };
    }

    private List<PageTabAttribute> PutAttribute(IReadOnlyList<PageTabAttribute> attributes, FoundValue found, string name)
    {
        var list = attributes.ToList();
        var file = found.Source.File.Value;
        var at = Find(a => a.Value?.Trim() == found.Value && (FileOf(a) is null || (FileOf(a) == file && IsOutdated(a, found, PageTabLook.Qualifier(a, PageTabLook.SourceLine)))));
        if (at < 0) at = Find(a => string.IsNullOrWhiteSpace(a.Value) && !a.Reference);
        if (at < 0) at = Find(a => FileOf(a) == file && IsOutdated(a, found, null));
        if (at >= 0)
        {
            var others = list[at].ValueQualifiers.Where(q => q.Name is not (PageTabLook.SourceFile or PageTabLook.SourceLine or "Unit"));
            list[at] = list[at] with { Value = found.Value, ValueQualifiers = [.. PageTabLook.Qualifiers(found), .. others] };
            return list;
        }
        var last = list.FindLastIndex(a => PageTabLook.IsNamed(a, name));
        list.Insert(last < 0 ? list.Count : last + 1, new PageTabAttribute(name, found.Value, false, [], [.. PageTabLook.Qualifiers(found)]));
        return list;

        int Find(Predicate<PageTabAttribute> fits) => list.FindIndex(a => PageTabLook.IsNamed(a, name) && fits(a));
    }

    // Whether an accepted value is none of those that its file gives now: at its line, or at all.
    private bool IsOutdated(PageTabAttribute attribute, FoundValue found, string? line) => !told.Contains(Told.Of(found, attribute.Name, attribute.Value ?? "", line));

    private bool IsTold(FoundValue found, Func<FoundValue, bool> isSame) =>
        tables.Any(t => t.Table!.IsOfFiles == found.Table!.IsOfFiles && t.Place.Attribute == found.Place.Attribute && isSame(t));

    // What the file gave before and gives no more goes.
    private static List<PageTabEntry<T>> PutTable<T>(
        IReadOnlyList<PageTabEntry<T>> entries, IReadOnlyList<T> rows,
        Func<T, IReadOnlyList<PageTabAttribute>> attributes, Func<IReadOnlyList<T>, bool> isTold, FoundTable table)
    {
        var list = entries.ToList();
        var sources = table.Rows.Select(r => r.Source.File.Value).ToHashSet(StringComparer.Ordinal);
        var at = list.FindIndex(e => e.IsTable && attributes(e.Items[0]) is [var first, ..] && FileOf(first) is { } file && sources.Contains(file) && !isTold(e.Items));
        if (at < 0) list.Add(new(rows, true));
        else list[at] = new(rows, true);
        return list;
    }

    // Rows of a table name their section by its accession where the page tab is written as text.
    private static string NewAccession(PageTabSection root, string type)
    {
        var taken = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        var open = new Stack<PageTabSection>([root]);
        while (open.TryPop(out var section))
        {
            if (section.Accession is { } accession) taken.Add(accession);
            foreach (var child in section.Subsections.SelectMany(e => e.Items)) open.Push(child);
        }
        var stem = type.Replace(" ", "", StringComparison.Ordinal);
        var number = 1;
        while (taken.Contains($"{stem}-{number}")) number++;
        return $"{stem}-{number}";
    }

    private static string? FileOf(PageTabAttribute attribute) => PageTabLook.Qualifier(attribute, PageTabLook.SourceFile);

    private static IEnumerable<string> Names(MetadataPlace place) => place.Otherwise is { } other ? [place.Attribute, other] : [place.Attribute];

    private readonly record struct Told(string? Type, string? Title, string Attribute, string Value, string File, string? Line)
    {
        public static Told Of(FoundValue found, string attribute, string value, string? line) =>
            new(found.Place.SectionType, found.Place.SectionTitle, attribute.ToUpperInvariant(), value, found.Source.File.Value, line);
    }
}
