namespace Archive.Storage.Metadata.Postgres;

/// <summary>Where the metadata is kept.</summary>
public sealed record MetadataOptions
{
    /// <summary>An Npgsql connection string of an existing, possibly empty database; null: the archive runs a cluster of its own.</summary>
    public string? ConnectionString { get; init; }

    /// <summary>The private cluster; needed when there is no connection string.</summary>
    public Cluster.PrivateClusterOptions? Cluster { get; init; }

    /// <summary>The most connections that the stores open at once; 1 to 1,000. The listener and the scheduler have their own.</summary>
    public int MaxConnections { get; init; } = 40;

    /// <summary>How long one statement may take before it counts as failed.</summary>
    public TimeSpan StatementTimeout { get; init; } = TimeSpan.FromSeconds(30);
}
