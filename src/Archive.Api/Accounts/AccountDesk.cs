using System.Security.Cryptography;
using System.Text;
using Archive.Api.Mail;
using Archive.Api.Running;
using Archive.Model.Accounts;
using Archive.Model.Auditing;
using Archive.Model.Errors;
using Archive.Model.Mail;
using Archive.Storage.Metadata;

namespace Archive.Api.Accounts;

/// <summary>
/// Everything that changes an account. Each change is one write of its document, which also records what must follow: mails and the
/// audit. Parts: registration, passwords, profile and tokens.
/// </summary>
internal sealed partial class AccountDesk(IAccountStore accounts, IMailStore mails, IChangeSignal signal, AccountEffects effects, MailTokens tokens,
    MailBound bound, PasswordCheck passwords, SignInThrottle throttle, Settings settings, TimeProvider clock)
{
    private const int MaxRaces = 20;

    /// <summary>Reads, changes and writes an account until no other write comes between.</summary>
    /// <param name="change">The changed account; the same to leave it.</param>
    /// <returns>The account as it stands now; null when there is none.</returns>
    private async Task<Account?> ChangeAsync(AccountId id, Func<Account, Account> change, CancellationToken ct)
    {
        for (var race = 0; race < MaxRaces; race++)
        {
            if (await accounts.FindAsync(id, ct) is not { } account) return null;
            var changed = change(account);
            if (ReferenceEquals(changed, account)) return account;
            if (!await accounts.TryReplaceAsync(changed, ct))
            {
                await RefuseTakenAsync(account, changed, ct);
                continue;
            }
            changed = changed with { Revision = account.Revision + 1 };
            await effects.FollowAsync(changed);
            return changed;
        }
        throw new ArchiveException(Problems.Conflict, "The account is being changed by others all the time.");
    }

    // A write is refused for another reason than a race when the new address or iD is another's; trying again would not help.
    private async Task RefuseTakenAsync(Account account, Account changed, CancellationToken ct)
    {
        if (changed.Orcid is { } orcid && changed.Orcid != account.Orcid && await accounts.FindByOrcidAsync(orcid, ct) is { } other && other.Id != account.Id)
            throw new ArchiveException(Problems.OrcidTaken, "Another account signs in by this iD.");
        if (changed.Email != account.Email && await accounts.FindByEmailAsync(changed.Email, ct) is { } owner && owner.Id != account.Id)
            throw new ArchiveException(Problems.MailTokenWorthless, "Another account has this address by now.");
    }

    private AuditEntry Entry(Account? actor, AccountId subject, string action, object? before = null, object? after = null) =>
        AuditEntry.Of(clock.GetUtcNow(), actor, "account", subject.ToString(), action, before, after);

    private AuditEntry ByStranger(AccountId subject, string action) => Entry(null, subject, action) with { As = "stranger" };

    private static OutgoingMail Notice(string template, string to, Account account, params (string Place, string Text)[] values) => new(
        MailId.New(), to, template,
        new Dictionary<string, string>(values.Select(v => KeyValuePair.Create(v.Place, v.Text)), StringComparer.Ordinal) { ["name"] = account.Name });

    private AccountSecret Secret(SecretPurpose purpose, OutgoingMail mail, DateTimeOffset now, TimeSpan lifetime) =>
        new(purpose, SessionToken.Hash(tokens.Of(mail.Id, mail.TokenOf!.Value)), now + lifetime);

    private static bool IsSame(string hash, string otherHash) =>
        CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(hash), Encoding.ASCII.GetBytes(otherHash));

    private static ArchiveException Worthless() => new(Problems.MailTokenWorthless, "The token is unknown, was used, or has expired.");
}
