using System.Globalization;
using Archive.Model.Accounts;
using Archive.Model.Datasets;
using Archive.Model.Errors;
using Archive.Storage.Metadata;
using Archive.Submissions.Release;

namespace Archive.Submissions.Curation;

/// <summary>
/// What curators decide about datasets that wait for them. Each decision is one write of the head that compares its revision, so of two
/// curators one decides and the other is told; repeating a decision changes nothing.
/// </summary>
public sealed class CurationDesk(
    IDatasetStore datasets, IAccountStore accounts, ReleaseRunner release, DatasetEffects effects, IChangeSignal signal, TimeProvider time)
{
    private const int MaxRaces = 50;

    /// <summary>
    /// Lets a dataset pass. It becomes public by the release that every dataset is released by: at once when its date is due by the
    /// database's clock, else on its date.
    /// </summary>
    /// <param name="version">The version that was looked at, or null for whichever is the newest.</param>
    /// <returns>The dataset as it then stands; null when there is none.</returns>
    /// <exception cref="ArchiveException"><see cref="Problems.NotInReview"/>, <see cref="Problems.ReviewDecided"/>, <see cref="Problems.VersionMoved"/>, <see cref="Problems.Withdrawn"/>.</exception>
    public async Task<Dataset?> ApproveAsync(Accession accession, Account curator, int? version, CancellationToken ct)
    {
        if (await DecideAsync(accession, ReviewState.Approved, curator, null, version, ct) is not { } approved) return null;
        if (approved.State == DatasetState.Private) await release.ReleaseDueAsync(ct);
        return await datasets.FindAsync(accession, ct) ?? approved;
    }

    /// <summary>Gives a dataset back to its depositor with a message; a new version brings it into the queue again.</summary>
    /// <inheritdoc cref="ApproveAsync"/>
    public Task<Dataset?> ReturnAsync(Accession accession, Account curator, string message, int? version, CancellationToken ct) =>
        DecideAsync(accession, ReviewState.Returned, curator, message, version, ct);

    private async Task<Dataset?> DecideAsync(Accession accession, ReviewState to, Account curator, string? message, int? version, CancellationToken ct)
    {
        for (var race = 0; race < MaxRaces; race++)
        {
            if (await datasets.FindAsync(accession, ct) is not { } head) return null;
            if (head.State == DatasetState.Withdrawn) throw new ArchiveException(Problems.Withdrawn, $"{accession} was withdrawn: there is nothing left to decide.");
            if (head.Review is not { } review) throw new ArchiveException(Problems.NotInReview, $"{accession} was never in the queue.");
            if (version is { } seen && seen != head.Latest.Number)
                throw new ArchiveException(Problems.VersionMoved, $"The newest version is {head.Latest.Number}.", Facts(("version", head.Latest.Number)));
            if (review.State == to && review.Last.Message == message) return head;
            if (review.State != ReviewState.Waiting)
                throw new ArchiveException(Problems.ReviewDecided, $"It is {review.State} since {review.Last.At:yyyy-MM-dd HH:mm} UTC.",
                    Facts(("state", review.State.ToString()), ("at", review.Last.At)));
            var move = new ReviewMove(to, time.GetUtcNow(), head.Latest.Number, curator.Id, message);
            var decided = Decided(head, move, curator, await accounts.FindAsync(head.Owner, ct));
            if (await datasets.TryWriteAsync(decided, ct) is not { } stored) continue;
            await effects.FollowAsync(stored);
            await signal.SendAsync(SignalTopic.Datasets, ct);
            return stored;
        }
        throw new ArchiveException(Problems.Conflict, "The dataset is being changed by others all the time.");
    }

    private static Dataset Decided(Dataset head, ReviewMove move, Account curator, Account? owner)
    {
        var decided = head with
        {
            Review = Review.With(head.Review, move),
            // Nobody but a curator backdates: what waited beyond its date is told to be public from the day it passed.
            ReleaseDate = move.To == ReviewState.Approved && head.ReleaseDate is { } date ? ReleaseDates.Effective(date, move.At) : head.ReleaseDate,
        };
        var action = move.To == ReviewState.Approved ? "approved" : "returned";
        return decided.Recorded(head, curator, action, move.At)
            .Mailed(owner, "review-" + action, [head.Revision.ToString(CultureInfo.InvariantCulture)], ("message", move.Message ?? ""));
    }

    private static Dictionary<string, object?> Facts(params (string Name, object? Value)[] facts) => facts.ToDictionary(f => f.Name, f => f.Value, StringComparer.Ordinal);
}
