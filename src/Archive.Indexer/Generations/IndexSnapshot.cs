using System.Collections.Concurrent;
using Archive.Indexer.Facets;
using Archive.Indexer.Format;
using Archive.Model.Datasets;
using Archive.Model.Files;
using Archive.Model.Search;

namespace Archive.Indexer.Generations;

/// <summary>
/// What is searched at one moment, never changed: the main generation (segment 0), the delta (segment 1) where there is one, and
/// for both which datasets the mask cuts out. A search works on one snapshot from beginning to end.
/// </summary>
#pragma warning disable CA1001 // The source of the token has neither timer nor wait handle: nothing to dispose of, and leases that ended may still look at it.
internal sealed class IndexSnapshot : Counted
#pragma warning restore CA1001
{
    private readonly ConcurrentDictionary<string, ValueSpace> datasetValues = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, ValueSpace> fileValues = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource ending = new();
    private readonly int[][] accessionRanks;

    /// <summary>Takes over one hold on each generation.</summary>
    public IndexSnapshot(IReadOnlyList<Segment> segments, FacetCatalogue facets, long newestChange)
    {
        Segments = segments;
        Facets = facets;
        var main = segments[0].Generation.Info;
        Stamp = new IndexStamp(main.Name, main.BuiltAt, newestChange, Newest(segments));
        MaskedChange = newestChange;
        LiveCount = segments.Sum(s => s.LiveCount);
        accessionRanks = [.. segments.Select((s, i) => RankAccessions(s, segments.Count == 1 ? null : segments[1 - i]))];
    }

    /// <summary>One or two.</summary>
    public IReadOnlyList<Segment> Segments { get; }

    /// <summary>The facets that are counted; a generation that was built by another list has no values of what it lacks.</summary>
    public FacetCatalogue Facets { get; }

    /// <summary>What answers carry.</summary>
    public IndexStamp Stamp { get; }

    /// <summary>What was hidden up to this change is hidden here; at least the stamp's newest change.</summary>
    public long MaskedChange { get; init; }

    /// <summary>Cancelled when its leases should end: see <see cref="SnapshotLease.Ending"/>.</summary>
    public CancellationToken Ending => ending.Token;

    /// <summary>Datasets that can be found.</summary>
    public int LiveCount { get; }

    /// <summary>The place of a dataset in accession order over all segments.</summary>
    public int AccessionRank(int segment, int dataset) => accessionRanks[segment][dataset];

    /// <summary>The place that an accession has or would have, and whether some segment knows it.</summary>
    public (int Rank, bool IsExact) AccessionRank(Accession accession)
    {
        var rank = 0;
        var isExact = false;
        foreach (var segment in Segments)
        {
            var (before, isIn) = segment.Locate(accession);
            rank += before;
            isExact |= isIn;
        }
        return (rank, isExact);
    }

    /// <summary>Where a dataset can be found; null when it cannot.</summary>
    public (int Segment, int Dataset)? Find(Accession accession)
    {
        for (var i = 0; i < Segments.Count; i++)
            if (Segments[i].FindLive(accession) is >= 0 and var dataset)
                return (i, dataset);
        return null;
    }

    /// <summary>The values of a column of datasets.</summary>
    public ValueSpace DatasetValues(string column) => datasetValues.GetOrAdd(column, name =>
    {
        var bytes = FrontCodedListWriter.Encode(name);
        return Space(s => s.Generation.Datasets.FindColumn(bytes) is >= 0 and var i ? s.Generation.Datasets.Column(i).Values : null);
    });

    /// <summary>The values of an attribute of files over all datasets; none where no file has it.</summary>
    public ValueSpace FileValues(string attribute)
    {
        if (fileValues.TryGetValue(attribute, out var known)) return known;
        // Queries may name anything: only what is there is remembered, or they would fill the memory until the next swap.
        return Segments.Any(s => s.Generation.Fields.Find(attribute) >= 0)
            ? fileValues.GetOrAdd(attribute, name => Space(s => s.Generation.Fields.Find(name) is >= 0 and var field ? s.Generation.Fields.Values(field) : null))
            : ValueSpace.Empty;
    }

    /// <summary>Tells those who lease it that they keep too many generations mapped.</summary>
    public void AskToEnd()
    {
        if (!ending.IsCancellationRequested) ThreadPool.UnsafeQueueUserWorkItem(static source => source.Cancel(), ending, preferLocal: false);
    }

    /// <summary>What the values of an attribute of files are held for: numbers or dates only where all of them are.</summary>
    public AttributeKind FileKind(string attribute)
    {
        AttributeKind? kind = null;
        foreach (var segment in Segments)
        {
            var fields = segment.Generation.Fields;
            if (fields.Find(attribute) is not (>= 0 and var field)) continue;
            kind = kind is null || kind == fields.Kind(field) ? fields.Kind(field) : AttributeKind.Text;
        }
        return kind ?? AttributeKind.Text;
    }

    /// <inheritdoc/>
    protected override void End()
    {
        foreach (var segment in Segments) segment.Generation.Release();
    }

    private ValueSpace Space(Func<Segment, FrontCodedList?> values) => new(values(Segments[0]), Segments.Count > 1 ? values(Segments[1]) : null);

    /// <summary>The dataset that was released or revised last of those that can be found; null when there is none.</summary>
    public static Accession? Newest(IReadOnlyList<Segment> segments)
    {
        (long Change, Segment? Segment, int Dataset) newest = (-1, null, 0);
        foreach (var segment in segments)
        {
            for (var dataset = 0; dataset < segment.Count; dataset++)
                if (segment.IsLive(dataset) && segment.Generation.Record(dataset).Change is var change && change > newest.Change)
                    newest = (change, segment, dataset);
        }
        return newest.Segment?.Generation.Accession(newest.Dataset);
    }

    private static int[] RankAccessions(Segment own, Segment? other)
    {
        var ranks = new int[own.Count];
        for (var i = 0; i < ranks.Length; i++) ranks[i] = i;
        if (other is null) return ranks;
        // Walking the smaller list through the larger would do for both; the delta is small, so looking each of its entries up does.
        if (other.Count <= own.Count)
        {
            for (var j = other.Count - 1; j >= 0; j--)
            {
                var (before, isIn) = own.Locate(other.Generation.Accession(j));
                for (var i = before + (isIn ? 1 : 0); i < ranks.Length && ranks[i] == i; i++) ranks[i] = i + j + 1;
            }
            return ranks;
        }
        for (var i = 0; i < ranks.Length; i++) ranks[i] = i + other.Locate(own.Generation.Accession(i)).Before;
        return ranks;
    }
}
