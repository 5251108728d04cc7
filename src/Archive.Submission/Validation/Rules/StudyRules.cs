using Archive.Model.Datasets;
using Archive.Model.PageTab;
using Archive.Model.Rembi;
using Archive.Model.Rules;
using Archive.Submissions.Collections;

namespace Archive.Submissions.Validation;

/// <summary>What the archive and REMBI ask of a study as a whole.</summary>
internal static class StudyRules
{
    private static readonly string[] Promises =
    [
        "pending", "tbd", "tba", "tbc", "todo", "to do", "to be determined", "to be added", "to be announced", "to be confirmed", "xxx", "coming soon",
    ];

    private static readonly HashSet<string> Promised = new(Promises, StringComparer.OrdinalIgnoreCase);

    private static readonly HashSet<string> Placeholders = new(
        [.. Promises, "n/a", "n.a", "na", "none", "unknown", "not applicable", "not available", "in press", "in review", "submitted", "?", "-"],
        StringComparer.OrdinalIgnoreCase);

    // Rules of their own look at these.
    private static readonly HashSet<string> JudgedElsewhere = new(
        ["doi", "pubmedid", "pmid", "orcid", "orcidid", "email", "license", "licence", "releasedate"], StringComparer.OrdinalIgnoreCase);

    public static IReadOnlyList<Rule> All { get; } =
    [
        new("release-date-past", "The release date is not past; a past one means today.", RuleLevel.Warning, ReleaseDatePast) { Fix = "today" },
        new("release-date-kept", "A revision of a public dataset, or by who only edits it, gives the release date that stands, or none.", RuleLevel.Warning, (subject, found) =>
        {
            if (subject.KeptReleaseDate is { } since && subject.Study.ReleaseDateText is not null && subject.ReleaseDate != since)
                found.Add("release-date-kept", subject.Study.ReleaseDatePlace ?? "$.attributes",
                    subject.Revised?.Head.State == DatasetState.Released
                        ? "The dataset is public already: its release date does not move, and the one that is given is passed over."
                        : "The release date is moved by the dataset's owner and by curators: the one that is given is passed over.", ReleaseDates.Write(since));
        }) { Fix = "the date that stands" },
        new("accession-own", "The page tab brings no accession of its own, since the archive gives them.", RuleLevel.Warning, (subject, found) =>
        {
            if (subject.Document.Accession is { Length: > 0 } brought && brought != subject.Accession?.ToString())
                found.Add("accession-ignored", "$.accno", "The archive gives accessions itself: the one that the page tab names is kept with the document as sent, and not used.", "");
        }) { Fix = "to leave it out" },
        new("attach-to", "AttachTo names a collection that is there and takes the depositor's datasets.", RuleLevel.Warning, AttachTo) { Fix = "the closest collection" },
        new("section-accessions", "No two sections have the same accession.", RuleLevel.Warning, SectionAccessions),
        new("section-types", "Types of sections are spelt as the template spells them, but for case and blanks.", RuleLevel.Warning, SectionTypes) { Fix = "the closest type" },
        new("title-length", "The title is long enough to say what was imaged, and what for.", RuleLevel.Warning, (subject, found) =>
        {
            if (subject.Study.Title is { } title && title.Length < found["min"])
                found.Add("title-short", "$.section", $"The title is shorter than {found["min"]} characters: say what was imaged, and what for.");
        }) { Parameters = [new("min", "the least length in characters", 25, 1, 1000)] },
        new("description", "The study has a Description.", RuleLevel.Warning, (subject, found) =>
        {
            if (subject.Study.Description is not { } text) found.Add("description-missing", "$.section", "The study has no Description.");
            else if (text.Length < found["min"]) found.Add("description-short", "$.section", $"The Description is shorter than {found["min"]} characters.");
        }) { Parameters = [new("min", "the least length in characters", 1, 1, 10_000)] },
        new("keywords", "The study has Keywords.", RuleLevel.Warning, (subject, found) =>
        {
            if (subject.Study.Keywords.Count == 0) found.Add("keywords-missing", "$.section", "The study has no Keywords.");
            else if (subject.Study.Keywords.Count < found["min"]) found.Add("keywords-few", "$.section", $"The study has fewer than {found["min"]} Keywords.");
        }) { Parameters = [new("min", "the least number", 1, 1, 50)] },
        new("licence", "The study has a License.", RuleLevel.Warning, (subject, found) =>
        {
            if (subject.Study.Licence is null) found.Add("licence-missing", "$.section", "The study has no License.", "CC0");
        }) { Fix = "CC0" },
        new("licence-known", "The License is one that is recognised, such as CC0 or CC BY 4.0.", RuleLevel.Warning, (subject, found) =>
        {
            if (subject.Study.Licence is { SpdxId: null } licence)
                found.Add("licence-unknown", licence.Place, $"The licence '{RuleCatalogue.Short(licence.Text)}' is not recognised; usual ones are CC0 and CC BY 4.0.",
                    subject.Closest.Find(licence.Text, RembiLicence.KnownNames));
        }) { Fix = "the closest licence" },
        new("placeholders", "No attribute is a placeholder such as TBD or pending.", RuleLevel.Warning, NoPlaceholders) { Fix = "to leave it out" },
    ];

