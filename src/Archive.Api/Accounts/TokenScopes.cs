using Archive.Api.Errors;
using Archive.Model.Accounts;
using Archive.Model.Errors;

namespace Archive.Api.Accounts;

/// <summary>What a request needs beyond being let in.</summary>
internal enum Need
{
    /// <summary>Reading.</summary>
    Read,

    /// <summary>Writing drafts, uploads, submissions and datasets, and deciding about them.</summary>
    Deposit,

    /// <summary>Running the archive.</summary>
    Operate,

    /// <summary>A person's own sign-in.</summary>
    SignIn,
}

/// <summary>
/// The one place that holds requests against the scope of their API token, and keeps accounts whose address is not confirmed from
/// depositing. An address that is not known here can be written to by a sign-in only, so a new one is closed to tokens until it is
/// named. What the account itself may do is judged by each endpoint, as for a sign-in.
/// </summary>
internal static class TokenScopes
{
    private static readonly PathString Accounts = "/api/accounts";
    private static readonly PathString Sessions = "/api/sessions";
    private static readonly PathString Me = "/api/accounts/me";
    private static readonly PathString[] Operated = ["/api/jobs", "/api/audit", "/api/index", "/metrics"];
    private static readonly PathString[] Deposited = ["/api/drafts", "/api/uploads", "/api/submissions", "/api/datasets", "/api/curation"];

    // Read by everybody, written by operators.
    private static readonly PathString[] SetUp = ["/api/collections", "/api/rule-sets"];

    /// <summary>What a request needs.</summary>
    public static Need Of(string method, PathString path)
    {
        var isReading = HttpMethods.IsGet(method) || HttpMethods.IsHead(method) || HttpMethods.IsOptions(method);
        if (path.Equals(Me, StringComparison.OrdinalIgnoreCase)) return isReading ? Need.Read : Need.SignIn;
        if (IsUnder(path, Me) || IsUnder(path, Sessions)) return Need.SignIn;
        if (IsUnder(path, Accounts) || Array.Exists(Operated, o => IsUnder(path, o))) return Need.Operate;
        if (isReading) return Need.Read;
        if (Array.Exists(SetUp, s => IsUnder(path, s))) return Need.Operate;
        return Array.Exists(Deposited, d => IsUnder(path, d)) ? Need.Deposit : Need.SignIn;
    }

    // As routing does, which takes no notice of case.
    private static bool IsUnder(PathString path, PathString folder) => path.StartsWithSegments(folder, StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether a scope reaches so far.</summary>
    public static bool Allows(TokenScope scope, Need need) => need switch
    {
        Need.Read => true,
        Need.Deposit => scope is TokenScope.Deposit,
        Need.Operate => scope is TokenScope.Operate,
        _ => false,
    };

    /// <summary>The scopes that an account may give a token.</summary>
    public static bool MayHave(Account account, TokenScope scope) => scope switch
    {
        TokenScope.Partner => account.Role is Role.Partner or Role.Operator,
        TokenScope.Operate => account.Role is Role.Operator,
        _ => true,
    };

    /// <summary>Whether a request has the rate limit of partners: by such a token, as long as its account may have one.</summary>
    public static bool IsPartner(SignIn signIn) => signIn.Token?.Scope is TokenScope.Partner && MayHave(signIn.Account, TokenScope.Partner);

    /// <summary>Refuses what the token's scope or an unconfirmed address does not allow.</summary>
    public static async Task RefuseAsync(HttpContext http, RequestDelegate next)
    {
        if (http.Features.Get<SignIn>() is not { } signIn || http.GetEndpoint()?.Metadata.GetMetadata<IgnoresSignIn>() is not null)
        {
            await next(http);
            return;
        }
        var need = Of(http.Request.Method, http.Request.Path);
        if (signIn.Token is { } token && !Allows(token.Scope, need))
        {
            var wanted = need is Need.SignIn ? null : need.ToString();
            await ProblemAnswer.WriteAsync(http, Problems.TokenScopeTooNarrow,
                wanted is null ? "This needs a sign-in; an API token does not do." : $"The token has the scope {token.Scope}; this needs {wanted}.",
                new Dictionary<string, object?>(StringComparer.Ordinal) { ["scope"] = wanted });
        }
        else if (need is Need.Deposit && !signIn.Account.IsConfirmed)
            await ProblemAnswer.WriteAsync(http, Problems.EmailUnconfirmed, "Confirm the address of the account first; then it may deposit.");
        else await next(http);
    }
}
