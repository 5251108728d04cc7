using Archive.Model.Datasets;
using Archive.Model.Submissions;
using Archive.Storage.Metadata;
using Archive.Storage.Objects;
using Archive.Submissions.Ingest;

namespace Archive.Submissions.Accessioning;

/// <summary>
/// After a restore the database may be older than the objects: numbers that were given after its dump must not be given again.
/// Raises minter and attempts above everything that metadata or an object's key names.
/// </summary>
public sealed class RaiseNumbersAfterRestore(
    ICollectionStore collections, IDatasetStore datasets, ISubmissionStore submissions, IObjectStore objects)
{
    private const int PageSize = 500;
    private const int ListingsAtOnce = 8;

    /// <summary>
    /// Raises and returns the highest number found for each prefix. Lists the folders of accessions, versions and attempts, and no
    /// object: a few listings for each dataset.
    /// </summary>
    public async Task<IReadOnlyDictionary<string, long>> RunAsync(CancellationToken ct)
    {
        var highest = new Dictionary<string, long>(StringComparer.Ordinal);
        var attempt = Math.Max(await ReadKeysAsync(highest, ct), await ReadMetadataAsync(highest, ct));
        foreach (var (prefix, number) in highest) await collections.RaiseAsync(prefix, number, ct);
        await collections.RaiseAttemptsAsync(attempt, ct);
        return highest;
    }

    private async Task<long> ReadKeysAsync(Dictionary<string, long> highest, CancellationToken ct)
    {
        var attempt = 0L;
        var options = new ParallelOptions { MaxDegreeOfParallelism = ListingsAtOnce, CancellationToken = ct };
        await Parallel.ForEachAsync(objects.ListFoldersAsync("", ct), options, async (folder, stop) =>
        {
            if (ObjectFolders.AccessionOf(folder) is not { } accession)
            {
                // What others keep is by accession too: a dataset without files has nothing but its shelf of the index.
                await foreach (var inner in objects.ListFoldersAsync(folder, stop))
                    if (ObjectFolders.AccessionOf(inner) is { } named)
                        lock (highest) Raise(highest, named);
                return;
            }
            lock (highest) Raise(highest, accession);
            await foreach (var (found, _) in ObjectFolders.AttemptsAsync(objects, accession, stop))
                lock (highest) attempt = Math.Max(attempt, found);
        });
        return attempt;
    }

    private async Task<long> ReadMetadataAsync(Dictionary<string, long> highest, CancellationToken ct)
    {
        Accession? afterDataset = null;
        for (IReadOnlyList<Dataset> page; (page = await datasets.ListAsync(null, afterDataset, PageSize, ct)).Count > 0; afterDataset = page[^1].Accession)
            foreach (var dataset in page)
                Raise(highest, dataset.Accession);
        var attempt = 0L;
        SubmissionId? afterSubmission = null;
        for (IReadOnlyList<Submission> page; (page = await submissions.ListAsync(null, null, afterSubmission, PageSize, ct)).Count > 0; afterSubmission = page[^1].Id)
            foreach (var submission in page)
            {
                Raise(highest, submission.Accession);
                attempt = Math.Max(attempt, submission.Attempt);
            }
        return attempt;
    }

    private static void Raise(Dictionary<string, long> highest, Accession accession) =>
        highest[accession.Prefix] = Math.Max(highest.GetValueOrDefault(accession.Prefix), accession.Number);
}
