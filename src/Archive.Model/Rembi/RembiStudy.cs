namespace Archive.Model.Rembi;

/// <summary>
/// A dataset's metadata in the words of REMBI, read once from the page tab. Everything is as the depositor wrote it, trimmed;
/// what could be cleaned stands beside it. Lists are in document order and never null; texts are null when absent or blank.
/// </summary>
public sealed record RembiStudy
{
    /// <summary>The study's title, or else the submission's.</summary>
    public string? Title { get; init; }

    /// <summary>Description, or Abstract in older layouts.</summary>
    public string? Description { get; init; }

    /// <summary>Keywords, split at commas and semicolons, each once without regard to case.</summary>
    public IReadOnlyList<string> Keywords { get; init; } = [];

    /// <summary>The licence; null when none is named.</summary>
    public RembiLicence? Licence { get; init; }

    /// <summary>The release date as written, not yet judged.</summary>
    public string? ReleaseDateText { get; init; }

    /// <summary>JSON path of the attribute that <see cref="ReleaseDateText"/> comes from; null with it.</summary>
    public string? ReleaseDatePlace { get; init; }

    /// <summary>Collections that the document asks to be attached to.</summary>
    public IReadOnlyList<string> AttachTo { get; init; } = [];

    /// <summary>The template that it was written by, such as <c>BioImages.v4</c>.</summary>
    public string? Template { get; init; }

    /// <summary>Thanks.</summary>
    public string? Acknowledgements { get; init; }

    /// <summary>Funding in words.</summary>
    public string? FundingStatement { get; init; }

    /// <summary>Authors and contacts.</summary>
    public IReadOnlyList<RembiAuthor> Authors { get; init; } = [];

    /// <summary>Organisations.</summary>
    public IReadOnlyList<RembiOrganisation> Organisations { get; init; } = [];

    /// <summary>Grants.</summary>
    public IReadOnlyList<RembiFunding> Funding { get; init; } = [];

    /// <summary>Publications.</summary>
    public IReadOnlyList<RembiPublication> Publications { get; init; } = [];

    /// <summary>Links of the study and of its components.</summary>
    public IReadOnlyList<RembiLink> Links { get; init; } = [];

    /// <summary>What was imaged.</summary>
    public IReadOnlyList<RembiBiosample> Biosamples { get; init; } = [];

    /// <summary>How samples were prepared.</summary>
    public IReadOnlyList<RembiSpecimen> Specimens { get; init; } = [];

    /// <summary>How images were taken.</summary>
    public IReadOnlyList<RembiImageAcquisition> ImageAcquisitions { get; init; } = [];

    /// <summary>How images of several kinds were brought together.</summary>
    public IReadOnlyList<RembiProtocol> ImageCorrelations { get; init; } = [];

    /// <summary>How images were analysed.</summary>
    public IReadOnlyList<RembiProtocol> ImageAnalyses { get; init; } = [];

    /// <summary>Parts of the dataset with a file list of their own; also experiments and supplements of older layouts.</summary>
    public IReadOnlyList<RembiComponent> Components { get; init; } = [];

    /// <summary>Annotations of images (MIFA).</summary>
    public IReadOnlyList<RembiAnnotation> Annotations { get; init; } = [];

    /// <summary>Every organism named anywhere, each scientific name once.</summary>
    public IReadOnlyList<RembiOrganism> Organisms { get; init; } = [];

    /// <summary>Every imaging method named anywhere, each once without regard to case.</summary>
    public IReadOnlyList<RembiTerm> ImagingMethods { get; init; } = [];

    /// <summary>Every file list named anywhere, in document order.</summary>
    public IReadOnlyList<RembiFileList> FileLists { get; init; } = [];

    /// <summary>Every link list named anywhere, in document order.</summary>
    public IReadOnlyList<RembiFileList> LinkLists { get; init; } = [];

    /// <summary>Sections whose type is none that the archive knows, by type and place, each type once and 1,000 at most.</summary>
    public IReadOnlyList<(string Type, string Place)> UnknownSections { get; init; } = [];

    /// <summary>Files that sections name inline.</summary>
    public IReadOnlyList<RembiInlineFile> InlineFiles { get; init; } = [];
}

/// <summary>A licence.</summary>
/// <param name="Text">As written.</param>
/// <param name="Name">The usual short name, such as <c>CC BY 4.0</c>; null when the text is not recognised.</param>
/// <param name="SpdxId">The SPDX identifier, such as <c>CC-BY-4.0</c>; null when not recognised.</param>
/// <param name="Url">The licence's own page; null when not recognised.</param>
/// <param name="Place">JSON path.</param>
public sealed record RembiLicence(string Text, string? Name, string? SpdxId, string? Url, string Place)
{
    /// <summary>The short names of the licences that are recognised, the usual ones first.</summary>
    public static IReadOnlyList<string> KnownNames => RembiTexts.LicenceNames;
}

/// <summary>An author or contact.</summary>
/// <param name="Name">The person's name.</param>
/// <param name="Email">The address as written; shown to nobody but the owner and curators.</param>
/// <param name="Orcid">19 characters with hyphens, taken out of an address where one was given; null when absent or malformed.</param>
/// <param name="OrcidText">As written.</param>
/// <param name="Role">As written.</param>
/// <param name="Affiliations">Organisations by name, references resolved.</param>
/// <param name="UnresolvedAffiliations">References that no section answers to.</param>
/// <param name="Place">JSON path of the section.</param>
public sealed record RembiAuthor(
    string? Name, string? Email, string? Orcid, string? OrcidText, string? Role,
    IReadOnlyList<string> Affiliations, IReadOnlyList<string> UnresolvedAffiliations, string Place);

