using Archive.Model.PageTab;

namespace Archive.Model.Rembi;

/// <summary>
/// A section whose attributes are found by any spelling of their names.
/// </summary>
internal sealed class SectionView
{
    private const int KnownKeys = 512;
    private const int LongestKnown = 64;

    // The last name that fell on each slot; types and names of attributes come again and again.
    private static readonly KnownKey?[] Known = new KnownKey?[KnownKeys];

    private readonly SectionWalk at;
    private string[]? attributeKeys;

    /// <summary>A section whose path is known.</summary>
    public SectionView(PageTabSection section, string place)
        : this(new SectionWalk(section, place))
    {
    }

    private SectionView(SectionWalk at)
    {
        this.at = at;
        Kind = Key(at.Section.Type);
    }

    /// <summary>The section.</summary>
    public PageTabSection Section => at.Section;

    /// <summary>Whether it is the section that <see cref="Tree"/> began with.</summary>
    public bool IsRoot => at.IsRoot;

    /// <summary>JSON path of the section.</summary>
    public string Place => at.Place;

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
        at.Children().Select(child => new SectionView(child)).Where(c => kinds.Contains(c.Kind, StringComparer.Ordinal));

    /// <summary>The section and everything below it, in document order.</summary>
    public IEnumerable<SectionView> Tree() => at.Tree().Select(below => new SectionView(below));

    /// <summary>The items of a list and of its tables with their JSON paths.</summary>
    public IEnumerable<(T Item, string Place)> Places<T>(IReadOnlyList<PageTabEntry<T>> entries, string name)
    {
        if (entries.Count == 0) yield break;
        var place = Place;
        for (var i = 0; i < entries.Count; i++)
            for (var item = 0; item < entries[i].Items.Count; item++)
                yield return (entries[i].Items[item], entries[i].IsTable ? $"{place}.{name}[{i}][{item}]" : $"{place}.{name}[{i}]");
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
