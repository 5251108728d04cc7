using Archive.Model.Submissions;

namespace Archive.Submissions.Workflow;

/// <summary>What a step made of a submission.</summary>
/// <param name="State">The state that it moves to.</param>
/// <param name="Report">The report that then stands; null leaves the one that stood.</param>
/// <param name="Progress">The progress that then stands; null leaves the one that stood.</param>
public sealed record StepOutcome(SubmissionState State, ValidationReport? Report = null, SubmissionProgress? Progress = null)
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
