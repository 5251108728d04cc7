using System.Runtime.InteropServices;
using Archive.Indexer.Columns;
using Archive.Model.Datasets;
using Archive.Model.Search;

namespace Archive.Indexer.Searching;

/// <summary>Counts hits among files by dataset.</summary>
internal static class DatasetTally
{
    public static FacetResult Count(List<FileSlice> slices, int size, IReadOnlyList<string> chosen)
    {
        // The order of slices and of datasets in them is the order of accessions.
        var counts = new List<int>();
        var places = new List<(FileTable Table, int Dataset)>();
        foreach (var slice in slices)
        {
            var rows = slice.Hits.Selection.Without(FileConstraints.Dataset);
            if (rows.Count > 0 && slice.FromRow < slice.ToRow) Count(slice, rows, counts, places);
        }
        var values = new List<FacetValue>();
        var top = TopCounts.Of(CollectionsMarshal.AsSpan(counts), size, out var distinct);
        foreach (var at in top)
            values.Add(new FacetValue(places[at].Table.Accession(places[at].Dataset).ToString(), counts[at]));
        foreach (var value in chosen)
            if (!values.Exists(v => v.Value == value))
                values.Add(new FacetValue(value, CountOf(value, counts, places)));
        return new FacetResult(FileConstraints.Dataset, "Dataset", values, 0, distinct);
    }

    // From hit to hit, over the datasets that have none.
    private static void Count(FileSlice slice, RowSet rows, List<int> counts, List<(FileTable Table, int Dataset)> places)
    {
        var table = slice.Table;
        var starts = table.FirstRows;
        var bits = rows.Bitmap;
        var at = 0;
        for (var row = Bits.Next(bits, slice.FromRow); row >= 0 && row < slice.ToRow;)
        {
            at = Column.RunOf(starts, row, at);
            var end = at + 1 < starts.Length ? Math.Min((int)starts[at + 1], slice.ToRow) : slice.ToRow;
            if (end <= row) throw new InvalidDataException("The rows of a table's datasets do not follow each other.");
            counts.Add(Bits.CountRange(bits, row, end));
            places.Add((table, table.FirstDataset + at));
            row = Bits.Next(bits, end);
        }
    }

    private static long CountOf(string value, List<int> counts, List<(FileTable Table, int Dataset)> places)
    {
        if (!Accession.TryParse(value, null, out var accession)) return 0;
        var at = places.FindIndex(p => p.Table.Find(accession) == p.Dataset);
        return at < 0 ? 0 : counts[at];
    }
}
