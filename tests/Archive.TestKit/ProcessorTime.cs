namespace Archive.TestKit;

/// <summary>
/// How long this process worked, on all processors together. Bounds on work are judged by it, since the time on the wall is that of
/// whatever else the machine does. What waits for ever is caught by a test's own timeout.
/// </summary>
public readonly record struct ProcessorTime
{
    private readonly TimeSpan began;

    private ProcessorTime(TimeSpan began) => this.began = began;

    /// <summary>Work since <see cref="Start"/>, user and system.</summary>
    public TimeSpan Elapsed => Environment.CpuUsage.TotalTime - began;

    /// <summary>Begins to count.</summary>
    public static ProcessorTime Start() => new(Environment.CpuUsage.TotalTime);
}
