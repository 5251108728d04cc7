using Archive.Model.Rules;
using Archive.Model.Submissions;

namespace Archive.Submissions.Validation;

/// <summary>Every rule that there is, by name, and the run of them over metadata.</summary>
public static class RuleCatalogue
{
    /// <summary>The rule about uploads that still run.</summary>
    public const string UploadsWhole = "uploads-whole";

    /// <summary>The rule about paths.</summary>
    public const string FilePaths = "file-paths";

    /// <summary>The rule about lists of files and links.</summary>
    public const string FileLists = "file-lists";

    /// <summary>Every rule, in the order of its findings.</summary>
    public static IReadOnlyList<Rule> All { get; } =
    [
        .. ProtectiveRules.All, .. StudyRules.All, .. AuthorRules.All, .. ReferenceRules.All, .. SampleRules.All, .. AcquisitionRules.All,
        .. ComponentRules.All, .. AssociationRules.All, .. AnnotationRules.All,
    ];

    /// <summary>Every rule by its name.</summary>
    public static IReadOnlyDictionary<string, Rule> ByName { get; } = All.ToDictionary(r => r.Name, StringComparer.Ordinal);

    /// <summary>Holds metadata against a rule set. Pure, and bounded in time for any document that was taken.</summary>
    public static void Check(MetadataSubject subject, RuleSet set, FindingList findings)
    {
        foreach (var rule in All)
        {
            var entry = set.Rules.GetValueOrDefault(rule.Name);
            if (rule.Check is { } check && LevelOf(rule, entry) is not RuleLevel.Off and var level) check(subject, new(rule, entry, level, findings));
        }
    }

    /// <summary>What a rule weighs in a set; what protects the archive is an error whatever the set says.</summary>
    public static RuleLevel LevelOf(Rule rule, RuleEntry? entry) =>
        rule.IsProtective ? RuleLevel.Error : entry is null ? RuleLevel.Off : entry.Severity ?? rule.Severity;

    /// <summary>A number that a set gives to a rule.</summary>
    public static int Parameter(RuleSet set, string rule, string parameter) =>
        new RuleFindings(ByName[rule], set.Rules.GetValueOrDefault(rule), RuleLevel.Error, new FindingList())[parameter];

    /// <summary>The rule that a finding belongs to which was found where the files are.</summary>
    internal static string? OfFinding(string code) => code switch
    {
        "upload-running" => UploadsWhole,
        "page-tab-missing" => "root-section",
        "path-invalid" or "file-list-path" or "file-path" or "file-is-folder" or "file-name-unsafe" or "file-names-unsafe" or "file-case-collision" => FilePaths,
        _ => FileLists,
    };

    /// <summary>A text of the depositor's for a message.</summary>
    internal static string Short(string text) => text.Length <= 100 ? text : text[..100] + "…";
}
