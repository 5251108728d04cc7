using Archive.Model.Datasets;
using Archive.Model.Rembi;
using Archive.Model.Submissions;
using Archive.Submissions.Revisions;

namespace Archive.Submissions.Workflow;

/// <summary>What a step made of a submission.</summary>
/// <param name="State">The state that it moves to.</param>
/// <param name="Report">The report that then stands; null leaves the one that stood.</param>
/// <param name="Progress">The progress that then stands; null leaves the one that stood.</param>
/// <param name="Checked">What validation learnt; null leaves what it learnt before.</param>
/// <param name="Changes">What ingest counted; null leaves what it counted before.</param>
/// <param name="Named">Whom ingest found in file tables; null leaves whom it found before.</param>
public sealed record StepOutcome(
    SubmissionState State, ValidationReport? Report = null, SubmissionProgress? Progress = null, CheckedFiles? Checked = null, VersionChanges? Changes = null,
    IReadOnlyList<IdentifyingText>? Named = null)
{
    /// <summary>A rejection for one reason, which stands before everything found so far.</summary>
    public static StepOutcome Rejected(ValidationReport soFar, string code, string place, string message)
    {
        var findings = new FindingList();
        findings.Error(code, place, message);
        findings.Add(soFar);
        return new(SubmissionState.Rejected, findings.ToReport());
    }
}
