using Archive.Model.Datasets;
using Archive.Storage.Metadata;
using Microsoft.Extensions.Logging;

namespace Archive.Submissions.Release;

/// <summary>Makes private datasets public when their date has come.</summary>
public sealed partial class ReleaseRunner(IDatasetStore datasets, IChangeSignal signal, ILogger<ReleaseRunner> log)
{
    private const int BatchSize = 100;

    /// <summary>
    /// Releases everything that is due by the database's clock, and returns how many. Safe to run on several nodes at once: each
    /// release is one write that compares the revision.
    /// </summary>
    public async Task<int> ReleaseDueAsync(CancellationToken ct)
    {
        var released = 0;
        while (true)
        {
            var due = await datasets.ListDueAsync(BatchSize, ct);
            var before = released;
            foreach (var dataset in due)
            {
                // Lost races are met again at the next look, where they may no longer be due.
                if (await datasets.TryWriteAsync(dataset with { State = DatasetState.Released }, ct) is not { } written) continue;
                released++;
                LogReleased(log, written.Accession);
                await signal.SendAsync(SignalTopic.Datasets, ct);
            }
            if (due.Count < BatchSize || released == before) return released;
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "{Accession} is public: its release date has come")]
    private static partial void LogReleased(ILogger log, Accession accession);
}
