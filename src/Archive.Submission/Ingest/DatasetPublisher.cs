using Archive.Model.Accounts;
using Archive.Model.Datasets;
using Archive.Model.Effects;
using Archive.Model.Errors;
using Archive.Model.PageTab;
using Archive.Model.Rembi;
using Archive.Model.Submissions;
using Archive.Storage.Metadata;
using Archive.Submissions.Curation;
using Archive.Submissions.Release;
using Archive.Submissions.Workflow;

namespace Archive.Submissions.Ingest;

/// <summary>How a commit ended.</summary>
public enum PublishOutcome
{
    /// <summary>Committed, under embargo.</summary>
    Private,

    /// <summary>Committed and public.</summary>
    Released,

    /// <summary>Not committed: the dataset was withdrawn meanwhile.</summary>
    Withdrawn,

    /// <summary>Not committed: another submission committed this version, or the one that it begins from is gone.</summary>
    BaseMoved,

    /// <summary>Not committed: it changes files of a dataset that is public, and who submitted it may not.</summary>
    FilesPublic,
}

/// <summary>What a version will say.</summary>
/// <param name="AsSent">The text that was sent.</param>
/// <param name="Effective">The text that is given back: with accession and release date.</param>
/// <param name="Title">Its title.</param>
/// <param name="ReleaseDate">The date that holds; null when none is named.</param>
public sealed record ReadyVersion(PageTabText AsSent, PageTabText Effective, string Title, DateTimeOffset? ReleaseDate) : IDisposable
{
    /// <summary>Gives <see cref="Effective"/> back.</summary>
    public void Dispose() => Effective.Dispose();
}

/// <summary>Makes a version visible by one write of the dataset's head, after its document.</summary>
/// <param name="datasets">Where heads are written.</param>
/// <param name="accounts">Who deposits, for the record.</param>
/// <param name="gate">Whether a version waits for a curator.</param>
/// <param name="effects">What follows the write.</param>
/// <param name="time">The database's clock, by which a date has come or not.</param>
public sealed class DatasetPublisher(IDatasetStore datasets, IAccountStore accounts, ReleaseGate gate, DatasetEffects effects, TimeProvider time)
{
    private const int MaxRaces = 50;

    /// <summary>Reads all that a commit needs of a text, so that what cannot be read fails before anything is decided. Writes nothing.</summary>
    /// <param name="asSent">What the draft says; it stays the caller's.</param>
    /// <returns>To be disposed of before <paramref name="asSent"/> is.</returns>
    /// <exception cref="System.Text.Json.JsonException">The text is damaged.</exception>
    /// <exception cref="InvalidOperationException">It is damaged, though JSON.</exception>
    public async Task<ReadyVersion> PrepareAsync(Submission submission, PageTabText asSent, CancellationToken ct)
    {
        // Where it becomes public after this look, the text is told the date when it is first read.
        var head = submission.Version > 1 ? await datasets.FindAsync(submission.Accession, ct) : null;
        var study = RembiReader.Read(PageTabJson.ReadPart(asSent, PageTabPart.Head).Document);
        var title = study.Title ?? throw new InvalidOperationException($"The page tab of {submission.Accession} has lost its title.");
        DateTimeOffset? releaseDate = head?.KeepsReleaseDate(submission.Editor()) is true ? head.ReleaseDate
            : study.ReleaseDateText is { } text && ReleaseDates.TryParse(text, out var wished)
            ? ReleaseDates.Effective(wished, submission.SubmittedAt)
            : null;
        return new(asSent, EffectivePageTab.Of(asSent, submission.Accession, releaseDate), title, releaseDate);
    }

