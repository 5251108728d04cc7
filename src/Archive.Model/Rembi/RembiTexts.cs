using System.Text.RegularExpressions;

namespace Archive.Model.Rembi;

/// <summary>Cleans the texts that depositors write in many ways.</summary>
internal static partial class RembiTexts
{
    // Short names, SPDX identifiers (spdx.org/licenses) and pages of what bioimage datasets are given under.
    private static readonly (string Key, string Name, string Spdx, string Url)[] Licences =
    [
        ("cc0", "CC0", "CC0-1.0", "https://creativecommons.org/publicdomain/zero/1.0/"),
        ("ccby40", "CC BY 4.0", "CC-BY-4.0", "https://creativecommons.org/licenses/by/4.0/"),
        ("ccbysa40", "CC BY-SA 4.0", "CC-BY-SA-4.0", "https://creativecommons.org/licenses/by-sa/4.0/"),
        ("ccbync40", "CC BY-NC 4.0", "CC-BY-NC-4.0", "https://creativecommons.org/licenses/by-nc/4.0/"),
        ("ccbyncsa40", "CC BY-NC-SA 4.0", "CC-BY-NC-SA-4.0", "https://creativecommons.org/licenses/by-nc-sa/4.0/"),
        ("ccbynd40", "CC BY-ND 4.0", "CC-BY-ND-4.0", "https://creativecommons.org/licenses/by-nd/4.0/"),
        ("ccbyncnd40", "CC BY-NC-ND 4.0", "CC-BY-NC-ND-4.0", "https://creativecommons.org/licenses/by-nc-nd/4.0/"),
        ("ccby30", "CC BY 3.0", "CC-BY-3.0", "https://creativecommons.org/licenses/by/3.0/"),
    ];

    /// <summary>Short names of the licences that are recognised.</summary>
    public static IReadOnlyList<string> LicenceNames { get; } = [.. Licences.Select(l => l.Name)];

    /// <summary>The licence that a text names.</summary>
    public static RembiLicence Licence(string text, string place)
    {
        var key = SectionView.Key(text)
            .Replace("creativecommonsattribution", "ccby", StringComparison.Ordinal)
            .Replace("international", "", StringComparison.Ordinal)
            .Replace("licence", "", StringComparison.Ordinal).Replace("license", "", StringComparison.Ordinal);
        if (key is "cc010" or "cc0universal" or "cc010universal" or "publicdomain" || text.Contains("publicdomain/zero", StringComparison.OrdinalIgnoreCase)) key = "cc0";
        if (LicencePage().Match(text) is { Success: true } page) key = "cc" + SectionView.Key(page.Groups["kind"].Value) + SectionView.Key(page.Groups["version"].Value);
        if (key is "ccby" or "ccby4") key = "ccby40";
        foreach (var licence in Licences)
            if (licence.Key == key)
                return new(text, licence.Name, licence.Spdx, licence.Url, place);
        return new(text, null, null, null, place);
    }

    /// <summary>
    /// An organism from one text: <c>Homo sapiens (human)</c>, <c>Human (Homo sapiens)</c>, <c>mus musculus</c>, <c>mouse</c>.
    /// A name of two or more words whose second is in lower case is held for scientific.
    /// </summary>
    public static RembiOrganism Organism(string text, string? taxonId)
    {
        var clean = Blanks().Replace(text, " ").Trim();
        var parts = InBrackets().Match(clean);
        var (outside, inside) = parts.Success ? (parts.Groups["outside"].Value.Trim(), parts.Groups["inside"].Value.Trim()) : (clean, null);
        if (inside is not null && IsBinomial(inside) && !IsBinomial(outside)) (outside, inside) = (inside, outside);
        return IsBinomial(outside) || inside is not null
            ? new(Capitalised(outside), inside, TaxonId(taxonId), text)
            : new(null, outside, TaxonId(taxonId), text);
    }

    /// <summary>An organism from its parts.</summary>
    public static RembiOrganism Organism(string? scientific, string? common, string? taxonId) => new(
        scientific is null ? null : Capitalised(Blanks().Replace(scientific, " ").Trim()),
        common, TaxonId(taxonId), scientific ?? common ?? "");

    /// <summary>The ORCID in a text; null when there is none.</summary>
    public static string? Orcid(string? text) => text is not null && OrcidPattern().Match(text) is { Success: true } m ? m.Value.ToUpperInvariant() : null;

    /// <summary>The DOI of a text that is one, with or without its resolver's address; null for anything else.</summary>
    public static string? Doi(string? text) => text is not null && DoiPattern().Match(text.Trim()) is { Success: true } m ? m.Groups["doi"].Value : null;

    /// <summary>The digits of a PubMed id; null for anything else.</summary>
    public static string? PubmedId(string? text) => text is not null && text.Length is > 0 and <= 9 && text.All(char.IsAsciiDigit) ? text : null;

    /// <summary>A safe address for a link; null when the text is none.</summary>
    public static string? Href(string text, string? type)
    {
        if (Doi(text) is { } doi && (type is null || SectionView.Key(type) == "doi" || text.Contains("doi", StringComparison.OrdinalIgnoreCase)))
            return "https://doi.org/" + Uri.EscapeDataString(doi).Replace("%2F", "/", StringComparison.Ordinal);
        return Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" or "ftp" or "mailto" ? uri.AbsoluteUri : null;
    }

    private static string? TaxonId(string? text) => text is not null && text.AsSpan(text.AsSpan().TrimEnd("0123456789").Length) is { Length: > 0 and < 12 } digits ? digits.ToString() : null;

    private static bool IsBinomial(string text) => Binomial().IsMatch(text);

    private static string Capitalised(string text) => text.Length == 0 ? text : char.ToUpperInvariant(text[0]) + text[1..];

    [GeneratedRegex(@"creativecommons\.org/licenses/(?<kind>[a-z-]+)/(?<version>[0-9.]+)", RegexOptions.IgnoreCase, 1000)]
    private static partial Regex LicencePage();

    [GeneratedRegex(@"\s+", RegexOptions.None, 1000)]
    private static partial Regex Blanks();

    [GeneratedRegex(@"^(?<outside>[^()]+)\((?<inside>[^()]+)\)$", RegexOptions.None, 1000)]
    private static partial Regex InBrackets();

    [GeneratedRegex(@"^\p{L}[\p{L}.]* \p{Ll}[\p{L}-]+(?: .*)?$", RegexOptions.None, 1000)]
    private static partial Regex Binomial();

    [GeneratedRegex(@"\d{4}-\d{4}-\d{4}-\d{3}[\dXx]", RegexOptions.None, 1000)]
    private static partial Regex OrcidPattern();

    [GeneratedRegex(@"^(?:https?://(?:dx\.)?doi\.org/|doi:\s*)?(?<doi>10\.\d{4,9}/\S+)$", RegexOptions.IgnoreCase, 1000)]
    private static partial Regex DoiPattern();
}
