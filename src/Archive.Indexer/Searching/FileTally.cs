using Archive.Indexer.Columns;
using Archive.Indexer.Facets;
using Archive.Indexer.Format;
using Archive.Model.Files;
using Archive.Model.Search;

namespace Archive.Indexer.Searching;

/// <summary>Counts the values of one attribute over the hits of one or many tables.</summary>
internal sealed class FileTally
{
    private readonly ValueSpace space;
    private readonly RowPool pool;
    private readonly ArraySegment<int> counts;

    public FileTally(ValueSpace space, RowPool pool)
    {
        this.space = space;
        this.pool = pool;
        counts = pool.Numbers(space.Count + 1);
    }

    /// <summary>Hits without a value.</summary>
    public long Missing { get; private set; }

    /// <summary>Hits of each value, by its rank from 1.</summary>
    public ReadOnlySpan<int> Counts => counts.AsSpan();

    /// <summary>The values.</summary>
    public ValueSpace Space => space;

    /// <summary>Adds hits whose table does not have the attribute.</summary>
    public void AddMissing(long hits) => Missing += hits;

    /// <summary>Adds the hits of a table.</summary>
    /// <param name="segment">Where the table lies.</param>
    /// <param name="map">For each value of the column its number in the segment; empty where that is its own.</param>
    public void Add(int segment, in Column column, ReadOnlySpan<uint> map, RowSet rows)
    {
        if (rows.Count == 0) return;
        var isOwn = map.IsEmpty && space.IsMainOnly && segment == 0 && column.SetCount == 0;
        var found = isOwn ? counts.AsSpan(0, column.OrdinalCount) : pool.Scratch(column.OrdinalCount);
        rows.Add(column, found);
        Missing += found[0];
        found[0] = 0;
        if (isOwn) return;
        for (var set = column.Cardinality + 1; set < found.Length; set++)
            if (found[set] > 0)
                foreach (var member in column.Members(set))
                    found[(int)member] += found[set];
        var values = found[1..(column.Cardinality + 1)];
        for (var i = 0; i < values.Length; i++)
            if (values[i] > 0)
                counts[space.Rank(segment, map.IsEmpty ? i + 1 : (int)map[i])] += values[i];
    }

    /// <summary>The result.</summary>
    public FacetResult Finish(string name, string title, AttributeKind kind, int size, IReadOnlyList<string> chosen)
    {
        var ranks = TopCounts.Of(counts, size, out var distinct);
        var values = new List<FacetValue>(ranks.Length + chosen.Count);
        foreach (var rank in ranks) values.Add(new FacetValue(space[rank], counts[rank]));
        foreach (var value in chosen)
            if (!values.Exists(v => v.Value == value))
                values.Add(new FacetValue(value, CountOf(value)));
        var result = new FacetResult(name, title, values, Missing, distinct) { Type = TypeOf(kind) };
        if (kind == AttributeKind.Text || distinct == 0) return result;
        return result with { Min = space[counts.AsSpan().IndexOfAnyExcept(0)], Max = space[counts.AsSpan().LastIndexOfAnyExcept(0)] };
    }

    /// <summary>How facets name a kind.</summary>
    public static FacetType TypeOf(AttributeKind kind) =>
        kind switch { AttributeKind.Number => FacetType.Number, AttributeKind.Date => FacetType.Date, _ => FacetType.Text };

    private long CountOf(string value)
    {
        var (rank, isExact) = space.Find(FrontCodedListWriter.Encode(value));
        return isExact ? counts[rank] : 0;
    }
}

/// <summary>Finds the largest of many counts.</summary>
internal static class TopCounts
{
    /// <summary>The places of the largest counts, largest first, equal ones in their order.</summary>
    /// <param name="distinct">How many are above 0.</param>
    public static int[] Of(ReadOnlySpan<int> counts, int size, out int distinct)
    {
        // The worst of the best is at the head: the lowest count, and of equal ones the last.
        var best = new PriorityQueue<int, (int Count, int Order)>(Math.Min(size, 1024));
        distinct = 0;
        var least = 0;
        for (var i = 0; i < counts.Length; i++)
        {
            var count = counts[i];
            if (count == 0)
            {
                // Most are, where there are few hits: on to the next that is not.
                var skip = counts[i..].IndexOfAnyExcept(0);
                if (skip < 0) break;
                i += skip;
                count = counts[i];
            }
            distinct++;
            if (count <= least || size == 0) continue;
            if (best.Count < size) best.Enqueue(i, (count, -i));
            else best.EnqueueDequeue(i, (count, -i));
            if (best.Count == size && best.TryPeek(out _, out var worst)) least = worst.Count;
        }
        var places = new int[best.Count];
        for (var i = places.Length - 1; i >= 0; i--) places[i] = best.Dequeue();
        return places;
    }
}
