using Archive.Model.Accounts;
using Archive.Model.Submissions;

namespace Archive.Api.Accounts;

/// <summary>What an address, a password and a name must be like.</summary>
internal static class AccountRules
{
    private const int MinPassword = 8;
    private const int MaxPassword = 256;
    private const int MaxName = 200;

    /// <summary>Adds a finding when the text is no address.</summary>
    public static void CheckEmail(List<Finding> findings, string? email)
    {
        if (!EmailAddress.IsSound(email))
            findings.Add(new(Severity.Error, "email", "$.email", "Give one e-mail address, such as name@example.org, of 254 ASCII characters at most."));
    }

    /// <summary>Adds a finding when the text is no password.</summary>
    public static void CheckPassword(List<Finding> findings, string? password, string place = "$.password")
    {
        if (password is null || password.Length is < MinPassword or > MaxPassword)
            findings.Add(new(Severity.Error, "password", place, $"Give a password of {MinPassword} to {MaxPassword} characters."));
    }

    /// <summary>Adds a finding when the text is no name.</summary>
    public static void CheckName(List<Finding> findings, string? name)
    {
        if (string.IsNullOrWhiteSpace(name) || name.Length > MaxName || name.Any(char.IsControl))
            findings.Add(new(Severity.Error, "name", "$.name", $"Give the name that others see, {MaxName} characters at most."));
    }
}
