using Archive.Indexer.Building;
using Archive.Indexer.Format;
using Archive.Indexer.Searching;
using Archive.Model.Datasets;
using Archive.Model.Search;
using Microsoft.Extensions.Logging;

namespace Archive.Indexer.Shelves;

/// <summary>
/// Searches the files of one version of a dataset by its own shelf, public or not: who may see them is the caller's to judge, before. Beside the
/// index of what is public and never part of it. All calls may come from many threads.
/// </summary>
public sealed class ShelfSearch : IDisposable
{
    private readonly ShelfSource source;
    private readonly ShelfCache cache;
    private readonly CursorSigner cursors;

    /// <param name="feed">Where shelves are kept, and what they are made from.</param>
    /// <param name="index">Holds the key that signs cursors.</param>
    /// <param name="options">What stays open on this node.</param>
    public ShelfSearch(IndexFeed feed, IndexOptions index, ShelfOptions options, ILogger<ShelfSearch> logger)
    {
        source = new ShelfSource(feed, options, logger);
        source.Sweep();
        cache = new ShelfCache(options, OpenAsync);
        cursors = new CursorSigner(index.CursorKey);
    }

    /// <summary>Versions that are open on this node or about to be.</summary>
    public IReadOnlyList<ShelfId> Opened => cache.Ids;

    /// <summary>Bytes of the shelves that stay open.</summary>
    public long Bytes => cache.Bytes;

    /// <summary>
    /// Opens the files of a version, to be disposed of; null when that takes longer than the caller waits, or when too many are being opened. It
    /// goes on meanwhile, so that a later call finds it. A shelf that is damaged or not there is made.
    /// </summary>
    /// <param name="id">The version; a committed one.</param>
    /// <param name="view">How it is seen, where <see cref="ShelfId.View"/> is set.</param>
    /// <param name="patience">How long to wait.</param>
    /// <exception cref="IOException">The shelf can be neither read nor written.</exception>
    public async Task<OpenShelf?> TryOpenAsync(ShelfId id, FileView? view, TimeSpan patience, CancellationToken ct)
    {
        if (id.View != view?.Name) throw new ArgumentException("The shelf is of another view.", nameof(view));
        return await cache.TryHoldAsync(id, view, patience, ct) is { } shelf ? new OpenShelf(shelf, id, cursors, () => cache.Remove(i => i == id)) : null;
    }

    /// <summary>Makes and keeps the shelf of a version where none is kept; whether it made one.</summary>
    public Task<bool> EnsureAsync(Accession accession, int version, CancellationToken ct) => source.EnsureAsync(accession, version, ct);

    /// <summary>Gives up what this node has of a dataset, as after its withdrawal; who reads it reads on.</summary>
    public void Forget(Accession accession) => cache.Remove(id => id.Accession == accession);

    /// <inheritdoc/>
    public void Dispose()
    {
        cache.Dispose();
        source.Dispose();
    }

    private async Task<ShelfFile> OpenAsync(ShelfId id, FileView? view, CancellationToken ct)
    {
        if (view is null) return await source.OpenAsync(id, ct);
        // The view is made from the whole, which stays open for those who see all of it.
        var whole = await cache.TryHoldAsync(id with { View = null }, null, Timeout.InfiniteTimeSpan, ct) ?? throw new IOException("Too many shelves are being opened.");
        try
        {
            return await source.OpenAsync(id, whole, view, ct);
        }
        finally
        {
            whole.Release();
        }
    }
}

/// <summary>The files of one version, held open until it is disposed of.</summary>
public sealed class OpenShelf : IDisposable
{
    private readonly ShelfFile shelf;
    private readonly ShelfId id;
    private readonly CursorSigner cursors;
    private readonly Action giveUp;
    private int isOver;

    internal OpenShelf(ShelfFile shelf, ShelfId id, CursorSigner cursors, Action giveUp)
    {
        this.shelf = shelf;
        this.id = id;
        this.cursors = cursors;
        this.giveUp = giveUp;
    }

    /// <summary>The attributes that the files have, in the order of the file lists after <c>@format</c>.</summary>
    public IReadOnlyList<FileColumn> Columns => Read(() => FileColumns.Of(shelf.Table));

    /// <summary>Searches the files, as <see cref="ISearchIndex.SearchFiles"/> does those of a public version.</summary>
    /// <param name="query">Of the dataset, or of no dataset in particular.</param>
    /// <exception cref="Model.Errors.ArchiveException">A parameter cannot be used. Cursors are bound to the version and the view.</exception>
    public SearchPage<FileHit> Search(FileQuery query, CancellationToken ct) =>
        Read(() =>
        {
            using var search = Of(query);
            return search.Run(ct);
        });

    /// <summary>The values of an attribute among the files found, as <see cref="ISearchIndex.SearchFileValues"/> has those of a public version.</summary>
    /// <exception cref="Model.Errors.ArchiveException">As for <see cref="Search"/>.</exception>
    public FileValuesPage SearchValues(FileValuesQuery query, CancellationToken ct) =>
        Read(() =>
        {
            using var search = Of(query.Files with { Facets = [query.Attribute] });
            return search.Values(query, ct) with { Index = null };
        });

    /// <summary>All files found, as <see cref="ISearchIndex.ExportFiles"/> has those of a public version. It holds the files open by itself.</summary>
    /// <exception cref="Model.Errors.ArchiveException">As for <see cref="Search"/>.</exception>
    public FileExport Export(FileQuery query, FileExportForm form, CancellationToken ct) =>
        Read(() =>
        {
            if (!shelf.TryHold()) throw new InvalidOperationException("A shelf that is held cannot have ended.");
            return new FileExport(new Hold(shelf), () => Of(FileExport.Whole(query)), null, form, ct);
        });

    /// <inheritdoc/>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref isOver, 1) == 0) shelf.Release();
    }

    private FileSearch Of(FileQuery query) => new(shelf.Table, id.Scope, cursors, query with { Accession = id.Accession });

    // What was sound when it was opened and is not any more is opened again by the next who asks.
    private T Read<T>(Func<T> read)
    {
        ObjectDisposedException.ThrowIf(isOver != 0, this);
        try
        {
            return read();
        }
        catch (Exception e) when (e is InvalidDataException or IndexOutOfRangeException or ArgumentOutOfRangeException)
        {
            giveUp();
            throw new DamagedIndexException(id.Accession.ToString(), "shelf", e.Message);
        }
    }

    private sealed class Hold(ShelfFile shelf) : IDisposable
    {
        public void Dispose() => shelf.Release();
    }
}
