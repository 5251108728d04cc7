using System.Security.Cryptography;
using Archive.Model.Accounts;
using Archive.Model.Errors;
using Archive.Model.Submissions;

namespace Archive.Api.Accounts;

/// <summary>A change of an account by its owner, checked; null leaves things as they are.</summary>
internal sealed record ProfileChange(string? Name, string? Email, string? NewPassword);

internal sealed partial class AccountDesk
{
    private static readonly TimeSpan ChangeEmailLifetime = TimeSpan.FromHours(24);

    /// <summary>Changes the name at once, the password with an end to every sign-in, and the address once a mail to it was answered.</summary>
    public async Task<Account> ChangeProfileAsync(Account owner, ProfileChange change, CancellationToken ct)
    {
        var passwordHash = change.NewPassword is { } password ? passwords.Hash(password) : null;
        var email = change.Email is { } wished && !wished.Equals(owner.Email, StringComparison.OrdinalIgnoreCase) ? wished : null;
        var mayMail = email is not null && await bound.TryCountAsync(email, ct);
        var taken = email is null ? null : await accounts.FindByEmailAsync(email, ct);
        // Whether the address has an account is told to its owner alone.
        if (taken is { IsActive: true } && mayMail)
        {
            await mails.AddAsync(Notice("address-taken", taken.Email, taken), ct);
            await signal.SendAsync(Archive.Storage.Metadata.SignalTopic.Mails, ct);
        }
        return await ChangeAsync(owner.Id, account =>
        {
            var changed = account;
            if (change.Name is { } name && name != account.Name)
                changed = changed with { Name = name, Effects = changed.Effects.With(Entry(owner, owner.Id, "name-changed", new { account.Name }, new { Name = name })) };
            if (passwordHash is not null) changed = WithPassword(changed, passwordHash, "password-changed");
            if (email is not null && mayMail && taken is null)
            {
                var mail = Notice("confirm-new-email", email, changed) with { TokenOf = account.Id };
                changed = changed.With(Secret(SecretPurpose.ChangeEmail, mail, account.AsOf, ChangeEmailLifetime) with { Email = email });
                changed = changed with
                {
                    Effects = changed.Effects.With(mail).With(Entry(owner, owner.Id, "email-change-requested", new { account.Email }, new { Email = email })),
                };
            }
            return changed;
        }, ct) ?? throw Errors.StatusPages.NotFound();
    }

    /// <summary>Makes an API token.</summary>
    /// <returns>The token's record, and the token itself, which is told this once.</returns>
    public async Task<(ApiToken Record, string Token)> AddTokenAsync(AccountId owner, string name, TokenScope scope, TimeSpan lifetime, CancellationToken ct)
    {
        var (id, token) = (Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16)), SessionToken.NewApiToken());
        ApiToken? made = null;
        await ChangeAsync(owner, account =>
        {
            var live = account.Tokens.Where(t => t.ExpiresAt > account.AsOf).ToList();
            if (live.Count >= Account.MaxTokens)
                throw Http.Refusal.Of([new(Severity.Error, "tokens", "$", $"An account has {Account.MaxTokens} tokens at most: revoke one first.")]);
            made = new ApiToken(id, name, scope, SessionToken.Hash(token), account.AsOf, account.AsOf + lifetime);
            return account with
            {
                Tokens = [.. live, made],
                Effects = account.Effects.With(Entry(account, account.Id, "token-created", after: new { made.Id, made.Name, made.Scope, made.ExpiresAt })),
            };
        }, ct);
        return (made!, token);
    }

    /// <summary>Revokes one API token, or all; false when there is no such one.</summary>
    public async Task<bool> RevokeTokensAsync(AccountId owner, string? id, CancellationToken ct)
    {
        var any = false;
        await ChangeAsync(owner, account =>
        {
            var gone = account.Tokens.Where(t => id is null || t.Id == id).ToList();
            any = gone.Count > 0;
            return !any ? account : account with
            {
                Tokens = [.. account.Tokens.Except(gone)],
                Effects = gone.Aggregate(account.Effects, (e, t) => e.With(Entry(account, account.Id, "token-revoked", new { t.Id, t.Name, t.Scope }))),
            };
        }, ct);
        return any;
    }

    /// <summary>Lets the ORCID iD sign the account in, or no longer (null).</summary>
    /// <exception cref="ArchiveException"><see cref="Problems.OrcidTaken"/>.</exception>
    public Task<Account?> LinkOrcidAsync(AccountId owner, Orcid? orcid, CancellationToken ct) => ChangeAsync(owner, account =>
    {
        if (account.Orcid == orcid) return account;
        if (orcid is null && account.PasswordHash is null)
            throw Http.Refusal.Of([new(Severity.Error, "orcid", "$", "Without it nobody could sign in: set a password first, by POST /api/accounts/password-reset.")]);
        return account with
        {
            Orcid = orcid,
            Effects = account.Effects.With(Entry(account, account.Id, orcid is null ? "orcid-unlinked" : "orcid-linked", new { account.Orcid }, new { Orcid = orcid })),
        };
    }, ct);

    /// <summary>What an operator changes: the role, whether the account may do anything, whether its address counts as confirmed.</summary>
    /// <returns>Null when there is no such account.</returns>
    public Task<Account?> AdministerAsync(Account operatorAccount, AccountId id, Role? role, bool? active, bool? confirmed, StagingQuota? quota, CancellationToken ct) =>
        ChangeAsync(id, account =>
        {
            var changed = account;
            if (role is { } wished && wished != account.Role)
                changed = changed with { Role = wished, Effects = changed.Effects.With(Entry(operatorAccount, id, "role-changed", new { account.Role }, new { Role = wished })) };
            if (confirmed is { } sure && sure != account.IsConfirmed)
                changed = changed with
                {
                    IsConfirmed = sure,
                    Effects = changed.Effects.With(Entry(operatorAccount, id, "confirmation-set", new { Confirmed = account.IsConfirmed }, new { Confirmed = sure })),
                };
            if (quota is not null && (quota is { Bytes: null, Files: null } ? null : quota) is var own && own != account.StagingQuota)
                changed = changed with
                {
                    StagingQuota = own,
                    Effects = changed.Effects.With(Entry(operatorAccount, id, "staging-quota-set", new { account.StagingQuota }, new { StagingQuota = own })),
                };
            if (active is { } may && may != account.IsActive)
                changed = changed with
                {
                    DeactivatedAt = may ? null : clock.GetUtcNow(),
                    // For good: what ended does not come back with a reactivation.
                    SignInEpoch = account.SignInEpoch + 1,
                    Tokens = [],
                    Secrets = [],
                    Effects = changed.Effects.With(Entry(operatorAccount, id, may ? "reactivated" : "deactivated")),
                };
            return changed;
        }, ct);
}
