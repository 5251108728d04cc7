using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Archive.Model.Accounts;
using Archive.Model.Auditing;
using Archive.Model.Datasets;
using Archive.Model.Errors;
using Archive.Model.Sharing;
using Archive.Model.Submissions;
using Archive.Storage.Metadata;

namespace Archive.Submissions.Sharing;

/// <summary>Makes, revokes and recognises the keys by which reviewers read private datasets. Who may make one is for the caller to judge.</summary>
/// <param name="writer">What writes.</param>
/// <param name="store">What is read from.</param>
/// <param name="time">The database's clock.</param>
public sealed class AccessKeyDesk(SharingWriter writer, ISharingStore store, TimeProvider time)
{
    /// <summary>How long a key lives where nothing is said.</summary>
    public static readonly TimeSpan StandardLifetime = TimeSpan.FromDays(90);

    /// <summary>How long a key lives at most: as long as an embargo.</summary>
    public const int MaxYears = 2;

    /// <summary>The longest name, in characters.</summary>
    public const int MaxName = 100;

    /// <summary>The longest text that is looked at as a key.</summary>
    public const int MaxKey = 64;

    private const int KeyBytes = 16;

    /// <summary>Makes a key.</summary>
    /// <param name="accession">A dataset that is private.</param>
    /// <param name="name">What its maker calls it; null for nothing.</param>
    /// <param name="expiresAt">Null for the standard.</param>
    /// <returns>The key's record, and the key itself, 22 characters of base64url, which is told this once.</returns>
    /// <exception cref="ArchiveException"><see cref="Problems.Unprocessable"/> with the fact <c>findings</c>.</exception>
    public async Task<(AccessKey Record, string Key)> AddAsync(Accession accession, string? name, DateTimeOffset? expiresAt, Account actor, CancellationToken ct)
    {
        var now = time.GetUtcNow();
        var (called, ends, findings) = (name?.Trim() ?? "", expiresAt?.ToUniversalTime() ?? now + StandardLifetime, new List<Finding>());
        if (called.Length > MaxName || called.Any(char.IsControl))
            findings.Add(new(Severity.Error, "name", "$.name", $"Give a name that tells you later whom the key is for, {MaxName} characters at most."));
        if (ends <= now) findings.Add(new(Severity.Error, "expires-past", "$.expiresAt", "The key would have expired already."));
        if (ends > now.AddYears(MaxYears)) findings.Add(new(Severity.Error, "expires-far", "$.expiresAt", $"A key lives {MaxYears} years at most."));
        if (findings.Count > 0) throw Refused(findings);
        var key = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(KeyBytes));
        var made = new AccessKey(Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16)), called, Hash(key), now, actor.Id, ends);
        await writer.ChangeAsync(SharedThing.Of(accession), record =>
        {
            if (record.Keys.Count(k => k.IsLive(record.AsOf)) >= SharingRecord.MaxLiveKeys)
                throw Refused([new(Severity.Error, "keys", "$", $"A dataset has {SharingRecord.MaxLiveKeys} live keys at most: revoke one first.")]);
            return record.With(made) with { Effects = record.Effects.With(Entry(accession, actor, "access-key-made", null, Facts(made))) };
        }, ct);
        return (made, key);
    }

    /// <summary>The keys of a dataset, oldest first, and the time by which they live.</summary>
    public async Task<(IReadOnlyList<AccessKey> Keys, DateTimeOffset AsOf)> ListAsync(Accession accession, CancellationToken ct)
    {
        var record = await store.ReadAsync(SharedThing.Of(accession), ct);
        return (record.Keys, record.AsOf);
    }

    /// <summary>Revokes a key at once; false when there is no such one. Repeating it changes nothing.</summary>
    public async Task<bool> RevokeAsync(Accession accession, string id, Account actor, CancellationToken ct)
    {
        var record = await writer.ChangeAsync(SharedThing.Of(accession), now => now.Keys.FirstOrDefault(k => k.Id == id) is not { RevokedAt: null } key
            ? now
            : now with
            {
                Keys = [.. now.Keys.Select(k => k.Id == id ? k with { RevokedAt = time.GetUtcNow() } : k)],
                Effects = now.Effects.With(Entry(accession, actor, "access-key-revoked", Facts(key), null)),
            }, ct);
        return record.Keys.Any(k => k.Id == id);
    }

    /// <summary>The live key that a text is; null for anything else. All hashes are compared, in constant time.</summary>
    public async Task<AccessKey?> FindAsync(Accession accession, string text, CancellationToken ct)
    {
        if (text.Length is 0 or > MaxKey) return null;
        var hash = Encoding.ASCII.GetBytes(Hash(text));
        var (keys, asOf) = await ListAsync(accession, ct);
        AccessKey? found = null;
        foreach (var key in keys)
            if (CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(key.KeyHash), hash))
                found = key;
        return found?.IsLive(asOf) is true ? found : null;
    }

    /// <summary>The live key of an id; null for anything else.</summary>
    public async Task<AccessKey?> FindByIdAsync(Accession accession, string id, CancellationToken ct)
    {
        var (keys, asOf) = await ListAsync(accession, ct);
        return keys.FirstOrDefault(k => k.Id == id && k.IsLive(asOf));
    }

    /// <summary>Notes that a key opened something today. Written once a day.</summary>
    public async Task NoteUseAsync(Accession accession, AccessKey key, CancellationToken ct)
    {
        var today = DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime);
        if (key.LastUsedOn >= today) return;
        await writer.ChangeAsync(SharedThing.Of(accession), record => record.Keys.Any(k => k.Id == key.Id && !(k.LastUsedOn >= today))
            ? record with { Keys = [.. record.Keys.Select(k => k.Id == key.Id ? k with { LastUsedOn = today } : k)] }
            : record, ct);
    }

    private AuditEntry Entry(Accession accession, Account actor, string action, object? before, object? after) =>
        AuditEntry.Of(time.GetUtcNow(), actor, SharedThing.DatasetKind, accession.ToString(), action, before, after);

    private static object Facts(AccessKey key) => new { key.Id, key.Name, key.ExpiresAt };

    private static ArchiveException Refused(List<Finding> findings) =>
        new(Problems.Unprocessable, findings[0].Message, new Dictionary<string, object?>(StringComparer.Ordinal) { ["findings"] = findings });

    // No salt: the key has 128 bits of its own.
    private static string Hash(string key) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)));
}
