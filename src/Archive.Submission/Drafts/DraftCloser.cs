using Archive.Model.Sharing;
using Archive.Model.Submissions;
using Archive.Storage.Metadata;
using Archive.Submissions.Staging;

namespace Archive.Submissions.Drafts;

/// <summary>What follows the end of a submission, or of a draft: idempotent, so that whoever finds it undone does it.</summary>
/// <param name="drafts">Where drafts are kept.</param>
/// <param name="submissions">Where it stands how a pass ended.</param>
/// <param name="staging">Where the files of drafts are.</param>
/// <param name="sharing">With whom drafts are shared.</param>
/// <param name="effects">What must follow writes of a draft before it goes.</param>
public sealed class DraftCloser(IDraftStore drafts, ISubmissionStore submissions, StagingArea staging, ISharingStore sharing, DraftEffects effects)
{
    /// <summary>
    /// Opens the draft of a rejected or cancelled submission; after a published one empties its staging and removes it. Does
    /// nothing while the submission is active, or when the draft is sealed by another pass.
    /// </summary>
    public async Task CloseAsync(Submission ended, CancellationToken ct)
    {
        while (ended.IsEnded && await drafts.FindAsync(ended.Draft, ct) is { } draft && draft.SealedBy == ended.Id)
        {
            if (ended.State is SubmissionState.Private or SubmissionState.Released)
            {
                // The draft stands until its staging is empty: a cut in between is found by the sweep of sealed drafts.
                await EmptyAsync(draft.Id, ct);
                if (!await TryDeleteAsync(draft, ct)) continue;
                // Last: it leads whoever still comes by the draft's address to the dataset's record.
                await ForgetSharesAsync(draft.Id, ct);
                return;
            }
            else if (await drafts.TryReplaceAsync(draft with { SealedBy = null, IsSealConfirmed = false, Submitter = null }, ct) is not null)
            {
                return;
            }
        }
    }

    /// <summary>
    /// The draft as its depositor may expect it: open as soon as its submission shows as rejected or cancelled, also in the moment before
    /// the node that ended it has opened it. A draft that is not sealed costs nothing.
    /// </summary>
    /// <returns>The draft as it stands; null when it is gone.</returns>
    public async Task<Draft?> OpenIfRefusedAsync(Draft draft, CancellationToken ct)
    {
        if (draft.SealedBy is not { } pass || await submissions.FindAsync(pass, ct) is not { State: SubmissionState.Rejected or SubmissionState.Cancelled } ended)
            return draft;
        await CloseAsync(ended, ct);
        return await drafts.FindAsync(draft.Id, ct);
    }

    /// <summary>Removes the draft itself when nobody wrote it since it was read; what must follow its writes is done before.</summary>
    public async Task<bool> TryDeleteAsync(Draft draft, CancellationToken ct)
    {
        await effects.DrainAsync(draft.Id, draft.Effects, ct);
        return await drafts.TryDeleteAsync(draft, ct);
    }

    /// <summary>Removes everything staged for a draft.</summary>
    public Task EmptyAsync(DraftId draft, CancellationToken ct) => staging.EmptyAsync(draft, ct);

    /// <summary>Forgets with whom a draft that is gone was shared.</summary>
    public Task ForgetSharesAsync(DraftId draft, CancellationToken ct) => sharing.RemoveAsync(SharedThing.Of(draft), ct);
}
