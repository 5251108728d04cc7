using Archive.Model.Search;

namespace Archive.Benchmarks.Search;

/// <summary>The file queries of a corpus, by kind, as the archive is asked them.</summary>
internal static class FileQueries
{
    /// <summary>Kinds in the order that they are told in: filters in the largest dataset, keywords over all, a page far in, all rows.</summary>
    public static readonly string[] Kinds = ["f1", "f2", "f3", "fch", "k1", "k2", "kpath", "kbig", "page", "export"];

    // The prototype's lists (common/Bench.cs), so that both count the same.
    private static readonly string[] OfOne = ["Channel", "Gene Symbol", "Compound", "Concentration", "Cell Line", "Phenotype", "Plate", "Replicate"];
    private static readonly string[] OfAll = ["@format", "Organism", "Imaging Method", "Channel", "Cell Line", "@dataset"];

    /// <summary>Reads them.</summary>
    public static Dictionary<string, List<FileQuery>> Read(Corpus corpus) =>
        corpus.Queries(Kinds).ToDictionary(kind => kind.Key, kind => kind.Value.ConvertAll(cells => Of(kind.Key, cells)));

    private static FileQuery Of(string kind, string[] cells) => kind[0] == 'k'
        ? new FileQuery { Text = string.Join(' ', cells), Facets = OfAll, FacetSize = 10, Size = 50 }
        : new FileQuery
        {
            Accession = CorpusFeed.AccessionOf(int.Parse(cells[0])),
            Filters = [.. cells[1..].Select(c => c.Split('=', 2)).GroupBy(p => p[0]).Select(g => new FacetSelection(g.Key, [.. g.Select(p => p[1])]))],
            Facets = kind is "page" or "export" ? [] : OfOne,
            FacetSize = 10,
            Size = 50,
            At = kind == "page" ? 400_000 : null,
        };
}
