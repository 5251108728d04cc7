using Archive.Model.Datasets;
using Archive.Model.PageTab;

namespace Archive.Model.Rembi;

/// <summary>The page tab that is given back: as sent, but with the accession and the release date that hold.</summary>
public static class EffectivePageTab
{
    /// <summary>Puts accession and release date in. The place and spelling of the date's attribute are kept; without one it is added.</summary>
    /// <param name="releaseDate">UTC; null leaves the dates as they are.</param>
    public static PageTabDocument Of(PageTabDocument asSent, Accession accession, DateTimeOffset? releaseDate)
    {
        if (releaseDate is not { } date) return asSent with { Accession = accession.ToString() };
        var text = ReleaseDates.Write(date);
        var attributes = asSent.Attributes.Select(a => IsDate(a) ? a with { Value = text } : a).ToList();
        var section = asSent.Section;
        if (section is not null && section.Attributes.Any(IsDate))
            section = section with { Attributes = [.. section.Attributes.Select(a => IsDate(a) ? a with { Value = text } : a)] };
        else if (!attributes.Any(IsDate))
            attributes.Add(new("ReleaseDate", text, false, [], []));
        return new(accession.ToString(), attributes, section);
    }

    private static bool IsDate(PageTabAttribute attribute) => SectionView.Key(attribute.Name) == "releasedate";
}
