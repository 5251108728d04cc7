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

    /// <summary>How long the client has to wait before it may try the address again; null for not at all.</summary>
    public TimeSpan? WaitFor(string client, string email) => Longest(WaitFor(Key(client, email), Limit), WaitFor(client, Limit * 10));

    /// <summary>Counts a failure.</summary>
    public void NoteFailure(string client, string email)
    {
        if (counts.Count > MaxEntries) DropOld();
        Raise(Key(client, email));
        Raise(client);
    }

    /// <summary>Forgets the failures with the address: its owner has signed in.</summary>
    public void NoteSuccess(string client, string email) => counts.TryRemove(Key(client, email), out _);

    private static string Key(string client, string email) => client + " " + email.ToUpperInvariant();

    private static TimeSpan? Longest(TimeSpan? a, TimeSpan? b) => a is null || b > a ? b : a;

    private TimeSpan? WaitFor(string key, long limit)
    {
        if (!counts.TryGetValue(key, out var count)) return null;
        var left = Window - clock.GetElapsedTime(count.Since);
        return count.Failures >= limit && left > TimeSpan.Zero ? left : null;
    }

    private void Raise(string key) => counts.AddOrUpdate(key, _ => new Count(1, clock.GetTimestamp()),
        (_, old) => clock.GetElapsedTime(old.Since) > Window ? new Count(1, clock.GetTimestamp()) : old with { Failures = old.Failures + 1 });

    private void DropOld()
    {
        foreach (var (key, count) in counts)
            if (clock.GetElapsedTime(count.Since) > Window || counts.Count > MaxEntries)
                counts.TryRemove(key, out _);
    }

    private sealed record Count(long Failures, long Since);
}
