using Archive.Indexer.Format;
using Archive.Indexer.Text;
using Archive.Model.Search;

namespace Archive.Indexer.Searching;

/// <summary>Finds a page of values among those that were counted.</summary>
internal static class ValueFinder
{
    /// <summary>Values in their order that contain a text, from behind one on.</summary>
    /// <param name="after">The value that the page before ended with; it may be gone.</param>
    public static (List<FacetValue> Values, bool IsMore, long Total, long Missing) Find(FileTally tally, string text, string? after, int size)
    {
        var folded = Folding.Fold(text);
        var first = 1;
        if (after is not null)
        {
            var (rank, isExact) = tally.Space.Find(FrontCodedListWriter.Encode(after));
            first = rank + (isExact ? 1 : 0);
        }
        var values = new List<FacetValue>();
        var isMore = false;
        long total = 0;
        var counts = tally.Counts;
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
            var value = tally.Space[rank];
            if (!Folding.Fold(value).Contains(folded, StringComparison.Ordinal)) continue;
            total++;
            if (isAsked) values.Add(new FacetValue(value, counts[rank]));
            else isMore |= rank >= first;
        }
        return (values, isMore && values.Count > 0, total, tally.Missing);
    }
}
