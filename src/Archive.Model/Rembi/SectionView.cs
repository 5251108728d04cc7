using Archive.Model.PageTab;

namespace Archive.Model.Rembi;

/// <summary>A section with its JSON path, whose attributes are found by any spelling of their names.</summary>
internal sealed class SectionView(PageTabSection section, string place)
{
    private string[]? attributeKeys;

    /// <summary>The section.</summary>
    public PageTabSection Section { get; } = section;

    /// <summary>JSON path of the section.</summary>
    public string Place { get; } = place;

    /// <summary>The type's key: see <see cref="Key"/>.</summary>
    public string Kind { get; } = Key(section.Type);

    /// <summary>
    /// Lower case, letters and digits only, one spelling of -isation: so <c>Image Acquisition</c> is <c>image acquisition</c>,
    /// and <c>Organisation</c> is <c>organization</c>, as they drift between versions of the template.
    /// </summary>
    public static string Key(string name)
    {
        var key = name.Length <= 256 ? stackalloc char[name.Length] : new char[name.Length];
        var length = 0;
        foreach (var c in name)
            if (char.IsLetterOrDigit(c))
                key[length++] = char.ToLowerInvariant(c);
        return new string(key[..length]).Replace("isation", "ization", StringComparison.Ordinal);
    }

    /// <summary>The first value under any of the keys that is not blank, in the order of the keys; null when there is none.</summary>
    public string? Text(params ReadOnlySpan<string> keys)
    {
        foreach (var key in keys)
            if (Find(key) is [var (attribute, _), ..])
                return attribute.Value!.Trim();
        return null;
    }

    /// <summary>All values under any of the keys that are not blank.</summary>
    public IReadOnlyList<string> Texts(params string[] keys) => [.. All(keys).Select(a => a.Attribute.Value!.Trim())];

    /// <summary>All attributes under any of the keys whose value is not blank, with their JSON paths.</summary>
    public IEnumerable<(PageTabAttribute Attribute, string Place)> All(params string[] keys) => keys.SelectMany(Find);

    /// <summary>The children of the kinds.</summary>
    public IEnumerable<SectionView> Children(params string[] kinds) => Children().Where(c => kinds.Contains(c.Kind, StringComparer.Ordinal));

    /// <summary>All children, rows of tables among them.</summary>
    public IEnumerable<SectionView> Children() => Places(Section.Subsections, "subsections").Select(c => new SectionView(c.Item, c.Place));

    /// <summary>The section and everything below it, in document order.</summary>
    public IEnumerable<SectionView> Tree()
    {
        // An explicit stack: the depth of the tree is bounded by the reader, but not by every caller.
        var open = new Stack<SectionView>([this]);
        while (open.TryPop(out var view))
        {
            yield return view;
            foreach (var child in view.Children().Reverse()) open.Push(child);
        }
    }

    /// <summary>The items of a list and of its tables with their JSON paths.</summary>
    public IEnumerable<(T Item, string Place)> Places<T>(IReadOnlyList<PageTabEntry<T>> entries, string name)
    {
        for (var i = 0; i < entries.Count; i++)
            for (var row = 0; row < entries[i].Items.Count; row++)
                yield return (entries[i].Items[row], entries[i].IsTable ? $"{Place}.{name}[{i}][{row}]" : $"{Place}.{name}[{i}]");
    }

    private List<(PageTabAttribute Attribute, string Place)> Find(string key)
    {
        attributeKeys ??= [.. Section.Attributes.Select(a => Key(a.Name))];
        var found = new List<(PageTabAttribute, string)>();
        for (var i = 0; i < Section.Attributes.Count; i++)
        {
            var attribute = Section.Attributes[i];
            if (attributeKeys[i] == key && !string.IsNullOrWhiteSpace(attribute.Value)) found.Add((attribute, $"{Place}.attributes[{i}]"));
        }
        return found;
    }
}
