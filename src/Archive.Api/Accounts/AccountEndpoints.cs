using System.Text.Json.Serialization;
using Archive.Api.Errors;
using Archive.Api.Http;
using Archive.Api.Running;
using Archive.Model.Accounts;
using Archive.Model.Errors;
using Archive.Model.Submissions;
using Archive.Storage.Metadata;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Archive.Api.Accounts;

/// <summary>Registration, and what an account knows and changes of itself.</summary>
internal static class AccountEndpoints
{
    // Whether an address has an account must not be told by how long the answer takes either.
    private static readonly TimeSpan AnswerTime = TimeSpan.FromMilliseconds(250);

    public static IEndpointRouteBuilder MapAccounts(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/api/accounts").WithTags("Accounts");
        group.MapPost("", RegisterAsync).WithMetadata(new IgnoresSignIn()).RequireRateLimiting(RateLimits.Mails)
            .WithSummary("Registers an account")
            .WithDescription("A mail to the address carries a token that confirms it; until then the account may not deposit. The answer is the same whether or not the address was registered before.")
            .Refuses(400, 422, 429);
        group.MapPost("/confirm", ConfirmAsync).WithMetadata(new IgnoresSignIn())
            .WithSummary("Confirms an address with the token of a mail").Refuses(400, 429);
        group.MapPost("/password-reset", RequestResetAsync).WithMetadata(new IgnoresSignIn()).RequireRateLimiting(RateLimits.Mails)
            .WithSummary("Asks for a mail to set a new password")
            .WithDescription("The answer is the same whether or not the address is registered. The mail's token is good for one hour and one use.")
            .Refuses(400, 422, 429);
        group.MapPost("/password-reset/confirm", ResetAsync).WithMetadata(new IgnoresSignIn()).RequireRateLimiting(RateLimits.Passwords)
            .WithSummary("Sets a new password with the token of a mail").WithDescription("Every sign-in of the account ends.").Refuses(400, 422, 429);
        group.MapGet("/me", Me).RequireAuthorization().WithSummary("The account that is signed in").Refuses(401);
        group.MapPatch("/me", ChangeAsync).RequireAuthorization().RequireRateLimiting(RateLimits.Passwords)
            .WithSummary("Changes name, password or address")
            .WithDescription("What is left out stays. Password and address need currentPassword. A new password ends every other sign-in; a new address counts once the token of a mail to it was confirmed.")
            .Refuses(400, 401, 403, 422, 429);
        group.MapGet("/me/audit", AuditEndpoints.OfCallerAsync).RequireAuthorization().WithSummary("What was done to the account, newest first").Refuses(401, 403);
        return routes;
    }

    private static async Task<Accepted<RegisteredResponse>> RegisterAsync(RegisterRequest request, AccountDesk desk, PasswordCheck passwords, TimeProvider clock, CancellationToken ct)
    {
        var (findings, email, name) = (new List<Finding>(), request.Email?.Trim(), request.Name?.Trim());
        AccountRules.CheckEmail(findings, email);
        AccountRules.CheckPassword(findings, request.Password);
        AccountRules.CheckName(findings, name);
        if (findings.Count > 0) throw Refusal.Of(findings);
        await InEqualTimeAsync(clock, () => desk.RegisterAsync(email!, name!, passwords.Hash(request.Password!), null, ct), ct);
        return TypedResults.Accepted((string?)null, new RegisteredResponse(email!));
    }

    private static async Task<Ok<RegisteredResponse>> ConfirmAsync(ConfirmRequest request, AccountDesk desk, CancellationToken ct) =>
        TypedResults.Ok(new RegisteredResponse((await desk.ConfirmAsync(request.Token?.Trim(), ct)).Email));

    private static async Task<Accepted<RegisteredResponse>> RequestResetAsync(ResetRequest request, AccountDesk desk, TimeProvider clock, CancellationToken ct)
    {
        var (findings, email) = (new List<Finding>(), request.Email?.Trim());
        AccountRules.CheckEmail(findings, email);
        if (findings.Count > 0) throw Refusal.Of(findings);
        await InEqualTimeAsync(clock, () => desk.RequestResetAsync(email!, ct), ct);
        return TypedResults.Accepted((string?)null, new RegisteredResponse(email!));
    }

    private static async Task<NoContent> ResetAsync(NewPasswordRequest request, AccountDesk desk, CancellationToken ct)
    {
        var findings = new List<Finding>();
        AccountRules.CheckPassword(findings, request.Password);
        if (findings.Count > 0) throw Refusal.Of(findings);
        await desk.ResetAsync(request.Token?.Trim(), request.Password!, ct);
        return TypedResults.NoContent();
    }

    private static Ok<AccountResponse> Me(HttpContext http) => TypedResults.Ok(AccountResponse.Of(http.RequireAccount()));

