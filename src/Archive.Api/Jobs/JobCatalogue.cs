using Archive.Api.Running;
using Archive.Indexer.Building;
using Archive.Submissions.Release;

namespace Archive.Api.Jobs;

/// <summary>The jobs that there are.</summary>
internal sealed class JobCatalogue(Settings settings, IServiceProvider services)
{
    /// <summary>All jobs.</summary>
    public IReadOnlyList<Job> Jobs { get; } =
    [
        new("index", "Builds the search index of everything that is public.", Roles.Indexer, settings.Get(SettingCatalogue.IndexCron), BuildAsync(services)),
        new("release", "Makes datasets public whose release date has come.", Roles.Submission, settings.Get(SettingCatalogue.ReleaseCron),
            async ct => $"{await services.GetRequiredService<ReleaseRunner>().ReleaseDueAsync(ct)} datasets released."),
        new("sweep", "Finishes what was cut and removes what nothing refers to.", Roles.Submission, settings.Get(SettingCatalogue.SweepCron),
            ct => services.GetRequiredService<SweepJob>().RunAsync(ct)),
    ];

    private static Func<CancellationToken, Task<string>> BuildAsync(IServiceProvider services) => async ct =>
    {
        var built = await services.GetRequiredService<IndexBuilder>().BuildAsync(ct);
        return $"{built.Generation}: {built.Datasets} datasets up to change {built.NewestChange}, {built.GenerationBytes} bytes.";
    };

    /// <summary>The job of a name, or null.</summary>
    public Job? Find(string name) => Jobs.FirstOrDefault(j => j.Name == name);
}
