namespace Archive.Api.Jobs;

/// <summary>The jobs that there are.</summary>
internal sealed class JobCatalogue
{
    /// <summary>All jobs.</summary>
    public IReadOnlyList<Job> Jobs { get; } = [];

    /// <summary>The job of a name, or null.</summary>
    public Job? Find(string name) => Jobs.FirstOrDefault(j => j.Name == name);
}
