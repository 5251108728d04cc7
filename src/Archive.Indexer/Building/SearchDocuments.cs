using Archive.Indexer.Facets;
using Archive.Model.Datasets;
using Archive.Model.PageTab;
using Archive.Model.Rembi;
using Archive.Model.Search;

namespace Archive.Indexer.Building;

/// <summary>
/// What the index holds of a dataset, taken from the typed view of its page tab. Addresses of people are left out: they are for
/// the owner and curators only.
/// </summary>
public static class SearchDocuments
{
    /// <summary>The document of a dataset's newest version.</summary>
    /// <param name="facets">The facets that are counted.</param>
    public static SearchDocument From(Dataset dataset, PageTabDocument pageTab, FacetCatalogue facets)
    {
        var study = RembiReader.Read(pageTab);
        var organisms = Distinct(study.Organisms.Select(o => o.ScientificName ?? o.CommonName ?? o.Text));
        var methods = Distinct(study.ImagingMethods.Select(m => m.Value));
        var licence = study.Licence?.Name ?? study.Licence?.Text ?? "";
        return new SearchDocument
        {
            Accession = dataset.Accession,
            Version = dataset.Latest.Number,
            Change = dataset.Change,
            Title = dataset.Title,
            Description = study.Description ?? "",
            ReleaseDate = dataset.ReleaseDate is { } date ? DateOnly.FromDateTime(date.UtcDateTime) : null,
            People = Distinct(study.Authors.Select(a => a.Name)),
            Organisms = organisms,
            Methods = methods,
            Collection = dataset.Collection,
            Licence = licence,
            Texts = [.. Texts(dataset, study).Where(t => !string.IsNullOrWhiteSpace(t.Text))],
            Facets = FacetReading.Of(facets, dataset, pageTab, study),
        };
    }

    private static IEnumerable<SearchText> Texts(Dataset dataset, RembiStudy study)
    {
        yield return new("accession", dataset.Accession.ToString());
        yield return new("title", dataset.Title);
        yield return new("description", study.Description ?? "");
        foreach (var keyword in study.Keywords) yield return new("keyword", keyword);
        foreach (var organism in study.Organisms)
            foreach (var name in Distinct([organism.ScientificName, organism.CommonName, organism.Text])) yield return new("organism", name);
        foreach (var method in study.ImagingMethods) yield return new("method", method.Value);
        foreach (var author in study.Authors)
            foreach (var text in Distinct([author.Name, author.Orcid])) yield return new("author", text);
        foreach (var text in Content(study)) yield return new("content", text ?? "");
    }

    private static IEnumerable<string?> Content(RembiStudy study) =>
    [
        study.Acknowledgements, study.FundingStatement, study.Licence?.Text,
        .. study.Organisations.Select(o => o.Name),
        .. study.Funding.SelectMany(f => new[] { f.Agency, f.GrantId }),
        .. study.Publications.SelectMany(p => new[] { p.Title, p.Authors, p.Doi, p.PubmedId, p.PmcId, p.Journal }),
        .. study.Links.SelectMany(l => new[] { l.Href ?? l.Text, l.Description }),
        .. study.Biosamples.SelectMany(b => new[] { b.Title, b.BiologicalEntity, b.Description }
            .Concat(b.ExperimentalVariables).Concat(b.ExtrinsicVariables).Concat(b.IntrinsicVariables)),
        .. study.Specimens.SelectMany(s => new[] { s.Title, s.PreparationProtocol, s.GrowthProtocol }),
        .. study.ImageAcquisitions.SelectMany(a => new[] { a.Title, a.Instrument, a.Parameters }),
        .. study.ImageCorrelations.Concat(study.ImageAnalyses).SelectMany(p => new[] { p.Title, p.Overview }.Concat(p.Details.Select(d => d.Value))),
        .. study.Components.SelectMany(c => new[] { c.Name, c.Description }),
        .. study.Annotations.SelectMany(a => new[] { a.Title, a.Overview, a.Method, a.Criteria, a.Coverage }.Concat(a.Types)),
    ];

    internal static List<string> Distinct(IEnumerable<string?> texts) =>
        [.. texts.Where(t => !string.IsNullOrWhiteSpace(t)).Select(t => t!.Trim()).Distinct(StringComparer.OrdinalIgnoreCase)];
}