/// <summary>An organisation.</summary>
/// <param name="Accession">What authors refer to it by.</param>
/// <param name="Name">Its name.</param>
/// <param name="Address">Its address.</param>
/// <param name="RorId">Its identifier in the Research Organization Registry, as written.</param>
/// <param name="Place">JSON path of the section.</param>
public sealed record RembiOrganisation(string? Accession, string? Name, string? Address, string? RorId, string Place);

/// <summary>A grant.</summary>
public sealed record RembiFunding(string? Agency, string? GrantId, string Place);

/// <summary>A publication.</summary>
/// <param name="Title">Its title.</param>
/// <param name="Authors">As written.</param>
/// <param name="Doi">Begins with <c>10.</c>, taken out of an address where one was given; null when absent or malformed.</param>
/// <param name="DoiText">As written.</param>
/// <param name="PubmedId">Digits; null when absent or anything else.</param>
/// <param name="PubmedIdText">As written; real ones say <c>pending</c>.</param>
/// <param name="PmcId">As written.</param>
/// <param name="Journal">As written.</param>
/// <param name="Year">As written.</param>
/// <param name="Place">JSON path of the section.</param>
public sealed record RembiPublication(
    string? Title, string? Authors, string? Doi, string? DoiText, string? PubmedId, string? PubmedIdText,
    string? PmcId, string? Journal, string? Year, string Place);

/// <summary>A link.</summary>
/// <param name="Text">As written.</param>
/// <param name="Href">A safe address (http, https, ftp or mailto; a DOI becomes one); null when the text is none of them.</param>
/// <param name="Description">What is found there.</param>
/// <param name="Type">As written.</param>
/// <param name="Place">JSON path.</param>
public sealed record RembiLink(string Text, string? Href, string? Description, string? Type, string Place);

/// <summary>An organism.</summary>
/// <param name="ScientificName">Genus with a capital and one blank between words; null when only a common name is known.</param>
/// <param name="CommonName">The name in everyday words.</param>
/// <param name="TaxonId">NCBI taxon in digits; null when absent.</param>
/// <param name="Text">As written.</param>
public sealed record RembiOrganism(string? ScientificName, string? CommonName, string? TaxonId, string Text);

/// <summary>A term, where known with its ontology.</summary>
/// <param name="Value">The term in words.</param>
/// <param name="Ontology">The ontology's name as written.</param>
/// <param name="TermId">The identifier as written.</param>
public sealed record RembiTerm(string Value, string? Ontology, string? TermId);

/// <summary>What was imaged.</summary>
public sealed record RembiBiosample(
    string? Title, IReadOnlyList<RembiOrganism> Organisms, string? BiologicalEntity, string? Description,
    IReadOnlyList<string> ExperimentalVariables, IReadOnlyList<string> ExtrinsicVariables, IReadOnlyList<string> IntrinsicVariables, string Place);

/// <summary>How a sample was prepared.</summary>
public sealed record RembiSpecimen(string? Title, string? PreparationProtocol, string? GrowthProtocol, string Place);

/// <summary>How images were taken.</summary>
public sealed record RembiImageAcquisition(string? Title, string? Instrument, string? Parameters, IReadOnlyList<RembiTerm> Methods, string Place);

/// <summary>An image correlation or analysis.</summary>
/// <param name="Title">Its title.</param>
/// <param name="Overview">The overview; null when absent.</param>
/// <param name="Details">The other attributes as written.</param>
/// <param name="Place">JSON path of the section.</param>
public sealed record RembiProtocol(string? Title, string? Overview, IReadOnlyList<(string Name, string Value)> Details, string Place);

/// <summary>A part of the dataset.</summary>
/// <param name="Name">Its name, or else its type as written.</param>
/// <param name="Description">What it holds.</param>
/// <param name="FileLists">Its file lists by name, as written.</param>
/// <param name="Associations">What its files were made from.</param>
/// <param name="Place">JSON path of the section.</param>
public sealed record RembiComponent(
    string? Name, string? Description, IReadOnlyList<string> FileLists, IReadOnlyList<RembiAssociation> Associations, string Place)
{
    /// <summary>Whether it has a name of its own.</summary>
    public bool IsNamed { get; init; } = true;

    /// <summary>Whether it is a Study Component of the template, and not a part in an older layout.</summary>
    public bool IsStudyComponent { get; init; } = true;
}

/// <summary>Titles of the sections that a component's files come from.</summary>
public sealed record RembiAssociation(
    string? Biosample, string? Specimen, string? ImageAcquisition, string? ImageCorrelation, string? ImageAnalysis, string Place);

/// <summary>An annotation of images.</summary>
public sealed record RembiAnnotation(
    string? Title, string? Overview, IReadOnlyList<string> Types, string? Method, string? Criteria, string? Coverage,
    IReadOnlyList<string> FileLists, string Place);

/// <summary>A list of files or links that a section names.</summary>
/// <param name="Name">As written: the path of a staged file.</param>
/// <param name="Place">JSON path of the attribute.</param>
/// <param name="Separator">What stands between several values of one cell, from the value qualifier <c>Separator</c>; null: a cell is one value.</param>
public sealed record RembiFileList(string Name, string Place, string? Separator = null);

/// <summary>A file that a section names inline.</summary>
/// <param name="Path">As written.</param>
/// <param name="LengthBytes">The declared size, or null.</param>
/// <param name="IsFolder">Whether it stands for everything below it.</param>
/// <param name="Attributes">Names and values in order; blank ones left out.</param>
/// <param name="Place">JSON path.</param>
public sealed record RembiInlineFile(
    string Path, long? LengthBytes, bool IsFolder, IReadOnlyList<Archive.Model.Files.FileAttribute> Attributes, string Place);
