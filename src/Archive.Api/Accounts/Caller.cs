using Archive.Api.Errors;
using Archive.Model.Accounts;
using Archive.Model.Errors;

namespace Archive.Api.Accounts;

/// <summary>Who sent a request. What he may do stands in <see cref="Rights"/>.</summary>
internal static class Caller
{
    /// <summary>The sign-in of the request, or null for a stranger.</summary>
    public static Account? Account(this HttpContext http) => http.Features.Get<SignIn>()?.Account;

    /// <summary>The account of a request that an endpoint with required sign-in handles.</summary>
    public static Account RequireAccount(this HttpContext http) =>
        http.Account() ?? throw new ArchiveException(Problems.SignInRequired, "Sign in first.");

    /// <summary>The account as it changes something.</summary>
    public static Editor AsEditor(this Account account) => new(account.Id, account.Role);

    /// <summary>Refuses a request whose token is worth nothing, so that an ended sign-in is never taken for a stranger's visit.</summary>
    public static async Task RefuseBadTokenAsync(HttpContext http, RequestDelegate next)
    {
        if (http.Features.Get<BadToken>() is null || http.GetEndpoint()?.Metadata.GetMetadata<IgnoresSignIn>() is not null)
        {
            await next(http);
            return;
        }
        await ProblemAnswer.WriteAsync(http, Problems.SessionExpired, "The token is unknown or has expired.");
    }
}

/// <summary>Marks an endpoint that answers alike whatever token comes with the request.</summary>
internal sealed class IgnoresSignIn;
