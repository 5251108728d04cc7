using Archive.Indexer.Format;
using Archive.Model.Datasets;
using Archive.Model.Search;
using Microsoft.Extensions.Logging;

namespace Archive.Indexer.Building;

/// <summary>Assembles a generation from a feed: shelves that were kept are copied, others are made and kept.</summary>
internal sealed class GenerationAssembly(IndexFeed feed, IndexOptions options, ILogger logger)
{
    /// <summary>Writes a generation of datasets, and says which of them are public.</summary>
    /// <param name="path">A file that must not exist; removed again when it cannot be finished.</param>
    /// <param name="name">The generation's name.</param>
    /// <param name="builtAt">When its build began.</param>
    /// <param name="newestChange">Every change up to this one is in it.</param>
    /// <param name="accessions">What to put in; those that are not public any more are left out.</param>
    public async Task<List<Accession>> WriteAsync(
        string path, string name, DateTimeOffset builtAt, long newestChange, IEnumerable<Accession> accessions, CancellationToken ct)
    {
        var written = new List<Accession>();
        var isFinished = false;
        try
        {
            using var writer = new GenerationWriter(path, options.Facets, options.Packs);
            foreach (var accession in accessions.Order())
            {
                if (await feed.ReadAsync(accession, ct) is not { } document) continue;
                await AddAsync(writer, document, ct);
                written.Add(accession);
            }
            writer.Finish(name, builtAt, newestChange);
            isFinished = true;
            return written;
        }
        finally
        {
            if (!isFinished) File.Delete(path);
        }
    }

    private async Task AddAsync(GenerationWriter writer, SearchDocument document, CancellationToken ct)
    {
        try
        {
            await using var kept = await feed.OpenShelfAsync(document.Accession, document.Version, ct);
            if (kept is not null)
            {
                await writer.AddAsync(document, kept, ct);
                return;
            }
        }
        catch (DamagedIndexException e)
        {
            logger.LogWarning(e, "The shelf of {Accession} version {Version} is damaged and is made again", document.Accession, document.Version);
        }
        var made = await ShelfBuilder.BuildAsync(feed.ReadFilesAsync(document.Accession, document.Version, ct), ct);
        await feed.KeepShelfAsync(document.Accession, document.Version, made.OpenRead(), made.Length, ct);
        await writer.AddAsync(document, made.OpenRead(), ct);
    }
}
