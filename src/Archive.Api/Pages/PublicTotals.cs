using Archive.Indexer;
using Archive.Storage.Metadata;

namespace Archive.Api.Pages;

/// <summary>
/// The numbers on the start page, counted again only after a public change: counting reads every dataset, and the start page is asked
/// for far more often than anything is released.
/// </summary>
internal sealed class PublicTotals(IDatasetStore datasets, ISearchIndex index)
{
    private volatile Counted? last;

    /// <summary>What is public, as of the change that the index has taken in.</summary>
    public async Task<ArchiveTotals> CountAsync(CancellationToken ct)
    {
        var change = index.Describe()?.Stamp.NewestChange;
        if (last is { } known && known.Change == change) return known.Totals;
        var totals = await datasets.CountAsync(ct);
        if (change is { } asOf) last = new(asOf, totals);
        return totals;
    }

    private sealed record Counted(long Change, ArchiveTotals Totals);
}
