using Archive.Indexer;

namespace Archive.Api.Running;

/// <summary>Lets an answer wait until what it tells is true of this node's searches as well.</summary>
internal sealed class IndexCatchUp(ISearchIndex index, TimeProvider clock)
{
    // What is withdrawn is masked within a fraction of a second; behind a long first build nobody waits longer than this.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    /// <summary>Returns when searches know the change, or when waiting takes too long; whether they do.</summary>
    /// <param name="hides">Whether the change only hides a dataset: then a release that is being taken in is not waited for.</param>
    public async Task<bool> WaitAsync(long change, bool hides, CancellationToken ct)
    {
        var began = clock.GetTimestamp();
        while (index.Describe() is { } now && now.Stamp.NewestChange < change && !(hides && now.MaskedChange >= change))
        {
            if (clock.GetElapsedTime(began) > Patience) return false;
            await Task.Delay(Pause, clock, ct);
        }
        return true;
    }
}
