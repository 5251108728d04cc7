using Archive.Indexer.Columns;
using Archive.Model.Datasets;
using Archive.Model.Search;

namespace Archive.Indexer.Searching;

/// <summary>Counts hits among files by dataset.</summary>
internal static class DatasetTally
{
    public static FacetResult Count(List<FileSlice> slices, RowPool pool, int size, IReadOnlyList<string> chosen)
    {
        // The order of slices and of datasets in them is the order of accessions.
        var firsts = new int[slices.Count + 1];
        for (var s = 0; s < slices.Count; s++) firsts[s + 1] = firsts[s] + slices[s].Table.DatasetCount;
        var counts = pool.Numbers(firsts[^1]).AsSpan();
        for (var s = 0; s < slices.Count; s++) Count(slices[s], counts[firsts[s]..firsts[s + 1]]);
        var values = new List<FacetValue>();
        var top = TopCounts.Of(counts, size, out var distinct);
        foreach (var at in top) values.Add(new FacetValue(AccessionOf(at).ToString(), counts[at]));
        foreach (var value in chosen)
            if (!values.Exists(v => v.Value == value))
                values.Add(new FacetValue(value, CountOf(value, slices, firsts, counts)));
        return new FacetResult(FileConstraints.Dataset, "Dataset", values, 0, distinct);

        Accession AccessionOf(int at)
        {
            var s = Array.FindLastIndex(firsts, f => f <= at);
            return slices[s].Table.Accession(slices[s].Table.FirstDataset + at - firsts[s]);
        }
    }

    private static void Count(FileSlice slice, Span<int> counts)
    {
        var rows = slice.Hits.Selection.Without(FileConstraints.Dataset);
        if (rows.Count == 0 || slice.FromRow >= slice.ToRow) return;
        var starts = slice.Table.FirstRows;
        if (rows.Count < starts.Length) CountHits(slice, rows, starts, counts);
        else CountDatasets(slice, rows, starts, counts);
    }

    // From hit to hit, over the datasets that have none.
    private static void CountHits(FileSlice slice, RowSet rows, ReadOnlySpan<uint> starts, Span<int> counts)
    {
        var bits = rows.Bitmap;
        var at = 0;
        for (var row = Bits.Next(bits, slice.FromRow); row >= 0 && row < slice.ToRow; row = Bits.Next(bits, row + 1))
            counts[at = Column.RunOf(starts, row, at)]++;
    }

    private static void CountDatasets(FileSlice slice, RowSet rows, ReadOnlySpan<uint> starts, Span<int> counts)
    {
        var ranks = rows.Ranks;
        var before = rows.CountBelow(slice.FromRow, ranks);
        for (var at = Column.RunOf(starts, slice.FromRow, 0); at < starts.Length; at++)
        {
            var end = at + 1 < starts.Length ? Math.Min((int)starts[at + 1], slice.ToRow) : slice.ToRow;
            var below = rows.CountBelow(end, ranks);
            counts[at] = below - before;
            before = below;
            if (end == slice.ToRow) break;
        }
    }

    private static long CountOf(string value, List<FileSlice> slices, int[] firsts, ReadOnlySpan<int> counts)
    {
        if (!Accession.TryParse(value, null, out var accession)) return 0;
        long count = 0;
        for (var s = 0; s < slices.Count; s++)
            if (slices[s].Table.Find(accession) is >= 0 and var dataset)
                count += counts[firsts[s] + dataset - slices[s].Table.FirstDataset];
        return count;
    }
}
