using Archive.Indexer.Generations;

namespace Archive.Indexer.Searching;

/// <summary>
/// Brings tables of two segments into accession order: each is cut where datasets of the other come between its own. Only as many
/// datasets as the smaller segment has, the delta, are looked at.
/// </summary>
internal sealed class AccessionSlices
{
    private readonly IndexSnapshot snapshot;

    // For each segment the datasets, ascending, before which a dataset of the other stands.
    private readonly List<int>[] cuts = [[], []];

    public AccessionSlices(IndexSnapshot snapshot)
    {
        this.snapshot = snapshot;
        var small = snapshot.Segments[0].Count < snapshot.Segments[1].Count ? 0 : 1;
        var before = -1;
        for (var dataset = 0; dataset < snapshot.Segments[small].Count; dataset++)
        {
            // Its rank is its own number and that of the others before it.
            var others = snapshot.AccessionRank(small, dataset) - dataset;
            if (others == before) continue;
            before = others;
            cuts[small].Add(dataset);
            cuts[1 - small].Add(others);
        }
    }

    public List<FileSlice> Cut(List<FileHits> hits)
    {
        var found = new List<(int Rank, FileSlice Slice)>();
        foreach (var table in hits) Cut(table, found);
        // A dataset that both have is cut out of the main generation, but what follows it there comes after its newer self.
        found.Sort((a, b) => a.Rank != b.Rank ? a.Rank.CompareTo(b.Rank) : b.Slice.Table.Segment.CompareTo(a.Slice.Table.Segment));
        return found.ConvertAll(f => f.Slice);
    }

    private void Cut(FileHits hits, List<(int Rank, FileSlice Slice)> found)
    {
        var table = hits.Table;
        var own = cuts[table.Segment];
        var (dataset, end) = (table.FirstDataset, table.FirstDataset + table.DatasetCount);
        var at = own.BinarySearch(dataset + 1);
        if (at < 0) at = ~at;
        while (dataset < end)
        {
            var next = at < own.Count && own[at] < end ? own[at++] : end;
            found.Add((snapshot.AccessionRank(table.Segment, dataset), new FileSlice(hits, table.FirstRow(dataset), table.EndRow(next - 1))));
            dataset = next;
        }
    }
}
