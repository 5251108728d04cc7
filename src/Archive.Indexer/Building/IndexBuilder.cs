using System.Globalization;
using Archive.Indexer.Generations;
using Archive.Model.Datasets;
using Microsoft.Extensions.Logging;

namespace Archive.Indexer.Building;

/// <summary>What a build or an update did.</summary>
/// <param name="Generation">The main generation that answers.</param>
/// <param name="Datasets">Datasets that can be found.</param>
/// <param name="NewestChange">Every change up to this one can be found.</param>
/// <param name="GenerationBytes">Size of the main generation.</param>
public sealed record IndexBuild(string Generation, int Datasets, long NewestChange, long GenerationBytes);

/// <summary>
/// Builds generations and keeps what is searched up to date. One for each process that owns the index folder; its calls may
/// overlap, each swap is one step for readers, and a failed call leaves serving what served before.
/// </summary>
public sealed class IndexBuilder : IDisposable
{
    private readonly IndexFeed feed;
    private readonly CurrentIndex current;
    private readonly TimeProvider time;
    private readonly ILogger<IndexBuilder> logger;
    private readonly GenerationFolder folder;
    private readonly IndexOptions options;
    private readonly SnapshotComposer composer;
    private readonly SemaphoreSlim oneBuild = new(1, 1);

    /// <param name="feed">What is indexed.</param>
    /// <param name="current">Where it is put for searching.</param>
    public IndexBuilder(IndexFeed feed, CurrentIndex current, IndexOptions options, TimeProvider time, ILogger<IndexBuilder> logger)
    {
        this.feed = feed;
        this.current = current;
        this.time = time;
        this.logger = logger;
        folder = new GenerationFolder(options);
        this.options = options;
        composer = new SnapshotComposer(feed, options, folder, time, logger);
    }

    /// <summary>Generations on disk, newest first.</summary>
    public IReadOnlyList<string> Kept => folder.List();

    /// <summary>
    /// Opens what the last process published and brings it up to date, mask first; builds the first generation where there is
    /// none. Call it once before anything is searched.
    /// </summary>
    public async Task<IndexBuild> OpenAsync(CancellationToken ct)
    {
        folder.Sweep();
        var main = folder.OpenCurrent(e => logger.LogError(e, "A generation of the index is damaged and is not used"));
        if (main is null) return await BuildAsync(ct);
        await current.Writer.WaitAsync(ct);
        try
        {
            return await SwapInAsync(main, ct);
        }
        finally
        {
            current.Writer.Release();
        }
    }

    /// <summary>Builds a generation of everything that is public, checks it, publishes it and searches it from now on.</summary>
    public async Task<IndexBuild> BuildAsync(CancellationToken ct)
    {
        await oneBuild.WaitAsync(ct);
        try
        {
            var builtAt = time.GetUtcNow();
            var accessions = new List<Accession>();
            long newest = 0;
            await foreach (var change in feed.ListChangesAsync(0, ct))
            {
                newest = Math.Max(newest, change.Change);
                if (change.IsPublic) accessions.Add(change.Accession);
            }
            var name = NewName(builtAt);
            var path = folder.TemporaryPath(name);
            await new GenerationAssembly(feed, options, logger).WriteAsync(path, name, builtAt, newest, accessions, ct);
            await current.Writer.WaitAsync(ct);
            try
            {
                return await SwapInAsync(folder.Publish(path, name), ct);
            }
            finally
            {
                current.Writer.Release();
                File.Delete(path);
            }
        }
        finally
        {
            oneBuild.Release();
        }
    }

    /// <summary>
    /// Takes in what changed since: withdrawn datasets are hidden at once, then released and revised ones are found. Does nothing
    /// when nothing changed. Opens the index first where it is not open.
    /// </summary>
    public async Task<IndexBuild> UpdateAsync(CancellationToken ct)
    {
        if (!current.IsOpen) return await OpenAsync(ct);
        await current.Writer.WaitAsync(ct);
        try
        {
            using var lease = current.Lease();
            await foreach (var _ in feed.ListChangesAsync(lease.Snapshot.Stamp.NewestChange, ct))
            {
                var main = lease.Snapshot.Segments[0].Generation;
                if (!main.TryHold()) throw new InvalidOperationException("A leased snapshot has lost its generation.");
                return await SwapInAsync(main, ct);
            }
            return Report(lease.Snapshot);
        }
        finally
        {
            current.Writer.Release();
        }
    }

    /// <summary>Goes back to an older generation, with everything that changed since it was built.</summary>
    /// <param name="name">One of <see cref="Kept"/>.</param>
    /// <exception cref="FileNotFoundException">There is none of that name.</exception>
    /// <exception cref="Format.DamagedIndexException">It is damaged; nothing changes.</exception>
    public async Task<IndexBuild> RollBackAsync(string name, CancellationToken ct)
    {
        if (!folder.List().Contains(name, StringComparer.Ordinal)) throw new FileNotFoundException($"There is no generation {name}.");
        await current.Writer.WaitAsync(ct);
        try
        {
            var main = folder.Open(name);
            folder.SetCurrent(name);
            return await SwapInAsync(main, ct);
        }
        finally
        {
            current.Writer.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => oneBuild.Dispose();

    // Takes over one hold on the generation.
    private async Task<IndexBuild> SwapInAsync(Generation main, CancellationToken ct)
    {
        IndexSnapshot next;
        try
        {
            next = await composer.ComposeAsync(main, Hide, ct);
        }
        catch
        {
            main.Release();
            throw;
        }
        var report = Report(next);
        current.Swap(next);
        logger.LogInformation(
            "The index answers from {Generation} up to change {Change} with {Datasets} datasets", report.Generation, report.NewestChange, report.Datasets);
        return report;
    }

    private void Hide(IReadOnlyCollection<Accession> hidden)
    {
        using var lease = current.TryLease();
        if (lease is not null && SnapshotComposer.Without(lease.Snapshot, hidden) is { } less) current.Swap(less);
    }

    private static IndexBuild Report(IndexSnapshot snapshot) => new(
        snapshot.Stamp.Generation, snapshot.LiveCount, snapshot.Stamp.NewestChange, snapshot.Segments[0].Generation.LengthBytes);

    // Names sort by time; a second build within one second gets a letter more.
    private string NewName(DateTimeOffset at)
    {
        var name = at.UtcDateTime.ToString("yyyyMMdd'T'HHmmss", CultureInfo.InvariantCulture);
        var unique = name;
        for (var i = 1; folder.Has(unique); i++) unique = $"{name}-{i:000}";
        return unique;
    }
}
