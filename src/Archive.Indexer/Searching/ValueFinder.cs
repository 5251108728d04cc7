using Archive.Indexer.Facets;
using Archive.Indexer.Format;
using Archive.Indexer.Text;
using Archive.Model.Search;

namespace Archive.Indexer.Searching;

/// <summary>Finds a page of values among those that were counted.</summary>
internal static class ValueFinder
{
    /// <summary>Values in their order that contain a text, from behind one on.</summary>
    /// <param name="counts">Hits of each value, by its rank from 1.</param>
    /// <param name="text">Blank for all.</param>
    /// <param name="after">The value that the page before ended with; it may be gone.</param>
    public static FoundValues Find(ValueSpace space, ReadOnlySpan<int> counts, string text, string? after, int size)
    {
        var folded = Folding.Fold(text);
        var first = 1;
        if (after is not null)
        {
            var (rank, isExact) = space.Find(FrontCodedListWriter.Encode(after));
            first = rank + (isExact ? 1 : 0);
        }
        var values = new List<FacetValue>();
        var isMore = false;
        long total = 0;
        for (var rank = 1; rank < counts.Length; rank++)
        {
            if (counts[rank] == 0) continue;
            var isAsked = rank >= first && values.Count < size;
            if (folded.Length == 0 && !isAsked)
            {
                total++;
                isMore |= rank >= first;
                continue;
            }
            var value = space[rank];
            if (!Folding.Fold(value).Contains(folded, StringComparison.Ordinal)) continue;
            total++;
            if (isAsked) values.Add(new FacetValue(value, counts[rank]));
            else isMore |= rank >= first;
        }
        return new FoundValues(values, isMore && values.Count > 0, total);
    }
}

/// <summary>A page of values.</summary>
/// <param name="Values">In their order.</param>
/// <param name="IsMore">Whether others come after them.</param>
/// <param name="Total">All that contain the text.</param>
internal sealed record FoundValues(List<FacetValue> Values, bool IsMore, long Total);
