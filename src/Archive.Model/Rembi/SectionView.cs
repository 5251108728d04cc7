using Archive.Model.PageTab;

namespace Archive.Model.Rembi;

/// <summary>
/// A section whose attributes are found by any spelling of their names. A document may have hundreds of thousands, so paths are made
/// when they are asked for.
/// </summary>
internal sealed class SectionView
{
    private const int KnownKeys = 512;
    private const int LongestKnown = 64;

    // The last name that fell on each slot; types and names of attributes come again and again.
    private static readonly KnownKey?[] Known = new KnownKey?[KnownKeys];

    private readonly SectionView? parent;
    private readonly string? place;
    private readonly int entry;
    private readonly int row;
    private string[]? attributeKeys;

    /// <summary>A section whose path is known.</summary>
    public SectionView(PageTabSection section, string place)
        : this(section)
    {
        this.place = place;
    }

    private SectionView(PageTabSection section, SectionView parent, int entry, int row)
        : this(section)
    {
        (this.parent, this.entry, this.row) = (parent, entry, row);
    }

    private SectionView(PageTabSection section)
    {
        Section = section;
        Kind = Key(section.Type);
    }

    /// <summary>The section.</summary>
    public PageTabSection Section { get; }

    /// <summary>Whether it is the section that <see cref="Tree"/> began with.</summary>
    public bool IsRoot => parent is null;

    /// <summary>JSON path of the section.</summary>
    public string Place => place ?? (row < 0 ? $"{parent!.Place}.subsections[{entry}]" : $"{parent!.Place}.subsections[{entry}][{row}]");

    /// <summary>The type's key: see <see cref="Key"/>.</summary>
    public string Kind { get; }

    /// <summary>
    /// Lower case, letters and digits only, one spelling of -isation: so <c>Image Acquisition</c> is <c>image acquisition</c>,
    /// and <c>Organisation</c> is <c>organization</c>, as they drift between versions of the template.
    /// </summary>
    public static string Key(string name)
    {
        if (name.Length > LongestKnown) return MakeKey(name);
        ref var slot = ref Known[(uint)name.GetHashCode(StringComparison.Ordinal) % KnownKeys];
        // Another thread may replace what stands there at any time, never change it.
        var known = slot;
        if (known is null || known.Name != name) slot = known = new(name, MakeKey(name));
        return known.Key;
    }

    private static string MakeKey(string name)
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
            if (Find(key, 0) is >= 0 and var index)
                return Section.Attributes[index].Value!.Trim();
        return null;
    }

    /// <summary>All values under any of the keys that are not blank.</summary>
    public IReadOnlyList<string> Texts(params string[] keys) =>
        !Has(keys) ? [] : [.. All(keys).Select(a => a.Attribute.Value!.Trim())];

    /// <summary>All attributes under any of the keys whose value is not blank, with their indexes.</summary>
    public IEnumerable<(PageTabAttribute Attribute, int Index)> All(params string[] keys) => Has(keys) ? Each(keys) : [];

    /// <summary>Whether any of the keys has a value that is not blank.</summary>
    public bool Has(params ReadOnlySpan<string> keys)
    {
        foreach (var key in keys)
            if (Find(key, 0) >= 0)
                return true;
        return false;
    }

    /// <summary>JSON path of an attribute.</summary>
    public string PlaceOf(int attribute) => $"{Place}.attributes[{attribute}]";

    /// <summary>The children of the kinds.</summary>
    public IEnumerable<SectionView> Children(params string[] kinds) =>
        Section.Subsections.Count == 0 ? [] : Children().Where(c => kinds.Contains(c.Kind, StringComparer.Ordinal));

    /// <summary>The section and everything below it, in document order.</summary>
    public IEnumerable<SectionView> Tree()
    {
        // An explicit stack: the depth of the tree is bounded by the reader, but not by every caller.
        var open = new Stack<SectionView>([this]);
        while (open.TryPop(out var view))
        {
            yield return view;
            for (var i = view.Section.Subsections.Count - 1; i >= 0; i--)
                for (var item = view.Section.Subsections[i].Items.Count - 1; item >= 0; item--)
                    open.Push(view.Child(i, item));
        }
    }

    /// <summary>The items of a list and of its tables with their JSON paths.</summary>
    public IEnumerable<(T Item, string Place)> Places<T>(IReadOnlyList<PageTabEntry<T>> entries, string name)
    {
        if (entries.Count == 0) yield break;
        var at = Place;
        for (var i = 0; i < entries.Count; i++)
            for (var item = 0; item < entries[i].Items.Count; item++)
                yield return (entries[i].Items[item], entries[i].IsTable ? $"{at}.{name}[{i}][{item}]" : $"{at}.{name}[{i}]");
    }

    private IEnumerable<SectionView> Children()
    {
        for (var i = 0; i < Section.Subsections.Count; i++)
            for (var item = 0; item < Section.Subsections[i].Items.Count; item++)
                yield return Child(i, item);
    }

    private SectionView Child(int index, int item)
    {
        var at = Section.Subsections[index];
        return new(at.Items[item], this, index, at.IsTable ? item : -1);
    }

    private IEnumerable<(PageTabAttribute Attribute, int Index)> Each(string[] keys)
    {
        foreach (var key in keys)
            for (var i = Find(key, 0); i >= 0; i = Find(key, i + 1))
                yield return (Section.Attributes[i], i);
    }

    private int Find(string key, int from)
    {
        if (Section.Attributes.Count == 0) return -1;
        if (attributeKeys is null)
        {
            attributeKeys = new string[Section.Attributes.Count];
            for (var i = 0; i < attributeKeys.Length; i++) attributeKeys[i] = Key(Section.Attributes[i].Name);
        }
        for (var i = from; i < attributeKeys.Length; i++)
            if (attributeKeys[i] == key && !string.IsNullOrWhiteSpace(Section.Attributes[i].Value))
                return i;
        return -1;
    }

    private sealed record KnownKey(string Name, string Key);
}
