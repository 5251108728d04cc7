using Archive.Indexer.Columns;
using Archive.Model.Datasets;

namespace Archive.Indexer.Generations;

/// <summary>A generation as a snapshot sees it: without the datasets that the mask cuts out.</summary>
internal sealed class Segment
{
    private readonly ulong[] live;

    /// <param name="generation">Held by the snapshot.</param>
    /// <param name="cut">Datasets to leave out.</param>
    public Segment(Generation generation, IEnumerable<int> cut)
    {
        Generation = generation;
        live = new ulong[Bits.Words(Count)];
        Bits.Fill(live, Count);
        foreach (var dataset in cut) Bits.ClearRange(live, dataset, dataset + 1);
        LiveCount = Bits.Count(live);
    }

    public Generation Generation { get; }

    /// <summary>Datasets in the generation, cut ones too.</summary>
    public int Count => Generation.Datasets.Rows;

    /// <summary>Datasets that are not cut out.</summary>
    public int LiveCount { get; }

    /// <summary>Whether nothing is cut out.</summary>
    public bool IsWhole => LiveCount == Count;

    /// <summary>The datasets that are not cut out.</summary>
    public ReadOnlySpan<ulong> Live => live;

    public bool IsLive(int dataset) => Bits.Has(live, dataset);

    /// <summary>The datasets that are cut out.</summary>
    public IEnumerable<int> CutDatasets() => Enumerable.Range(0, Count).Where(dataset => !IsLive(dataset));

    /// <summary>The number of a dataset that is not cut out; -1 otherwise.</summary>
    public int FindLive(Accession accession)
    {
        var dataset = Generation.Find(accession);
        return dataset >= 0 && IsLive(dataset) ? dataset : -1;
    }

    /// <summary>How many datasets of the generation come before an accession, and whether it is in.</summary>
    public (int Before, bool IsIn) Locate(Accession accession) => Generation.Locate(accession);
}
