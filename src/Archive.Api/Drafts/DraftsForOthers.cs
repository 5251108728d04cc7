using Archive.Api.Http;
using Archive.Model.Accounts;
using Archive.Model.Auditing;
using Archive.Model.Effects;
using Archive.Model.Errors;
using Archive.Model.Mail;
using Archive.Model.Sharing;
using Archive.Model.Submissions;
using Archive.Storage.Metadata;
using Archive.Submissions.Drafts;

namespace Archive.Api.Drafts;

/// <summary>Lets curators begin drafts that are depositors'.</summary>
internal sealed class DraftsForOthers(DraftDesk desk, DraftEffects effects, IAccountStore accounts, TimeProvider clock)
{
    /// <summary>Begins a draft that belongs to the account of an address, tells it by mail, and records who did it.</summary>
    /// <exception cref="ArchiveException">
    /// <see cref="Problems.Forbidden"/>: the caller is no curator; <see cref="Problems.Unprocessable"/>: no account has confirmed the address.
    /// </exception>
    public async Task<Draft> BeginAsync(Account curator, string email, string? collection, CancellationToken ct)
    {
        if (curator.Role is not Role.Curator) throw new ArchiveException(Problems.Forbidden, "Only curators deposit on behalf of others.");
        var owner = await RequireAsync(accounts, email, "$.onBehalfOf", ct);
        var draft = await desk.BeginAsync(owner.Id, curator.Role, collection, owner.Id == curator.Id ? null : begun => PendingEffects.None
                .With(AuditEntry.Of(clock.GetUtcNow(), curator, SharedThing.DraftKind, begun.Id.ToString(), "draft-begun", after: new { begun.Collection }) with { OnBehalfOf = owner.Id })
                .With(new OutgoingMail(MailId.Of("draft-begun-for-you", begun.Id.ToString()), owner.Email, "draft-begun-for-you",
                    new Dictionary<string, string>(StringComparer.Ordinal) { ["name"] = owner.Name, ["by"] = curator.Name, ["draft"] = begun.Id.ToString() })), ct);
        await effects.FollowAsync(draft);
        return draft;
    }

    /// <summary>The active account that has confirmed an address; curators are told when there is none.</summary>
    public static async Task<Account> RequireAsync(IAccountStore accounts, string email, string place, CancellationToken ct) =>
        await accounts.FindByEmailAsync(email.Trim(), ct) is { IsActive: true, IsConfirmed: true } found
            ? found
            : throw Refusal.Of([new(Severity.Error, "account-unknown", place, "No account has confirmed this address: its owner has to register first.")]);
}
