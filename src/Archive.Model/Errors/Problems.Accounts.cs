namespace Archive.Model.Errors;

public static partial class Problems
{
    /// <summary>The address needs a sign-in.</summary>
    public static readonly Problem SignInRequired = new("sign-in-required", 401, "This needs a sign-in",
        "Sign in by POST /api/sessions and send the token as Authorization: Bearer.");

    /// <summary>The token is unknown or has expired.</summary>
    public static readonly Problem SessionExpired = new("session-expired", 401, "The sign-in has ended",
        "Sign in again by POST /api/sessions, or make a new API token. What you uploaded and wrote is still there.");

    /// <summary>Address and password do not belong together.</summary>
    public static readonly Problem WrongCredentials = new("wrong-credentials", 401, "Address and password do not belong together",
        "Check both. An address that was never registered is told in the same way. A forgotten password is replaced by POST /api/accounts/password-reset.");

    /// <summary>The account may not do this.</summary>
    public static readonly Problem Forbidden = new("forbidden", 403, "The account may not do this",
        "Ask the operator of the archive for the role that the detail names.");

    /// <summary>The account's address has not been confirmed.</summary>
    public static readonly Problem EmailUnconfirmed = new("email-unconfirmed", 403, "The e-mail address is not confirmed yet",
        "Open the link of the mail that registration sent, or send its token to POST /api/accounts/confirm. Registering again with the same address sends another mail.");

    /// <summary>The API token's scope does not reach so far.</summary>
    public static readonly Problem TokenScopeTooNarrow = new("token-scope", 403, "The scope of the token does not allow this",
        "The fact scope names the scope that is needed. Accounts themselves are changed by a sign-in only, not by a token.");

    /// <summary>The token of a mail is unknown, used or expired.</summary>
    public static readonly Problem MailTokenWorthless = new("mail-token-worthless", 400, "The link has expired or was used before",
        "Ask for a new mail: register again, or request another password reset.");

    /// <summary>Signing in by ORCID did not come to its end.</summary>
    public static readonly Problem OrcidFailed = new("orcid-failed", 400, "Signing in by ORCID failed",
        "Begin again at GET /api/sessions/orcid. The detail says what ORCID answered.");

    /// <summary>The ORCID iD is another account's.</summary>
    public static readonly Problem OrcidTaken = new("orcid-taken", 409, "The ORCID iD belongs to another account",
        "Sign in by ORCID to use that account, or take the iD from it first.");
}
