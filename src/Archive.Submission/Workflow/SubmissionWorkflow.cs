using Archive.Model.Submissions;
using Archive.Submissions.Staging;

namespace Archive.Submissions.Workflow;

/// <summary>A step: idempotent, so that it may be cut anywhere and run again.</summary>
public delegate Task<StepOutcome> SubmissionStep(HeldSubmission held, CancellationToken ct);

/// <summary>
/// The table of moves, written once:
/// <code>
/// Submitted -> Validate  -> Validated | Rejected (findings)
/// Validated -> Ingest    -> Ingested | Rejected (digest differs, file lost); Waiting stays in Validated
/// Ingested  -> Publish   -> Private | Released | Cancelled (withdrawn meanwhile) | Rejected (revised or public meanwhile)
/// any step before Publish -> Cancelled (its owner asked)
/// </code>
/// </summary>
public sealed class SubmissionWorkflow(ValidateStep validate, IngestStep ingest, PublishStep publish, StagingArea staging, TimeProvider time)
{
    private static readonly Dictionary<SubmissionState, SubmissionState[]> Moves = new()
    {
        [SubmissionState.Submitted] = [SubmissionState.Validated, SubmissionState.Rejected, SubmissionState.Cancelled],
        [SubmissionState.Validated] = [SubmissionState.Ingested, SubmissionState.Rejected, SubmissionState.Cancelled],
        [SubmissionState.Ingested] = [SubmissionState.Private, SubmissionState.Released, SubmissionState.Cancelled, SubmissionState.Rejected],
    };

    private readonly Dictionary<SubmissionState, SubmissionStep> steps = new()
    {
        [SubmissionState.Submitted] = validate.RunAsync,
        [SubmissionState.Validated] = ingest.RunAsync,
        [SubmissionState.Ingested] = publish.RunAsync,
    };

    /// <summary>Whether the table knows the move.</summary>
    public static bool Allows(SubmissionState from, SubmissionState to) => Moves.TryGetValue(from, out var to1) && to1.Contains(to);

    /// <summary>Runs one step and saves its outcome; false when the lease was lost and nothing was saved.</summary>
    public async Task<bool> AdvanceAsync(HeldSubmission held, CancellationToken ct)
    {
        var from = held.Current.State;
        var outcome = held is { IsCancelRequested: true, Current.IsPublishing: false }
            ? new StepOutcome(SubmissionState.Cancelled)
            : await RunAsync(held, from, ct);
        if (!Allows(from, outcome.State)) throw new InvalidOperationException($"No move leads from {from} to {outcome.State}.");
        var current = held.Current;
        return await held.TrySaveAsync(
            current with
            {
                State = outcome.State,
                Report = outcome.Report ?? current.Report,
                Progress = outcome.Progress ?? current.Progress,
                Sources = outcome.Checked?.Sources ?? current.Sources,
                ComparesAttributes = outcome.Checked?.ComparesAttributes ?? current.ComparesAttributes,
                Changes = outcome.Changes ?? current.Changes,
                Named = outcome.Named ?? current.Named,
                History = [.. current.History, new SubmissionMove(outcome.State, time.GetUtcNow())],
                Waiting = null,
            },
            ct);
    }

    private async Task<StepOutcome> RunAsync(HeldSubmission held, SubmissionState from, CancellationToken ct)
    {
        try
        {
            return await steps[from](held, ct);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            // Waiting would bring nothing back: its owner is told what to upload again.
            var lost = await staging.ForgetLostAsync(held.Current.Draft, ct);
            if (lost.Count == 0) throw;
            var findings = new FindingList();
            foreach (var file in lost)
                findings.Error("file-lost", file.Path.Value, "The archive does not have the uploaded file any more, as after a restore from a backup. Upload it again.");
            findings.Add(held.Current.Report);
            return new(SubmissionState.Rejected, findings.ToReport());
        }
    }
}
