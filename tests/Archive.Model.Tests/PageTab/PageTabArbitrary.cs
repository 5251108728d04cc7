using Archive.Model.PageTab;
using FsCheck;
using FsCheck.Fluent;

namespace Archive.Model.Tests.PageTab;

/// <summary>Page tabs of every shape that a reader can give, full of what forms could stumble over; shrinks by leaving parts out.</summary>
internal static class PageTabArbitrary
{
    // Words of TSV, markers, quotes, blanks, line ends, other alphabets, characters that look blank; and plain ones, so that they repeat.
    private static readonly string[] Words =
    [
        "a", "b", "Title", "Study", "File", "Files", "link", "LINKS", "Submission", "#", "# x", "<a>", "(a)", "[a]", "{a}", "{size}", "{level}", "\\", "\\\\<a>", "\\File",
        "a[b]", "a[]", "[", "]", "a]b[", "\"", "\"a\"", "a\"b", "a\tb", "a\nb", "\r", "a\r\nb", " a", "a ", "\u00A0a", "日本", "😀", "\u0085", "\u2028", "<&>", "]]>", "'", "null", "0", "1.0", "true",
        "o1", "o1", "Biosample-13", "-", "=1+1", "\uFEFFa", "\u0001", "\u001b[0m", "é", "e\u0301",
    ];

    private static readonly Gen<string> Name = Gen.Frequency(
        (6, Gen.Elements(Words)),
        (1, Gen.Elements(Words).Two().Select(w => w.Item1 + w.Item2)),
        (1, Gen.ArrayOf(Gen.Choose(0x20, 0x2FF).Select(c => (char)c)).Select(c => new string(c))));

    private static readonly Gen<string> NotBlank = Name.Select(n => string.IsNullOrWhiteSpace(n) ? "x" + n : n);

    private static readonly Gen<string> Text = Gen.Frequency((8, Name), (1, Gen.Elements("", " ", "\t", "\n", "\r\n\r\n")));

    private static readonly Gen<string?> Maybe = Gen.Frequency((3, Text.Select(t => (string?)t)), (1, Gen.Constant((string?)null)));

    private static readonly Gen<PageTabQualifier> Qualifier = NotBlank.Zip(Maybe, (n, v) => new PageTabQualifier(n, v));

    private static readonly Gen<List<PageTabQualifier>> Qualifiers = Gen.Frequency((4, Gen.Constant(new List<PageTabQualifier>())), (1, Some(Qualifier, 2)));

    private static readonly Gen<PageTabAttribute> Attribute =
        from name in NotBlank
        from value in Maybe
        from reference in Gen.Frequency((4, Gen.Constant(false)), (1, Gen.Constant(true)))
        from ofName in Qualifiers
        from ofValue in Qualifiers
        select new PageTabAttribute(name, value, reference, ofName, ofValue);

    private static readonly Gen<List<PageTabAttribute>> Attributes = Some(Attribute, 4);

    // Rows of real tables are alike: the same names, some left out.
    private static readonly Gen<List<PageTabAttribute>> RowAttributes =
        from wanted in Gen.ArrayOf(Gen.Choose(0, 3), 4)
        from values in Gen.ArrayOf(Text, 4)
        select Enumerable.Range(0, 4).Where(i => wanted[i] > 0).Select(i => new PageTabAttribute(
            "Column " + (i % 3), values[i], i == 2, [], wanted[i] == 3 ? [new("unit", values[0])] : [])).ToList();

    private static readonly Gen<List<PageTabAttribute>> AnyAttributes = Gen.Frequency((1, Attributes), (1, RowAttributes));

    private static readonly Gen<PageTabFile> File =
        from path in Text.Select(t => t.Length == 0 ? "f" : t)
        from size in Gen.Frequency((1, Gen.Constant((long?)null)), (1, Gen.Choose(0, int.MaxValue).Select(s => (long?)s * 1000)))
        from type in Gen.Frequency((3, Gen.Constant("file")), (1, Gen.Constant("directory")), (1, Text))
        from attributes in AnyAttributes
        select new PageTabFile(path, size, type, attributes);

