using Archive.Model.Rembi;
using Archive.Model.Rules;

namespace Archive.Submissions.Validation;

/// <summary>What REMBI asks of image acquisitions, correlations and analyses.</summary>
internal static class AcquisitionRules
{
    // Biological Imaging Methods Ontology (purl.obolibrary.org/obo/fbbi.owl): the methods of most datasets.
    private static readonly (string Id, string[] Names)[] Methods =
    [
        ("00000243", ["bright-field microscopy", "brightfield microscopy", "bright field microscopy"]), ("00000246", ["fluorescence microscopy"]),
        ("00000251", ["confocal microscopy"]), ("00000253", ["spinning disk confocal microscopy", "spinning disc confocal microscopy"]),
        ("00000254", ["multi-photon microscopy", "multiphoton microscopy"]), ("00000257", ["scanning electron microscopy", "scanning electron microscopy (SEM)"]),
        ("00000258", ["transmission electron microscopy", "transmission electron microscopy (TEM)"]),
    ];

    public static IReadOnlyList<Rule> All { get; } =
    [
        new("image-acquisition", "The study has an Image acquisition: how images were taken.", RuleLevel.Warning, (subject, found) => found.Missing(
            subject.Study.ImageAcquisitions.Count == 0, "image-acquisition-missing", "$.section", "The study has no Image acquisition: how images were taken.")),
        Each("acquisition-title", "Each image acquisition has a Title.", (a, found) => found.Missing(
            a.Title is null, "acquisition-title-missing", a.Place, "The image acquisition has no Title.")),
        Each("imaging-instrument", "Each image acquisition has an Imaging instrument.", (a, found) => found.Missing(
            a.Instrument is null, "instrument-missing", a.Place, "The image acquisition has no Imaging instrument.")),
        Each("acquisition-parameters", "Each image acquisition has Image acquisition parameters.", (a, found) => found.Missing(
            a.Parameters is null, "acquisition-parameters-missing", a.Place, "The image acquisition has no Image acquisition parameters.")),
        Each("imaging-method", "Each image acquisition has an Imaging method.", (a, found) => found.Missing(
            a.Methods.Count == 0, "imaging-method-missing", a.Place, "The image acquisition has no Imaging method.")),
        new("imaging-method-term", "Each imaging method is a term of FBbi.", RuleLevel.Warning, Term) { Fix = "the term of a common method" },
        EachProtocol("correlation-title", "Each image correlation has a Title.", "correlation-title-missing", "The image correlation has no Title.", s => s.ImageCorrelations),
        EachProtocol("analysis-title", "Each image analysis has a Title.", "analysis-title-missing", "The image analysis has no Title.", s => s.ImageAnalyses),
    ];

    private static Rule Each(string name, string about, Action<RembiImageAcquisition, RuleFindings> check) => new(name, about, RuleLevel.Warning, (subject, found) =>
    {
        foreach (var acquisition in subject.Study.ImageAcquisitions) check(acquisition, found);
    });

    private static Rule EachProtocol(string name, string about, string code, string message, Func<RembiStudy, IReadOnlyList<RembiProtocol>> protocols) =>
        new(name, about, RuleLevel.Warning, (subject, found) =>
        {
            foreach (var protocol in protocols(subject.Study))
                if (protocol.Title is null) found.Add(code, protocol.Place, message);
        });

    // Each method once, at the first acquisition that names it.
    private static void Term(MetadataSubject subject, RuleFindings found)
    {
        var places = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var acquisition in subject.Study.ImageAcquisitions)
            foreach (var method in acquisition.Methods)
                if (!IsTerm(method)) places.TryAdd(method.Value, acquisition.Place);
        foreach (var method in subject.Study.ImagingMethods)
            if (!IsTerm(method)) places.TryAdd(method.Value, "$.section");
        foreach (var (method, place) in places)
            found.Add("imaging-method-no-term", place, $"The imaging method '{RuleCatalogue.Short(method)}' has no term of FBbi, such as FBbi:00000251.", TermOf(method));
    }

    private static bool IsTerm(RembiTerm method) => method.TermId?.Contains("fbbi", StringComparison.OrdinalIgnoreCase) == true;

    private static string? TermOf(string method)
    {
        foreach (var (id, names) in Methods)
            if (names.Contains(method.Trim(), StringComparer.OrdinalIgnoreCase))
                return "FBbi:" + id;
        return null;
    }
}
