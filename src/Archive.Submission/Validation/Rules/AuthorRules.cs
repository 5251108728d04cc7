using Archive.Model.Rembi;
using Archive.Model.Rules;

namespace Archive.Submissions.Validation;

/// <summary>What REMBI asks of contacts and organisations, and what curators mend in them.</summary>
internal static class AuthorRules
{
    public static IReadOnlyList<Rule> All { get; } =
    [
        new("authors", "The study has an Author.", RuleLevel.Warning, (subject, found) => found.Missing(subject.Study.Authors.Count == 0,
            "authors-missing", "$.section", "The study has no Author.")),
        Each("author-name", "Each author has a Name.", (author, found) => found.Missing(author.Name is null, "author-name-missing", author.Place, "The author has no Name.")),
        new("contact-email", "At least one author has an e-mail address, so that somebody can be asked.", RuleLevel.Warning, (subject, found) =>
        {
            if (subject.Study.Authors.Count > 0 && subject.Study.Authors.All(a => a.Email is null))
                found.Add("contact-email-missing", subject.Study.Authors[0].Place, "No author has an E-mail: give the address of whoever can be asked.");
        }),
        Each("author-email", "An e-mail field holds one e-mail address and nothing else.", (author, found) =>
        {
            if (author.Email is { } email && !EmailTexts.IsAddress(email))
                found.Add("email-malformed", author.Place, $"'{RuleCatalogue.Short(email)}' is not one e-mail address.", EmailTexts.Propose(email));
        }) with { Fix = "the address in the text" },
        Each("orcid", "An ORCID is one, or its address.", (author, found) =>
        {
            if (author.OrcidText is { } orcid && author.Orcid is null)
                found.Add("orcid-malformed", author.Place, $"'{RuleCatalogue.Short(orcid)}' is not an ORCID.", OrcidIn(orcid));
        }) with { Fix = "the ORCID in the text" },
        Each("author-organisation", "Each author has an organisation.", (author, found) => found.Missing(
            author.Affiliations.Count + author.UnresolvedAffiliations.Count == 0, "author-organisation-missing", author.Place, "The author has no affiliation.")),
        new("affiliation", "An affiliation names an organisation section, by its accession or its name.", RuleLevel.Warning, Affiliations) { Fix = "the closest organisation" },
        new("organisation-name", "Each organisation has a Name.", RuleLevel.Warning, (subject, found) =>
        {
            foreach (var organisation in subject.Study.Organisations)
                if (organisation.Name is null) found.Add("organisation-name-missing", organisation.Place, "The organisation has no Name.");
        }),
    ];

    private static Rule Each(string name, string about, Action<RembiAuthor, RuleFindings> check) => new(name, about, RuleLevel.Warning, (subject, found) =>
    {
        foreach (var author in subject.Study.Authors) check(author, found);
    });

    private static void Affiliations(MetadataSubject subject, RuleFindings found)
    {
        var organisations = subject.Study.Organisations;
        var names = organisations.Select(o => o.Name).OfType<string>().ToHashSet(StringComparer.OrdinalIgnoreCase);
        // Once for all authors: a hostile document has a hundred thousand of either.
        var named = organisations.Where(o => o.Name is not null).DistinctBy(o => o.Name!, StringComparer.Ordinal).ToDictionary(o => o.Name!, o => o.Accession ?? o.Name!, StringComparer.Ordinal);
        var accessions = organisations.Select(o => o.Accession).OfType<string>().ToList();
        var lonely = organisations.Count(o => o.Accession is null) == 1 ? organisations.First(o => o.Accession is null) : null;
        foreach (var author in subject.Study.Authors)
        {
            foreach (var text in author.UnresolvedAffiliations)
                if (lonely is not null)
                    found.Add("affiliation-unresolved", author.Place,
                        $"The affiliation '{RuleCatalogue.Short(text)}' names no organisation section, and the organisation '{RuleCatalogue.Short(lonely.Name ?? "")}' has no accession: give it this one.");
                else
                    found.Add("affiliation-unresolved", author.Place, $"The affiliation '{RuleCatalogue.Short(text)}' names no organisation section.", Closest(text));
            // Where there are no organisation sections, affiliations are texts, as in older layouts.
            if (names.Count == 0) continue;
            foreach (var text in author.Affiliations)
                if (!names.Contains(text))
                    found.Add("affiliation-unresolved", author.Place, $"The affiliation '{RuleCatalogue.Short(text)}' is the name of no organisation section.", Closest(text));
        }

        // The accession is what a reference names.
        string? Closest(string text) => subject.Closest.Find(text, named.Keys) is { } name ? named[name] : subject.Closest.Find(text, accessions);
    }

    private static string? OrcidIn(string text)
    {
        var digits = string.Concat(text.Where(c => char.IsAsciiDigit(c) || c is 'x' or 'X')).ToUpperInvariant();
        return digits.Length == 16 && digits.AsSpan(0, 15).IndexOf('X') < 0 ? $"{digits[..4]}-{digits[4..8]}-{digits[8..12]}-{digits[12..]}" : StudyRules.IsPlaceholder(text) ? "" : null;
    }
}
