using Archive.Api.Running;
using Archive.Indexer.Building;
using Archive.Storage.Metadata;
using Archive.Storage.Metadata.Postgres;
using Archive.Submissions.Release;

namespace Archive.Api.Jobs;

/// <summary>The jobs that there are; the same on every node, whatever its roles.</summary>
internal sealed class JobCatalogue(IReadOnlyList<Job> jobs)
{
    /// <summary>The job that builds the search index from nothing.</summary>
    public const string IndexRebuild = "index-rebuild";

    /// <summary>All jobs.</summary>
    public IReadOnlyList<Job> Jobs { get; } = jobs;

    /// <summary>The archive's own jobs. Services are asked for when a job runs: nodes that never run one lack what it needs.</summary>
    public static JobCatalogue Of(Settings settings, IServiceProvider services) => new(
    [
        new("index", "Builds the search index of everything that is public; takes over what did not change.", Roles.Indexer, settings.Get(SettingCatalogue.IndexCron),
            ct => BuildIndexAsync(services, anew: false, ct)),
        new(IndexRebuild, "Builds the search index and reads every dataset and file list again.", Roles.Indexer, null, ct => BuildIndexAsync(services, anew: true, ct)),
        new("release", "Makes datasets public whose release date has come, and reminds owners of those to come.", Roles.Submission, settings.Get(SettingCatalogue.ReleaseCron),
            async ct =>
            {
                // What is due is judged by the database, what is written of it by this node's reading of the same clock.
                await services.GetRequiredService<DatabaseTime>().ReadAsync(services.GetRequiredService<MetadataDatabase>(), ct);
                var runner = services.GetRequiredService<ReleaseRunner>();
                return $"{await runner.ReleaseDueAsync(ct)} datasets released, {await runner.WarnAsync(ct)} owners reminded.";
            }),
        new("sweep", "Finishes what was cut and removes what nothing refers to.", Roles.Submission, settings.Get(SettingCatalogue.SweepCron),
            ct => services.GetRequiredService<SweepJob>().RunAsync(ct)),
        new("sweep-all", "Looks at every object, slowly, and removes what nothing refers to.", Roles.Submission, settings.Get(SettingCatalogue.SweepAllCron),
            ct => services.GetRequiredService<SweepJob>().RunOverAllAsync(ct)),
    ]);

    private static async Task<string> BuildIndexAsync(IServiceProvider services, bool anew, CancellationToken ct)
    {
        var built = await services.GetRequiredService<IndexBuilder>().BuildAsync(anew, ct);
        // Other nodes fetch it at once.
        await services.GetRequiredService<IChangeSignal>().SendAsync(SignalTopic.Datasets, ct);
        return $"{built.Generation}: {built.Datasets} datasets, {built.Reused} of them unchanged, up to change {built.NewestChange}, {built.GenerationBytes} bytes.";
    }

    /// <summary>The job of a name, or null.</summary>
    public Job? Find(string name) => Jobs.FirstOrDefault(j => j.Name == name);
}
