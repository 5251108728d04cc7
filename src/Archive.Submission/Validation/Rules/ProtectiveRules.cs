using Archive.Model.Datasets;
using Archive.Model.Rules;
using Archive.Submissions.Revisions;

namespace Archive.Submissions.Validation;

/// <summary>Rules that protect the archive: without them there is nothing to show, or no end to an embargo. No set can turn them off.</summary>
internal static class ProtectiveRules
{
    /// <summary>The rule about the length of an embargo.</summary>
    public const string Embargo = "embargo";

    /// <summary>Its parameter.</summary>
    public const string EmbargoYears = "years";

    public static IReadOnlyList<Rule> All { get; } =
    [
        Protective("root-section", "There is a root section: the study itself.", (subject, found) => found.Missing(subject.Document.Section is null,
            "section-missing", "$", "The page tab has no 'section': the study itself with its title, description and file lists.")),
        Protective("title-present", "The study has a title.", (subject, found) => found.Missing(subject.Study.Title is null,
            "title-missing", "$.section", "The study has no Title.")),
        Protective("title-maximum", "The title has 5,000 characters at most.", (subject, found) => found.Missing(subject.Study.Title?.Length > 5000,
            "title-long", "$.section", "The title is longer than 5,000 characters.")),
        Protective("release-date", "There is a ReleaseDate, as YYYY-MM-DD or as an instant with its offset.", ReleaseDate) with { Fix = "today" },
        Protective(Embargo, "An embargo has an end that is not too far.", EmbargoEnd) with
        {
            Fix = "the last day that is allowed",
            Parameters = [new(EmbargoYears, "the longest embargo in years", 2, 0, 2)],
        },
        Protective("revision", "What is revised was not withdrawn, and its newest version is the one that the revision began from.", Revision),
        Protective(RuleCatalogue.UploadsWhole, "No file is still being uploaded.", null),
        Protective(RuleCatalogue.FilePaths, "Paths of files are ones that every system can keep; unusual names are told as warnings.", null) with { Fix = "a safe name" },
        Protective(RuleCatalogue.FileLists, "Lists of files and links are there and can be read, and the files that they name were uploaded, each listed once; odd columns are told as warnings.", null),
    ];

    private static Rule Protective(string name, string about, Action<MetadataSubject, RuleFindings>? check) =>
        new(name, about, RuleLevel.Error, check) { IsProtective = true };

    private static void Revision(MetadataSubject subject, RuleFindings found)
    {
        if (subject.Revised is not { } revised) return;
        if (revised.Head.State == DatasetState.Withdrawn)
            found.Add("dataset-withdrawn", "$", $"{revised.Head.Accession} was withdrawn and takes no further version.");
        if (!revised.IsCurrent) found.Add(RevisionBase.MovedCode, "$", revised.MovedMessage);
    }

    private static void ReleaseDate(MetadataSubject subject, RuleFindings found)
    {
        if (subject.KeptReleaseDate is not null) return;
        var (text, place) = (subject.Study.ReleaseDateText, subject.Study.ReleaseDatePlace ?? "$.attributes");
        if (text is null)
            found.Add("release-date-missing", place, "The page tab has no ReleaseDate: give one of the form YYYY-MM-DD.", subject.Today);
        else if (!ReleaseDates.TryParse(text, out _))
            found.Add("release-date-invalid", place, "The ReleaseDate is neither YYYY-MM-DD nor an instant such as 2026-03-01T12:00:00Z.", subject.Today);
    }

    private static void EmbargoEnd(MetadataSubject subject, RuleFindings found)
    {
        if (subject.ReleaseDate is not { } date || subject.KeptReleaseDate is not null) return;
        // A revision does not make an embargo longer: it counts from the first version.
        var last = (subject.Revised?.Head.Versions[0].CommittedAt ?? subject.Now).AddYears(found[EmbargoYears]);
        if (date > last)
            found.Add("release-date-far", subject.Study.ReleaseDatePlace ?? "$.attributes", found[EmbargoYears] == 0
                    ? "The ReleaseDate is ahead, and this collection takes no embargo."
                    : $"The ReleaseDate is more than {found[EmbargoYears]} years ahead of the first submission, which is the longest embargo.",
                ReleaseDates.Write(new(last.UtcDateTime.Date, TimeSpan.Zero)));
    }
}
