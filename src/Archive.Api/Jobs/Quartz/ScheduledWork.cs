using Quartz;
using Quartz.Extensibility;

namespace Archive.Api.Jobs.Quartz;

/// <summary>Runs the job of the catalogue that the stored job is named after, and keeps its outcome with it.</summary>
[DisallowConcurrentExecution]
[PersistJobDataAfterExecution]
internal sealed partial class ScheduledWork(JobCatalogue catalogue, TimeProvider clock, ILogger<ScheduledWork> log) : IJob
{
    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default)
    {
        var name = context.JobDetail.Key.Name;
        // A job that an older version stored and this one no longer has.
        if (catalogue.Find(name) is not { } job) return;
        var began = clock.GetUtcNow();
        var start = clock.GetTimestamp();
        void Keep(bool succeeded, string outcome) => JobRuns.Add(context.JobDetail.JobDataMap,
            new JobRun(began, (long)clock.GetElapsedTime(start).TotalMilliseconds, succeeded, outcome, Environment.MachineName));
        try
        {
            var outcome = await job.RunAsync(cancellationToken);
            // What runs each minute and says the same is news once.
            var isNews = JobRuns.Read(context.JobDetail.JobDataMap) is not [var last, ..] || last.Outcome != outcome;
            Keep(true, outcome);
            LogDone(log, isNews ? LogLevel.Information : LogLevel.Debug, name, outcome);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            Keep(false, "Stopped with the process.");
        }
        catch (Exception fault)
        {
            // The boundary of the process: whatever went wrong is the run's outcome, and the next run tries again.
            Keep(false, fault is Archive.Model.Errors.ArchiveException told ? told.Message : "It failed; the log says why.");
            LogFailed(log, fault, name);
        }
    }

    [LoggerMessage("Job {Name}: {Outcome}")]
    private static partial void LogDone(ILogger log, LogLevel level, string name, string outcome);

    [LoggerMessage(LogLevel.Error, "Job {Name} failed")]
    private static partial void LogFailed(ILogger log, Exception fault, string name);
}

/// <summary>Makes jobs from the archive's own services.</summary>
internal sealed class ScheduledWorkFactory(IServiceProvider services) : IJobFactory
{
    public ValueTask<JobScope> CreateJob(TriggerFiredBundle bundle, IScheduler scheduler, CancellationToken cancellationToken = default) =>
        ValueTask.FromResult(new JobScope(ActivatorUtilities.CreateInstance<ScheduledWork>(services), null));

    public ValueTask ReturnJob(JobScope scope, CancellationToken cancellationToken = default) => ValueTask.CompletedTask;
}
