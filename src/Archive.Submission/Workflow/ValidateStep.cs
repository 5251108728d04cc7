using Archive.Model.Accounts;
using Archive.Model.Submissions;
using Archive.Storage.Metadata;
using Archive.Submissions.Validation;

namespace Archive.Submissions.Workflow;

/// <summary>Compares file lists and staged files. Writes nothing.</summary>
public sealed class ValidateStep(IDraftStore drafts, SubmissionValidator validator)
{
    /// <summary>See <see cref="SubmissionStep"/>.</summary>
    public async Task<StepOutcome> RunAsync(HeldSubmission held, CancellationToken ct)
    {
        var submission = held.Current;
        var draft = await SealedDraft.FindAsync(drafts, submission, ct);
        var (report, found) = await validator.CheckFilesAsync(draft, submission.Editor(), submission.Report, ct);
        return report.IsAcceptable
            ? new(SubmissionState.Validated, report, new(0, found.Files, 0, found.Bytes), found)
            : new(SubmissionState.Rejected, report);
    }
}

/// <summary>The draft that a submission takes in, and who sent it.</summary>
internal static class SealedDraft
{
    /// <summary>Who submitted; the owner as a depositor where that was not recorded.</summary>
    public static Editor Editor(this Submission submission) => submission.Submitter ?? new(submission.Owner, Role.Depositor);

    /// <summary>The draft, sealed by the submission.</summary>
    /// <exception cref="InvalidOperationException">It is gone or sealed by another pass: the caller's lease was lost, or the metadata is damaged.</exception>
    public static async Task<Draft> FindAsync(IDraftStore drafts, Submission submission, CancellationToken ct) =>
        await drafts.FindAsync(submission.Draft, ct) is { PageTabBytes: not null } draft && draft.SealedBy == submission.Id
            ? draft
            : throw new InvalidOperationException($"Draft {submission.Draft} is not held by submission {submission.Id}.");
}
