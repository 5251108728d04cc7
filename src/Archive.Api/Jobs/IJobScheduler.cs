using Archive.Api.Running;

namespace Archive.Api.Jobs;

/// <summary>
/// Runs jobs by the clock and on demand, on one node of the installation at a time. A job may be begun twice (a node that dies in
/// the middle of one has it begun again elsewhere), so every job is idempotent.
/// </summary>
internal interface IJobScheduler
{
    /// <summary>Makes the jobs known, with their times as set now, and begins to run those of this node's roles.</summary>
    Task StartAsync(string connectionString, Roles roles, CancellationToken ct);

    /// <summary>Every job with its last runs, in order of name.</summary>
    Task<IReadOnlyList<JobStatus>> ListAsync(CancellationToken ct);

    /// <summary>Has the job run once, now, on a node with its role; false when there is none of the name.</summary>
    Task<bool> TryRunAsync(string name, CancellationToken ct);

    /// <summary>Asks running jobs to stop, waits for them, and begins no more.</summary>
    Task StopAsync(CancellationToken ct);
}

/// <summary>A job as it is written in the catalogue.</summary>
/// <param name="Name">Lower case.</param>
/// <param name="Meaning">One sentence for operators.</param>
/// <param name="Role">Nodes with it run the job.</param>
/// <param name="Cron">When, as a Quartz cron expression in UTC; null: only when somebody asks for it.</param>
/// <param name="RunAsync">Does the work and returns one sentence on what was done.</param>
internal sealed record Job(string Name, string Meaning, Roles Role, string? Cron, Func<CancellationToken, Task<string>> RunAsync);

/// <summary>A job as it stands.</summary>
/// <param name="Name">Lower case.</param>
/// <param name="Meaning">One sentence for operators.</param>
/// <param name="Cron">When it runs (UTC); null: only when somebody asks for it.</param>
/// <param name="IsRunning">Whether a node runs it now.</param>
/// <param name="NextRun">When it runs next (UTC); null when it never does.</param>
/// <param name="LastRuns">Newest first, at most twenty.</param>
internal sealed record JobStatus(string Name, string Meaning, string? Cron, bool IsRunning, DateTimeOffset? NextRun, IReadOnlyList<JobRun> LastRuns);

/// <summary>A run that has ended.</summary>
/// <param name="StartedAt">When it began (UTC).</param>
/// <param name="Milliseconds">How long it took.</param>
/// <param name="Succeeded">Whether it did its work.</param>
/// <param name="Outcome">What was done, or what went wrong.</param>
/// <param name="Node">The node that ran it.</param>
internal sealed record JobRun(DateTimeOffset StartedAt, long Milliseconds, bool Succeeded, string Outcome, string Node);
