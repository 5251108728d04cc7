using Archive.Indexer.Building;
using Archive.Indexer.Format;
using Archive.Indexer.Searching;
using Archive.Model.Datasets;
using Archive.Model.Search;
using Microsoft.Extensions.Logging;

namespace Archive.Indexer.Shelves;

/// <summary>
/// Brings shelves to this node: from where the feed keeps them, else made from the files of the version and kept there. Views of reviewers are
/// made from the shelf and kept nowhere else. One shelf at a time is made, which takes memory for all of its files.
/// </summary>
internal sealed class ShelfSource(IndexFeed feed, ShelfOptions options, ILogger logger) : IDisposable
{
    private const int CopyBytes = 1 << 17;

    private readonly SemaphoreSlim making = new(1, 1);
    private int copies;

    /// <summary>Makes an empty folder for copies.</summary>
    public void Sweep()
    {
        Storage.Objects.FileSystem.Durable.CreateFolder(options.Folder);
        foreach (var left in Directory.EnumerateFiles(options.Folder)) File.Delete(left);
    }

    /// <summary>Makes and keeps the shelf of a version where none is kept; whether it made one.</summary>
    public async Task<bool> EnsureAsync(Accession accession, int version, CancellationToken ct)
    {
        await using (var kept = await feed.OpenShelfAsync(accession, version, ct))
            if (kept is not null) return false;
        await MakeAsync(accession, version, ct);
        return true;
    }

    /// <summary>Opens the shelf of a version as it was deposited.</summary>
    public async Task<ShelfFile> OpenAsync(ShelfId id, CancellationToken ct)
    {
        try
        {
            await using var kept = await feed.OpenShelfAsync(id.Accession, id.Version, ct);
            if (kept is not null) return await CopyAsync(kept, ct);
        }
        catch (DamagedIndexException e)
        {
            logger.LogWarning(e, "The shelf of {Accession} version {Version} is damaged and is made again", id.Accession, id.Version);
        }
        var made = await MakeAsync(id.Accession, id.Version, ct);
        return await CopyAsync(made.OpenRead(), ct);
    }

    /// <summary>Makes the shelf that somebody sees from the one that was deposited.</summary>
    public async Task<ShelfFile> OpenAsync(ShelfId id, ShelfFile whole, FileView view, CancellationToken ct)
    {
        await making.WaitAsync(ct);
        try
        {
            var made = await ShelfBuilder.BuildAsync(Seen(id, whole, view, ct), ct);
            return await CopyAsync(made.OpenRead(), ct);
        }
        finally
        {
            making.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => making.Dispose();

    private async Task<ByteBuffer> MakeAsync(Accession accession, int version, CancellationToken ct)
    {
        await making.WaitAsync(ct);
        try
        {
            var made = await ShelfBuilder.BuildAsync(feed.ReadFilesAsync(accession, version, ct), ct);
            await feed.KeepShelfAsync(accession, version, made.OpenRead(), made.Length, ct);
            return made;
        }
        finally
        {
            making.Release();
        }
    }

#pragma warning disable CS1998 // a builder takes files as they come, and these are there
    private static async IAsyncEnumerable<SearchFile> Seen(ShelfId id, ShelfFile whole, FileView view, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken ct)
#pragma warning restore CS1998
    {
        var reader = new FileHitReader(FileTable.OfShelf(id.Accession, whole.Table));
        for (var row = 0; row < whole.Table.Rows; row++)
        {
            ct.ThrowIfCancellationRequested();
            var file = reader.Read(row);
            yield return new SearchFile(file.Path, file.LengthBytes, file.Format, view.Attributes(file.Attributes));
        }
    }

    private async Task<ShelfFile> CopyAsync(Stream shelf, CancellationToken ct)
    {
        var path = Path.Combine(options.Folder, FormattableString.Invariant($"{Interlocked.Increment(ref copies)}.shelf"));
        try
        {
            var file = new FileStream(path, new FileStreamOptions
            {
                Mode = FileMode.Create, Access = FileAccess.Write, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
            });
            await using (file) await shelf.CopyToAsync(file, CopyBytes, ct);
            return ShelfFile.Open(path);
        }
        finally
        {
            File.Delete(path);
        }
    }
}
