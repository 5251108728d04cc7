using System.Globalization;
using System.Security.Cryptography;
using Archive.Indexer.Generations;
using Archive.Indexer.Publishing;
using Archive.Indexer.Searching;
using Archive.Model.Datasets;
using Archive.Storage.Objects;
using Microsoft.Extensions.Logging;

namespace Archive.Indexer.Building;

/// <summary>
/// Builds generations, follows those that were published, and keeps what is searched up to date. One for each process that owns the index
/// folder; its calls may overlap, each swap is one step for readers, and a failed call leaves serving what served before.
/// </summary>
public sealed class IndexBuilder : IDisposable
{
    private readonly IndexFeed feed;
    private readonly CurrentIndex current;
    private readonly TimeProvider time;
    private readonly ILogger<IndexBuilder> logger;
    private readonly GenerationFolder folder;
    private readonly IndexOptions options;
    private readonly ServedIndex served;
    private readonly PublishedIndex? published;
    private readonly PublicationFollower? follower;
    private readonly SemaphoreSlim oneBuild = new(1, 1);
    private int isSwept;
    private bool isTried;

    /// <summary>Builds an index of this process's own, which nobody else fetches.</summary>
    /// <param name="feed">What is indexed.</param>
    /// <param name="current">Where it is put for searching.</param>
    public IndexBuilder(IndexFeed feed, CurrentIndex current, IndexOptions options, TimeProvider time, ILogger<IndexBuilder> logger)
        : this(feed, current, options, null, time, logger)
    {
    }

    /// <summary>Builds or follows an index that nodes share.</summary>
    /// <param name="feed">What is indexed.</param>
    /// <param name="current">Where it is put for searching.</param>
    /// <param name="store">Where generations are published; null for nowhere.</param>
    public IndexBuilder(IndexFeed feed, CurrentIndex current, IndexOptions options, IObjectStore? store, TimeProvider time, ILogger<IndexBuilder> logger)
    {
        this.feed = feed;
        this.current = current;
        this.time = time;
        this.logger = logger;
        Activity = new IndexActivity(time);
        folder = new GenerationFolder(options);
        this.options = options;
        served = new ServedIndex(feed, current, new SnapshotComposer(feed, options, folder, time, logger), new CursorSigner(options.CursorKey), logger);
        if (store is null) return;
        published = new PublishedIndex(store, time, Math.Max(1, options.Keep));
        follower = new PublicationFollower(published, folder, current, served, Activity, options.Builds, time, logger);
    }

    /// <summary>What is being done, and how it ended last.</summary>
    public IndexActivity Activity { get; }

    /// <summary>Generations on disk, newest first.</summary>
    public IReadOnlyList<string> Kept => folder.List();

    /// <summary>Opens as <see cref="TryOpenAsync"/> does, and builds the first generation where there is none.</summary>
    public async Task<IndexBuild> OpenAsync(CancellationToken ct) => await TryOpenAsync(ct) ?? await BuildAsync(ct);

    /// <summary>
    /// Opens what the last process left, or else what another one published, and brings it up to date, mask first. Call it before anything
    /// is searched, and again while there is nothing.
    /// </summary>
    /// <returns>Null when there is nothing that can be opened.</returns>
    public async Task<IndexBuild?> TryOpenAsync(CancellationToken ct)
    {
        // Once: later what looks left behind is being written.
        if (Interlocked.Exchange(ref isSwept, 1) == 0) folder.Sweep();
        if (!current.IsOpen && !Volatile.Read(ref isTried))
        {
            var kept = await OpenKeptAsync(ct);
            if (kept is not null) return await served.TakeInAsync(kept, ct);
            // Once too: what is damaged stays so.
            Volatile.Write(ref isTried, true);
        }
        if (!current.IsOpen) await FollowAsync(ct);
        using var lease = current.TryLease();
        return lease is null ? null : IndexBuild.Of(lease.Snapshot);
    }

    /// <summary>
    /// Builds a generation of everything that is public, checks it, searches it from now on and publishes it. What did not change since the
    /// one that answers is taken from there.
    /// </summary>
    public Task<IndexBuild> BuildAsync(CancellationToken ct) => BuildAsync(anew: false, ct);

    /// <summary>Builds a generation of everything that is public, as the other form does.</summary>
    /// <param name="anew">Whether nothing is taken from before: all documents are read and all shelves made again.</param>
    public async Task<IndexBuild> BuildAsync(bool anew, CancellationToken ct)
    {
        await oneBuild.WaitAsync(ct);
        try
        {
            return await Activity.RunAsync(anew ? "rebuild" : "build", null, progress => WriteAsync(anew, progress, ct),
                b => $"{b.Generation}: {b.Datasets} datasets, {b.Reused} of them unchanged, up to change {b.NewestChange}, {b.GenerationBytes} bytes{(b.LeftOut > 0 ? $"; {b.LeftOut} could not be read and are left out" : "")}.");
        }
        finally
        {
            oneBuild.Release();
        }
    }

    /// <summary>Brings this node to the generation that was published last; does nothing where nothing is shared.</summary>
    public Task FollowAsync(CancellationToken ct) => follower?.FollowAsync(ct) ?? Task.CompletedTask;

    /// <summary>
    /// Takes in what changed since: withdrawn datasets are hidden at once, then released and revised ones are found. Does nothing
    /// when nothing changed. Opens the index first where it is not open.
    /// </summary>
    public Task<IndexBuild> UpdateAsync(CancellationToken ct) => current.IsOpen ? served.UpdateAsync(ct) : OpenAsync(ct);