    /// <summary>Commits; when this pass is committed already, says how it stands.</summary>
    /// <param name="submission">Ingested.</param>
    /// <exception cref="ArchiveException"><see cref="Problems.Conflict"/>: the head changes faster than it can be written.</exception>
    /// <param name="draft">What it takes in.</param>
    /// <param name="ready">What the draft says.</param>
    public async Task<PublishOutcome> PublishAsync(Submission submission, Draft draft, ReadyVersion ready, CancellationToken ct)
    {
        var editor = submission.Editor();
        // As what he submitted it; he may be something else by now.
        var actor = await accounts.FindAsync(editor.Account, ct) is { } account ? account with { Role = editor.Role } : null;
        await datasets.AddDocumentAsync(new(submission.Accession, submission.Version, submission.Id), ready.Effective, ready.ReleaseDate, ready.AsSent, ct);
        for (var race = 0; race < MaxRaces; race++)
        {
            var head = await datasets.FindAsync(submission.Accession, ct);
            if (head?.Versions.FirstOrDefault(v => v.Submission == submission.Id) is not null) return Standing(head);
            if (head is { State: DatasetState.Withdrawn }) return PublishOutcome.Withdrawn;
            if ((head?.Versions.Count ?? 0) != submission.Version - 1)
                return PublishOutcome.BaseMoved;
            // By the head that is written over: it may have become public since the files were checked.
            if (head is { State: DatasetState.Released } && submission.Changes is { Replaced: > 0 } or { Removed: > 0 } && !editor.MayChangePublicFiles())
                return PublishOutcome.FilesPublic;
            var isHeld = await gate.HoldsAsync(head, head?.Collection ?? draft.Collection, head?.Owner ?? draft.Owner, ct);
            var next = Held(Next(head, submission, draft, ready), head, isHeld);
            next = next.Recorded(head, actor, head is null ? "deposited" : "revised", next.Latest.CommittedAt);
            if (await datasets.TryWriteAsync(next, ct) is not { } written) continue;
            await effects.FollowAsync(written);
            return Standing(written);
        }
        throw new ArchiveException(Problems.Conflict, "The dataset changes faster than it can be written.");
    }

    // A version that waits for a curator is private whatever its date says, and in the queue from this write on.
    private static Dataset Held(Dataset next, Dataset? head, bool isHeld) => isHeld
        ? next with
        {
            State = DatasetState.Private,
            Review = Review.With(head?.Review, new(ReviewState.Waiting, next.Latest.CommittedAt, next.Latest.Number, null, null)),
        }
        : next with { Review = head?.Review };

    private Dataset Next(Dataset? head, Submission submission, Draft draft, ReadyVersion ready)
    {
        var now = time.GetUtcNow();
        var (files, bytes) = submission.Changes is { } changes
            ? ((head?.Latest.FileCount ?? 0) + changes.FileDelta, (head?.Latest.TotalBytes ?? 0) + changes.ByteDelta)
            : (submission.Progress.FilesTotal, submission.Progress.BytesTotal);
        // Who changed what stands in the head for good. What is to follow the commit (audit entries, mails) belongs into this write.
        var version = new CommittedVersion(submission.Version, submission.Id, now, files, bytes, submission.Changes, submission.Editor());
        var next = (head ?? First(submission, draft)) with { Versions = [.. head?.Versions ?? [], version], Title = ready.Title };
        if (next.State == DatasetState.Released) return next;
        var date = head?.KeepsReleaseDate(submission.Editor()) is true ? head.ReleaseDate : ready.ReleaseDate;
        return next with
        {
            ReleaseDate = date,
            State = date <= now ? DatasetState.Released : DatasetState.Private,
            WarnAt = ReleaseWarnings.Next(date, now),
        };
    }

    private static Dataset First(Submission submission, Draft draft) => new()
    {
        Accession = submission.Accession,
        Collection = draft.Collection,
        Owner = draft.Owner,
        State = DatasetState.Private,
        ReleaseDate = null,
        Versions = [],
        Title = "",
    };

    private static PublishOutcome Standing(Dataset head) => head.State switch
    {
        DatasetState.Released => PublishOutcome.Released,
        DatasetState.Private => PublishOutcome.Private,
        // Withdrawn after this pass was committed: the submission did what it was to do.
        _ => PublishOutcome.Released,
    };
}
