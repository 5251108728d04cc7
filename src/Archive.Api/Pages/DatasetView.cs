using Archive.Model.Datasets;
using Archive.Model.Rembi;

namespace Archive.Api.Pages;

/// <summary>What the page of a dataset shows.</summary>
internal sealed record DatasetView
{
    private const int CitedAuthors = 6;

    /// <summary>The dataset.</summary>
    public required Dataset Dataset { get; init; }

    /// <summary>The version shown.</summary>
    public required CommittedVersion Version { get; init; }

    /// <summary>The versions that the visitor may read, oldest first.</summary>
    public required IReadOnlyList<CommittedVersion> Versions { get; init; }

    /// <summary>Its metadata.</summary>
    public required RembiStudy Study { get; init; }

    /// <summary>Whether the page tab has more than is shown.</summary>
    public required bool IsShortened { get; init; }

    /// <summary>The collection, or null when it is not known any more.</summary>
    public required Collection? Collection { get; init; }

    /// <summary>The first rows of the file table.</summary>
    public required FileTableView Files { get; init; }

    /// <summary>The site's address without a slash at its end.</summary>
    public required string BaseAddress { get; init; }

    /// <summary>Whether a reviewer looks, who is not to know whose it is.</summary>
    public bool IsBlind { get; init; }

    /// <summary>The title, or the accession where there is none.</summary>
    public string Title => Study.Title ?? Dataset.Accession.ToString();

    /// <summary>Whether the version shown is the newest.</summary>
    public bool IsLatest => Version.Number == Dataset.Latest.Number;

    /// <summary>The version to be named in addresses; null on the newest.</summary>
    public int? VersionInAddress => IsLatest ? null : Version.Number;

    /// <summary>The address to cite.</summary>
    public string PermanentAddress => BaseAddress + Address.Dataset(Dataset.Accession);

    /// <summary>Where the visitor may jump to.</summary>
    public IEnumerable<(string Anchor, string Title)> Contents
    {
        get
        {
            yield return ("about", "About");
            if (Study.Components.Count > 0) yield return ("components", "Components");
            if (Study.Biosamples.Count > 0) yield return ("biosamples", "Biosamples");
            if (Study.Specimens.Count > 0) yield return ("specimens", "Specimens");
            if (Study.ImageAcquisitions.Count > 0) yield return ("acquisition", "Acquisition");
            if (Study.ImageCorrelations.Count > 0) yield return ("correlation", "Correlation");
            if (Study.ImageAnalyses.Count > 0) yield return ("analysis", "Analysis");
            if (Study.Annotations.Count > 0) yield return ("annotations", "Annotations");
            yield return ("files", "Files");
        }
    }

    /// <summary>Every organisation that an author names, in the order of the authors.</summary>
    public IReadOnlyList<string> Affiliations => field ??= [.. Study.Authors.SelectMany(a => a.Affiliations).Distinct(StringComparer.Ordinal)];

    /// <summary>The numbers of an author's organisations in <see cref="Affiliations"/>, from 1; empty when there is only one in all.</summary>
    public IEnumerable<int> AffiliationNumbers(RembiAuthor author) =>
        Affiliations.Count < 2 ? [] : author.Affiliations.Select(a => IndexOf(Affiliations, a) + 1).Distinct();

    /// <summary>The anchor of the section with a title; null when no section has it.</summary>
    public string? AnchorOf(string kind, string? title)
    {
        if (title is null) return null;
        var titles = kind switch
        {
            "biosample" => Study.Biosamples.Select(b => b.Title),
            "specimen" => Study.Specimens.Select(s => s.Title),
            "acquisition" => Study.ImageAcquisitions.Select(a => a.Title),
            "correlation" => Study.ImageCorrelations.Select(c => c.Title),
            _ => Study.ImageAnalyses.Select(a => a.Title),
        };
        var place = IndexOf([.. titles], title);
        return place < 0 ? null : $"{kind}-{place + 1}";
    }

    /// <summary>A citation as plain text.</summary>
    public string Citation
    {
        get
        {
            var names = Study.Authors.Select(a => a.Name).OfType<string>().ToList();
            var authors = names.Count > CitedAuthors ? string.Join(", ", names.Take(CitedAuthors)) + ", et al." : string.Join(", ", names);
            var year = (Dataset.ReleaseDate ?? Version.CommittedAt).UtcDateTime.Year;
            var title = Title.TrimEnd('.');
            return $"{(authors.Length > 0 ? authors + " " : "")}({year}) {title}. {Site.Name}, {Dataset.Accession}, version {Version.Number}. {PermanentAddress}";
        }
    }

    private static int IndexOf(IReadOnlyList<string?> titles, string title)
    {
        for (var i = 0; i < titles.Count; i++)
            if (string.Equals(titles[i], title, StringComparison.OrdinalIgnoreCase))
                return i;
        return -1;
    }
}
