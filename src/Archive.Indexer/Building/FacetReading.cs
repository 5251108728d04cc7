using Archive.Indexer.Facets;
using Archive.Model.Datasets;
using Archive.Model.PageTab;
using Archive.Model.Rembi;
using Archive.Model.Search;

namespace Archive.Indexer.Building;

/// <summary>Reads from a dataset's page tab the values of the facets that are defined by it; those of its files the index adds itself.</summary>
public static class FacetReading
{
    /// <summary>The values of each facet of the list, each value once without regard to case.</summary>
    /// <param name="study">The typed view of <paramref name="pageTab"/>.</param>
    public static IReadOnlyList<SearchFacet> Of(FacetCatalogue facets, Dataset dataset, PageTabDocument pageTab, RembiStudy study)
    {
        ArgumentNullException.ThrowIfNull(facets);
        return
        [
            .. facets.All.Where(f => !f.Sources[0].IsOfFiles).Select(f =>
                new SearchFacet(f.Name, SearchDocuments.Distinct(f.Sources.SelectMany(s => Values(s, dataset, pageTab, study))))),
        ];
    }

    private static IEnumerable<string?> Values(FacetSource source, Dataset dataset, PageTabDocument pageTab, RembiStudy study) => source.Kind switch
    {
        FacetSourceKind.Path => source.Path!.Values(pageTab),
        FacetSourceKind.Organism => study.Organisms.Select(o => o.ScientificName ?? o.CommonName ?? o.Text),
        FacetSourceKind.Method => study.ImagingMethods.Select(m => m.Value),
        FacetSourceKind.Licence => [study.Licence?.Name ?? study.Licence?.Text ?? ""],
        FacetSourceKind.Collection => [dataset.Collection],
        // The day of release is the index's own, with the dataset.
        _ => [],
    };
}
