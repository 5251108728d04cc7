using Archive.Api.Running;
using Quartz;

namespace Archive.Api.Jobs.Quartz;

/// <summary>
/// Quartz on PostgreSQL, persistent and clustered. A job's definition is stored once and kept (<c>IgnoreDuplicates</c>: a second
/// node that replaced the trigger while the first one fired it made both fire), and only a changed time is written again.
/// </summary>
internal sealed class QuartzJobScheduler(IServiceProvider services, JobCatalogue catalogue, TimeProvider clock, ILoggerFactory logs) : IJobScheduler, IAsyncDisposable
{
    private const string Group = "archive";
    private StandaloneSchedulerFactory? factory;
    private IScheduler? scheduler;

    private IScheduler Scheduler => scheduler ?? throw new Archive.Model.Errors.ArchiveException(
        Archive.Model.Errors.Problems.Unavailable, "The job scheduler has not started.");

    public async Task StartAsync(string connectionString, Roles roles, CancellationToken ct)
    {
        factory = QuartzSchedulerBuilder.Create(quartz => Configure(quartz, connectionString, roles)).Build();
        var made = await factory.GetScheduler(ct);
        foreach (var job in catalogue.Jobs) await KeepTimeAsync(made, job, ct);
        scheduler = made;
        // A node that only serves pages and API knows the jobs and can ask for them, and runs none.
        if ((roles & (Roles.Submission | Roles.Indexer)) != Roles.None) await made.Start(ct);
    }

    public async Task<IReadOnlyList<JobStatus>> ListAsync(CancellationToken ct)
    {
        var list = new List<JobStatus>();
        foreach (var job in catalogue.Jobs.OrderBy(j => j.Name, StringComparer.Ordinal))
        {
            var detail = await Scheduler.GetJobDetail(Key(job.Name), ct);
            var trigger = await Scheduler.GetTrigger(TriggerKey(job.Name), ct);
            var running = await Scheduler.QueryFireInstances(new FireInstanceQuery { Job = Key(job.Name), State = FireInstanceState.Executing }, ct);
            list.Add(new JobStatus(job.Name, job.Meaning, job.Cron, running.Items.Count > 0, trigger?.NextFireTimeUtc,
                detail is null ? [] : JobRuns.Read(detail.JobDataMap)));
        }
        return list;
    }

    public async Task<bool> TryRunAsync(string name, CancellationToken ct)
    {
        if (catalogue.Find(name) is not { } job) return false;
        // A trigger of its own rather than TriggerJob: only a trigger carries the group that tells which nodes may take it.
        var trigger = TriggerBuilder.Create(clock).ForJob(Key(name)).WithIdentity($"{name} on demand {Guid.NewGuid():N}", Group)
            .WithExecutionGroup(job.Role.ToString()).StartNow().Build();
        await Scheduler.ScheduleJob(trigger, default, ct);
        return true;
    }

    public async Task StopAsync(CancellationToken ct)
    {
        if (scheduler is { } running) await running.Shutdown(true, ct);
        scheduler = null;
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync(CancellationToken.None);
        if (factory is not null) await factory.DisposeAsync();
    }

    private static JobKey Key(string name) => new(name, Group);

    private static TriggerKey TriggerKey(string name) => new(name, Group);

    private void Configure(IQuartzBuilder quartz, string connectionString, Roles roles)
    {
        quartz.Services.AddSingleton(logs);
        quartz.ConfigureScheduler(options =>
        {
            options.InstanceName = "archive";
            options.GenerateInstanceId = true;
            options.DefaultTimeZone = TimeZoneInfo.Utc;
            // How long a run that another node asked for waits at most.
            options.IdleWaitTime = TimeSpan.FromSeconds(5);
            options.ShutdownJobInterruption = ShutdownJobInterruption.Always;
            foreach (var role in new[] { Roles.Submission, Roles.Indexer })
                if (roles.HasFlag(role))
                    options.ServedExecutionGroups.Add(role.ToString());
        });
        quartz.ConfigureOptions<SchedulingOptions>(options => options.IgnoreDuplicates = true);
        quartz.UseDefaultThreadPool(4);
        quartz.UseTimeProvider(clock);
        quartz.UseJobFactory(new ScheduledWorkFactory(services));
        quartz.UsePersistentStore(store =>
        {
            store.UsePostgres(connectionString);
            store.UseSystemTextJsonSerializer();
            store.UseClustering();
            store.ProvisionSchema();
        });
        foreach (var job in catalogue.Jobs)
        {
            quartz.AddJob<ScheduledWork>(j => j.WithIdentity(Key(job.Name)).WithDescription(job.Meaning).StoreDurably().RequestRecovery());
            if (job.Cron is not { } cron) continue;
            quartz.AddTrigger(t => t.ForJob(Key(job.Name)).WithIdentity(TriggerKey(job.Name)).WithExecutionGroup(job.Role.ToString())
                .WithSchedule(Schedule(cron)));
        }
    }

    // What is stored is kept; a time that the operator changed is not what is stored any more.
    private async Task KeepTimeAsync(IScheduler made, Job job, CancellationToken ct)
    {
        if (job.Cron is not { } cron || await made.GetTrigger(TriggerKey(job.Name), ct) is not ICronTrigger stored || stored.CronExpressionString == cron) return;
        var trigger = TriggerBuilder.Create(clock).ForJob(Key(job.Name)).WithIdentity(TriggerKey(job.Name))
            .WithExecutionGroup(job.Role.ToString()).WithSchedule(Schedule(cron)).Build();
        await made.RescheduleJob(TriggerKey(job.Name), trigger, ct);
    }

    private static CronScheduleBuilder Schedule(string cron) =>
        CronScheduleBuilder.Create(cron).InTimeZone(TimeZoneInfo.Utc).WithMisfireInstruction(CronTriggerMisfireInstruction.FireAndProceed);
}
