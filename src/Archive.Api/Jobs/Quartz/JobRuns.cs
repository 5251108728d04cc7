using System.Text.Json;
using Quartz;

namespace Archive.Api.Jobs.Quartz;

/// <summary>The last runs of a job, kept with the job itself and so shared by all nodes.</summary>
internal static class JobRuns
{
    private const string Key = "runs";
    private const int Kept = 20;

    /// <summary>Newest first.</summary>
    public static IReadOnlyList<JobRun> Read(JobDataMap map) =>
        map.TryGetValue(Key, out var text) && text is string json ? JsonSerializer.Deserialize<List<JobRun>>(json) ?? [] : [];

    /// <summary>Adds a run and forgets the oldest.</summary>
    public static void Add(JobDataMap map, JobRun run) => map[Key] = JsonSerializer.Serialize(Read(map).Prepend(run).Take(Kept));
}
