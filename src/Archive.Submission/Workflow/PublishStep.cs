using Archive.Model.Submissions;
using Archive.Storage.Metadata;
using Archive.Submissions.Drafts;
using Archive.Submissions.Ingest;
using Archive.Submissions.Revisions;
using Archive.Submissions.Sharing;

namespace Archive.Submissions.Workflow;

/// <summary>Commits the version.</summary>
public sealed class PublishStep(IDraftStore drafts, DatasetPublisher publisher, SharingWriter sharing)
{
    /// <summary>See <see cref="SubmissionStep"/>.</summary>
    public async Task<StepOutcome> RunAsync(HeldSubmission held, CancellationToken ct)
    {
        var draft = await SealedDraft.FindAsync(drafts, held.Current, ct);
        // Before the point of no return: what cannot be read can still be cancelled.
        using var asSent = await DraftPageTab.ReceiveAsync(drafts, draft.Id, ct) ?? throw new InvalidOperationException($"Draft {draft.Id} has no page tab.");
        using var ready = await publisher.PrepareAsync(held.Current, asSent, ct);
        // From here on nobody cancels: a holder that loses its lease now may still commit. The store takes this or a wish to stop,
        // whichever comes first.
        if (!held.Current.IsPublishing && !await held.TrySaveAsync(held.Current with { IsPublishing = true, Waiting = null }, ct))
            throw new OperationCanceledException("The lease was lost, or a stop was asked for, before the commit.");
        await sharing.MoveAsync(draft, held.Current.Accession, ct);
        var report = held.Current.Report;
        return await publisher.PublishAsync(held.Current, draft, ready, ct) switch
        {
            PublishOutcome.Private => new(SubmissionState.Private),
            PublishOutcome.Released => new(SubmissionState.Released),
            PublishOutcome.BaseMoved => StepOutcome.Rejected(
                report, RevisionBase.MovedCode, "$", RevisionBase.MovedMessageOf(held.Current.Accession, held.Current.Version - 1)),
            PublishOutcome.FilesPublic => StepOutcome.Rejected(report, PublicFiles.Code, "$", PublicFiles.Refusal(held.Current.Changes!)),
            _ => new(SubmissionState.Cancelled),
        };
    }
}
