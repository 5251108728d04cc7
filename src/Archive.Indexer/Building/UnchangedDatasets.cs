using Archive.Indexer.Generations;
using Archive.Model.Datasets;
using Archive.Model.Search;

namespace Archive.Indexer.Building;

/// <summary>
/// What answers now, as a source for the next generation: documents and shelves of datasets that did not change since. Asked once for
/// each dataset, in accession order, while the lease that it was made of is held.
/// </summary>
internal sealed class UnchangedDatasets : IDisposable
{
    private readonly List<(Segment Segment, KeptDocumentsReader Documents)> sources = [];
    private readonly RenewedDatasets renewed;

    /// <param name="snapshot">What answers; null for nothing.</param>
    /// <param name="folder">Where it lies.</param>
    /// <param name="recipe">How documents are made now.</param>
    /// <param name="renewed">Datasets whose parts made before are not to be used again.</param>
    public UnchangedDatasets(IndexSnapshot? snapshot, GenerationFolder folder, string recipe, RenewedDatasets renewed)
    {
        this.renewed = renewed;
        for (var i = 0; i < snapshot?.Segments.Count; i++)
        {
            var generation = snapshot.Segments[i].Generation;
            // A delta keeps the name that it was written under.
            var path = i == 0 ? folder.PathOf(generation.Info.Name) : generation.Path;
            sources.Add((snapshot.Segments[i], new KeptDocumentsReader(path + GenerationFolder.DocumentsEnding, recipe)));
        }
    }

    /// <summary>A dataset's document at its newest change, and its shelf; null when they have to be made.</summary>
    public (SearchDocument Document, Stream Shelf)? Find(Accession accession, long change)
    {
        foreach (var (segment, documents) in sources)
        {
            if (documents.Find(accession, change) is not { } document || segment.FindLive(accession) is not (>= 0 and var dataset)) continue;
            var record = segment.Generation.Record(dataset);
            if (record.Change != change || record.Version != document.Version || renewed.IsRenewed(accession, segment.Generation.Info.BuiltAt)) continue;
            return (document, segment.Generation.OpenShelf(dataset));
        }
        return null;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var (_, documents) in sources) documents.Dispose();
    }
}
