using Archive.Indexer.Facets;
using Archive.Indexer.Generations;
using Archive.Model.Search;

namespace Archive.Indexer.Searching;

/// <summary>Reads a dataset as a hit shows it.</summary>
internal static class HitReader
{
    public static DatasetHit Read(Generation generation, int dataset, long score, MarkedWords? marked)
    {
        var stored = generation.Stored(dataset);
        return new DatasetHit
        {
            Accession = stored.Accession,
            Version = stored.Version,
            Title = stored.Title,
            Description = stored.Description,
            Highlights = marked is null ? [] : [.. new[] { marked.Mark("title", stored.Title), marked.Mark("description", stored.Description) }.OfType<Highlight>()],
            People = stored.People,
            Organisms = stored.Organisms,
            Methods = stored.Methods,
            Collection = stored.Collection,
            Licence = stored.Licence,
            FileCount = generation.Datasets.Number(DatasetNumbers.Files)[dataset],
            TotalBytes = generation.Datasets.Number(DatasetNumbers.Size)[dataset],
            ReleaseDate = stored.ReleaseDate,
            Score = score,
        };
    }
}
