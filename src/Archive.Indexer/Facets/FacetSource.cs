using System.Diagnostics.CodeAnalysis;
using Archive.Model.Rembi;

namespace Archive.Indexer.Facets;

/// <summary>What the values of a facet are read from.</summary>
public enum FacetSourceKind
{
    /// <summary>Attributes of the page tab, by path.</summary>
    Path,

    /// <summary><c>@organism</c>: organisms by scientific name where known.</summary>
    Organism,

    /// <summary><c>@method</c>: imaging methods.</summary>
    Method,

    /// <summary><c>@licence</c>: the licence by its usual short name where known.</summary>
    Licence,

    /// <summary><c>@collection</c>: the collection.</summary>
    Collection,

    /// <summary><c>@year</c>: year of release.</summary>
    Year,

    /// <summary><c>@released</c>: day of release.</summary>
    Released,

    /// <summary><c>@files</c>: number of files.</summary>
    Files,

    /// <summary><c>@size</c>: sum of the files' lengths in bytes.</summary>
    Size,

    /// <summary><c>@format</c>: formats of the files.</summary>
    Format,

    /// <summary><c>@distinct:NAME</c>: how many different values an attribute of the files has; none where no file has it.</summary>
    Distinct,

    /// <summary><c>@values:NAME</c>: the values of an attribute of the files, where they are few.</summary>
    Values,
}

/// <summary>One place that values of a facet come from.</summary>
/// <param name="Kind">What is read.</param>
/// <param name="Path">For <see cref="FacetSourceKind.Path"/>; else null.</param>
/// <param name="Attribute">Attribute of files for <see cref="FacetSourceKind.Distinct"/> and <see cref="FacetSourceKind.Values"/>; else null.</param>
public sealed record FacetSource(FacetSourceKind Kind, AttributePath? Path, string? Attribute)
{
    private static readonly Dictionary<string, FacetSourceKind> Known = new(StringComparer.OrdinalIgnoreCase)
    {
        ["@organism"] = FacetSourceKind.Organism, ["@method"] = FacetSourceKind.Method, ["@licence"] = FacetSourceKind.Licence,
        ["@collection"] = FacetSourceKind.Collection, ["@year"] = FacetSourceKind.Year, ["@released"] = FacetSourceKind.Released,
        ["@files"] = FacetSourceKind.Files, ["@size"] = FacetSourceKind.Size, ["@format"] = FacetSourceKind.Format,
        ["@distinct"] = FacetSourceKind.Distinct, ["@values"] = FacetSourceKind.Values,
    };

    /// <summary>Whether it is read from the files and not from the page tab.</summary>
    public bool IsOfFiles => Kind is FacetSourceKind.Files or FacetSourceKind.Size or FacetSourceKind.Format or FacetSourceKind.Distinct or FacetSourceKind.Values;

    /// <summary>Reads a source: one of the names that begin with <c>@</c>, or a path in the page tab.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out FacetSource? source)
    {
        ArgumentNullException.ThrowIfNull(text);
        source = null;
        if (!text.StartsWith('@'))
        {
            if (AttributePath.TryParse(text, out var path)) source = new FacetSource(FacetSourceKind.Path, path, null);
            return source is not null;
        }
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        var attribute = colon < 0 ? null : text[(colon + 1)..].Trim();
        if (!Known.TryGetValue(colon < 0 ? text : text[..colon], out var kind)) return false;
        var wantsAttribute = kind is FacetSourceKind.Distinct or FacetSourceKind.Values;
        if (wantsAttribute != !string.IsNullOrEmpty(attribute) || (colon >= 0 && !wantsAttribute)) return false;
        source = new FacetSource(kind, null, attribute);
        return true;
    }
}