    private static readonly Gen<PageTabLink> Link = NotBlank.Zip(AnyAttributes, (u, a) => new PageTabLink(u, a));

    /// <summary>Whole documents.</summary>
    public static Arbitrary<PageTabDocument> Document { get; } = Arb.From(
        from accession in Maybe
        from attributes in Attributes
        from section in Gen.Frequency((19, Section(4).Select(s => (PageTabSection?)s)), (1, Gen.Constant((PageTabSection?)null)))
        select new PageTabDocument(accession, attributes, section), Shrunk);

    /// <summary>Says the same as JSON?</summary>
    public static bool AreSame(PageTabDocument one, PageTabDocument other)
    {
        using var a = PageTabText.Of(one);
        using var b = PageTabText.Of(other);
        using Stream left = a.Open(), right = b.Open();
        using StreamReader first = new(left), second = new(right);
        return first.ReadToEnd() == second.ReadToEnd();
    }

    private static Gen<PageTabSection> Section(int depth) =>
        from accession in Maybe
        from type in NotBlank
        from attributes in AnyAttributes
        from files in Entries(File)
        from links in Entries(Link)
        from sections in depth == 0 ? Gen.Constant(new List<PageTabEntry<PageTabSection>>()) : Gen.Frequency((1, Entries(Section(depth - 1))), (1, Entries(Row)))
        select new PageTabSection(accession, type, attributes, files, links, sections);

    private static Gen<PageTabSection> Row =>
        from accession in Maybe
        from type in Gen.Elements("Data", "Data", "a[b]", "File")
        from attributes in RowAttributes
        select new PageTabSection(accession, type, attributes, [], [], []);

    private static Gen<List<PageTabEntry<T>>> Entries<T>(Gen<T> one) => Gen.Frequency(
        (1, Gen.Constant(new List<PageTabEntry<T>>())),
        (1, Some(Gen.Frequency(
            (2, one.Select(o => new PageTabEntry<T>([o], false))),
            (1, Some(one, 3).Where(rows => rows.Count > 0).Select(rows => new PageTabEntry<T>(rows, true)))), 3)));

    private static Gen<List<T>> Some<T>(Gen<T> one, int atMost) => Gen.Choose(0, atMost).SelectMany(count => Gen.ListOf(one, count)).Select(l => l.ToList());

    private static IEnumerable<PageTabDocument> Shrunk(PageTabDocument document)
    {
        foreach (var fewer in Without(document.Attributes)) yield return document with { Attributes = fewer };
        if (document.Section is null) yield break;
        foreach (var smaller in Shrunk(document.Section)) yield return document with { Section = smaller };
    }

    private static IEnumerable<PageTabSection> Shrunk(PageTabSection section)
    {
        foreach (var fewer in Without(section.Subsections)) yield return section with { Subsections = fewer };
        foreach (var fewer in Without(section.Files)) yield return section with { Files = fewer };
        foreach (var fewer in Without(section.Links)) yield return section with { Links = fewer };
        foreach (var fewer in Without(section.Attributes)) yield return section with { Attributes = fewer };
        for (var i = 0; i < section.Subsections.Count; i++)
            for (var row = 0; row < section.Subsections[i].Items.Count; row++)
                foreach (var smaller in Shrunk(section.Subsections[i].Items[row]))
                {
                    var entries = section.Subsections.ToArray();
                    var rows = entries[i].Items.ToArray();
                    rows[row] = smaller;
                    entries[i] = entries[i] with { Items = rows };
                    yield return section with { Subsections = entries };
                }
    }

    private static IEnumerable<IReadOnlyList<T>> Without<T>(IReadOnlyList<T> list) =>
        Enumerable.Range(0, list.Count).Select(i => (IReadOnlyList<T>)[.. list.Where((_, at) => at != i)]);
}
