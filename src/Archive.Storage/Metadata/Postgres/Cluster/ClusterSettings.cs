namespace Archive.Storage.Metadata.Postgres.Cluster;

/// <summary>Settings of the private cluster.</summary>
internal static class ClusterSettings
{
    /// <summary>
    /// Written into a new cluster's configuration. Statements are logged when they fail or are slow, never with the values that
    /// came with them; <c>terse</c> leaves out details such as the key of a violated constraint, which may be an address.
    /// </summary>
    public const string Defaults = """

        # Set by the archive when it made this cluster; change them freely.
        max_connections = 100
        shared_buffers = 256MB
        max_wal_size = 2GB
        wal_compression = on
        jit = off
        log_min_duration_statement = 5s
        log_parameter_max_length = 0
        log_parameter_max_length_on_error = 0
        log_error_verbosity = terse
        log_line_prefix = '%m [%p] '
        log_timezone = 'UTC'
        timezone = 'UTC'

        """;

    /// <summary>What makes the cluster private and durable; given at each start, so that no file can say otherwise.</summary>
    public static IEnumerable<string> Fixed(string socketFolder, bool fsync)
    {
        List<string> settings =
        [
            "listen_addresses=", $"unix_socket_directories={socketFolder}", "unix_socket_permissions=0700", $"port={ClusterFolders.Port}",
            "logging_collector=off",
        ];
        if (!fsync) settings.AddRange(["fsync=off", "synchronous_commit=off", "full_page_writes=off", "shared_buffers=64MB", "max_wal_size=512MB"]);
        return settings.SelectMany(s => (string[])["-c", s]);
    }
}
