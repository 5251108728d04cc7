using System.Buffers;
using Archive.Model.Submissions;

namespace Archive.Submissions.Validation;

/// <summary>What REMBI (template 5) asks for and what curators have to correct most often. Warnings all: a dataset outside the template is still taken.</summary>
public static class RembiRules
{
    private static readonly SearchValues<char> NeverInAddress = SearchValues.Create(" \t,;<>()");

    /// <summary>Every rule by name.</summary>
    public static IReadOnlyList<(string Name, MetadataRule Rule)> All { get; } =
    [
        ("study", Study), ("licence", Licence), ("authors", Authors), ("publications", Publications), ("links", Links),
        ("samples", Samples), ("acquisitions", Acquisitions), ("components", Components), ("associations", Associations),
    ];

    /// <summary>Description and keywords.</summary>
    public static void Study(MetadataSubject subject, FindingList findings)
    {
        if (subject.Study.Description is null) findings.Warn("description-missing", "$.section", "The study has no Description.");
        if (subject.Study.Keywords.Count == 0) findings.Warn("keywords-missing", "$.section", "The study has no Keywords.");
    }

    /// <summary>A licence that is recognised.</summary>
    public static void Licence(MetadataSubject subject, FindingList findings)
    {
        if (subject.Study.Licence is not { } licence) findings.Warn("licence-missing", "$.section", "The study has no License.", "CC0");
        else if (licence.SpdxId is null) findings.Warn("licence-unknown", licence.Place, $"The licence '{Short(licence.Text)}' is not recognised.", "CC BY 4.0");
    }

    /// <summary>Authors with names, sound addresses and affiliations that name an organisation.</summary>
    public static void Authors(MetadataSubject subject, FindingList findings)
    {
        if (subject.Study.Authors.Count == 0) findings.Warn("authors-missing", "$.section", "The study has no Author.");
        foreach (var author in subject.Study.Authors)
        {
            if (author.Name is null) findings.Warn("author-name-missing", author.Place, "The author has no Name.");
            if (author.Email is { } email && !IsAddress(email)) findings.Warn("email-malformed", author.Place, $"'{Short(email)}' is not one e-mail address.");
            if (author.OrcidText is { } orcid && author.Orcid is null) findings.Warn("orcid-malformed", author.Place, $"'{Short(orcid)}' is not an ORCID.");
            foreach (var affiliation in author.UnresolvedAffiliations)
                findings.Warn("affiliation-unresolved", author.Place, $"The affiliation '{Short(affiliation)}' names no organisation section.");
        }
    }

    /// <summary>Identifiers of publications are what they say.</summary>
    public static void Publications(MetadataSubject subject, FindingList findings)
    {
        foreach (var publication in subject.Study.Publications)
        {
            if (publication.DoiText is { } doi && publication.Doi is null)
                findings.Warn("doi-malformed", publication.Place, $"'{Short(doi)}' is not a DOI.", ProposedDoi(doi));
            if (publication.PubmedIdText is { } pubmed && publication.PubmedId is null)
                findings.Warn("pubmed-id-malformed", publication.Place, $"'{Short(pubmed)}' is not a PubMed id, which has digits only.");
        }
    }

    /// <summary>Links lead somewhere.</summary>
    public static void Links(MetadataSubject subject, FindingList findings)
    {
        foreach (var link in subject.Study.Links)
            if (link.Href is null && link.Type is null)
                findings.Warn("link-without-type", link.Place, $"'{Short(link.Text)}' is no address (http, https, ftp, mailto, DOI), and no attribute Type says what it is.");
    }

