using Archive.Indexer.Generations;
using Archive.Indexer.Searching;
using Archive.Indexer.Vocabulary;
using Archive.Model.Datasets;
using Archive.Model.Search;
using Microsoft.Extensions.Logging;

namespace Archive.Indexer.Building;

/// <summary>
/// Keeps what this node searches up to date. Putting a snapshot together may take as long as a large release; hiding what was withdrawn never
/// waits for that, and what was hidden meanwhile is hidden in the new snapshot too.
/// </summary>
internal sealed class ServedIndex(IndexFeed feed, CurrentIndex current, SnapshotComposer composer, CursorSigner cursors, ILogger logger)
{
    private RenewedDatasets renewed = RenewedDatasets.None;
    private RenewedDatasets composedWith = RenewedDatasets.None;

    /// <summary>Datasets that were made anew; the next <see cref="UpdateAsync"/> takes them in.</summary>
    public RenewedDatasets Renewed
    {
        get => Volatile.Read(ref renewed);
        set => Volatile.Write(ref renewed, value);
    }

    /// <summary>Searches a generation from now on, with everything that changed since it was built. Takes over one hold on it.</summary>
    public async Task<IndexBuild> TakeInAsync(Generation main, CancellationToken ct)
    {
        try
        {
            await current.Writer.WaitAsync(ct);
        }
        catch
        {
            main.Release();
            throw;
        }
        try
        {
            return await SwapInAsync(main, ct);
        }
        finally
        {
            current.Writer.Release();
        }
    }

    /// <summary>Takes in what changed since; does nothing when nothing did. Only when something is open.</summary>
    public async Task<IndexBuild> UpdateAsync(CancellationToken ct)
    {
        await current.Writer.WaitAsync(ct);
        try
        {
            using var lease = current.Lease();
            if (composedWith.IsSame(Renewed) && !await HasChangedAsync(lease.Snapshot.Stamp.NewestChange, ct)) return IndexBuild.Of(lease.Snapshot);
            var main = lease.Snapshot.Segments[0].Generation;
            if (!main.TryHold()) throw new InvalidOperationException("A leased snapshot has lost its generation.");
            return await SwapInAsync(main, ct);
        }
        finally
        {
            current.Writer.Release();
        }
    }

    /// <summary>Hides what was withdrawn or is not public any more. Waits for no other work.</summary>
    public async Task HideAsync(CancellationToken ct)
    {
        await current.Swapping.WaitAsync(ct);
        try
        {
            using var lease = current.TryLease();
            if (lease is not null && await WithoutHiddenAsync(lease.Snapshot, ct) is { } less) current.Swap(less);
        }
        finally
        {
            current.Swapping.Release();
        }
    }

    /// <summary>
    /// Whether a generation can be of this archive as it is: the dataset of its newest change is still there with that change or a later one.
    /// After going back to a backup it may not be.
    /// </summary>
    public async Task<bool> IsOfThisArchiveAsync(Generation generation, CancellationToken ct) =>
        generation.Info.NewestChange == 0 || await HasChangedAsync(generation.Info.NewestChange - 1, ct);

    private async Task<bool> HasChangedAsync(long since, CancellationToken ct)
    {
        await foreach (var _ in feed.ListChangesAsync(since, ct)) return true;
        return false;
    }

    // Takes over one hold on the generation.
    private async Task<IndexBuild> SwapInAsync(Generation main, CancellationToken ct)
    {
        var with = Renewed;
        var next = await ComposeAsync(main, with, ct);
        try
        {
            // What the first search would wait for is read before anybody searches; and what cannot be searched never answers.
            new DatasetSearch(next, cursors, new DatasetQuery(), QueryLimits.Standard, NameIndex.Empty).Run(ct);
            await current.Swapping.WaitAsync(ct);
        }
        catch
        {
            next.Release();
            throw;
        }
        try
        {
            next = await HideInAsync(next, ct);
            var report = IndexBuild.Of(next);
            current.Swap(next);
            composedWith = with;
            logger.LogInformation(
                "The index answers from {Generation} up to change {Change} with {Datasets} datasets", report.Generation, report.NewestChange, report.Datasets);
            return report;
        }
        finally
        {
            current.Swapping.Release();
        }
    }

    private async Task<IndexSnapshot> ComposeAsync(Generation main, RenewedDatasets with, CancellationToken ct)
    {
        try
        {
            using var answering = current.TryLease();
            return await composer.ComposeAsync(main, answering?.Snapshot, with, async _ => await HideAsync(ct), ct);
        }
        catch
        {
            main.Release();
            throw;
        }
    }

    // Something may have been hidden while the snapshot was put together. Takes over the hold on it, and gives one on what it returns.
    private async Task<IndexSnapshot> HideInAsync(IndexSnapshot next, CancellationToken ct)
    {
        IndexSnapshot? less;
        try
        {
            less = await WithoutHiddenAsync(next, ct);
        }
        catch
        {
            next.Release();
            throw;
        }
        if (less is null) return next;
        next.Release();
        return less;
    }

    private async Task<IndexSnapshot?> WithoutHiddenAsync(IndexSnapshot snapshot, CancellationToken ct)
    {
        var hidden = new HashSet<Accession>();
        var newest = snapshot.MaskedChange;
        await foreach (var change in feed.ListChangesAsync(snapshot.Stamp.NewestChange, ct))
        {
            newest = Math.Max(newest, change.Change);
            if (change.IsPublic) hidden.Remove(change.Accession);
            else hidden.Add(change.Accession);
        }
        return hidden.Count == 0 ? null : SnapshotComposer.Without(snapshot, hidden, newest);
    }
}
