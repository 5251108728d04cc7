using Archive.Indexer.Columns;
using Archive.Indexer.Facets;
using Archive.Indexer.Format;
using Archive.Indexer.Generations;
using Archive.Indexer.Text;

namespace Archive.Indexer.Searching;

/// <summary>Finds datasets by the values of their columns: facets and numbers. Each counts 1.</summary>
internal sealed class ColumnFinder(IndexSnapshot snapshot)
{
    /// <summary>Datasets with a value that passes.</summary>
    /// <param name="facet">Name of the column.</param>
    /// <param name="test">Asked of each value, folded.</param>
    public FoundNode Values(string facet, WordTest test) => Ordinals(facet, column =>
    {
        var wanted = new List<(int From, int To)>();
        for (var i = 0; i < column.Cardinality; i++)
            if (test(Folding.Fold(column.Values[i])))
                wanted.Add((i + 1, i + 1));
        return wanted;
    });

    /// <summary>Datasets with a value of a column.</summary>
    public FoundNode Anything(string facet) => Ordinals(facet, column => [(1, column.Cardinality)]);

    /// <summary>Datasets with a number between two, both inclusive.</summary>
    public FoundNode Numbers(string facet, double? min, double? max) => Ordinals(facet, column => [OrdinalSet.Numbers(column, min, max)]);

    /// <summary>Datasets whose number lies between two, both inclusive.</summary>
    /// <param name="number">One of <see cref="DatasetNumbers"/>.</param>
    public FoundNode Numbers(int number, long min, long max) => FoundNode.Constant([.. snapshot.Segments.Select(segment =>
    {
        var bits = segment.Live.ToArray();
        segment.Generation.Datasets.Number(number).And(min, max, bits);
        return bits;
    })]);

    private FoundNode Ordinals(string facet, Func<Column, List<(int From, int To)>> choose) => FoundNode.Constant([.. snapshot.Segments.Select(segment =>
    {
        var table = segment.Generation.Datasets;
        var index = table.FindColumn(FrontCodedListWriter.Encode(facet));
        if (index < 0) return new ulong[Bits.Words(segment.Count)];
        var bits = segment.Live.ToArray();
        var column = table.Column(index);
        ColumnScan.And(column, OrdinalSet.Of(column, choose(column)), bits);
        return bits;
    })]);
}
