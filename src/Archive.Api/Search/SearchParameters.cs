using Archive.Model.Errors;
using Archive.Model.Search;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Primitives;

namespace Archive.Api.Search;

/// <summary>Reads the parameters of searches whose names hold the name of a facet or attribute.</summary>
internal static class SearchParameters
{
    private const int MaxSelections = 50;
    private const int MaxValues = 500;

    /// <summary>The parameters of a request with the case of their names, which those of attributes differ by: the framework joins <c>filter.Dose</c> and <c>filter.dose</c>.</summary>
    public static IQueryCollection Exact(HttpRequest request)
    {
        var found = new Dictionary<string, StringValues>(StringComparer.Ordinal);
        foreach (var pair in new QueryStringEnumerable(request.QueryString.Value))
        {
            var name = pair.DecodeName().ToString();
            found[name] = StringValues.Concat(found.GetValueOrDefault(name), pair.DecodeValue().ToString());
        }
        return new QueryCollection(found);
    }

    /// <summary>Selections from <c>prefix{name}=value</c>, each repeatable.</summary>
    /// <exception cref="ArchiveException">There are more than a search takes.</exception>
    public static IReadOnlyList<FacetSelection> Selections(IQueryCollection query, string prefix)
    {
        var found = new List<FacetSelection>();
        foreach (var (key, values) in query)
        {
            if (!key.StartsWith(prefix, StringComparison.Ordinal) || key.Length == prefix.Length) continue;
            var given = values.Where(v => !string.IsNullOrEmpty(v)).Select(v => v!).ToList();
            if (given.Count > 0) found.Add(new FacetSelection(key[prefix.Length..], given));
        }
        return found.Count <= MaxSelections && found.Sum(f => f.Values.Count) <= MaxValues
            ? found
            : throw new ArchiveException(Problems.SearchParameter, $"A search takes {MaxSelections} facets and {MaxValues} values.");
    }

    /// <summary>Bounds from <c>min.{name}=</c> and <c>max.{name}=</c>; the index says which are none.</summary>
    /// <exception cref="ArchiveException">There are more than a search takes.</exception>
    public static IReadOnlyList<FileRange> Ranges(IQueryCollection query) =>
        [.. RangeNames(query).Select(name => new FileRange(name, Bound(query, "min." + name), Bound(query, "max." + name)))];

    /// <summary>Bounds on facets of datasets from <c>min.{name}=</c> and <c>max.{name}=</c>, as written.</summary>
    public static IReadOnlyList<FacetBounds> Bounds(IQueryCollection query) =>
        [.. RangeNames(query).Select(name => new FacetBounds(name, query["min." + name].ToString(), query["max." + name].ToString()))];

    private static List<string> RangeNames(IQueryCollection query)
    {
        var names = query.Keys.Where(k => k.Length > 4 && (k.StartsWith("min.", StringComparison.Ordinal) || k.StartsWith("max.", StringComparison.Ordinal)))
            .Select(k => k[4..]).Distinct(StringComparer.Ordinal).Take(MaxSelections + 1).ToList();
        return names.Count <= MaxSelections ? names : throw new ArchiveException(Problems.SearchParameter, $"A search takes {MaxSelections} ranges.");
    }

    /// <summary>Names of facets from <c>facets=a,b&amp;facets=c</c>.</summary>
    /// <exception cref="ArchiveException">There are more than a search takes.</exception>
    public static IReadOnlyList<string> Facets(IQueryCollection query)
    {
        var names = query["facets"].SelectMany(v => (v ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
            .Distinct(StringComparer.Ordinal).Take(MaxSelections + 1).ToList();
        return names.Count <= MaxSelections ? names : throw new ArchiveException(Problems.SearchParameter, $"A search counts {MaxSelections} facets at most.");
    }

    private static string? Bound(IQueryCollection query, string key) => query[key].ToString() is { Length: > 0 } text ? text : null;
}
