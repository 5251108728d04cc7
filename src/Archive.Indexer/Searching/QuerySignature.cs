using System.Text.Json;

namespace Archive.Indexer.Searching;

/// <summary>One text for one query, whatever the order of its filters; unlike for unlike queries.</summary>
internal static class QuerySignature
{
    public static string Of(
        string kind, string text, string? sort, IEnumerable<(string Name, IReadOnlyList<string> Values)> filters, IEnumerable<object> ranges) =>
        JsonSerializer.Serialize(new object?[]
        {
            kind, text, sort,
            filters.Select(f => new object[] { f.Name, f.Values.Order(StringComparer.Ordinal).ToArray() }).Select(f => JsonSerializer.Serialize(f)).Order(StringComparer.Ordinal).ToArray(),
            ranges.Select(r => JsonSerializer.Serialize(r, r.GetType())).Order(StringComparer.Ordinal).ToArray(),
        });
}
