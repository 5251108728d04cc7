using Archive.Api.Running;
using Archive.Submissions.Release;

namespace Archive.Api.Jobs;

/// <summary>The jobs that there are.</summary>
internal sealed class JobCatalogue(Settings settings, IServiceProvider services)
{
    /// <summary>All jobs.</summary>
    public IReadOnlyList<Job> Jobs { get; } =
    [
        new("release", "Makes datasets public whose release date has come.", Roles.Submission, settings.Get(SettingCatalogue.ReleaseCron),
            async ct => $"{await services.GetRequiredService<ReleaseRunner>().ReleaseDueAsync(ct)} datasets released."),
        new("sweep", "Finishes what was cut and removes what nothing refers to.", Roles.Submission, settings.Get(SettingCatalogue.SweepCron),
            ct => services.GetRequiredService<SweepJob>().RunAsync(ct)),
    ];

    /// <summary>The job of a name, or null.</summary>
    public Job? Find(string name) => Jobs.FirstOrDefault(j => j.Name == name);
}