    /// <summary>Hides what was withdrawn or is not public any more, without waiting for any other work.</summary>
    public Task HideAsync(CancellationToken ct) => served.HideAsync(ct);

    /// <summary>
    /// Goes back to an older generation, with everything that changed since it was built, here at once and on other nodes when they look next.
    /// It answers until the next build.
    /// </summary>
    /// <param name="name">One of <see cref="Kept"/>, or a published one.</param>
    /// <exception cref="FileNotFoundException">There is none of that name.</exception>
    /// <exception cref="Format.DamagedIndexException">It is damaged; nothing changes.</exception>
    public async Task<IndexBuild> RollBackAsync(string name, CancellationToken ct)
    {
        if (follower is null)
        {
            if (!folder.List().Contains(name, StringComparer.Ordinal)) throw new FileNotFoundException($"There is no generation {name}.");
            var main = folder.Open(name);
            folder.SetCurrent(name);
            return await served.TakeInAsync(main, ct);
        }
        if (!await follower.TryGoBackAsync(name, ct)) throw new FileNotFoundException($"There is no generation {name}.");
        using var lease = current.Lease();
        return IndexBuild.Of(lease.Snapshot);
    }

    /// <summary>Makes the shelf of a dataset's newest version anew, reads its document again, and has all nodes take both in.</summary>
    /// <exception cref="FileNotFoundException">There is no such public dataset.</exception>
    public Task RebuildAsync(Accession accession, CancellationToken ct) => Activity.RunAsync("dataset", accession.ToString(), async _ =>
    {
        var document = await feed.ReadAsync(accession, ct) ?? throw new FileNotFoundException($"There is no public dataset {accession}.");
        var made = await ShelfBuilder.BuildAsync(feed.ReadFilesAsync(accession, document.Version, ct), ct);
        await feed.KeepShelfAsync(accession, document.Version, made.OpenRead(), made.Length, ct);
        served.Renewed = served.Renewed.With(accession, published is null ? time.GetUtcNow() : await published.RenewAsync(accession, ct));
        if (current.IsOpen) await served.UpdateAsync(ct);
        return made.Length;
    }, length => $"{accession}: {length} bytes.");

    /// <summary>Checks every section of every generation that this node keeps, and every published one.</summary>
    public Task<IReadOnlyList<GenerationCheck>> VerifyAsync(CancellationToken ct) =>
        Activity.RunAsync("verify", null, progress => new IndexVerification(folder, current, published).RunAsync(progress, ct), IndexVerification.Tell);

    /// <summary>What was published, newest first; the first answers. Empty where nothing is shared.</summary>
    public async Task<IReadOnlyList<GenerationManifest>> ListPublishedAsync(CancellationToken ct) => published is null ? [] : await published.ListAsync(ct);

    /// <summary>Removes everything published from a store: after going back to a backup, before any node looks.</summary>
    public static Task ForgetPublishedAsync(IObjectStore store, CancellationToken ct) => new PublishedIndex(store, TimeProvider.System, 1).ClearAsync(ct);

    /// <inheritdoc/>
    public void Dispose()
    {
        oneBuild.Dispose();
        follower?.Dispose();
    }

    private async Task<IndexBuild> WriteAsync(bool anew, IndexActivity.Progress progress, CancellationToken ct)
    {
        var builtAt = time.GetUtcNow();
        var datasets = new Dictionary<Accession, long>();
        long newest = 0;
        await foreach (var change in feed.ListChangesAsync(0, ct))
        {
            newest = Math.Max(newest, change.Change);
            if (change.IsPublic) datasets[change.Accession] = change.Change;
            // Withdrawn since it was told: what is kept of it from before must not be taken over.
            else datasets.Remove(change.Accession);
        }
        progress.Expect(datasets.Count);
        var name = NewName(builtAt);
        var path = folder.TemporaryPath(name);
        using var answering = anew ? null : current.TryLease();
        using var unchanged = new UnchangedDatasets(answering?.Snapshot, folder, feed.Recipe, served.Renewed);
        var assembly = new GenerationAssembly(feed, options, logger)
        {
            Unchanged = unchanged, RemakesShelves = anew, Progress = done => progress.Reach(done),
        };
        await assembly.WriteAsync(path, name, builtAt, newest, datasets, ct);
        try
        {
            var build = follower is null ? await served.TakeInAsync(folder.Publish(path, name), ct) : await follower.PublishAsync(path, name, ct);
            return build with { Reused = assembly.Reused, LeftOut = assembly.LeftOut.Count };
        }
        finally
        {
            File.Delete(path);
            File.Delete(path + GenerationFolder.DocumentsEnding);
        }
    }

    private async Task<Generation?> OpenKeptAsync(CancellationToken ct)
    {
        while (folder.OpenCurrent(e => logger.LogError(e, "A generation of the index is damaged and is not used")) is { } main)
        {
            if (await served.IsOfThisArchiveAsync(main, ct)) return main;
            logger.LogWarning("Generation {Generation} is of a later state than this archive has, as before going back to a backup; it is removed", main.Info.Name);
            main.Release();
            folder.Delete(main.Info.Name);
        }
        return null;
    }

    // Names sort by time, and two nodes never give the same.
    private static string NewName(DateTimeOffset at) =>
        $"{at.UtcDateTime.ToString("yyyyMMdd'T'HHmmssfff", CultureInfo.InvariantCulture)}-{RandomNumberGenerator.GetHexString(4, lowercase: true)}";
}
