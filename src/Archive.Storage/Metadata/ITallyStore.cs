namespace Archive.Storage.Metadata;

/// <summary>Where a tally stands.</summary>
/// <param name="Count">What was counted in its time; 0 where none runs.</param>
/// <param name="Left">How long it still runs.</param>
public sealed record Tally(long Count, TimeSpan Left);

/// <summary>
/// Counts that bound what somebody may try, for all nodes together. Each runs for a time from its first count, by the database's
/// clock, and then begins anew. They may be lost in a crash of the database.
/// </summary>
public interface ITallyStore
{
    /// <summary>Counts one more and returns where the tally stands with it.</summary>
    Task<Tally> RaiseAsync(string key, TimeSpan window, CancellationToken ct);

    /// <summary>Where the tally stands.</summary>
    Task<Tally> ReadAsync(string key, CancellationToken ct);

    /// <summary>Takes one count back; never below 0.</summary>
    Task LowerAsync(string key, CancellationToken ct);

    /// <summary>Ends the tally.</summary>
    Task RemoveAsync(string key, CancellationToken ct);

    /// <summary>Removes those that have run out and returns their number.</summary>
    Task<int> RemoveEndedAsync(CancellationToken ct);
}
