using Archive.Model.Files;
using Archive.Model.PageTab;

namespace Archive.Model.Rembi;

/// <summary>
/// The one place that digs in a page tab by name. Pages, search index, rules and every description of a dataset read the typed
/// view that it gives. Pure; reads any tree, however far from the template.
/// </summary>
public static class RembiReader
{
    private static readonly string[] ComponentKinds = ["studycomponent", "component", "experiment", "supplementarydata", "dataset"];
    // Longer ones are no spelling of any that is known.
    private const int LongestType = 60;
    private const int MaxUnknownSections = 1000;

    private static readonly HashSet<string> KnownKinds = new(
        [
            "author", "authors", "contact", "contacts", "organization", "organizations", "affiliation", "funding", "grant", "publication", "publications",
            "biosample", "biosamples", "organism", "specimen", "specimens", "imageacquisition", "imageacquisitions", "imagingmethod", "imagecorrelation",
            "imagecorrelations", "imageanalysis", "imageanalyses", "association", "associations", "annotation", "annotations", "version",
            "studycomponent", "component", "experiment", "supplementarydata", "dataset", "study",
        ],
        StringComparer.Ordinal);

    private static readonly string[] AnnotationKinds = ["annotation", "annotations"];
    private static readonly string[] OrganismKeys = ["organism", "organisms", "species"];
    private static readonly string[] FileListKeys = ["filelist", "filelists"];
    private static readonly string[] LinkListKeys = ["linklist", "linklists"];
    private static readonly string[] AffiliationKeys = ["affiliation", "affiliations", "organization"];
    private static readonly string[] MethodKeys = ["imagingmethod", "imagingmethods", "technologytype"];

    /// <summary>Reads the typed view. Never fails: what is absent is null or empty.</summary>
    public static RembiStudy Read(PageTabDocument document)
    {
        // The submission's own attributes are found like those of a section.
        var head = new SectionView(new(document.Accession, "submission", document.Attributes, [], [], []), "$");
        if (document.Section is null) return ReadHead(head, head);
        var root = new SectionView(document.Section, "$.section");
        var all = root.Tree().ToList();
        var biosamples = Of(all, "biosample", "biosamples").Select(ReadBiosample).ToList();
        var acquisitions = Of(all, "imageacquisition", "imageacquisitions").Select(ReadAcquisition).ToList();
        var organisations = Of(all, "organization", "organizations", "affiliation").Select(s => new RembiOrganisation(
            s.Section.Accession, s.Text("name", "organization"), s.Text("address"), s.Text("rorid", "ror"), s.Place)).ToList();
        var byAccession = organisations.Where(o => o.Accession is not null).DistinctBy(o => o.Accession!, StringComparer.Ordinal)
            .ToDictionary(o => o.Accession!, StringComparer.Ordinal);
        return ReadHead(head, root) with
        {
            Authors = [.. Of(all, "author", "authors", "contact", "contacts").Select(s => ReadAuthor(s, byAccession))],
            Organisations = organisations,
            Funding = [.. Of(all, "funding", "grant").Select(s => new RembiFunding(s.Text("agency", "funder"), s.Text("grantid", "grant"), s.Place))],
            Publications = [.. Of(all, "publication", "publications").Select(ReadPublication)],
            Links = [.. all.Where(s => s.Section.Links.Count > 0 && s.Kind != "publication").SelectMany(ReadLinks)],
            Biosamples = biosamples,
            Specimens = [.. Of(all, "specimen", "specimens").Select(s => new RembiSpecimen(
                s.Text("title"), s.Text("samplepreparationprotocol", "samplepreparation"), s.Text("growthprotocol"), s.Place))],
            ImageAcquisitions = acquisitions,
            ImageCorrelations = [.. Of(all, "imagecorrelation", "imagecorrelations").Select(ReadProtocol)],
            ImageAnalyses = [.. Of(all, "imageanalysis", "imageanalyses").Select(ReadProtocol)],
            Components = [.. all.Where(IsComponent).Select(ReadComponent)],
            Annotations = [.. Of(all, AnnotationKinds).Select(ReadAnnotation)],
            Organisms = Distinct(biosamples.SelectMany(b => b.Organisms).Concat(all.Where(s => s.Kind == "organism" || (s.Kind != "biosample" && s.Has(OrganismKeys))).SelectMany(OrganismsOf))),
            ImagingMethods = Distinct(acquisitions.SelectMany(a => a.Methods).Concat(all.Where(s => s.Kind == "imagingmethod" || (s.Kind != "imageacquisition" && s.Has(MethodKeys))).SelectMany(MethodsOf))),
            FileLists = ListsOf(all, FileListKeys),
            LinkLists = ListsOf(all, LinkListKeys),
            UnknownSections = [.. all.Where(s => !s.IsRoot && s.Section.Type.Length is > 0 and <= LongestType && !KnownKinds.Contains(s.Kind))
                .DistinctBy(s => s.Kind, StringComparer.Ordinal).Take(MaxUnknownSections).Select(s => (s.Section.Type, s.Place))],
            InlineFiles = [.. all.Where(s => s.Section.Files.Count > 0).SelectMany(s => s.Places(s.Section.Files, "files")).Select(ReadInlineFile)],
        };
    }

