using Archive.Model.Accounts;
using Microsoft.AspNetCore.Identity;

namespace Archive.Api.Accounts;

/// <summary>Passwords by the framework's Identity hasher (PBKDF2-SHA512).</summary>
internal sealed class PasswordCheck
{
    private readonly PasswordHasher<Account> hasher = new();
    private readonly string nobody;

    public PasswordCheck() => nobody = Hash(SessionToken.New());

    /// <summary>The hash to store.</summary>
    public string Hash(string password) => hasher.HashPassword(null!, password);

    /// <summary>Whether the password is the account's. Takes as long for an account that does not exist or has none.</summary>
    public bool IsRight(Account? account, string password) =>
        hasher.VerifyHashedPassword(null!, account?.PasswordHash ?? nobody, password) != PasswordVerificationResult.Failed && account?.PasswordHash is not null;
}
