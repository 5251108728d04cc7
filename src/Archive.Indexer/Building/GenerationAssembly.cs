using System.Text.Json;
using Archive.Indexer.Format;
using Archive.Model.Datasets;
using Archive.Model.Search;
using Microsoft.Extensions.Logging;

namespace Archive.Indexer.Building;

/// <summary>
/// Assembles a generation from a feed: what did not change since an earlier one is taken from it, shelves that were kept are copied, others are
/// made and kept.
/// </summary>
internal sealed class GenerationAssembly(IndexFeed feed, IndexOptions options, ILogger logger)
{
    // Beyond these it is the archive that is at fault, and what answers is better than what could be built.
    private const int Few = 3;
    private const int Many = 100;

    /// <summary>Where unchanged datasets are looked for; null: everything is read from the feed.</summary>
    public UnchangedDatasets? Unchanged { get; init; }

    /// <summary>Whether kept shelves are left alone and made again from the files.</summary>
    public bool RemakesShelves { get; init; }

    /// <summary>Told after each dataset how many are done.</summary>
    public Action<int>? Progress { get; init; }

    /// <summary>Datasets that were taken from an earlier generation as they are.</summary>
    public int Reused { get; private set; }

    /// <summary>Public datasets that could not be read: they are missing, and nothing else is. They are tried again by whatever is built next.</summary>
    public List<Accession> LeftOut { get; } = [];

    /// <summary>Writes a generation of datasets read from the feed, and says which of them are public.</summary>
    /// <inheritdoc cref="WriteAsync(string, string, DateTimeOffset, long, IEnumerable{KeyValuePair{Accession, long}}, CancellationToken)"/>
    public Task<List<Accession>> WriteAsync(
        string path, string name, DateTimeOffset builtAt, long newestChange, IEnumerable<Accession> accessions, CancellationToken ct) =>
        WriteAsync(path, name, builtAt, newestChange, accessions.Select(a => KeyValuePair.Create(a, -1L)), ct);

    /// <summary>Writes a generation of datasets, beside it their documents, and says which of them are public.</summary>
    /// <param name="path">A file that must not exist; removed again when it cannot be finished.</param>
    /// <param name="name">The generation's name.</param>
    /// <param name="builtAt">When its build began.</param>
    /// <param name="newestChange">Every change up to this one is in it.</param>
    /// <param name="datasets">What to put in, each with its newest change; those that are not public any more are left out.</param>
    public async Task<List<Accession>> WriteAsync(
        string path, string name, DateTimeOffset builtAt, long newestChange, IEnumerable<KeyValuePair<Accession, long>> datasets, CancellationToken ct)
    {
        var written = new List<Accession>();
        var isFinished = false;
        var documentsPath = path + Generations.GenerationFolder.DocumentsEnding;
        try
        {
            using var writer = new GenerationWriter(path, feed.Facets, options.Packs);
            using var documents = new KeptDocumentsWriter(documentsPath, feed.Recipe);
            var done = 0;
            foreach (var (accession, change) in datasets.OrderBy(d => d.Key))
            {
                ct.ThrowIfCancellationRequested();
                if (await AddAsync(writer, accession, change, ct) is { } document)
                {
                    documents.Add(document);
                    written.Add(accession);
                }
                Progress?.Invoke(++done);
            }
            if (LeftOut.Count > Few && LeftOut.Count > written.Count)
                throw new InvalidOperationException($"{LeftOut.Count} of {done} datasets cannot be read: the fault is not theirs.");
            writer.Finish(name, builtAt, newestChange, LeftOut);
            isFinished = true;
            return written;
        }
        finally
        {
            if (!isFinished)
            {
                File.Delete(path);
                File.Delete(documentsPath);
            }
        }
    }

    private async Task<SearchDocument?> AddAsync(GenerationWriter writer, Accession accession, long change, CancellationToken ct)
    {
        if (Unchanged?.Find(accession, change) is var (known, shelf) && await TryAddAsync(writer, known, shelf, ct))
        {
            Reused++;
            return known;
        }
        if (await TryReadAsync(accession, () => feed.ReadAsync(accession, ct)) is not { } document) return null;
        if (!RemakesShelves)
        {
            await using var kept = await feed.OpenShelfAsync(document.Accession, document.Version, ct);
            if (kept is not null && await TryAddAsync(writer, document, kept, ct)) return document;
        }
        if (await TryReadAsync(accession, async () => (ByteBuffer?)await ShelfBuilder.BuildAsync(feed.ReadFilesAsync(document.Accession, document.Version, ct), ct)) is not { } made)
            return null;
        await feed.KeepShelfAsync(document.Accession, document.Version, made.OpenRead(), made.Length, ct);
        await writer.AddAsync(document, made.OpenRead(), ct);
        return document;
    }

    // What is wrong with one dataset is no reason to find none that is new. A store that fails is another matter: the build is tried again as a whole.
    private async Task<T?> TryReadAsync<T>(Accession accession, Func<Task<T?>> read)
        where T : class
    {
        try
        {
            return await read();
        }
        catch (Exception e) when (e is (InvalidOperationException and not ObjectDisposedException) or ArgumentException or FormatException or InvalidDataException or JsonException or OverflowException or KeyNotFoundException)
        {
            LeftOut.Add(accession);
            if (LeftOut.Count > Many) throw;
            logger.LogError(e, "{Accession} cannot be read and is left out of the index until it is built again", accession);
            return null;
        }
    }

    private async Task<bool> TryAddAsync(GenerationWriter writer, SearchDocument document, Stream shelf, CancellationToken ct)
    {
        try
        {
            await writer.AddAsync(document, shelf, ct);
            return true;
        }
        catch (DamagedIndexException e)
        {
            logger.LogWarning(e, "The shelf of {Accession} version {Version} is damaged and is made again", document.Accession, document.Version);
            return false;
        }
    }
}
