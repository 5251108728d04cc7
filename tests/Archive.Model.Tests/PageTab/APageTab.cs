using System.Text;
using Archive.Model.PageTab;

namespace Archive.Model.Tests.PageTab;

/// <summary>Generates page tabs with every feature of the format.</summary>
internal static class APageTab
{
    private static readonly string[] Words = ["Title", "naïve ", "\"quoted\"", "a\tb", "line\nbreak", "日本", "<b>&", "x", "😀", "'"];

    public static PageTabDocument Generated(Random random) => new(
        random.Next(2) == 0 ? "S-BIAR1" : null, Attributes(random), Section(random, 4));

    /// <summary>Everything that the document says, as one text.</summary>
    public static string Flat(PageTabDocument document)
    {
        var text = new StringBuilder().Append(document.Accession);
        Flat(text, document.Attributes);
        if (document.Section is not null) Flat(text, document.Section);
        return text.ToString();
    }

    private static PageTabSection Section(Random random, int depth) => new(
        random.Next(2) == 0 ? null : Word(random),
        "Type " + Word(random),
        Attributes(random),
        Entries(random, () => new PageTabFile(Word(random) + "/f", random.Next(2) == 0 ? null : random.NextInt64(), random.Next(3) == 0 ? "directory" : "file", Attributes(random))),
        Entries(random, () => new PageTabLink("http://" + Word(random), Attributes(random))),
        depth == 0 ? [] : Entries(random, () => Section(random, depth - 1)));

    private static List<PageTabEntry<T>> Entries<T>(Random random, Func<T> one) =>
        [.. Enumerable.Range(0, random.Next(4)).Select(_ =>
            random.Next(3) == 0 ? new PageTabEntry<T>([.. Enumerable.Range(0, 1 + random.Next(3)).Select(_ => one())], true) : new PageTabEntry<T>([one()], false))];

    private static List<PageTabAttribute> Attributes(Random random) =>
        [.. Enumerable.Range(0, random.Next(4)).Select(_ => new PageTabAttribute(
            "n" + Word(random), random.Next(4) == 0 ? null : Word(random), random.Next(4) == 0, Qualifiers(random), Qualifiers(random)))];

    private static List<PageTabQualifier> Qualifiers(Random random) =>
        [.. Enumerable.Range(0, random.Next(3)).Select(_ => new PageTabQualifier("q" + Word(random), random.Next(3) == 0 ? null : Word(random)))];

    private static string Word(Random random) => Words[random.Next(Words.Length)];

    private static void Flat(StringBuilder text, IReadOnlyList<PageTabAttribute> attributes)
    {
        foreach (var a in attributes)
        {
            text.Append(" @").Append(a.Name).Append('=').Append(a.Value ?? "null").Append(a.Reference);
            foreach (var q in a.NameQualifiers) text.Append('(').Append(q.Name).Append(q.Value ?? "null").Append(')');
            foreach (var q in a.ValueQualifiers) text.Append('[').Append(q.Name).Append(q.Value ?? "null").Append(']');
        }
    }

    private static void Flat(StringBuilder text, PageTabSection section)
    {
        text.Append(" {").Append(section.Accession ?? "null").Append('|').Append(section.Type);
        Flat(text, section.Attributes);
        Flat(text, section.Files, f =>
        {
            text.Append(f.Path).Append(f.LengthBytes).Append(f.Type);
            Flat(text, f.Attributes);
        });
        Flat(text, section.Links, l =>
        {
            text.Append(l.Url);
            Flat(text, l.Attributes);
        });
        Flat(text, section.Subsections, s => Flat(text, s));
        text.Append('}');
    }

    private static void Flat<T>(StringBuilder text, IReadOnlyList<PageTabEntry<T>> entries, Action<T> one)
    {
        foreach (var entry in entries)
        {
            text.Append(entry.IsTable ? " T" : " 1");
            foreach (var item in entry.Items) one(item);
        }
    }
}
