using System.Buffers;
using Archive.Indexer.Columns;
using Archive.Indexer.Format;
using Archive.Indexer.Searching;
using Archive.Model.Search;

namespace Archive.Indexer.Facets;

/// <summary>Counts the values of one facet over the datasets found.</summary>
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

    /// <summary>Adds hits whose table does not have the facet.</summary>
    public void AddMissing(long hits) => Missing += hits;

    /// <summary>Adds the hits of a table.</summary>
    /// <param name="segment">Where the table lies.</param>
    public void Add(int segment, in Column column, ReadOnlySpan<ulong> bits, int hits)
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
                counts[space.Rank(segment, ordinal)] += found[ordinal];
        ArrayPool<int>.Shared.Return(local);
    }

    /// <summary>The result of a facet; the tally cannot be used any more.</summary>
    public FacetResult Finish(FacetDefinition facet, int size, IReadOnlyList<string> chosen)
    {
        // Values of such a facet are all of its type, and their order is that of the numbers or days.
        var bounds = facet.Type == FacetType.Text ? default : Bounds();
        var ranks = TopCounts.Of(counts.AsSpan(0, space.Count + 1), size, out var distinct);
        var values = Array.ConvertAll(ranks, rank => new FacetValue(space[rank], counts[rank]));
        var listed = values.Select(v => v.Value).ToHashSet(StringComparer.Ordinal);
        var others = chosen.Where(listed.Add).Select(v => new FacetValue(v, CountOf(v))).ToList();
        ArrayPool<int>.Shared.Return(counts);
        return new FacetResult(facet.Name, facet.Title, [.. values, .. others], Missing, distinct) { Type = facet.Type, Min = bounds.Min, Max = bounds.Max };
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
