using Archive.Api.Running;
using Archive.Model.Errors;
using Archive.Storage.Metadata;

namespace Archive.Api.Accounts;

/// <summary>
/// Counts failed sign-ins, for all nodes together: of one client with one account; of one client over all accounts; and of one
/// account over all clients but those from which its owner has signed in lately, so that many clients cannot guess together and
/// nobody can lock an owner out of where he usually works.
/// </summary>
internal sealed class SignInThrottle(Settings settings, ITallyStore tallies)
{
    /// <summary>The time that failures are counted over.</summary>
    public static readonly TimeSpan Window = TimeSpan.FromMinutes(15);

    private const int Wider = 10;
    private static readonly TimeSpan Known = TimeSpan.FromDays(30);

    /// <summary>Failures that one client may have with one account.</summary>
    public long Limit => settings.Get(SettingCatalogue.SignInFailures);

    /// <summary>
    /// Counts a try as a failure before its password is looked at, so that many at once are no more than the limit either.
    /// </summary>
    /// <returns>How long the client has to wait before it may try the account again; null when it may now.</returns>
    public async Task<TimeSpan?> EnterAsync(string client, string email, CancellationToken ct)
    {
        if (await RaiseAsync(OfPair(client, email), Limit, ct) is { } pair) return pair;
        if (await RaiseAsync(OfClient(client), Limit * Wider, ct) is { } wide) return wide;
        if ((await tallies.ReadAsync(OfKnown(client, email), ct)).Count > 0) return null;
        return await RaiseAsync(OfAccount(email), Limit * Wider, ct);
    }

    /// <summary>Takes the try back and forgets the client's failures with the account: its owner has signed in.</summary>
    public async Task NoteSuccessAsync(string client, string email, CancellationToken ct)
    {
        try
        {
            await tallies.RemoveAsync(OfPair(client, email), ct);
            await tallies.LowerAsync(OfClient(client), ct);
            await tallies.LowerAsync(OfAccount(email), ct);
            await tallies.RemoveAsync(OfKnown(client, email), ct);
            await tallies.RaiseAsync(OfKnown(client, email), Known, ct);
        }
        catch (ArchiveException full) when (full.Problem == Problems.InsufficientStorage)
        {
            // As for the count: the sign-in itself goes on.
        }
    }

    /// <summary>Forgets the failures with an account whose owner has shown himself otherwise.</summary>
    public Task ForgiveAsync(string email, CancellationToken ct) => tallies.RemoveAsync(OfAccount(email), ct);

    // A full disk is a pause for what is deposited, not for who signs in; hashing a password bounds the tries meanwhile.
    private async Task<TimeSpan?> RaiseAsync(string key, long limit, CancellationToken ct)
    {
        try
        {
            return await tallies.RaiseAsync(key, Window, ct) is var tally && tally.Count > limit ? tally.Left : null;
        }
        catch (ArchiveException full) when (full.Problem == Problems.InsufficientStorage)
        {
            return null;
        }
    }

    // Digests: the table tells nobody who signs in from where.
    private static string OfPair(string client, string email) => "sign-in " + SessionToken.Hash($"{client} {email.ToUpperInvariant()}");

    private static string OfClient(string client) => "sign-in client " + SessionToken.Hash(client);

    private static string OfAccount(string email) => "sign-in account " + SessionToken.Hash(email.ToUpperInvariant());

    private static string OfKnown(string client, string email) => "known " + SessionToken.Hash($"{client} {email.ToUpperInvariant()}");
}
