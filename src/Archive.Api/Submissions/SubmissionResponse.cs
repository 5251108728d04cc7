using Archive.Api.Curation;
using Archive.Model.Datasets;
using Archive.Model.Submissions;

namespace Archive.Api.Submissions;

/// <summary>A submission as it stands.</summary>
/// <param name="Id">Its identifier.</param>
/// <param name="State">The last step that was finished, or the end.</param>
/// <param name="Accession">The dataset that it creates or revises.</param>
/// <param name="Version">The version that it produces.</param>
/// <param name="Draft">The draft that it takes in.</param>
/// <param name="SubmittedAt">When it was submitted (UTC).</param>
/// <param name="Waiting">Why it is not moving, and when it is tried again; null while it moves.</param>
/// <param name="Findings">What validation found, errors before warnings; at most 1,000.</param>
/// <param name="FindingsOmitted">How many findings more there were.</param>
/// <param name="Progress">Files and bytes done of all.</param>
/// <param name="History">The moves so far, oldest first.</param>
/// <param name="CancelRequested">Whether a stop was asked for.</param>
internal sealed record SubmissionResponse(SubmissionId Id, SubmissionState State, Accession Accession, int Version, DraftId Draft,
    DateTimeOffset SubmittedAt, Waiting? Waiting, IReadOnlyList<Finding> Findings, long FindingsOmitted, SubmissionProgress Progress,
    IReadOnlyList<SubmissionMove> History, bool CancelRequested)
{
    /// <summary>Where the version stands with the curators, while it is the newest of a private dataset; else null, and in events.</summary>
    public ReviewResponse? Review { get; init; }

    public static SubmissionResponse Of(Submission submission) => new(submission.Id, submission.State, submission.Accession, submission.Version,
        submission.Draft, submission.SubmittedAt, submission.Waiting, submission.Report.Findings, submission.Report.Omitted, submission.Progress,
        submission.History, submission.CancelRequested);
}

/// <summary>A submission in a list.</summary>
/// <param name="Id">Its identifier.</param>
/// <param name="State">The last step that was finished, or the end.</param>
/// <param name="Accession">The dataset that it creates or revises.</param>
/// <param name="Version">The version that it produces.</param>
/// <param name="Draft">The draft that it takes in.</param>
/// <param name="SubmittedAt">When it was submitted (UTC).</param>
/// <param name="Waiting">Why it is not moving, and when it is tried again; null while it moves.</param>
/// <param name="FindingCount">How many findings there are; the submission itself lists them.</param>
/// <param name="Progress">Files and bytes done of all.</param>
/// <param name="History">The moves so far, oldest first.</param>
/// <param name="CancelRequested">Whether a stop was asked for.</param>
internal sealed record SubmissionItem(SubmissionId Id, SubmissionState State, Accession Accession, int Version, DraftId Draft,
    DateTimeOffset SubmittedAt, Waiting? Waiting, long FindingCount, SubmissionProgress Progress, IReadOnlyList<SubmissionMove> History,
    bool CancelRequested)
{
    public static SubmissionItem Of(Submission submission) => new(submission.Id, submission.State, submission.Accession, submission.Version,
        submission.Draft, submission.SubmittedAt, submission.Waiting, submission.Report.Findings.Count + submission.Report.Omitted,
        submission.Progress, submission.History, submission.CancelRequested);
}

/// <summary>The answer to a submit request, the same for each repetition.</summary>
/// <param name="Submission">The submission's identifier.</param>
/// <param name="Accession">The number, to be cited from now on.</param>
/// <param name="Version">The version that it produces.</param>
internal sealed record SubmittedResponse(SubmissionId Submission, Accession Accession, int Version);

/// <summary>A check of a draft.</summary>
/// <param name="Acceptable">Whether the draft could be submitted as it is.</param>
/// <param name="Findings">Errors before warnings, each with its place; at most 1,000.</param>
/// <param name="Omitted">How many more there were.</param>
internal sealed record ValidationResponse(bool Acceptable, IReadOnlyList<Finding> Findings, long Omitted)
{
    public static ValidationResponse Of(ValidationReport report) => new(report.IsAcceptable, report.Findings, report.Omitted);
}
