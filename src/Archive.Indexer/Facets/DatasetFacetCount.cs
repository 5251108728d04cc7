using System.Globalization;
using Archive.Indexer.Columns;
using Archive.Indexer.Format;
using Archive.Indexer.Generations;
using Archive.Indexer.Searching;
using Archive.Model.Search;

namespace Archive.Indexer.Facets;

/// <summary>Counts the facets of datasets over what a search selected in each segment.</summary>
internal sealed class DatasetFacetCount(IndexSnapshot snapshot, IReadOnlyList<Selection> selections, int facetSize)
{
    /// <summary>One facet, counted without its own choices.</summary>
    /// <param name="chosen">Values that are listed in any case.</param>
    public FacetResult Count(FacetDefinition facet, IReadOnlyList<string> chosen) =>
        facet.Number is { } number ? Bounds(facet, number) : Tally(facet).Finish(facet, facetSize, chosen);

    /// <summary>What one facet's values were counted to, without its own choices; a facet that is listed, not one of numbers alone.</summary>
    public FacetTally Tally(FacetDefinition facet)
    {
        var tally = new FacetTally(snapshot.DatasetValues(facet.Name));
        for (var s = 0; s < selections.Count; s++)
        {
            var table = selections[s].Table;
            var bits = selections[s].Without(facet.Name, out var hits);
            var index = table.FindColumn(FrontCodedListWriter.Encode(facet.Name));
            if (index < 0) tally.AddMissing(hits);
            else tally.Add(s, table.Column(index), bits, hits);
        }
        return tally;
    }

    // Nearly every dataset has a number of its own, so that a list of them tells nothing.
    private FacetResult Bounds(FacetDefinition facet, int number)
    {
        long least = long.MaxValue, greatest = long.MinValue, missing = 0;
        // 0 stands for no day at all.
        var none = facet.Type == FacetType.Date ? 0 : long.MinValue;
        foreach (var selection in selections)
        {
            var numbers = selection.Table.Number(number);
            var bits = selection.Without(facet.Name, out var hits);
            if (hits == numbers.Rows && numbers.Min > none)
            {
                (least, greatest) = hits == 0 ? (least, greatest) : (Math.Min(least, numbers.Min), Math.Max(greatest, numbers.Max));
                continue;
            }
            for (var dataset = Bits.Next(bits, 0); dataset >= 0; dataset = Bits.Next(bits, dataset + 1))
            {
                var value = numbers[dataset];
                if (value == none)
                {
                    missing++;
                    continue;
                }
                least = Math.Min(least, value);
                greatest = Math.Max(greatest, value);
            }
        }
        var isAny = least <= greatest;
        return new FacetResult(facet.Name, facet.Title, [], missing, 0)
        {
            Type = facet.Type, Min = isAny ? Text(facet, least) : null, Max = isAny ? Text(facet, greatest) : null,
        };
    }

    private static string Text(FacetDefinition facet, long value) =>
        facet.Type == FacetType.Date ? FacetText.Text(DateOnly.FromDayNumber((int)value)) : value.ToString(CultureInfo.InvariantCulture);
}
