using Archive.Model.Errors;
using Archive.Storage.Metadata.Postgres;
using Archive.Storage.Objects;

namespace Archive.Api.Running;

/// <summary>Looks every few seconds whether what requests need is still there, so that /readyz tells it and a balancer goes elsewhere,
/// and what the database's clock says.</summary>
internal sealed class DependencyWatch(DatabaseTime clock, MetadataDatabase database, FirstStart volumes, Readiness readiness) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await readiness.WhenReadyAsync(stoppingToken);
        while (true)
        {
            await LookAsync("database", "answers", stop => clock.ReadAsync(database, stop), stoppingToken);
            await LookAsync("volumes", "carry this archive's identity", volumes.RequireAsync, stoppingToken);
            await Task.Delay(Pause, clock, stoppingToken);
        }
    }

    private async Task LookAsync(string dependency, string sound, Func<CancellationToken, Task> look, CancellationToken ct)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(ct);
        patience.CancelAfter(Patience);
        try
        {
            await look(patience.Token);
            readiness.Note(dependency, true, sound);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            readiness.Note(dependency, false, "does not answer in time");
        }
        catch (Exception fault) when (fault is ArchiveException or WrongVolumeException)
        {
            readiness.Note(dependency, false, fault.Message);
        }
        catch (IOException)
        {
            readiness.Note(dependency, false, "cannot be read");
        }
    }
}
