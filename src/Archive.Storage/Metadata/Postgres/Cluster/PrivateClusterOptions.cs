namespace Archive.Storage.Metadata.Postgres.Cluster;

/// <summary>How the archive's own PostgreSQL is run.</summary>
public sealed record PrivateClusterOptions
{
    /// <summary>The archive's data folder; the cluster lives in <c>postgres</c> below it. Any length, any characters but NUL.</summary>
    public required string DataFolder { get; init; }

    /// <summary>The folder with <c>initdb</c> and <c>postgres</c>; null: where the distributions put them, then PATH.</summary>
    public string? BinFolder { get; init; }

    /// <summary>Whether a committed write survives a power cut. Off only in tests, where it buys time.</summary>
    public bool Fsync { get; init; } = true;

    /// <summary>How long a start may take, recovery after a crash included.</summary>
    public TimeSpan StartTimeout { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>How long a stop may take before the cluster is stopped the hard way, to recover at its next start.</summary>
    public TimeSpan StopTimeout { get; init; } = TimeSpan.FromSeconds(30);
}

/// <summary>The programs of PostgreSQL are not on this machine, or not in the version that the data needs. The message is one sentence for the operator.</summary>
public sealed class PostgresMissingException(string message) : Exception(message);

/// <summary>The private cluster cannot be started. The message is for the operator and says what to do.</summary>
public sealed class PrivateClusterException(string message, Exception? inner = null) : Exception(message, inner);
