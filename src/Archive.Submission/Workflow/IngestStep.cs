using Archive.Model.Submissions;
using Archive.Storage.Metadata;
using Archive.Storage.Objects;
using Archive.Submissions.Ingest;
using Archive.Submissions.Revisions;
using Archive.Submissions.Validation;

namespace Archive.Submissions.Workflow;

/// <summary>Stores every file and its reference.</summary>
public sealed class IngestStep(IDraftStore drafts, SubmissionValidator validator, NextFiles next, FileIngester ingester)
{
    /// <summary>See <see cref="SubmissionStep"/>.</summary>
    public async Task<StepOutcome> RunAsync(HeldSubmission held, CancellationToken ct)
    {
        var submission = held.Current;
        var draft = await SealedDraft.FindAsync(drafts, submission, ct);
        try
        {
            var files = await next.OpenAsync(draft, ct);
            if (files.Base is { IsCurrent: false } moved) return StepOutcome.Rejected(submission.Report, RevisionBase.MovedCode, "$", moved.MovedMessage);
            var before = files.Base is { } from ? await next.FindSourcesAsync(from, ct) : null;
            var (progress, changes, named) = await ingester.IngestAsync(submission, files, before, stop => validator.StudyAsync(draft.Id, stop), held.Report, ct);
            return new(SubmissionState.Ingested, Progress: progress, Changes: changes, Named: named);
        }
        catch (DigestMismatchException e)
        {
            return StepOutcome.Rejected(submission.Report, "digest-differs", FileIngester.PathOf(e.Key),
                "The file's content is not what was received: its length or digest differs. Upload it again.");
        }
    }
}
