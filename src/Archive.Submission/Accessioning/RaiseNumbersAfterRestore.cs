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

    /// <summary>Raises and returns the highest number found for each prefix. Lists every object: minutes for millions.</summary>
    public async Task<IReadOnlyDictionary<string, long>> RunAsync(CancellationToken ct)
    {
        var highest = new Dictionary<string, long>(StringComparer.Ordinal);
        var attempt = 0L;
        await foreach (var found in objects.ListAsync("", ct))
        {
            if (ObjectPlace.TryRead(found.Key) is not { } place) continue;
            Raise(highest, place.Accession);
            attempt = Math.Max(attempt, place.Attempt);
        }
        attempt = Math.Max(attempt, await ReadMetadataAsync(highest, ct));
        foreach (var (prefix, number) in highest) await collections.RaiseAsync(prefix, number, ct);
        await collections.RaiseAttemptsAsync(attempt, ct);
        return highest;
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