    /// <summary>Biosamples and specimens.</summary>
    public static void Samples(MetadataSubject subject, FindingList findings)
    {
        foreach (var sample in subject.Study.Biosamples)
        {
            if (sample.Title is null) findings.Warn("biosample-title-missing", sample.Place, "The biosample has no Title.");
            if (sample.Organisms.Count == 0) findings.Warn("organism-missing", sample.Place, "The biosample has no Organism.");
            if (sample.BiologicalEntity is null) findings.Warn("biological-entity-missing", sample.Place, "The biosample has no Biological entity.");
        }
        foreach (var specimen in subject.Study.Specimens)
        {
            if (specimen.Title is null) findings.Warn("specimen-title-missing", specimen.Place, "The specimen has no Title.");
            if (specimen.PreparationProtocol is null) findings.Warn("preparation-protocol-missing", specimen.Place, "The specimen has no Sample preparation protocol.");
        }
    }

    /// <summary>Image acquisitions.</summary>
    public static void Acquisitions(MetadataSubject subject, FindingList findings)
    {
        foreach (var acquisition in subject.Study.ImageAcquisitions)
        {
            if (acquisition.Title is null) findings.Warn("acquisition-title-missing", acquisition.Place, "The image acquisition has no Title.");
            if (acquisition.Instrument is null) findings.Warn("instrument-missing", acquisition.Place, "The image acquisition has no Imaging instrument.");
            if (acquisition.Methods.Count == 0) findings.Warn("imaging-method-missing", acquisition.Place, "The image acquisition has no Imaging method.");
        }
    }

    /// <summary>Components have a file list.</summary>
    public static void Components(MetadataSubject subject, FindingList findings)
    {
        if (subject.Study.Components.Count == 0 && subject.Study.FileLists.Count == 0 && subject.Study.InlineFiles.Count == 0)
            findings.Warn("component-missing", "$.section", "No Study Component names a File List: the files are deposited without attributes.");
        foreach (var component in subject.Study.Components)
            if (component.FileLists.Count == 0)
                findings.Warn("file-list-unnamed", component.Place, $"The component '{Short(component.Name ?? "")}' names no File List.");
    }

    /// <summary>Associations name sections that exist.</summary>
    public static void Associations(MetadataSubject subject, FindingList findings)
    {
        var study = subject.Study;
        var biosamples = Titles(study.Biosamples.Select(b => b.Title));
        var specimens = Titles(study.Specimens.Select(s => s.Title));
        var acquisitions = Titles(study.ImageAcquisitions.Select(a => a.Title));
        var correlations = Titles(study.ImageCorrelations.Select(c => c.Title));
        var analyses = Titles(study.ImageAnalyses.Select(a => a.Title));
        foreach (var association in study.Components.SelectMany(c => c.Associations))
        {
            Check(association.Biosample, biosamples, "Biosample");
            Check(association.Specimen, specimens, "Specimen");
            Check(association.ImageAcquisition, acquisitions, "Image acquisition");
            Check(association.ImageCorrelation, correlations, "Image correlation");
            Check(association.ImageAnalysis, analyses, "Image analysis");

            void Check(string? title, HashSet<string> titles, string kind)
            {
                if (title is not null && !titles.Contains(title))
                    findings.Warn("association-unresolved", association.Place, $"No {kind} has the title '{Short(title)}'.");
            }
        }
    }

    /// <summary>A text of the depositor's for a message.</summary>
    internal static string Short(string text) => text.Length <= 100 ? text : text[..100] + "…";

    private static HashSet<string> Titles(IEnumerable<string?> titles) => titles.OfType<string>().ToHashSet(StringComparer.OrdinalIgnoreCase);

    private static bool IsAddress(string text)
    {
        var at = text.IndexOf('@', StringComparison.Ordinal);
        return at > 0 && at == text.LastIndexOf('@') && text.IndexOf('.', at) > at + 1 && text[^1] != '.' && !text.AsSpan().ContainsAny(NeverInAddress);
    }

    private static string? ProposedDoi(string text)
    {
        var start = text.IndexOf("10.", StringComparison.Ordinal);
        return start >= 0 && text.IndexOf('/', start) > start && !text.AsSpan(start).Contains(' ') ? text[start..] : null;
    }
}
