using Archive.Api.Jobs;
using Archive.Model.Errors;
using Archive.Storage.Metadata.Postgres;
using Archive.Storage.Metadata.Postgres.Cluster;
using Archive.Storage.Objects;

namespace Archive.Api.Running;

/// <summary>
/// Starts what requests need, in order, while the server already answers 503 and /readyz says what is missing; and stops it last,
/// after the server and all workers. Registered first, since services stop in the reverse order.
/// </summary>
internal sealed partial class StartupService(Settings settings, DataFolder folder, MetadataDatabase database, DatabaseTime time, FirstStart firstStart,
    IJobScheduler jobs, IEnumerable<IStartupStep> steps, PostgresChangeSignal signal, Readiness readiness, IHostApplicationLifetime lifetime, ILogger<StartupService> log) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    /// <summary>Why the archive could not start; null while nothing is wrong.</summary>
    public StartupException? Failure { get; private set; }

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        folder.Open(settings.Data);
        readiness.Note("database", false, "starting");
        readiness.Note("volumes", false, "waiting for the database");
        readiness.Note("jobs", false, "waiting for the database");
        foreach (var step in steps) readiness.Note(step.Name, false, "waiting for the database");
        lifetime.ApplicationStopping.Register(readiness.Close);
        await base.StartAsync(cancellationToken);
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        // Whatever time is left to the host: a database that is stopped cleanly needs no recovery.
        await jobs.StopAsync(CancellationToken.None);
        await signal.DisposeAsync();
        await database.StopAsync(CancellationToken.None);
        LogStopped(log);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await StartDatabaseAsync(stoppingToken);
            await time.ReadAsync(database, stoppingToken);
            await firstStart.PrepareAsync(stoppingToken);
            readiness.Note("volumes", true, "carry this archive's identity");
            foreach (var step in steps)
            {
                var state = await step.StartAsync(stoppingToken);
                readiness.Note(step.Name, state.IsUp, state.Detail);
            }
            await jobs.StartAsync(database.ConnectionString, settings.Roles, stoppingToken);
            readiness.Note("jobs", true, "scheduled");
            readiness.Open();
            LogReady(log, settings.Roles, settings.Data);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Stopped before it was ready.
        }
        catch (Exception fault) when (fault is PostgresMissingException or PrivateClusterException or WrongVolumeException or StartupException)
        {
            Fail(new StartupException(fault.Message, fault));
        }
        catch (Exception fault)
        {
            LogFailed(log, fault);
            Fail(new StartupException("The archive failed to start; the log says why.", fault));
        }
    }

    // An external database may come up after the archive; a private one that fails has a fault that waiting does not mend.
    private async Task StartDatabaseAsync(CancellationToken ct)
    {
        while (true)
        {
            try
            {
                await database.StartAsync(ct);
                readiness.Note("database", true, "answers");
                return;
            }
            catch (ArchiveException fault) when (fault.Problem == Problems.Unavailable)
            {
                readiness.Note("database", false, "does not answer");
                LogWaiting(log, fault.InnerException?.Message ?? fault.Message);
                await Task.Delay(Pause, ct);
            }
        }
    }

    private void Fail(StartupException failure)
    {
        Failure = failure;
        // A host that is told to stop while it starts ends with an exception of its own.
        lifetime.ApplicationStarted.Register(lifetime.StopApplication);
    }

    [LoggerMessage(LogLevel.Information, "Ready as {Roles} on {Data}")]
    private static partial void LogReady(ILogger log, Roles roles, string data);

    [LoggerMessage(LogLevel.Warning, "The database does not answer yet: {Reason}")]
    private static partial void LogWaiting(ILogger log, string reason);

    [LoggerMessage(LogLevel.Critical, "The archive failed to start")]
    private static partial void LogFailed(ILogger log, Exception fault);

    [LoggerMessage(LogLevel.Information, "Stopped")]
    private static partial void LogStopped(ILogger log);
}

/// <summary>Something that must be up before requests are served, and needs the database first.</summary>
internal interface IStartupStep
{
    /// <summary>Its name among the dependencies.</summary>
    string Name { get; }

    /// <summary>Returns when it is up, or when requests that do without it need wait no longer.</summary>
    /// <exception cref="StartupException">It cannot be brought up as the archive is set up.</exception>
    Task<DependencyState> StartAsync(CancellationToken ct);
}
