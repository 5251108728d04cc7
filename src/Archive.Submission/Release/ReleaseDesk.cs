using Archive.Model.Accounts;
using Archive.Model.Datasets;
using Archive.Model.Errors;
using Archive.Model.Submissions;
using Archive.Storage.Metadata;
using Archive.Submissions.Collections;

namespace Archive.Submissions.Release;

/// <summary>
/// Moves release dates and withdraws datasets, for owners and curators. Each is one write of the head, with what is recorded of it and
/// written to the owner.
/// </summary>
public sealed class ReleaseDesk(
    IDatasetStore datasets, IAccountStore accounts, CollectionChoice collections, DatasetEffects effects, IChangeSignal signal, TimeProvider time)
{
    /// <summary>Length of a reason in characters, at least and at most.</summary>
    public static readonly (int Least, int Most) ReasonLength = (10, 2000);

    private const int Tries = 5;

    /// <summary>
    /// Moves the release date. For its owner a date that is past means now, and what is public stays so. A curator may give a past date,
    /// which is then recorded, and may put a public dataset back under embargo by a date ahead. What waits for a curator is not released by
    /// its date.
    /// </summary>
    /// <param name="accession">A dataset that the account may read.</param>
    /// <param name="releaseDate">YYYY-MM-DD or an ISO instant with its offset.</param>
    /// <returns>The head as it stands; null when there is none.</returns>
    /// <exception cref="ArchiveException">
    /// <see cref="Problems.Forbidden"/>: the account is neither owner nor curator. <see cref="Problems.AlreadyPublic"/>,
    /// <see cref="Problems.Withdrawn"/>, <see cref="Problems.Conflict"/>, or <see cref="Problems.Unprocessable"/> with the fact <c>findings</c>.
    /// </exception>
    public Task<Dataset?> ChangeDateAsync(Accession accession, string? releaseDate, Account account, CancellationToken ct) => WriteAsync(accession, async dataset =>
    {
        var isCurator = account.Role is Role.Curator;
        if (dataset.Owner != account.Id && !isCurator) throw new ArchiveException(Problems.Forbidden, "Only its owner or a curator changes a dataset.");
        if (dataset.State is DatasetState.Withdrawn) throw Gone(dataset);
        if (dataset.State is DatasetState.Released && !isCurator)
            throw new ArchiveException(Problems.AlreadyPublic, "The release date of a public dataset does not move; a curator can help where it must.");
        var now = time.GetUtcNow();
        var date = Read(releaseDate, dataset, now, isCurator, await collections.EmbargoYearsAsync(dataset.Collection, ct));
        var state = date <= now && !dataset.IsHeld ? DatasetState.Released : DatasetState.Private;
        if (state == dataset.State && date == dataset.ReleaseDate) return null;
        var changed = dataset with { ReleaseDate = date, State = state, WarnAt = state is DatasetState.Private ? ReleaseWarnings.Next(date, now) : null };
        var recorded = changed.Recorded(dataset, account, (dataset.State, state) switch
        {
            (DatasetState.Private, DatasetState.Released) => "released",
            (DatasetState.Released, DatasetState.Private) => "release-undone",
            _ => "release-date-changed",
        }, now);
        return dataset.Owner == account.Id
            ? recorded
            : recorded.Mailed(await accounts.FindAsync(dataset.Owner, ct), "release-changed", [Revision(dataset)],
                ("date", DatasetRecord.Day(date)), ("state", state is DatasetState.Released ? "public" : "private"));
    }, ct);

    /// <summary>
    /// Takes a dataset back: what is left for everybody is its tombstone, and curators keep its files and metadata. Withdrawing what is
    /// withdrawn changes nothing.
    /// </summary>
    /// <param name="reason">What readers are told, one paragraph.</param>
    /// <returns>The head as it stands; null when there is none.</returns>
    /// <exception cref="ArchiveException"><see cref="Problems.Forbidden"/>: the account is no curator; <see cref="Problems.Conflict"/> or
    /// <see cref="Problems.Unprocessable"/> as for <see cref="ChangeDateAsync"/>.</exception>
    public Task<Dataset?> WithdrawAsync(Accession accession, string? reason, Account account, CancellationToken ct) => WriteAsync(accession, async dataset =>
    {
        if (account.Role is not Role.Curator) throw new ArchiveException(Problems.Forbidden, "Only curators withdraw a dataset: write to them, and say why.");
        var told = Reason(reason);
        if (dataset.State is DatasetState.Withdrawn) return null;
        var now = time.GetUtcNow();
        return (dataset with { State = DatasetState.Withdrawn, WithdrawalReason = told, WithdrawnAt = now, WarnAt = null })
            .Recorded(dataset, account, "withdrawn", now)
            .Mailed(await accounts.FindAsync(dataset.Owner, ct), "dataset-withdrawn", [Revision(dataset)], ("reason", told));
    }, ct);

    // The change makes of a head the one to be written; null for one that is so already.
    private async Task<Dataset?> WriteAsync(Accession accession, Func<Dataset, Task<Dataset?>> change, CancellationToken ct)
    {
        for (var i = 0; i < Tries; i++)
        {
            if (await datasets.FindAsync(accession, ct) is not { } dataset) return null;
            if (await change(dataset) is not { } changed) return dataset;
            if (await datasets.TryWriteAsync(changed, ct) is not { } written) continue;
            await signal.SendAsync(SignalTopic.Datasets, CancellationToken.None);
            await effects.FollowAsync(written);
            return written;
        }
        throw new ArchiveException(Problems.Conflict, "The dataset is being changed by others all the time.");
    }

    private static DateTimeOffset Read(string? text, Dataset dataset, DateTimeOffset now, bool isCurator, int embargoYears)
    {
        var last = dataset.Versions[0].CommittedAt.AddYears(embargoYears);
        if (text is null || !ReleaseDates.TryParse(text, out var wished))
            throw Refused("release-date-invalid", "$.releaseDate", "Give YYYY-MM-DD, or an ISO instant with its offset such as 2027-03-01T12:00:00Z.", ReleaseDates.Write(new(now.UtcDateTime.Date, TimeSpan.Zero)));
        if (wished > last)
            throw Refused("release-date-far", "$.releaseDate", $"An embargo lasts {embargoYears} years at most in this collection, counted from the first version.",
                ReleaseDates.Write(new(last.UtcDateTime.Date, TimeSpan.Zero)));
        return isCurator ? wished : ReleaseDates.Effective(wished, now);
    }

    private static string Reason(string? reason)
    {
        var told = reason?.Trim() ?? "";
        if (told.Length < ReasonLength.Least || told.Length > ReasonLength.Most)
            throw Refused("reason-length", "$.reason", $"Say why in {ReasonLength.Least} to {ReasonLength.Most} characters: it is what readers find in the place of the dataset.");
        if (told.Any(char.IsControl)) throw Refused("reason-characters", "$.reason", "The reason has control characters: write it as one paragraph.");
        return told;
    }

    private static ArchiveException Refused(string code, string place, string message, string? fix = null) =>
        new(Problems.Unprocessable, message, new Dictionary<string, object?>(StringComparer.Ordinal) { ["findings"] = new[] { new Finding(Severity.Error, code, place, message, fix) } });

    private static ArchiveException Gone(Dataset dataset) => new(Problems.Withdrawn, $"{dataset.Accession} was withdrawn; its release date does not move any more.");

    private static string Revision(Dataset dataset) => dataset.Revision.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
