using System.Buffers;
using Archive.Indexer.Columns;
using Archive.Indexer.Format;
using Archive.Indexer.Searching;
using Archive.Model.Search;

namespace Archive.Indexer.Facets;

/// <summary>Counts the values of one attribute over the hits of one or many tables.</summary>
internal sealed class FacetTally
{
    private readonly ValueSpace space;
    private readonly int[] counts;

    public FacetTally(ValueSpace space)
    {
        this.space = space;
        counts = ArrayPool<int>.Shared.Rent(space.Count + 1);
        counts.AsSpan(0, space.Count + 1).Clear();
    }

    /// <summary>Hits without a value.</summary>
    public long Missing { get; private set; }

    /// <summary>Adds hits whose table does not have the attribute.</summary>
    public void AddMissing(long hits) => Missing += hits;

    /// <summary>Adds the hits of a table.</summary>
    /// <param name="segment">Where the table lies.</param>
    /// <param name="map">For each value of the column its ordinal in the segment; empty when it is the column's own.</param>
    public void Add(int segment, in Column column, ReadOnlySpan<uint> map, ReadOnlySpan<ulong> bits, int hits)
    {
        if (hits == 0) return;
        var local = ArrayPool<int>.Shared.Rent(column.OrdinalCount);
        var found = local.AsSpan(0, column.OrdinalCount);
        found.Clear();
        ColumnCount.Add(column, bits, hits, found);
        Missing += found[0];
        for (var set = column.Cardinality + 1; set < found.Length; set++)
            if (found[set] > 0)
                foreach (var member in column.Members(set))
                    found[(int)member] += found[set];
        for (var ordinal = 1; ordinal <= column.Cardinality; ordinal++)
            if (found[ordinal] > 0)
                counts[space.Rank(segment, map.IsEmpty ? ordinal : (int)map[ordinal - 1])] += found[ordinal];
        ArrayPool<int>.Shared.Return(local);
    }

    /// <summary>The result of a facet of datasets; the tally cannot be used any more.</summary>
    public FacetResult Finish(FacetDefinition facet, int size, IReadOnlyList<string> chosen)
    {
        // Values of such a facet are all of its type, and their order is that of the numbers or days.
        var bounds = facet.Type == FacetType.Text ? default : Bounds();
        return Finish(facet.Name, facet.Title, size, chosen) with { Type = facet.Type, Min = bounds.Min, Max = bounds.Max };
    }

    /// <summary>The result; the tally cannot be used any more.</summary>
    public FacetResult Finish(string name, string title, int size, IReadOnlyList<string> chosen)
    {
        // The worst of the best is at the head: the lowest count, and of equal ones the last in value order.
        var best = new PriorityQueue<int, (int Count, int Order)>();
        var distinct = 0;
        for (var rank = 1; rank <= space.Count; rank++)
        {
            if (counts[rank] == 0) continue;
            distinct++;
            if (best.Count < size) best.Enqueue(rank, (counts[rank], -rank));
            else if (size > 0) best.EnqueueDequeue(rank, (counts[rank], -rank));
        }
        var values = new FacetValue[best.Count];
        var listed = new HashSet<string>(StringComparer.Ordinal);
        for (var i = values.Length - 1; i >= 0; i--)
        {
            var rank = best.Dequeue();
            values[i] = new FacetValue(space[rank], counts[rank]);
            listed.Add(values[i].Value);
        }
        var others = chosen.Where(listed.Add).Select(v => new FacetValue(v, CountOf(v))).ToList();
        ArrayPool<int>.Shared.Return(counts);
        return new FacetResult(name, title, [.. values, .. others], Missing, distinct);
    }

    /// <summary>A page of the values, as <see cref="ValueFinder.Find"/> has it; the tally cannot be used any more.</summary>
    public FoundValues Find(string text, string? after, int size)
    {
        var found = ValueFinder.Find(space, counts.AsSpan(0, space.Count + 1), text, after, size);
        ArrayPool<int>.Shared.Return(counts);
        return found;
    }

    private (string? Min, string? Max) Bounds()
    {
        var found = counts.AsSpan(1, space.Count);
        var first = found.IndexOfAnyExcept(0);
        return first < 0 ? default : (space[first + 1], space[found.LastIndexOfAnyExcept(0) + 1]);
    }

    private long CountOf(string value)
    {
        var (rank, isExact) = space.Find(FrontCodedListWriter.Encode(value));
        return isExact ? counts[rank] : 0;
    }
}
