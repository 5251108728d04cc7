using Archive.Api.Running;
using Archive.Model.Accounts;
using Archive.Model.Effects;
using Archive.Model.Errors;
using Archive.Model.Mail;

namespace Archive.Api.Accounts;

internal sealed partial class AccountDesk
{
    private static readonly TimeSpan ConfirmLifetime = TimeSpan.FromDays(7);

    /// <summary>
    /// Registers an account, or tells the owner of the address by mail that there is one. Until an address is confirmed, each
    /// registration of it gets a mail of its own, and the one that is confirmed decides name and password: whoever registers
    /// another's address gains nothing by being first.
    /// </summary>
    public async Task RegisterAsync(string email, string name, string? passwordHash, Orcid? orcid, CancellationToken ct)
    {
        var account = new Account
        {
            Id = AccountId.New(), Email = email, Name = name, PasswordHash = passwordHash, Role = Role.Depositor, Orcid = orcid,
            CreatedAt = clock.GetUtcNow(), AsOf = clock.GetUtcNow(),
        };
        account = account with { Effects = PendingEffects.None.With(ByStranger(account.Id, "registered")) };
        // An address that came with an ORCID iD is confirmed in any case: it was typed, and nothing speaks for it.
        if (!settings.Get(SettingCatalogue.ConfirmEmail) && orcid is null) account = account with { IsConfirmed = true };
        else account = Asked(account, name, passwordHash);
        var mayMail = await bound.TryCountAsync(email, ct);
        if (await accounts.TryAddAsync(account, ct))
        {
            await effects.FollowAsync(account);
            return;
        }
        if (!mayMail || await accounts.FindByEmailAsync(email, ct) is not { IsActive: true } existing) return;
        if (existing.IsConfirmed || orcid is not null)
        {
            await mails.AddAsync(Notice("address-taken", existing.Email, existing), ct);
            await signal.SendAsync(Archive.Storage.Metadata.SignalTopic.Mails, ct);
            return;
        }
        await ChangeAsync(existing.Id, now => now.IsConfirmed ? now : Asked(now, name, passwordHash), ct);
    }

    /// <summary>Takes the token of a mail to a new account's address, or to an account's new address. Repeating the first is answered alike.</summary>
    /// <returns>The account with its confirmed address.</returns>
    /// <exception cref="ArchiveException"><see cref="Problems.MailTokenWorthless"/>.</exception>
    public async Task<Account> ConfirmAsync(string? token, CancellationToken ct)
    {
        if (!Mail.MailTokens.TryReadAccount(token, out var id)) throw Worthless();
        var hash = SessionToken.Hash(token!);
        return await ChangeAsync(id, account => Confirmed(account, hash), ct) ?? throw Worthless();
    }

    private Account Confirmed(Account account, string hash)
    {
        var secret = account.Secrets.FirstOrDefault(s => IsSame(s.TokenHash, hash) && s.ExpiresAt > account.AsOf);
        if (!account.IsActive) throw Worthless();
        return secret?.Purpose switch
        {
            SecretPurpose.ConfirmEmail when account.IsConfirmed => account,
            SecretPurpose.ConfirmEmail => (secret.PasswordHash == account.PasswordHash ? account : WithoutOthers(account)) with
            {
                IsConfirmed = true,
                Name = secret.Name ?? account.Name,
                PasswordHash = secret.PasswordHash ?? account.PasswordHash,
                // The one that was used stays, so that a repeated request is answered alike; it does nothing more.
                Secrets = [secret with { PasswordHash = null, Name = null }],
                Effects = account.Effects.With(Entry(account, account.Id, "email-confirmed", after: new { account.Email })),
            },
            SecretPurpose.ChangeEmail when secret.Email is { } email => account with
            {
                Email = email,
                IsConfirmed = true,
                Secrets = [.. account.Secrets.Where(s => s.Purpose != SecretPurpose.ChangeEmail)],
                Effects = account.Effects.With(Notice("email-changed", account.Email, account, ("newEmail", email)))
                    .With(Entry(account, account.Id, "email-changed", new { account.Email }, new { Email = email })),
            },
            _ => throw Worthless(),
        };
    }

    // Somebody else may have registered the address first, signed in, and left himself ways to come back.
    private static Account WithoutOthers(Account account) =>
        account with { SignInEpoch = account.SignInEpoch + 1, Tokens = [], Orcid = null };

    private Account Asked(Account account, string name, string? passwordHash)
    {
        var mail = new OutgoingMail(MailId.New(), account.Email, "confirm-email", new Dictionary<string, string>(StringComparer.Ordinal) { ["name"] = name })
        {
            TokenOf = account.Id,
        };
        var secret = Secret(SecretPurpose.ConfirmEmail, mail, account.AsOf, ConfirmLifetime) with { Name = name, PasswordHash = passwordHash };
        return account.With(secret) with { Effects = account.Effects.With(mail) };
    }
}
