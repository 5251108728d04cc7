using Archive.Model.Rembi;
using Archive.Model.Rules;

namespace Archive.Submissions.Validation;

/// <summary>What REMBI asks of the parts of a study.</summary>
internal static class ComponentRules
{
    public static IReadOnlyList<Rule> All { get; } =
    [
        new("component", "A Study Component names a File List, so that files have attributes.", RuleLevel.Warning, (subject, found) => found.Missing(
            subject.Study is { Components.Count: 0, FileLists.Count: 0, InlineFiles.Count: 0 },
            "component-missing", "$.section", "No Study Component names a File List: the files are deposited without attributes.")),
        Each("component-name", "Each component has a Name.", (c, found) => found.Missing(!c.IsNamed, "component-name-missing", c.Place, "The component has no Name.")),
        Each("component-description", "Each component has a Description.", (c, found) => found.Missing(
            c.Description is null, "component-description-missing", c.Place, $"The component '{RuleCatalogue.Short(c.Name ?? "")}' has no Description.")),
        new("component-file-list", "Each component names a File List.", RuleLevel.Warning, (subject, found) =>
        {
            foreach (var component in subject.Study.Components)
                if (component.FileLists.Count == 0)
                    found.Add("file-list-unnamed", component.Place, $"The component '{RuleCatalogue.Short(component.Name ?? "")}' names no File List.");
        }),
        Each("component-associations", "Each component has Associations: which samples it shows and how they were prepared and imaged.", (c, found) => found.Missing(
            c.Associations.Count == 0, "associations-missing", c.Place,
            $"The component '{RuleCatalogue.Short(c.Name ?? "")}' has no Associations: name a Biosample, a Specimen and an Image acquisition by their titles.")),
        new("sections-placed", "Biosamples, specimens, acquisitions and analyses stand in the study, where all components can name them, and not in a component.", RuleLevel.Warning, Placed)
        {
            Fix = "the study",
        },
        new("titles-distinct", "No two sections of a kind have the same title, by which associations name them.", RuleLevel.Warning, Distinct),
    ];

    // Parts of older layouts have neither names nor associations.
    private static Rule Each(string name, string about, Action<RembiComponent, RuleFindings> check) => new(name, about, RuleLevel.Warning, (subject, found) =>
    {
        foreach (var component in subject.Study.Components)
            if (component.IsStudyComponent) check(component, found);
    });

    private static IEnumerable<(string Kind, string? Title, string Place)> Named(RembiStudy study) =>
        study.Biosamples.Select(b => ("Biosample", b.Title, b.Place))
            .Concat(study.Specimens.Select(s => ("Specimen", s.Title, s.Place)))
            .Concat(study.ImageAcquisitions.Select(a => ("Image acquisition", a.Title, a.Place)))
            .Concat(study.ImageCorrelations.Select(c => ("Image correlation", c.Title, c.Place)))
            .Concat(study.ImageAnalyses.Select(a => ("Image analysis", a.Title, a.Place)));

    private static void Placed(MetadataSubject subject, RuleFindings found)
    {
        var components = subject.Study.Components.Where(c => c.IsStudyComponent).Select(c => c.Place).ToHashSet(StringComparer.Ordinal);
        if (components.Count == 0) return;
        foreach (var (kind, _, place) in Named(subject.Study))
            if (place.LastIndexOf(".subsections[", StringComparison.Ordinal) is > 0 and var end && components.Contains(place[..end]))
                found.Add("section-misplaced", place, $"The {kind} stands in a component: move it into the study, and name it in the component's Associations by its title.", "$.section");
    }

    private static void Distinct(MetadataSubject subject, RuleFindings found)
    {
        var seen = new HashSet<(string, string)>();
        foreach (var (kind, title, place) in Named(subject.Study))
            if (title is not null && !seen.Add((kind, title.ToUpperInvariant())))
                found.Add("title-repeated", place, $"Two sections of type {kind} have the title '{RuleCatalogue.Short(title)}': an association that names it means the first.");
    }
}
