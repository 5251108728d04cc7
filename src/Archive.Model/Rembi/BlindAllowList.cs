namespace Archive.Model.Rembi;

/// <summary>
/// What a reviewer sees of a page tab: types of sections and names of their attributes. What is not in this list is not shown, so that a
/// section or attribute that nobody here has heard of identifies nobody.
/// </summary>
internal static class BlindAllowList
{
    private static readonly HashSet<string> Described = Set("name", "title", "description", "filelist", "filelists", "imagingmethod", "imagingmethods", "technologytype", "organism", "organisms", "species");
    private static readonly HashSet<string> Studied = Set(
        "title", "description", "abstract", "keywords", "keyword", "license", "licence", "releasedate", "organism", "organisms", "species", "ncbitaxonid", "ncbitaxonomyid",
        "imagingmethod", "imagingmethods", "technologytype", "studytype", "filelist", "filelists");
    private static readonly HashSet<string> Sampled = Set(
        "title", "organism", "organisms", "species", "ncbitaxonid", "ncbitaxonomyid", "biologicalentity", "description", "experimentalvariable", "experimentalvariables",
        "extrinsicvariable", "extrinsicvariables", "intrinsicvariable", "intrinsicvariables");
    private static readonly HashSet<string> Prepared = Set("title", "samplepreparationprotocol", "samplepreparation", "growthprotocol");
    private static readonly HashSet<string> Acquired = Set("title", "imaginginstrument", "instrument", "imageacquisitionparameters", "imagingmethod", "imagingmethods", "technologytype");
    private static readonly HashSet<string> Correlated = Set("title", "overview", "spatialandtemporalalignment", "fiducialsused", "transformationmatrix");
    private static readonly HashSet<string> Analysed = Set("title", "overview", "imageanalysisoverview", "analysisoverview");
    private static readonly HashSet<string> Annotated = Set(
        "title", "name", "annotationoverview", "overview", "description", "annotationtype", "type", "annotationmethod", "method", "annotationcriteria", "criteria",
        "annotationcoverage", "coverage", "filelist", "filelists");
    private static readonly HashSet<string> Associated = Set("biosample", "specimen", "imageacquisition", "imagecorrelation", "imageanalysis");
    private static readonly HashSet<string> Methods = Set("ontologyvalue", "value", "ontologyname", "ontologytermid");
    private static readonly HashSet<string> Organisms = Set("scientificname", "commonname", "ncbitaxonid", "ncbitaxon");

    // By the key of a section's type: how it is called when shown, and what is shown of it.
    private static readonly Dictionary<string, (string Type, HashSet<string> Attributes)> Sections = new(StringComparer.Ordinal)
    {
        ["studycomponent"] = ("Study Component", Described),
        ["component"] = ("Component", Described),
        ["experiment"] = ("Experiment", Described),
        ["supplementarydata"] = ("Supplementary Data", Described),
        ["dataset"] = ("Dataset", Described),
        ["biosample"] = ("Biosample", Sampled),
        ["biosamples"] = ("Biosample", Sampled),
        ["specimen"] = ("Specimen", Prepared),
        ["specimens"] = ("Specimen", Prepared),
        ["imageacquisition"] = ("Image acquisition", Acquired),
        ["imageacquisitions"] = ("Image acquisition", Acquired),
        ["imagecorrelation"] = ("Image correlation", Correlated),
        ["imagecorrelations"] = ("Image correlation", Correlated),
        ["imageanalysis"] = ("Image analysis", Analysed),
        ["imageanalyses"] = ("Image analysis", Analysed),
        ["annotation"] = ("Annotation", Annotated),
        ["annotations"] = ("Annotation", Annotated),
        ["association"] = ("Associations", Associated),
        ["associations"] = ("Associations", Associated),
        ["imagingmethod"] = ("Imaging Method", Methods),
        ["organism"] = ("Organism", Organisms),
    };

    private static readonly HashSet<string> Qualifiers = Set("ontology", "ontologyname", "termid", "ontologytermid", "ncbitaxonid");

    /// <summary>What is shown of the submission itself.</summary>
    public static IReadOnlySet<string> Submission { get; } = Set("title", "releasedate", "template");

    /// <summary>What is shown of the root section, whatever its type.</summary>
    public static IReadOnlySet<string> Root => Studied;

    /// <summary>How a section of a type is called, and what is shown of it; null when nothing of it or below it is.</summary>
    public static (string Type, IReadOnlySet<string> Attributes)? Of(string kind) => Sections.TryGetValue(kind, out var allowed) ? allowed : null;

    /// <summary>Whether a qualifier is shown with its value.</summary>
    public static bool IsQualifier(string name) => Qualifiers.Contains(SectionView.Key(name));

    private static HashSet<string> Set(params string[] keys) => new(keys, StringComparer.Ordinal);
}
