using Archive.Model.Search;
using Archive.Storage.Metadata;

namespace Archive.Api.Pages;

/// <summary>What the start page shows.</summary>
/// <param name="Totals">What is public now.</param>
/// <param name="Newest">The newest datasets, newest first.</param>
/// <param name="Organisms">Organisms by number of datasets.</param>
/// <param name="Methods">Imaging methods by number of datasets.</param>
internal sealed record StartView(
    ArchiveTotals Totals, IReadOnlyList<DatasetHit> Newest, FacetResult? Organisms, FacetResult? Methods)
{
    /// <summary>Searches that find something here and now.</summary>
    public IEnumerable<(string Label, string Address)> Examples
    {
        get
        {
            if (Organisms?.Values is [var organism, ..]) yield return Example($"organism:\"{organism.Value}\"");
            if (Methods?.Values is [var method, ..]) yield return Example($"method:\"{method.Value}\"");
            if (Newest is [var newest, ..]) yield return Example(newest.Accession.ToString());
        }
    }

    /// <summary>Something to type: the first words of a real title, or of what a real one may be.</summary>
    public string Placeholder => Newest is [var newest, ..]
        ? string.Join(' ', newest.Title.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(w => w.Trim('.', ',', ':', ';')).Where(w => w.Length > 3 && w.All(char.IsLetter)).Take(3)).ToLowerInvariant()
        : "nuclear pores in budding yeast";

    private static (string Label, string Address) Example(string text) => (text, SearchAddress.Empty.WithText(text).ToString());
}

/// <summary>A short list of a facet's values with their counts.</summary>
/// <param name="Id">Unique on the page.</param>
/// <param name="Heading">What the values are.</param>
/// <param name="Facet">The facet; null while none is known.</param>
internal sealed record CountList(string Id, string Heading, FacetResult? Facet)
{
    private const int Shown = 6;

    /// <summary>The most frequent values, each with its share of the first in percent.</summary>
    public IEnumerable<(string Value, long Count, long Percent)> Values =>
        Facet is null ? [] : Facet.Values.Take(Shown).Select(v => (v.Value, v.Count, Math.Max(1, v.Count * 100 / Math.Max(1, Facet.Values[0].Count))));
}
