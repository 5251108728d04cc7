using System.Runtime.InteropServices;
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
            var table = slice.Table;
            if (rows.Count == 0 || slice.FromRow == slice.ToRow) continue;
            var last = table.DatasetOf(slice.ToRow - 1);
            for (var dataset = table.DatasetOf(slice.FromRow); dataset <= last; dataset++)
            {
                var count = rows.CountRange(table.FirstRow(dataset), table.EndRow(dataset));
                if (count == 0) continue;
                counts.Add(count);
                places.Add((table, dataset));
            }
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

    private static long CountOf(string value, List<int> counts, List<(FileTable Table, int Dataset)> places)
    {
        if (!Accession.TryParse(value, null, out var accession)) return 0;
        var at = places.FindIndex(p => p.Table.Find(accession) == p.Dataset);
        return at < 0 ? 0 : counts[at];
    }
}
