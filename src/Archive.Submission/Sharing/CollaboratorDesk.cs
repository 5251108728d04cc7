using System.Security.Cryptography;
using Archive.Model.Accounts;
using Archive.Model.Auditing;
using Archive.Model.Errors;
using Archive.Model.Mail;
using Archive.Model.Sharing;
using Archive.Model.Submissions;
using Archive.Storage.Metadata;

namespace Archive.Submissions.Sharing;

/// <summary>
/// Shares drafts and datasets by address. Whether an address has an account is told to nobody: an entry by address holds until an account that
/// has confirmed it comes, and looks the same before and after. Who may share is for the caller to judge.
/// </summary>
/// <param name="writer">What writes.</param>
/// <param name="accounts">Who has an address.</param>
/// <param name="mails">Bounds the mails to an address, together with those of accounts.</param>
/// <param name="time">The database's clock.</param>
public sealed class CollaboratorDesk(SharingWriter writer, IAccountStore accounts, MailBound mails, TimeProvider time)
{
    /// <summary>Shares a thing with an address, or changes what it may do. The same once more changes nothing and mails nobody.</summary>
    /// <param name="thing">A draft or dataset.</param>
    /// <param name="email">A sound address.</param>
    /// <exception cref="ArchiveException"><see cref="Problems.Unprocessable"/>: too many.</exception>
    public async Task<Collaborator> ShareAsync(SharedThing thing, string email, SharedAccess access, Account actor, CancellationToken ct)
    {
        var account = await accounts.FindByEmailAsync(email, ct);
        var bound = account is { IsConfirmed: true, IsActive: true } ? account.Id : (AccountId?)null;
        // What changes nothing mails nobody, and must not use up what others may send there.
        if ((await writer.ReadAsync(thing, ct)).Collaborators.FirstOrDefault(c => Names(c, email)) is { } standing && standing.Access == access) return standing;
        var mayMail = await mails.TryCountAsync(email, ct);
        var named = new Collaborator(Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16)), email, bound, access, time.GetUtcNow(), actor.Id);
        var written = await writer.ChangeAsync(thing, record =>
        {
            // By address alone: that two addresses are one account's must not show.
            var stands = record.Collaborators.FirstOrDefault(c => Names(c, email));
            if (stands is { } same && same.Access == access) return record;
            if (stands is null && record.Collaborators.Count >= SharingRecord.MaxCollaborators) throw TooMany();
            var now = stands is null ? named : stands with { Access = access };
            var effects = record.Effects.With(Entry(record.Thing, actor, stands is null ? "shared" : "share-changed", Facts(stands), Facts(now)));
            if (mayMail) effects = effects.With(Mail(record.Thing, now, actor));
            return record with
            {
                Collaborators = stands is null ? [.. record.Collaborators, now] : [.. record.Collaborators.Select(c => c.Id == now.Id ? now : c)],
                Effects = effects,
            };
        }, ct);
        return written.Collaborators.First(c => Names(c, email));
    }

    /// <summary>Shares a thing with somebody no more; false when there is no such entry.</summary>
    public async Task<bool> UnshareAsync(SharedThing thing, string id, Account actor, CancellationToken ct)
    {
        var any = false;
        await writer.ChangeAsync(thing, record =>
        {
            var gone = record.Collaborators.FirstOrDefault(c => c.Id == id);
            any = gone is not null;
            return gone is null ? record : record with
            {
                Collaborators = [.. record.Collaborators.Where(c => c.Id != id)],
                Effects = record.Effects.With(Entry(record.Thing, actor, "unshared", Facts(gone), null)),
            };
        }, ct);
        return any;
    }

    /// <summary>Binds entries to the account that makes use of them, so that they stay its own when its address becomes another's.</summary>
    public Task ClaimAsync(SharedThing thing, Account account, CancellationToken ct) => writer.ChangeAsync(thing, record =>
        record.Collaborators.Any(c => c.Account is null && c.Means(account))
            ? record with { Collaborators = [.. record.Collaborators.Select(c => c.Account is null && c.Means(account) ? c with { Account = account.Id } : c)] }
            : record, ct);

    private static OutgoingMail Mail(SharedThing thing, Collaborator with, Account actor) => new(MailId.New(), with.Email, "shared-with-you",
        new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["by"] = actor.Name,
            ["what"] = thing.Kind == SharedThing.DatasetKind ? "the dataset " + thing.Id : "a draft",
            ["access"] = with.Access is SharedAccess.Editor ? "read and change" : "read",
            ["place"] = thing.Kind == SharedThing.DatasetKind ? "/datasets/" + thing.Id : "/api/drafts/" + thing.Id,
        });

    private AuditEntry Entry(SharedThing thing, Account actor, string action, object? before, object? after) =>
        AuditEntry.Of(time.GetUtcNow(), actor, thing.Kind, thing.Id, action, before, after);

    private static object? Facts(Collaborator? one) => one is null ? null : new { one.Email, one.Access };

    private static bool Names(Collaborator one, string email) => one.Email.Equals(email, StringComparison.OrdinalIgnoreCase);

    private static ArchiveException TooMany()
    {
        var finding = new Finding(Severity.Error, "collaborators", "$", $"It is shared with {SharingRecord.MaxCollaborators} people, which is the most: remove one first.");
        return new(Problems.Unprocessable, finding.Message, new Dictionary<string, object?>(StringComparer.Ordinal) { ["findings"] = new[] { finding } });
    }
}
