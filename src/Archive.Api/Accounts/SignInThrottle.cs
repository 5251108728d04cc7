using System.Collections.Concurrent;

namespace Archive.Api.Accounts;

/// <summary>
/// Counts failed sign-ins: of one client with one address, so that nobody can lock another out, and of one client over all
/// addresses. Kept in memory on each node; a restart forgets.
/// </summary>
internal sealed class SignInThrottle(Running.Settings settings, TimeProvider clock)
{
    /// <summary>The time that failures are counted over.</summary>
    public static readonly TimeSpan Window = TimeSpan.FromMinutes(15);

    private const int MaxEntries = 100_000;
    private readonly ConcurrentDictionary<string, Count> counts = new(StringComparer.Ordinal);

    /// <summary>Failures that one client may have with one address.</summary>
    public long Limit => settings.Get(Running.SettingCatalogue.SignInFailures);

    /// <summary>
    /// Counts a try as a failure before its password is looked at, so that many at once are no more than the limit either.
    /// </summary>
    /// <returns>How long the client has to wait before it may try the address again; null when it may now.</returns>
    public TimeSpan? Enter(string client, string email)
    {
        if (counts.Count > MaxEntries) DropOld();
        return Raise(Key(client, email), Limit) ?? Raise(client, Limit * 10);
    }

    /// <summary>Takes the try back and forgets the failures with the address: its owner has signed in.</summary>
    public void NoteSuccess(string client, string email)
    {
        counts.TryRemove(Key(client, email), out _);
        if (counts.TryGetValue(client, out var count)) counts.TryUpdate(client, count with { Failures = count.Failures - 1 }, count);
    }

    private static string Key(string client, string email) => client + " " + email.ToUpperInvariant();

    private TimeSpan? Raise(string key, long limit)
    {
        var count = counts.AddOrUpdate(key, _ => new Count(1, clock.GetTimestamp()),
            (_, old) => clock.GetElapsedTime(old.Since) > Window ? new Count(1, clock.GetTimestamp()) : old with { Failures = old.Failures + 1 });
        return count.Failures > limit ? Window - clock.GetElapsedTime(count.Since) : null;
    }

    private void DropOld()
    {
        foreach (var (key, count) in counts)
            if (clock.GetElapsedTime(count.Since) > Window || counts.Count > MaxEntries)
                counts.TryRemove(key, out _);
    }

    private sealed record Count(long Failures, long Since);
}
