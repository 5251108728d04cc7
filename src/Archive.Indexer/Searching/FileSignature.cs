using System.Globalization;
using System.Text;
using Archive.Model.Search;

namespace Archive.Indexer.Searching;

/// <summary>One text for one query for files, whatever the order of its filters; unlike for unlike queries.</summary>
internal static class FileSignature
{
    /// <param name="bound">What is searched: a dataset, a shelf, or blank for all.</param>
    public static string Of(string bound, FileQuery query, SortRequest sort)
    {
        var text = new StringBuilder("files");
        Add(text, bound);
        Add(text, query.Text);
        Add(text, sort.ToString());
        foreach (var filter in query.Filters.OrderBy(f => f.Name, StringComparer.Ordinal))
        {
            Add(text, filter.Name);
            text.Append(CultureInfo.InvariantCulture, $" {filter.Values.Count}");
            foreach (var value in filter.Values.Order(StringComparer.Ordinal)) Add(text, value);
        }
        text.Append(" ranges");
        foreach (var range in query.Ranges.OrderBy(r => r.Name, StringComparer.Ordinal))
        {
            Add(text, range.Name);
            Add(text, range.Min);
            Add(text, range.Max);
        }
        return text.ToString();
    }

    // With its length before it, no text can pass for two.
    private static void Add(StringBuilder target, string? part)
    {
        if (part is null) target.Append(" -");
        else target.Append(CultureInfo.InvariantCulture, $" {part.Length}:{part}");
    }
}
