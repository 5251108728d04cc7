using Archive.Model.Rembi;
using Archive.Model.Rules;

namespace Archive.Submissions.Validation;

/// <summary>What MIFA (metadata, incentives, formats and accessibility for annotations) asks of annotations of images.</summary>
internal static class AnnotationRules
{
    private static readonly string[] Types =
    [
        "class_labels", "bounding_boxes", "counts", "derived_annotations", "geometrical_annotations", "graphs", "point_annotations", "segmentation_mask",
        "tracks", "weak_annotations", "other",
    ];

    private static readonly char[] Separators = [',', ';'];

    public static IReadOnlyList<Rule> All { get; } =
    [
        new("annotations", "The study has Annotations.", RuleLevel.Warning, (subject, found) => found.Missing(
            subject.Study.Annotations.Count == 0, "annotations-missing", "$.section", "The study has no Annotations section.")),
        Each("annotation-title", "Each annotation has a Title.", (a, found) => found.Missing(a.Title is null, "annotation-title-missing", a.Place, "The annotation has no Title.")),
        Each("annotation-overview", "Each annotation has an Annotation Overview.", (a, found) => found.Missing(
            a.Overview is null, "annotation-overview-missing", a.Place, "The annotation has no Annotation Overview: what was annotated and what for.")),
        Each("annotation-type", "Each annotation has an Annotation Type.", (a, found) => found.Missing(
            a.Types.Count == 0, "annotation-type-missing", a.Place, "The annotation has no Annotation Type, such as segmentation_mask.")),
        new("annotation-type-known", "Types of annotations are of MIFA's vocabulary.", RuleLevel.Warning, (subject, found) =>
        {
            foreach (var annotation in subject.Study.Annotations)
                foreach (var type in annotation.Types.SelectMany(t => t.Split(Separators, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)))
                    if (!Types.Contains(type.Replace(' ', '_'), StringComparer.OrdinalIgnoreCase))
                        found.Add("annotation-type-unknown", annotation.Place, $"'{RuleCatalogue.Short(type)}' is none of MIFA's types: {string.Join(", ", Types)}.",
                            subject.Closest.Find(type, Types));
        }) { Fix = "the closest type" },
        Each("annotation-method", "Each annotation has an Annotation Method.", (a, found) => found.Missing(
            a.Method is null, "annotation-method-missing", a.Place, "The annotation has no Annotation Method: by whom or what it was made, and how.")),
        Each("annotation-file-list", "Each annotation names a File List.", (a, found) => found.Missing(
            a.FileLists.Count == 0, "annotation-file-list-missing", a.Place, "The annotation names no File List: which files hold it.")),
    ];

    private static Rule Each(string name, string about, Action<RembiAnnotation, RuleFindings> check) => new(name, about, RuleLevel.Warning, (subject, found) =>
    {
        foreach (var annotation in subject.Study.Annotations) check(annotation, found);
    });
}
