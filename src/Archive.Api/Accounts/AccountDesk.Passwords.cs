using Archive.Model.Accounts;
using Archive.Model.Mail;

namespace Archive.Api.Accounts;

internal sealed partial class AccountDesk
{
    private static readonly TimeSpan ResetLifetime = TimeSpan.FromHours(1);

    /// <summary>Sends a mail that lets the owner of the address set a new password, where there is an active account with it.</summary>
    public async Task RequestResetAsync(string email, CancellationToken ct)
    {
        var mayMail = await bound.TryCountAsync(email, ct);
        if (await accounts.FindByEmailAsync(email, ct) is not { IsActive: true } found || !mayMail) return;
        await ChangeAsync(found.Id, account =>
        {
            var mail = Notice("password-reset", account.Email, account) with { TokenOf = account.Id };
            return account.With(Secret(SecretPurpose.ResetPassword, mail, account.AsOf, ResetLifetime)) with
            {
                Effects = account.Effects.With(mail).With(ByStranger(account.Id, "password-reset-requested")),
            };
        }, ct);
    }

    /// <summary>Sets a new password by the token of a mail. It is good once; every sign-in ends, and the address counts as confirmed.</summary>
    /// <exception cref="Archive.Model.Errors.ArchiveException"><see cref="Archive.Model.Errors.Problems.MailTokenWorthless"/>.</exception>
    public async Task ResetAsync(string? token, string password, CancellationToken ct)
    {
        if (!Mail.MailTokens.TryReadAccount(token, out var id)) throw Worthless();
        var hash = SessionToken.Hash(token!);
        // Looked at before the password is hashed, which takes long: a token that is worth nothing must cost nothing.
        _ = await accounts.FindAsync(id, ct) is { } before ? Secret(before, hash) : throw Worthless();
        var passwordHash = passwords.Hash(password);
        var changed = await ChangeAsync(id, account =>
        {
            _ = Secret(account, hash);
            return WithPassword(account.IsConfirmed ? account : WithoutOthers(account), passwordHash, "password-reset") with { IsConfirmed = true };
        }, ct) ?? throw Worthless();
        await throttle.ForgiveAsync(changed.Email, ct);
    }

    private static AccountSecret Secret(Account account, string hash) =>
        account.Secrets.FirstOrDefault(s => s.Purpose == SecretPurpose.ResetPassword && IsSame(s.TokenHash, hash) && s.ExpiresAt > account.AsOf) is { } secret
            && account.IsActive ? secret : throw Worthless();

    // Whoever could read the mailbox or knew the old password is out, with whatever he asked for.
    private Account WithPassword(Account account, string passwordHash, string action) => account with
    {
        PasswordHash = passwordHash,
        SignInEpoch = account.SignInEpoch + 1,
        Secrets = [],
        Effects = account.Effects.With(Notice("password-changed", account.Email, account)).With(Entry(account, account.Id, action)),
    };
}