    private static async Task<Results<Ok<AccountResponse>, EmptyHttpResult>> ChangeAsync(ChangeAccountRequest request, HttpContext http, AccountDesk desk,
        PasswordCheck passwords, SignInThrottle throttle, ISessionStore sessions, Settings settings, CancellationToken ct)
    {
        var account = http.RequireAccount();
        var change = new ProfileChange(request.Name?.Trim(), request.Email?.Trim(), request.NewPassword);
        var findings = new List<Finding>();
        if (change.Name is not null) AccountRules.CheckName(findings, change.Name);
        if (change.Email is not null) AccountRules.CheckEmail(findings, change.Email);
        if (change.NewPassword is not null) AccountRules.CheckPassword(findings, change.NewPassword, "$.newPassword");
        if (findings.Count == 0 && (change.Email is not null || change.NewPassword is not null))
        {
            var client = RateLimits.ClientKey(http);
            if (await throttle.EnterAsync(client, account.Email, ct) is { } wait)
            {
                await RateLimits.RefuseAsync(http, throttle.Limit, SignInThrottle.Window, wait);
                return TypedResults.Empty;
            }
            if (passwords.IsRight(account, request.CurrentPassword ?? "")) await throttle.NoteSuccessAsync(client, account.Email, ct);
            else findings.Add(new(Severity.Error, "current-password", "$.currentPassword", account.PasswordHash is null
                ? "The account has no password: set one by POST /api/accounts/password-reset first."
                : "Give the password that the account has now; a forgotten one is replaced by POST /api/accounts/password-reset."));
        }
        if (findings.Count > 0) throw Refusal.Of(findings);
        var changed = await desk.ChangeProfileAsync(account, change, ct);
        // The sign-in that this was asked with goes on; cut here, its owner signs in anew.
        if (changed.SignInEpoch != account.SignInEpoch && http.Features.Get<SignIn>()?.Session is { } session)
            await sessions.AddAsync(session.TokenHash, changed, settings.SessionLifetime, ct);
        return TypedResults.Ok(AccountResponse.Of(changed));
    }

    internal static async Task InEqualTimeAsync(TimeProvider clock, Func<Task> work, CancellationToken ct)
    {
        var begun = clock.GetTimestamp();
        await work();
        // A whole number of steps: a machine that is busy needs more than one, and then for both.
        await Task.Delay(AnswerTime - TimeSpan.FromTicks(clock.GetElapsedTime(begun).Ticks % AnswerTime.Ticks), clock, ct);
    }
}

/// <summary>A registration.</summary>
/// <param name="Email">The address, which also signs in.</param>
/// <param name="Password">8 to 256 characters.</param>
/// <param name="Name">The name that others see.</param>
internal sealed record RegisterRequest(string? Email, string? Password, string? Name);

/// <summary>An address that was taken note of.</summary>
internal sealed record RegisteredResponse(string Email);

/// <summary>The token of a mail.</summary>
/// <param name="Token">What stands behind token= in the mail's link.</param>
internal sealed record ConfirmRequest(string? Token);

/// <summary>A password is forgotten.</summary>
/// <param name="Email">The address that signs in.</param>
internal sealed record ResetRequest(string? Email);

/// <summary>A new password in the place of a forgotten one.</summary>
/// <param name="Token">What stands behind token= in the mail's link.</param>
/// <param name="Password">8 to 256 characters.</param>
internal sealed record NewPasswordRequest(string? Token, string? Password);

/// <summary>A change of an account; what is left out stays.</summary>
/// <param name="Name">The name that others see.</param>
/// <param name="Email">A new address; counts once a mail to it was answered. Needs currentPassword.</param>
/// <param name="CurrentPassword">The password that the account has now.</param>
/// <param name="NewPassword">8 to 256 characters. Needs currentPassword.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record ChangeAccountRequest(string? Name = null, string? Email = null, string? CurrentPassword = null, string? NewPassword = null);

/// <summary>An account.</summary>
/// <param name="Id">Its identifier.</param>
/// <param name="Email">The address that signs in.</param>
/// <param name="Name">The name that others see.</param>
/// <param name="Role">What it may do.</param>
/// <param name="CreatedAt">When it was registered (UTC).</param>
/// <param name="Confirmed">Whether its address was confirmed; without that it may not deposit.</param>
/// <param name="Active">Whether it may do anything.</param>
/// <param name="Orcid">The ORCID iD that signs it in, or null.</param>
/// <param name="HasPassword">Whether it can sign in by password.</param>
/// <param name="PendingEmail">The address that it moves to once a mail to it is answered, or null.</param>
/// <param name="StagingQuota">The quota of uploads that an operator gave it, or null for the archive's own.</param>
internal sealed record AccountResponse(AccountId Id, string Email, string Name, Role Role, DateTimeOffset CreatedAt, bool Confirmed, bool Active, Orcid? Orcid,
    bool HasPassword, string? PendingEmail, StagingQuota? StagingQuota)
{
    public static AccountResponse Of(Account account) => new(account.Id, account.Email, account.Name, account.Role, account.CreatedAt, account.IsConfirmed,
        account.IsActive, account.Orcid, account.PasswordHash is not null,
        account.Secrets.LastOrDefault(s => s.Purpose == SecretPurpose.ChangeEmail && s.ExpiresAt > account.AsOf)?.Email, account.StagingQuota);
}
