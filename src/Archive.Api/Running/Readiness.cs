using System.Collections.Concurrent;

namespace Archive.Api.Running;

/// <summary>What the process needs before it can serve, and how far each is.</summary>
internal sealed class Readiness
{
    private readonly ConcurrentDictionary<string, DependencyState> dependencies = new(StringComparer.Ordinal);
    private readonly TaskCompletionSource ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool stopping;

    /// <summary>Whether requests are served.</summary>
    public bool IsReady => ready.Task.IsCompletedSuccessfully && !stopping;

    /// <summary>Whether requests are served and nothing that they all need is missing.</summary>
    public bool IsSound => IsReady && dependencies.All(d => d.Value.IsUp || d.Key is not ("database" or "volumes"));

    /// <summary>Every dependency by name.</summary>
    public IReadOnlyList<KeyValuePair<string, DependencyState>> Dependencies =>
        [.. dependencies.OrderBy(d => d.Key, StringComparer.Ordinal)];

    /// <summary>Notes how far a dependency is.</summary>
    public void Note(string dependency, bool isUp, string detail) => dependencies[dependency] = new DependencyState(isUp, detail);

    /// <summary>From now on requests are served.</summary>
    public void Open() => ready.TrySetResult();

    /// <summary>From now on requests are refused: the process is ending.</summary>
    public void Close() => stopping = true;

    /// <summary>Waits until requests are served.</summary>
    public Task WhenReadyAsync(CancellationToken ct) => ready.Task.WaitAsync(ct);
}

/// <summary>State of one thing the process depends on.</summary>
/// <param name="IsUp">Whether it can be used.</param>
/// <param name="Detail">In words for the operator.</param>
internal sealed record DependencyState(bool IsUp, string Detail);