    /// <summary>The types of sections of the template, as it spells them.</summary>
    public static IReadOnlyList<string> SectionTypes { get; } =
    [
        "Author", "Organisation", "Funding", "Publication", "Biosample", "Organism", "Specimen", "Image acquisition", "Imaging method",
        "Image correlation", "Image analysis", "Study Component", "Associations", "Annotations", "Version",
    ];

    /// <summary>A safe address for a link of the kind that its attribute Type names, as <see cref="RembiLink.Href"/>; null when the text is none.</summary>
    public static string? LinkAddress(string text, string? type)
    {
        ArgumentNullException.ThrowIfNull(text);
        return RembiTexts.Href(text.Trim(), type);
    }

    private static RembiStudy ReadHead(SectionView head, SectionView root)
    {
        var date = First(head, "releasedate") ?? First(root, "releasedate");
        var licence = First(root, "license", "licence") ?? First(head, "license", "licence");
        return new()
        {
            Title = root.Text("title") ?? head.Text("title"),
            Description = root.Text("description", "abstract") ?? head.Text("description", "abstract"),
            Keywords = [.. root.Texts("keywords", "keyword")
                .SelectMany(k => k.Split([',', ';'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
                .Distinct(StringComparer.OrdinalIgnoreCase)],
            Licence = licence is { } l ? RembiTexts.Licence(l.Text, l.Place) : null,
            ReleaseDateText = date?.Text,
            ReleaseDatePlace = date?.Place,
            AttachTo = head.Texts("attachto"),
            Template = head.Text("template"),
            Acknowledgements = root.Text("acknowledgements", "acknowledgments"),
            FundingStatement = root.Text("fundingstatement"),
        };
    }

    private static (string Text, string Place)? First(SectionView section, params string[] keys)
    {
        foreach (var (attribute, index) in section.All(keys)) return (attribute.Value!.Trim(), section.PlaceOf(index));
        return null;
    }

    private static IEnumerable<SectionView> Of(IEnumerable<SectionView> all, params string[] kinds) =>
        all.Where(s => kinds.Contains(s.Kind, StringComparer.Ordinal));

    private static bool IsComponent(SectionView section) =>
        ComponentKinds.Contains(section.Kind, StringComparer.Ordinal)
        || (!section.IsRoot && !AnnotationKinds.Contains(section.Kind, StringComparer.Ordinal) && section.Text("filelist") is not null);

    private static RembiAuthor ReadAuthor(SectionView section, Dictionary<string, RembiOrganisation> organisations)
    {
        List<string>? named = null, unresolved = null;
        foreach (var (attribute, _) in section.All(AffiliationKeys))
        {
            var value = attribute.Value!.Trim();
            if (organisations.TryGetValue(value, out var organisation) && organisation.Name is { } name) (named ??= []).Add(name);
            else if (attribute.Reference) (unresolved ??= []).Add(value);
            else (named ??= []).Add(value);
        }
        var orcid = section.Text("orcid", "orcidid");
        return new(section.Text("name"), section.Text("email"), RembiTexts.Orcid(orcid), orcid, section.Text("role"), named ?? [], unresolved ?? [], section.Place);
    }

    private static RembiPublication ReadPublication(SectionView section)
    {
        // Some layouts give identifiers as links whose type names their kind.
        string? Linked(string type) => section.Places(section.Section.Links, "links").Select(l => l.Item)
            .FirstOrDefault(l => l.Attributes.Any(a => SectionView.Key(a.Name) == "type" && SectionView.Key(a.Value ?? "") == type))?.Url;
        var doi = section.Text("doi") ?? Linked("doi");
        var pubmed = section.Text("pubmedid", "pmid") ?? Linked("pmid");
        return new(
            section.Text("title"), section.Text("authors"), RembiTexts.Doi(doi), doi, RembiTexts.PubmedId(pubmed), pubmed,
            section.Text("pmcid") ?? Linked("pmc"), section.Text("journal"), section.Text("year", "publicationdate"), section.Place);
    }

    private static IEnumerable<RembiLink> ReadLinks(SectionView section)
    {
        foreach (var (link, place) in section.Places(section.Section.Links, "links"))
        {
            var view = new SectionView(new(null, "link", link.Attributes, [], [], []), place);
            var type = view.Text("type");
            yield return new(link.Url, RembiTexts.Href(link.Url.Trim(), type), view.Text("description"), type, place);
        }
    }

    private static RembiBiosample ReadBiosample(SectionView section) => new(
        section.Text("title"), [.. OrganismsOf(section).Concat(section.Children("organism").Select(OrganismSection))],
        section.Text("biologicalentity"), section.Text("description"),
        section.Texts("experimentalvariable", "experimentalvariables"), section.Texts("extrinsicvariable", "extrinsicvariables"),
        section.Texts("intrinsicvariable", "intrinsicvariables"), section.Place);

    private static IEnumerable<RembiOrganism> OrganismsOf(SectionView section)
    {
        var taxon = section.Text("ncbitaxonid", "ncbitaxonomyid");
        if (section.Kind == "organism") return section.Text("scientificname", "commonname") is null ? [] : [OrganismSection(section)];
        return section.All(OrganismKeys).Select(a => RembiTexts.Organism(a.Attribute.Value!, Qualifier(a.Attribute, "termid", "ncbitaxonid") ?? taxon));
    }

    private static RembiOrganism OrganismSection(SectionView section) =>
        RembiTexts.Organism(section.Text("scientificname"), section.Text("commonname"), section.Text("ncbitaxonid", "ncbitaxon"));

    private static RembiImageAcquisition ReadAcquisition(SectionView section) => new(
        section.Text("title"), section.Text("imaginginstrument", "instrument"), section.Text("imageacquisitionparameters"),
        [.. MethodsOf(section).Concat(section.Children("imagingmethod").SelectMany(MethodsOf))], section.Place);

    private static IEnumerable<RembiTerm> MethodsOf(SectionView section)
    {
        if (section.Kind == "imagingmethod")
            return section.Text("ontologyvalue", "value") is { } value
                ? [new(value, section.Text("ontologyname"), section.Text("ontologytermid"))]
                : [];
        return section.All(MethodKeys).Select(a => new RembiTerm(
            a.Attribute.Value!.Trim(), Qualifier(a.Attribute, "ontology", "ontologyname"), Qualifier(a.Attribute, "termid", "ontologytermid")));
    }

    private static string? Qualifier(PageTabAttribute attribute, params string[] keys) =>
        attribute.ValueQualifiers.FirstOrDefault(q => keys.Contains(SectionView.Key(q.Name), StringComparer.Ordinal))?.Value?.Trim();

    private static RembiProtocol ReadProtocol(SectionView section) => new(
        section.Text("title"),
        section.Text("imageanalysisoverview", "analysisoverview", "overview"),
        [.. section.Section.Attributes
            .Where(a => !string.IsNullOrWhiteSpace(a.Value) && SectionView.Key(a.Name) is not ("title" or "imageanalysisoverview" or "analysisoverview" or "overview"))
            .Select(a => (a.Name, a.Value!.Trim()))],
        section.Place);

    private static RembiComponent ReadComponent(SectionView section) => new(
        section.Text("name", "title") ?? section.Section.Type, section.Text("description"), section.Texts("filelist", "filelists"),
        [.. section.Children("associations", "association").Select(a => new RembiAssociation(
            a.Text("biosample"), a.Text("specimen"), a.Text("imageacquisition"), a.Text("imagecorrelation"), a.Text("imageanalysis"), a.Place))],
        section.Place)
    {
        IsNamed = section.Text("name", "title") is not null,
        IsStudyComponent = section.Kind is "studycomponent" or "component",
    };

    private static RembiAnnotation ReadAnnotation(SectionView section) => new(
        section.Text("title", "name"), section.Text("annotationoverview", "overview", "description"), section.Texts("annotationtype", "type"),
        section.Text("annotationmethod", "method"), section.Text("annotationcriteria", "criteria"), section.Text("annotationcoverage", "coverage"),
        section.Texts("filelist", "filelists"), section.Place);

    private static List<RembiFileList> ListsOf(List<SectionView> all, string[] keys) =>
        [.. all.Where(s => s.Has(keys)).SelectMany(s => s.All(keys).Select(a =>
            new RembiFileList(a.Attribute.Value!.Trim(), s.PlaceOf(a.Index), SeparatorOf(a.Attribute))))];

    // The separator itself may be a blank or a tab, so it is not trimmed.
    private static string? SeparatorOf(PageTabAttribute attribute) =>
        attribute.ValueQualifiers.FirstOrDefault(q => SectionView.Key(q.Name) is "separator" or "valueseparator")?.Value is { Length: > 0 } separator ? separator : null;

    private static RembiInlineFile ReadInlineFile((PageTabFile Item, string Place) file) => new(
        file.Item.Path, file.Item.LengthBytes, file.Item.Type == "directory",
        [.. file.Item.Attributes.Where(a => !string.IsNullOrWhiteSpace(a.Value)).Select(a => new FileAttribute(a.Name, a.Value!))], file.Place);

    private static List<RembiOrganism> Distinct(IEnumerable<RembiOrganism> organisms) =>
        [.. organisms.GroupBy(o => o.ScientificName ?? o.CommonName ?? o.Text, StringComparer.OrdinalIgnoreCase)
            .Select(g => g.First() with { CommonName = g.Select(o => o.CommonName).FirstOrDefault(c => c is not null), TaxonId = g.Select(o => o.TaxonId).FirstOrDefault(t => t is not null) })];

    private static List<RembiTerm> Distinct(IEnumerable<RembiTerm> terms) =>
        [.. terms.DistinctBy(t => t.Value, StringComparer.OrdinalIgnoreCase)];
}
