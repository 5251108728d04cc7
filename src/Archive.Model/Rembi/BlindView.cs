using Archive.Model.Files;
using Archive.Model.PageTab;

namespace Archive.Model.Rembi;

/// <summary>
/// What a reviewer who is not to know whose dataset he reads sees of it. The one place that decides: every output under an access key goes
/// through it, whether page, JSON or list of files.
/// </summary>
public static class BlindView
{
    private const string Study = "Study";

    /// <summary>
    /// The allowed sections and attributes, with known people and organisations taken out of their texts. Files named inline, links, and the
    /// accessions of sections go; so do references, which point to those.
    /// </summary>
    /// <param name="document">All of it, or the part that is to be shown.</param>
    /// <param name="redaction">Made from whole documents, since a part may lack its authors.</param>
    public static PageTabDocument Of(PageTabDocument document, Redaction redaction)
    {
        ArgumentNullException.ThrowIfNull(document);
        return new(null, Attributes(document.Attributes, BlindAllowList.Submission, redaction),
            document.Section is { } root ? Section(root, Study, BlindAllowList.Root, redaction) : null);
    }

    /// <summary>A file with the attributes that a reviewer sees. Its path stays what it is, or it could not be fetched.</summary>
    public static FileReference Of(FileReference file, Redaction redaction)
    {
        ArgumentNullException.ThrowIfNull(file);
        return file with { Attributes = [.. file.Attributes.Select(a => Of(a, redaction)).OfType<FileAttribute>()] };
    }

    /// <summary>An attribute of a file as a reviewer sees it; null for one that tells who somebody is.</summary>
    public static FileAttribute? Of(FileAttribute attribute, Redaction redaction)
    {
        ArgumentNullException.ThrowIfNull(attribute);
        ArgumentNullException.ThrowIfNull(redaction);
        return RedactionTerms.IsIdentifying(attribute.Name) ? null : new(redaction.Apply(attribute.Name), redaction.Apply(attribute.Value));
    }

    private static PageTabSection Section(PageTabSection section, string type, IReadOnlySet<string> allowed, Redaction redaction)
    {
        var children = new List<PageTabEntry<PageTabSection>>();
        foreach (var entry in section.Subsections)
        {
            var shown = new List<PageTabSection>();
            foreach (var item in entry.Items)
                if (BlindAllowList.Of(SectionView.Key(item.Type)) is { } child)
                    shown.Add(Section(item, child.Type, child.Attributes, redaction));
            if (shown.Count > 0) children.Add(new(shown, entry.IsTable));
        }
        return new(null, type, Attributes(section.Attributes, allowed, redaction), [], [], children);
    }

    private static List<PageTabAttribute> Attributes(IReadOnlyList<PageTabAttribute> attributes, IReadOnlySet<string> allowed, Redaction redaction) =>
    [
        .. attributes.Where(a => !a.Reference && allowed.Contains(SectionView.Key(a.Name))).Select(a => new PageTabAttribute(
            a.Name, Text(a.Value, redaction), false, [],
            [.. a.ValueQualifiers.Where(q => BlindAllowList.IsQualifier(q.Name)).Select(q => new PageTabQualifier(q.Name, Text(q.Value, redaction)))])),
    ];

    private static string? Text(string? text, Redaction redaction) => text is null ? null : redaction.Apply(text);
}
