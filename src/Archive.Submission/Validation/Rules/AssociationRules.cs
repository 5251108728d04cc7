using Archive.Model.Rules;

namespace Archive.Submissions.Validation;

/// <summary>Associations say what a component shows, and name sections that exist.</summary>
internal static class AssociationRules
{
    public static IReadOnlyList<Rule> All { get; } =
    [
        new("association-parts", "Each association names a Biosample, a Specimen and an Image acquisition.", RuleLevel.Warning, (subject, found) =>
        {
            foreach (var association in subject.Study.Components.SelectMany(c => c.Associations))
            {
                found.Missing(association.Biosample is null, "association-biosample-missing", association.Place, "The association names no Biosample.");
                found.Missing(association.Specimen is null, "association-specimen-missing", association.Place, "The association names no Specimen.");
                found.Missing(association.ImageAcquisition is null, "association-acquisition-missing", association.Place, "The association names no Image acquisition.");
            }
        }),
        new("associations", "Associations name titles that sections have.", RuleLevel.Warning, Resolve) { Fix = "the closest title" },
    ];

    private static void Resolve(MetadataSubject subject, RuleFindings found)
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
                    found.Add("association-unresolved", association.Place, $"No {kind} has the title '{RuleCatalogue.Short(title)}'.", Closest(subject, title, titles));
            }
        }
    }

    // Where there is one section only, it is the one that is meant.
    private static string? Closest(MetadataSubject subject, string title, HashSet<string> titles) =>
        titles.Count == 1 ? titles.First() : subject.Closest.Find(title, titles);

    private static HashSet<string> Titles(IEnumerable<string?> titles) => titles.OfType<string>().ToHashSet(StringComparer.OrdinalIgnoreCase);
}
