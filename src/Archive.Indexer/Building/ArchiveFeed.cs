using System.Runtime.CompilerServices;
using Archive.Indexer.Facets;
using Archive.Model.Datasets;
using Archive.Model.PageTab;
using Archive.Model.Rembi;
using Archive.Model.Search;
using Archive.Storage.Metadata;
using Archive.Storage.Objects;

namespace Archive.Indexer.Building;

/// <summary>
/// Feeds the index from the archive's stores. Shelves lie in the object store under <c>shelves/{accession}/v{n}/{submission}</c>:
/// after going back to a backup the same version number may come again with other files, but never from the same submission.
/// </summary>
public sealed class ArchiveFeed(IDatasetStore datasets, IFileReferenceStore files, IObjectStore objects, FacetCatalogue facets) : IndexFeed
{
    /// <summary>What the keys of shelves begin with; nothing else does.</summary>
    public const string ShelfPrefix = "shelves/";

    private const int PageSize = 1000;

    /// <inheritdoc/>
    // Whatever the program was built from anew may read page tabs otherwise.
    public override string Recipe { get; } = $"{typeof(ArchiveFeed).Module.ModuleVersionId} {typeof(RembiReader).Module.ModuleVersionId} {facets.Stamp}";

    /// <inheritdoc/>
    public override FacetCatalogue Facets => facets;

    /// <inheritdoc/>
    public override async IAsyncEnumerable<DatasetChange> ListChangesAsync(long since, [EnumeratorCancellation] CancellationToken ct)
    {
        while (true)
        {
            var page = await datasets.ListChangesAsync(since, PageSize, ct);
            if (page.Count == 0) yield break;
            foreach (var dataset in page) yield return new DatasetChange(dataset.Accession, dataset.Change, dataset.State == DatasetState.Released);
            since = page[^1].Change;
        }
    }

    /// <inheritdoc/>
    public override async Task<SearchDocument?> ReadAsync(Accession accession, CancellationToken ct)
    {
        if (await datasets.FindAsync(accession, ct) is not { State: DatasetState.Released } dataset) return null;
        await using var stored = await datasets.OpenPageTabAsync(dataset.DocumentOf(dataset.Latest), ct)
            ?? throw new InvalidOperationException($"Version {dataset.Latest.Number} of {accession} has no document.");
        // It was within the bounds that held when it was taken; the index reads one after the other, so that there is one tree at most.
        var reading = await PageTabJson.ReadAsync(stored.Content, new(long.MaxValue, int.MaxValue), ct);
        return reading.Document is { } document
            ? SearchDocuments.From(dataset, document, facets)
            : throw new InvalidOperationException($"The page tab of version {dataset.Latest.Number} of {accession} cannot be read: {reading.Fault}.");
    }

    /// <inheritdoc/>
    public override async IAsyncEnumerable<SearchFile> ReadFilesAsync(Accession accession, int version, [EnumeratorCancellation] CancellationToken ct)
    {
        if (await datasets.FindAsync(accession, ct) is not { } dataset) yield break;
        await foreach (var file in new FilesAsSent(files, dataset, version).ListAsync(ct))
            if (file.ObjectKey is not null)
                yield return new SearchFile(file.Path, file.LengthBytes, file.Format, file.Attributes);
    }

    /// <inheritdoc/>
    public override async Task<Stream?> OpenShelfAsync(Accession accession, int version, CancellationToken ct) =>
        await objects.OpenAsync(await FindKeyAsync(accession, version, ct), 0, null, ct);

    /// <inheritdoc/>
    public override async Task KeepShelfAsync(Accession accession, int version, Stream shelf, long lengthBytes, CancellationToken ct)
    {
        var key = await FindKeyAsync(accession, version, ct);
        if (await objects.TryPutAsync(key, shelf, lengthBytes, null, ct)) return;
        // Another node was quicker, and its shelf may be in use. One that says something else was found damaged: a sound one would have been used.
        if (await IsThereAsync(key, shelf, ct)) return;
        await objects.DeleteAsync(key, ct);
        shelf.Position = 0;
        await objects.TryPutAsync(key, shelf, lengthBytes, null, ct);
    }

    private async Task<bool> IsThereAsync(ObjectKey key, Stream shelf, CancellationToken ct)
    {
        try
        {
            await using var there = await objects.OpenAsync(key, 0, null, ct);
            return there is not null && await IsSameAsync(there, shelf, ct);
        }
        catch (IOException)
        {
            // What cannot be read is replaced.
            return false;
        }
    }

    private static async Task<bool> IsSameAsync(Stream there, Stream shelf, CancellationToken ct)
    {
        shelf.Position = 0;
        var (ours, theirs) = (new byte[1 << 16], new byte[1 << 16]);
        while (true)
        {
            var count = await shelf.ReadAtLeastAsync(ours, ours.Length, throwOnEndOfStream: false, ct);
            if (count != await there.ReadAtLeastAsync(theirs, theirs.Length, throwOnEndOfStream: false, ct) || !ours.AsSpan(0, count).SequenceEqual(theirs.AsSpan(0, count)))
                return false;
            if (count == 0) return true;
        }
    }

    private async Task<ObjectKey> FindKeyAsync(Accession accession, int version, CancellationToken ct)
    {
        var dataset = await datasets.FindAsync(accession, ct) ?? throw new InvalidOperationException($"There is no dataset {accession}.");
        var committed = dataset.Versions.First(v => v.Number == version);
        return new ObjectKey($"{ShelfPrefix}{accession}/v{version}/{committed.Submission}");
    }
}
