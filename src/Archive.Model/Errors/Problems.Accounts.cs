namespace Archive.Model.Errors;

public static partial class Problems
{
    /// <summary>The address needs a sign-in.</summary>
    public static readonly Problem SignInRequired = new("sign-in-required", 401, "This needs a sign-in",
        "Sign in by POST /api/sessions and send the token as Authorization: Bearer.");

    /// <summary>The token is unknown or has expired.</summary>
    public static readonly Problem SessionExpired = new("session-expired", 401, "The sign-in has ended",
        "Sign in again by POST /api/sessions. What you uploaded and wrote is still there.");

    /// <summary>Address and password do not belong together.</summary>
    public static readonly Problem WrongCredentials = new("wrong-credentials", 401, "Address and password do not belong together",
        "Check both. An address that was never registered is told in the same way.");

    /// <summary>The account may not do this.</summary>
    public static readonly Problem Forbidden = new("forbidden", 403, "The account may not do this",
        "Ask the operator of the archive for the role that the detail names.");
}
