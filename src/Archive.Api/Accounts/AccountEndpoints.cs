using System.Net.Mail;
using Archive.Api.Http;
using Archive.Model.Accounts;
using Archive.Model.Errors;
using Archive.Model.Submissions;
using Archive.Storage.Metadata;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Archive.Api.Accounts;

/// <summary>Registration, and what an account knows of itself.</summary>
internal static class AccountEndpoints
{
    private const int MinPassword = 8;
    private const int MaxPassword = 256;
    private const int MaxName = 200;

    public static IEndpointRouteBuilder MapAccounts(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/api/accounts").WithTags("Accounts");
        group.MapPost("", RegisterAsync).WithMetadata(new IgnoresSignIn()).RequireRateLimiting(RateLimits.Passwords)
            .WithSummary("Registers an account")
            .WithDescription("The account is active at once. The answer is the same whether or not the address was registered before.")
            .Refuses(StatusCodes.Status400BadRequest, StatusCodes.Status422UnprocessableEntity, StatusCodes.Status429TooManyRequests);
        group.MapGet("/me", Me).RequireAuthorization()
            .WithSummary("The account that is signed in")
            .Refuses(StatusCodes.Status401Unauthorized);
        return routes;
    }

    private static async Task<Accepted<RegisteredResponse>> RegisterAsync(
        RegisterRequest request, IAccountStore accounts, PasswordCheck passwords, TimeProvider clock, CancellationToken ct)
    {
        var findings = Check(request);
        if (findings.Count > 0) throw Refusal.Of(findings);
        var account = new Account
        {
            Id = AccountId.New(),
            Email = request.Email!.Trim(),
            Name = request.Name!.Trim(),
            PasswordHash = passwords.Hash(request.Password!),
            Role = Role.Depositor,
            CreatedAt = clock.GetUtcNow(),
        };
        // Whether the address was free is not told: an answer that differs would tell strangers who has an account.
        await accounts.TryAddAsync(account, ct);
        return TypedResults.Accepted((string?)null, new RegisteredResponse(account.Email));
    }

    private static Ok<AccountResponse> Me(HttpContext http)
    {
        var account = http.RequireAccount();
        return TypedResults.Ok(new AccountResponse(account.Email, account.Name, account.Role, account.CreatedAt));
    }

    private static List<Finding> Check(RegisterRequest request)
    {
        var findings = new List<Finding>();
        if (!IsAddress(request.Email?.Trim()))
            findings.Add(new(Severity.Error, "email", "$.email", "Give one e-mail address, such as name@example.org, of 254 characters at most."));
        if (request.Password is null || request.Password.Length is < MinPassword or > MaxPassword)
            findings.Add(new(Severity.Error, "password", "$.password", $"Give a password of {MinPassword} to {MaxPassword} characters."));
        if (string.IsNullOrWhiteSpace(request.Name) || request.Name.Length > MaxName || request.Name.Any(char.IsControl))
            findings.Add(new(Severity.Error, "name", "$.name", $"Give the name that others see, {MaxName} characters at most."));
        return findings;
    }

    private static bool IsAddress(string? text) =>
        text is { Length: > 2 and <= 254 } && !text.Any(c => char.IsControl(c) || char.IsWhiteSpace(c)) &&
        MailAddress.TryCreate(text, out var address) && address.Address == text && address.Host.Length > 0;
}

/// <summary>A registration.</summary>
/// <param name="Email">The address, which also signs in.</param>
/// <param name="Password">8 to 256 characters.</param>
/// <param name="Name">The name that others see.</param>
internal sealed record RegisterRequest(string? Email, string? Password, string? Name);

/// <summary>The registration was taken.</summary>
internal sealed record RegisteredResponse(string Email);

/// <summary>An account.</summary>
internal sealed record AccountResponse(string Email, string Name, Role Role, DateTimeOffset CreatedAt);
