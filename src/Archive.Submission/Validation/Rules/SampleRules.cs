using Archive.Model.Rembi;
using Archive.Model.Rules;

namespace Archive.Submissions.Validation;

/// <summary>What REMBI asks of biosamples and specimens.</summary>
internal static class SampleRules
{
    // NCBI Taxonomy (ncbi.nlm.nih.gov/taxonomy): the organisms of most datasets, by scientific and everyday names.
    private static readonly (string Id, string[] Names)[] Taxa =
    [
        ("9606", ["Homo sapiens", "human"]), ("10090", ["Mus musculus", "mouse", "house mouse"]), ("10116", ["Rattus norvegicus", "rat"]),
        ("7227", ["Drosophila melanogaster", "fruit fly"]), ("6239", ["Caenorhabditis elegans", "C. elegans"]),
        ("7955", ["Danio rerio", "zebrafish", "zebra fish"]), ("4932", ["Saccharomyces cerevisiae", "budding yeast", "baker's yeast"]),
        ("4896", ["Schizosaccharomyces pombe", "fission yeast"]), ("3702", ["Arabidopsis thaliana", "thale cress"]), ("562", ["Escherichia coli", "E. coli"]),
        ("8355", ["Xenopus laevis", "African clawed frog"]), ("9031", ["Gallus gallus", "chicken"]), ("9823", ["Sus scrofa", "pig"]),
    ];

    public static IReadOnlyList<Rule> All { get; } =
    [
        new("biosample", "The study has a Biosample: what was imaged.", RuleLevel.Warning, (subject, found) => found.Missing(
            subject.Study.Biosamples.Count == 0, "biosample-missing", "$.section", "The study has no Biosample: what was imaged.")),
        Each("biosample-title", "Each biosample has a Title.", (s, found) => found.Missing(s.Title is null, "biosample-title-missing", s.Place, "The biosample has no Title.")),
        Each("biosample-organism", "Each biosample has an Organism.", (s, found) => found.Missing(s.Organisms.Count == 0, "organism-missing", s.Place, "The biosample has no Organism.")),
        new("organism-taxon", "Each organism has its NCBI taxon.", RuleLevel.Warning, Taxon) { Fix = "the taxon of a common organism" },
        Each("biological-entity", "Each biosample has a Biological entity.", (s, found) => found.Missing(
            s.BiologicalEntity is null, "biological-entity-missing", s.Place, "The biosample has no Biological entity.")),
        new("specimen", "The study has a Specimen: how samples were prepared.", RuleLevel.Warning, (subject, found) => found.Missing(
            subject.Study.Specimens.Count == 0, "specimen-missing", "$.section", "The study has no Specimen: how samples were prepared.")),
        EachSpecimen("specimen-title", "Each specimen has a Title.", (s, found) => found.Missing(s.Title is null, "specimen-title-missing", s.Place, "The specimen has no Title.")),
        EachSpecimen("preparation-protocol", "Each specimen has a Sample preparation protocol.", (s, found) => found.Missing(
            s.PreparationProtocol is null, "preparation-protocol-missing", s.Place, "The specimen has no Sample preparation protocol.")),
    ];

    private static Rule Each(string name, string about, Action<RembiBiosample, RuleFindings> check) => new(name, about, RuleLevel.Warning, (subject, found) =>
    {
        foreach (var sample in subject.Study.Biosamples) check(sample, found);
    });

    private static Rule EachSpecimen(string name, string about, Action<RembiSpecimen, RuleFindings> check) => new(name, about, RuleLevel.Warning, (subject, found) =>
    {
        foreach (var specimen in subject.Study.Specimens) check(specimen, found);
    });

    // Each organism once, at the first biosample that names it: what is said of it holds for all.
    private static void Taxon(MetadataSubject subject, RuleFindings found)
    {
        var places = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var sample in subject.Study.Biosamples)
            foreach (var organism in sample.Organisms)
                places.TryAdd(NameOf(organism), sample.Place);
        foreach (var organism in subject.Study.Organisms)
            if (organism.TaxonId is null)
                found.Add("organism-taxon-missing", places.GetValueOrDefault(NameOf(organism), "$.section"),
                    $"The organism '{RuleCatalogue.Short(organism.Text)}' has no NCBI taxon id.", TaxonOf(organism));
    }

    private static string NameOf(RembiOrganism organism) => organism.ScientificName ?? organism.CommonName ?? organism.Text;

    private static string? TaxonOf(RembiOrganism organism)
    {
        foreach (var (id, names) in Taxa)
            if (names.Contains(organism.ScientificName, StringComparer.OrdinalIgnoreCase) || (organism.ScientificName is null && names.Contains(organism.CommonName, StringComparer.OrdinalIgnoreCase)))
                return "NCBI:txid" + id;
        return null;
    }
}
