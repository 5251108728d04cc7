using Archive.Model.Datasets;
using Archive.Model.PageTab;
using Archive.Model.Submissions;

namespace Archive.Submissions.Validation;

/// <summary>A rule looks at metadata and adds what it finds.</summary>
public delegate void MetadataRule(MetadataSubject subject, FindingList findings);

/// <summary>
/// The rules that run within the submit request: pure, without a look at any file. Errors are few, since the archive takes what
/// is outside the template; everything that REMBI asks for beyond them is a warning.
/// </summary>
public static class MetadataRules
{
    /// <summary>The longest embargo in years.</summary>
    public const int MaxEmbargoYears = 2;

    /// <summary>Every rule by name, in the order of its findings.</summary>
    public static IReadOnlyList<(string Name, MetadataRule Rule)> All { get; } =
    [
        ("root-section", RootSection),
        ("title", Title),
        ("release-date", ReleaseDate),
        ("accession", Accession),
        ("attach-to", AttachTo),
        ("section-accessions", SectionAccessions),
        .. RembiRules.All,
    ];

    /// <summary>There is a root section.</summary>
    public static void RootSection(MetadataSubject subject, FindingList findings)
    {
        if (subject.Document.Section is null)
            findings.Error("section-missing", "$", "The page tab has no 'section': the study itself with its title, description and file lists.");
    }

    /// <summary>There is a title, and it says something.</summary>
    public static void Title(MetadataSubject subject, FindingList findings)
    {
        if (subject.Study.Title is not { } title)
            findings.Error("title-missing", "$.section", "The study has no Title.");
        else if (title.Length < 25)
            findings.Warn("title-short", "$.section", "The title is shorter than 25 characters: say what was imaged, and what for.");
        else if (title.Length > 5000)
            findings.Error("title-long", "$.section", "The title is longer than 5,000 characters.");
    }

    /// <summary>There is a release date; past means now, and an embargo has an end.</summary>
    public static void ReleaseDate(MetadataSubject subject, FindingList findings)
    {
        var today = ReleaseDates.Write(new(subject.Now.UtcDateTime.Date, TimeSpan.Zero));
        var (text, place) = (subject.Study.ReleaseDateText, subject.Study.ReleaseDatePlace ?? "$.attributes");
        if (text is null)
            findings.Error("release-date-missing", place, "The page tab has no ReleaseDate: give one of the form YYYY-MM-DD.", today);
        else if (!ReleaseDates.TryParse(text, out var date))
            findings.Error("release-date-invalid", place, "The ReleaseDate is neither YYYY-MM-DD nor an instant such as 2026-03-01T12:00:00Z.", today);
        else if (date > subject.Now.AddYears(MaxEmbargoYears))
            findings.Error("release-date-far", place, $"The ReleaseDate is more than {MaxEmbargoYears} years ahead, which is the longest embargo.",
                ReleaseDates.Write(new(subject.Now.AddYears(MaxEmbargoYears).UtcDateTime.Date, TimeSpan.Zero)));
        else if (date < new DateTimeOffset(subject.Now.UtcDateTime.Date, TimeSpan.Zero))
            findings.Warn("release-date-past", place, "The ReleaseDate is past: the dataset is released at once, and today is recorded.", today);
    }

    /// <summary>An accession that the document brings along is not obeyed.</summary>
    public static void Accession(MetadataSubject subject, FindingList findings)
    {
        if (subject.Document.Accession is { Length: > 0 } brought && brought != subject.Accession?.ToString())
            findings.Warn("accession-ignored", "$.accno", "The archive gives accessions itself: the one that the page tab names is kept with the document as sent, and not used.");
    }

    /// <summary>Collections to be attached to exist.</summary>
    public static void AttachTo(MetadataSubject subject, FindingList findings)
    {
        foreach (var name in subject.Study.AttachTo)
            if (!subject.KnownAttachments.Any(c => c.Id.Equals(name, StringComparison.OrdinalIgnoreCase)))
                findings.Warn("collection-unknown", "$.attributes", $"AttachTo names '{RembiRules.Short(name)}', which is no collection here: the draft's own collection holds.");
    }

    /// <summary>Sections are told apart by their accessions; real documents repeat them.</summary>
    public static void SectionAccessions(MetadataSubject subject, FindingList findings)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var at in SectionWalk.Over(subject.Document))
            if (at.Section.Accession is { Length: > 0 } accession && !seen.Add(accession))
                findings.Warn("section-accession-repeated", at.Place + ".accno", $"Two sections have the accession '{RembiRules.Short(accession)}': a reference to it means the first.");
    }
}
