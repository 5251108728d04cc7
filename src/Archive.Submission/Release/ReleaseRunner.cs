using System.Globalization;
using Archive.Model.Accounts;
using Archive.Model.Datasets;
using Archive.Storage.Metadata;
using Microsoft.Extensions.Logging;

namespace Archive.Submissions.Release;

/// <summary>
/// Makes private datasets public when their date has come, and reminds owners before it. Safe to run on several nodes at once: each
/// release and each reminder is one write that compares the revision, and the mail follows from that write.
/// </summary>
public sealed partial class ReleaseRunner(
    IDatasetStore datasets, IDatasetAgenda agenda, IAccountStore accounts, DatasetEffects effects, IChangeSignal signal, TimeProvider time, ILogger<ReleaseRunner> log)
{
    private const int BatchSize = 100;

    /// <summary>Releases everything that is due by the database's clock, and returns how many.</summary>
    public async Task<int> ReleaseDueAsync(CancellationToken ct) => await ForEachAsync(agenda.ListDueAsync, async dataset =>
    {
        var released = dataset with { State = DatasetState.Released, WarnAt = null };
        var owner = await accounts.FindAsync(dataset.Owner, ct);
        // The database said that its date has come; what this node knows of the database's clock is behind by as long as the answer took.
        var (now, due) = (time.GetUtcNow(), dataset.ReleaseDate!.Value);
        released = released.Recorded(dataset, null, "released", now < due ? due : now)
            .Mailed(owner, "dataset-released", [Number(dataset.Revision)]);
        if (await datasets.TryWriteAsync(released, ct) is not { } written) return false;
        LogReleased(log, written.Accession);
        await signal.SendAsync(SignalTopic.Datasets, ct);
        await effects.FollowAsync(written);
        return true;
    }, ct);

    /// <summary>Writes to owners whose datasets become public before long, and returns how many mails that makes.</summary>
    public async Task<int> WarnAsync(CancellationToken ct) => await ForEachAsync(agenda.ListToWarnAsync, async dataset =>
    {
        var (now, date) = (time.GetUtcNow(), dataset.ReleaseDate!.Value);
        var owner = await accounts.FindAsync(dataset.Owner, ct);
        // One mail even when several are due, as after a long stop: it says how many days are left.
        var days = ReleaseWarnings.DaysLeft(date, now);
        var warned = (dataset with { WarnAt = ReleaseWarnings.Next(date, now) }).Mailed(
            owner, "release-warning", [ReleaseDates.Write(date), dataset.WarnAt!.Value.ToString("O", CultureInfo.InvariantCulture), Number(dataset.Revision)],
            ("date", DatasetRecord.Day(date)), ("days", days == 1 ? "1 day" : string.Create(CultureInfo.InvariantCulture, $"{days} days")));
        if (await datasets.TryWriteAsync(warned, ct) is not { } written) return false;
        await effects.FollowAsync(written);
        return true;
    }, ct);

    private static async Task<int> ForEachAsync(Func<int, CancellationToken, Task<IReadOnlyList<Dataset>>> list, Func<Dataset, Task<bool>> act, CancellationToken ct)
    {
        var done = 0;
        while (true)
        {
            var due = await list(BatchSize, ct);
            var before = done;
            foreach (var dataset in due)
            {
                // The list leaves out what curators hold back, and whoever puts it into the queue later changes the revision.
                // Lost races are met again at the next look, where they may no longer be due.
                if (await act(dataset)) done++;
            }
            if (due.Count < BatchSize || done == before) return done;
        }
    }

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Accession} is public: its release date has come")]
    private static partial void LogReleased(ILogger log, Accession accession);
}
