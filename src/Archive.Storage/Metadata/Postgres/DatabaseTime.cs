namespace Archive.Storage.Metadata.Postgres;

/// <summary>
/// The database's clock as a node's own: what was read last, and the time that this machine has counted since. So nodes whose clocks differ
/// date, release and expire alike. Until the first reading it is the machine's clock. Timers and time stamps are the machine's. It holds no
/// database, since the log, which the database writes to, asks it for the time.
/// </summary>
public sealed class DatabaseTime : TimeProvider
{
    private Reading? last;

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow() =>
        Volatile.Read(ref last) is { } read ? read.Database + System.GetElapsedTime(read.Timestamp) : System.GetUtcNow();

    /// <summary>Reads the database's clock anew.</summary>
    /// <returns>By how much this machine's clock is ahead of it.</returns>
    public async Task<TimeSpan> ReadAsync(MetadataDatabase database, CancellationToken ct)
    {
        // It was read some time before its answer is here: the clock is behind by that much, so that nothing comes early.
        var read = await database.ReadOneAsync(
            new Statement("SELECT archive_now()"), row => new Reading(row.GetFieldValue<DateTimeOffset>(0), System.GetTimestamp()), ct);
        Volatile.Write(ref last, read);
        return System.GetUtcNow() - GetUtcNow();
    }

    private sealed record Reading(DateTimeOffset Database, long Timestamp);
}