    /// <summary>Whether a text stands where an identifier should, and says that there is none or not yet.</summary>
    public static bool IsPlaceholder(string text) => Placeholders.Contains(text.Trim().TrimEnd('.', '!'));

    private static void ReleaseDatePast(MetadataSubject subject, RuleFindings found)
    {
        if (subject.KeptReleaseDate is null && subject.ReleaseDate is { } date && date < new DateTimeOffset(subject.Now.UtcDateTime.Date, TimeSpan.Zero))
            found.Add("release-date-past", subject.Study.ReleaseDatePlace ?? "$.attributes",
                "The ReleaseDate is past: the dataset is released at once, and today is recorded.", subject.Today);
    }

    private static void AttachTo(MetadataSubject subject, RuleFindings found)
    {
        const string place = "$.attributes";
        foreach (var (name, outcome, collection) in subject.Attachments)
        {
            var text = RuleCatalogue.Short(name);
            if (outcome == AttachOutcome.Unknown)
                found.Add("collection-unknown", place, $"AttachTo names '{text}', which is no collection here: the draft's own collection holds.", collection);
            else if (outcome == AttachOutcome.Closed)
                found.Add("collection-closed", place, $"AttachTo names '{text}', which does not take this account's datasets: the draft's own collection holds.", "");
            else if (outcome == AttachOutcome.Second)
                found.Add("collection-second", place, $"AttachTo names '{text}' too, but a dataset belongs to one collection: the first that takes it.", "");
            else if (outcome == AttachOutcome.Late)
                found.Add("collection-late", place, $"AttachTo names '{text}', but the dataset has its accession already and stays in its collection.", "");
        }
    }

    private static void SectionAccessions(MetadataSubject subject, RuleFindings found)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var at in SectionWalk.Over(subject.Document))
            if (at.Section.Accession is { Length: > 0 } accession && !seen.Add(accession))
                found.Add("section-accession-repeated", at.Place + ".accno", $"Two sections have the accession '{RuleCatalogue.Short(accession)}': a reference to it means the first.");
    }

    private static void SectionTypes(MetadataSubject subject, RuleFindings found)
    {
        foreach (var (type, place) in subject.Study.UnknownSections)
            if (subject.Closest.Find(type, RembiReader.SectionTypes) is { } meant)
                found.Add("section-type-misspelt", place + ".type", $"'{RuleCatalogue.Short(type)}' is no type of section of the template, so what it says is not understood; '{meant}' is one.", meant);
    }

    private static void NoPlaceholders(MetadataSubject subject, RuleFindings found)
    {
        foreach (var at in SectionWalk.Over(subject.Document))
            for (var i = 0; i < at.Section.Attributes.Count; i++)
                if (at.Section.Attributes[i] is { Value: { Length: > 0 and <= 30 } value } attribute && Promised.Contains(value.Trim().TrimEnd('.', '!'))
                    && !JudgedElsewhere.Contains(string.Concat(attribute.Name.Where(char.IsLetter))))
                    found.Add("placeholder", $"{at.Place}.attributes[{i}]",
                        $"{RuleCatalogue.Short(attribute.Name)} says '{value.Trim()}': leave it out until it is known; a new version of the dataset can add it.", "");
    }
}
