using Archive.Model.PageTab;

namespace Archive.Model.Rembi;

/// <summary>Finds what a page tab says of people, organisations and money, wherever it says it.</summary>
public static class RedactionTerms
{
    private const int MostLetters = 400;

    private static readonly HashSet<string> People = new(["author", "authors", "contact", "contacts", "person", "people", "contributor", "contributors", "submitter", "submitters", "investigator", "investigators", "creator", "creators", "curator"], StringComparer.Ordinal);
    // Parts of the names of sections that nobody here has heard of: Corresponding Author, Co-investigator, Data Provider.
    private static readonly string[] PeopleWords = ["author", "contact", "contributor", "submitter", "investigator", "creator", "curator", "provider", "researcher", "scientist", "depositor", "collaborator", "operator", "experimenter", "annotator", "person"];
    private static readonly HashSet<string> Names = new(["name", "fullname", "firstname", "firstnames", "middlename", "lastname", "familyname", "surname", "givenname", "givennames", "forename", "displayname", "title"], StringComparer.Ordinal);
    private static readonly HashSet<string> Institutes = new(["organization", "organizations", "affiliation", "affiliations", "institution", "institutions", "institute", "laboratory", "lab", "group"], StringComparer.Ordinal);
    private static readonly HashSet<string> Money = new(["funding", "grant", "grants", "funder", "funders"], StringComparer.Ordinal);
    private static readonly HashSet<string> Persons = new(["author", "authors", "contact", "contactname", "contactperson", "correspondingauthor", "submitter", "submittername", "principalinvestigator", "pi", "investigator", "creator", "creators", "contributor", "contributors", "authorname", "firstauthor", "lastauthor", "operator", "experimenter", "imagedby", "acquiredby", "collectedby", "person", "owner", "performedby", "annotator", "annotators", "user", "username", "researcher", "scientist", "microscopist", "technician", "analyst", "depositor", "dataprovider", "operatorname", "experimentername", "takenby", "recordedby", "capturedby", "createdby", "uploadedby", "submittedby", "depositedby", "annotatedby", "segmentedby", "curatedby", "providedby", "preparedby", "processedby", "analyzedby", "analysedby", "scannedby"], StringComparer.Ordinal);
    private static readonly HashSet<string> Others = new(["email", "emailaddress", "mail", "contactemail", "orcid", "orcidid", "affiliation", "affiliations", "organization", "organizations", "institution", "institutions", "institute", "university", "department", "laboratory", "lab", "researchgroup", "address", "phone", "telephone", "fax", "ror", "rorid", "agency", "funder", "fundingagency", "grantid", "grant", "grantnumber", "awardnumber", "website", "homepage"], StringComparer.Ordinal);

    /// <summary>Whether an attribute of a file or section, by its name, says who somebody is.</summary>
    public static bool IsIdentifying(string attributeName)
    {
        var key = SectionView.Key(attributeName);
        return Persons.Contains(key) || Others.Contains(key) || key.Contains("email", StringComparison.Ordinal) || key.Contains("orcid", StringComparison.Ordinal);
    }

    /// <summary>Everything that identifies, in document order. What files have is here where the document was read with them: see <see cref="IdentifyingValues"/>.</summary>
    public static IEnumerable<IdentifyingText> Of(PageTabDocument document)
    {
        ArgumentNullException.ThrowIfNull(document);
        foreach (var attribute in document.Attributes)
            foreach (var found in OfAttribute("", attribute))
                yield return found;
        if (document.Section is null) yield break;
        foreach (var section in new SectionView(document.Section, "$.section").Tree())
        {
            // Tables of people have the name in the column of the accession now and then.
            if (IsOfPeople(section.Kind) && section.Section.Accession is { } name && name.Trim().Contains(' ', StringComparison.Ordinal) && !name.Any(char.IsDigit))
                foreach (var found in Split(name, isPerson: true))
                    yield return found;
            foreach (var attribute in section.Section.Attributes)
                foreach (var found in OfAttribute(section.Kind, attribute))
                    yield return found;
            foreach (var attribute in section.Section.Files.SelectMany(f => f.Items).SelectMany(f => f.Attributes)
                .Concat(section.Section.Links.SelectMany(l => l.Items).SelectMany(l => l.Attributes)))
                foreach (var found in OfAttribute("", attribute))
                    yield return found;
        }
    }

    /// <summary>Whom an attribute of a file names; nothing unless it <see cref="IsIdentifying">says who somebody is</see>.</summary>
    public static IEnumerable<IdentifyingText> OfAttribute(string name, string value) =>
        IsIdentifying(name) ? Split(value, Persons.Contains(SectionView.Key(name))) : [];

    private static IEnumerable<IdentifyingText> OfAttribute(string kind, PageTabAttribute attribute)
    {
        var key = SectionView.Key(attribute.Name);
        var isPerson = Persons.Contains(key) || (IsOfPeople(kind) && Names.Contains(key));
        var isOther = IsIdentifying(attribute.Name)
            || (Institutes.Contains(kind) && key is "name" or "title" or "shortname" or "acronym" or "url")
            || (Money.Contains(kind) && key is "name" or "title" or "number" or "id")
            || (kind is "publication" or "publications" && key is "doi" or "pmcid" or "pubmedid");
        if (!isPerson && !isOther) yield break;
        // A reference names a section of the document, whose own attributes are looked at.
        if (!attribute.Reference)
            foreach (var text in Split(attribute.Value, isPerson))
                yield return text;
        foreach (var qualifier in attribute.ValueQualifiers.Where(q => IsIdentifying(q.Name) || isPerson))
            foreach (var text in Split(qualifier.Value, isPerson && Persons.Contains(SectionView.Key(qualifier.Name))))
                yield return text;
    }

    private static bool IsOfPeople(string kind) => People.Contains(kind) || PeopleWords.Any(word => kind.Contains(word, StringComparison.Ordinal));

    private static IEnumerable<IdentifyingText> Split(string? value, bool isPerson)
    {
        if (string.IsNullOrWhiteSpace(value)) yield break;
        if (!isPerson)
        {
            if (value.Length <= MostLetters) yield return new(value.Trim(), false);
            yield break;
        }
        var parts = value.Split([";", " and ", " & ", "\n"], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        foreach (var part in parts)
        {
            // "Lovelace, Ada" is one person; "Ada Lovelace, Charles Babbage" and "Lovelace A, Babbage C" are two.
            var names = part.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
            var isList = names.Length > 2 || (names.Length == 2 && names.All(n => n.Contains(' ', StringComparison.Ordinal)));
            foreach (var name in isList ? names : [part])
                if (name.Length <= MostLetters)
                    yield return new(name, true);
        }
    }
}
