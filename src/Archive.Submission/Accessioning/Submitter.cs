using Archive.Model.Accounts;
using Archive.Model.Errors;
using Archive.Model.Submissions;
using Archive.Storage.Metadata;
using Archive.Submissions.Drafts;
using Archive.Submissions.Validation;

namespace Archive.Submissions.Accessioning;

/// <summary>What came of a submit request.</summary>
/// <param name="Submission">The accepted submission with its accession; null when it was refused.</param>
/// <param name="Report">Everything found; with errors where it was refused.</param>
public sealed record SubmitOutcome(Submission? Submission, ValidationReport Report);

/// <summary>
/// The submit request: metadata rules, seal, look for running uploads, accession, submission row. Each write is one document, so a
/// request cut anywhere is finished by its repetition or by <see cref="SealedDraftSweep"/>, and gives the same submission.
/// </summary>
public sealed class Submitter(
    IDraftStore drafts, ISubmissionStore submissions, AccessionMinter minter, SubmissionValidator validator, DraftCloser closer,
    DraftEffects effects, IChangeSignal signal, TimeProvider time)
{
    private const int MaxRaces = 50;

    /// <summary>Submits a draft, or answers what its submission is. The caller has made sure that the draft is the owner's.</summary>
    /// <returns>Null when the owner has neither the draft nor a submission of it.</returns>
    /// <exception cref="ArchiveException"><see cref="Problems.CollectionUnknown"/>, <see cref="Problems.Conflict"/>.</exception>
    public Task<SubmitOutcome?> SubmitAsync(DraftId id, AccountId owner, CancellationToken ct) => SubmitAsync(id, owner, new(owner, Role.Depositor), ct);

    /// <summary>The same by somebody who may act for the owner: what he may do counts, and is recorded.</summary>
    /// <param name="editor">Who submits.</param>
    public async Task<SubmitOutcome?> SubmitAsync(DraftId id, AccountId owner, Editor editor, CancellationToken ct)
    {
        for (var race = 0; race < MaxRaces; race++)
        {
            var draft = await drafts.FindAsync(id, ct);
            if (draft is null)
                // Published meanwhile, and the draft removed: the repetition of a request whose answer was lost.
                return await FindByDraftAsync(id, owner, ct) is { } published ? new(published, published.Report) : null;
            if (draft.SealedBy is null)
            {
                var report = await validator.CheckMetadataAsync(draft, editor, ct);
                if (!report.IsAcceptable) return new(null, report);
                await drafts.TryReplaceAsync(draft with { SealedBy = SubmissionId.New(), IsSealConfirmed = false, Submitter = editor }, ct);
                continue;
            }
            if (await FinishAsync(draft, ct) is { } outcome) return outcome;
        }
        throw new ArchiveException(Problems.Conflict, "The draft changes faster than it can be submitted.");
    }

    /// <summary>
    /// One step of what a sealed draft still needs until its submission stands: the answer, or null when the draft is to be read again.
    /// </summary>
    internal async Task<SubmitOutcome?> FinishAsync(Draft draft, CancellationToken ct)
    {
        if (await submissions.FindAsync(draft.SealedBy!.Value, ct) is { } stored)
        {
            if (stored.State is not (SubmissionState.Rejected or SubmissionState.Cancelled)) return new(stored, stored.Report);
            await closer.CloseAsync(stored, ct);
            return null;
        }
        return draft.IsSealConfirmed ? await AddAsync(draft, ct) : await ConfirmOrOpenAsync(draft, ct);
    }

    // An upload reads the draft after it took its path, and this looks for uploads after sealing: one of the two sees the other.
    // Opening and confirming compare the same revision, so only one of them happens.
    private async Task<SubmitOutcome?> ConfirmOrOpenAsync(Draft draft, CancellationToken ct)
    {
        var running = new FindingList(RuleCatalogue.OfFinding);
        await validator.AddRunningAsync(draft.Id, running, ct);
        if (running.HasErrors)
            return await drafts.TryReplaceAsync(draft with { SealedBy = null, Submitter = null }, ct) is null ? null : new(null, running.ToReport());
        var collection = draft.Collection;
        if (draft.Accession is null)
        {
            // Gone when another request submitted it and it was published meanwhile.
            if (await validator.FindStudyAsync(draft.Id, ct) is not { } study) return null;
            collection = (await validator.Collections.ChooseAsync(draft, study, ct)).Rules.Collection;
        }
        var accession = draft.Accession ?? await minter.MintAsync(collection, ct);
        var confirmed = draft with { Accession = accession, Collection = collection, IsSealConfirmed = true };
        // With the write from which on it is submitted for certain: what is refused before is not recorded, and nothing else goes unrecorded.
        if (draft.Submitter is { } by && DraftAudit.Of(time.GetUtcNow(), by, confirmed, "draft-submitted", draft.SealedBy!.Value.ToString()) is { } entry)
            confirmed = confirmed with { Effects = confirmed.Effects.With(entry) };
        if (await drafts.TryReplaceAsync(confirmed, ct) is not { } stored) return null;
        await effects.FollowAsync(stored);
        return await AddAsync(stored, ct);
    }

    private async Task<SubmitOutcome?> AddAsync(Draft draft, CancellationToken ct)
    {
        var now = time.GetUtcNow();
        var report = await validator.CheckMetadataAsync(draft, draft.Submitter, ct);
        var stored = await submissions.AddAsync(
            new Submission
            {
                Id = draft.SealedBy!.Value,
                Draft = draft.Id,
                Owner = draft.Owner,
                Accession = draft.Accession!.Value,
                Version = draft.Version,
                Submitter = draft.Submitter,
                State = SubmissionState.Submitted,
                SubmittedAt = now,
                Report = new([.. report.Findings.Where(f => f.Severity == Severity.Warning)], report.Omitted),
                History = [new(SubmissionState.Submitted, now)],
            },
            ct);
        await signal.SendAsync(SignalTopic.Submissions, ct);
        return new(stored, stored.Report);
    }

    private async Task<Submission?> FindByDraftAsync(DraftId draft, AccountId owner, CancellationToken ct) =>
        await submissions.ListAsync(owner, draft, null, 1, ct) is [var newest, ..] ? await submissions.FindAsync(newest.Id, ct) : null;
}
