using System.Text.RegularExpressions;
using Archive.Model.Rules;

namespace Archive.Submissions.Validation;

/// <summary>Publications and links: identifiers are what they say.</summary>
internal static partial class ReferenceRules
{
    public static IReadOnlyList<Rule> All { get; } =
    [
        new("publication-doi", "A DOI is one, alone or as its address.", RuleLevel.Warning, (subject, found) =>
        {
            foreach (var publication in subject.Study.Publications)
                if (publication.DoiText is { } doi && publication.Doi is null)
                    found.Add("doi-malformed", publication.Place, StudyRules.IsPlaceholder(doi)
                            ? $"The DOI says '{doi}': leave it out until it is known."
                            : $"'{RuleCatalogue.Short(doi)}' is not a DOI, such as 10.1038/s41597-020-00608-w.",
                        ProposedDoi(doi));
        }) { Fix = "the DOI in the text, or to leave it out" },
        new("publication-pubmed-id", "A PubMed id has digits only.", RuleLevel.Warning, (subject, found) =>
        {
            foreach (var publication in subject.Study.Publications)
                if (publication.PubmedIdText is { } id && publication.PubmedId is null)
                    found.Add("pubmed-id-malformed", publication.Place, $"'{RuleCatalogue.Short(id)}' is not a PubMed id, which has digits only.", ProposedPubmedId(id));
        }) { Fix = "the digits in the text, or to leave it out" },
        new("link-type", "A link is an address, or an attribute Type says what it is.", RuleLevel.Warning, (subject, found) =>
        {
            foreach (var link in subject.Study.Links)
                if (link.Href is null && link.Type is null)
                    found.Add("link-without-type", link.Place,
                        $"'{RuleCatalogue.Short(link.Text)}' is no address (http, https, ftp, mailto, DOI), and no attribute Type says what it is.", ProposedLink(link.Text.Trim()));
        }) { Fix = "the address, or the type" },
    ];

    private static string? ProposedDoi(string text)
    {
        if (StudyRules.IsPlaceholder(text)) return "";
        if (text.Length > 2000) return null;
        if (Doi().Match(Uri.UnescapeDataString(text)) is { Success: true } found) return found.Value.TrimEnd('.', ',', ';', ')');
        // Preprints of bioRxiv and medRxiv are often cited without their prefix, and articles of Nature by their address.
        if (Preprint().Match(text.Trim()) is { Success: true } preprint) return "10.1101/" + preprint.Value;
        return Nature().Match(text) is { Success: true } article ? "10.1038/" + article.Groups["id"].Value : null;
    }

    private static string? ProposedPubmedId(string text)
    {
        if (StudyRules.IsPlaceholder(text)) return "";
        return text.Length <= 200 && Digits().Matches(text) is [var only] && !text.Contains("PMC", StringComparison.OrdinalIgnoreCase) ? only.Value : null;
    }

    private static string? ProposedLink(string text) => text switch
    {
        _ when text.Length > 2000 => null,
        _ when Site().IsMatch(text) => "https://" + text,
        _ when text.StartsWith("EMPIAR-", StringComparison.OrdinalIgnoreCase) || text.StartsWith("EMD-", StringComparison.OrdinalIgnoreCase) => "EMDB",
        _ when text.StartsWith("S-BIAD", StringComparison.Ordinal) || text.StartsWith("S-BSST", StringComparison.Ordinal) => "BioStudies",
        _ when text.StartsWith("GSE", StringComparison.Ordinal) => "GEO",
        _ when text.StartsWith("PXD", StringComparison.Ordinal) => "PRIDE",
        _ => null,
    };

    [GeneratedRegex(@"10\.\d{4,9}/[^\s""<>]+", RegexOptions.None, 1000)]
    private static partial Regex Doi();

    [GeneratedRegex(@"^\d{4}\.\d{2}\.\d{2}\.\d{6,8}$", RegexOptions.None, 1000)]
    private static partial Regex Preprint();

    [GeneratedRegex(@"nature\.com/articles/(?<id>[a-z0-9.-]*[0-9])", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Nature();

    [GeneratedRegex(@"(?<!\d)\d{5,9}(?!\d)", RegexOptions.None, 1000)]
    private static partial Regex Digits();

    [GeneratedRegex(@"^[a-z0-9-]+(\.[a-z0-9-]+)*\.[a-z]{2,10}(/\S*)?$", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Site();
}
