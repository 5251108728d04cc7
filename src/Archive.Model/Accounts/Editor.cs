namespace Archive.Model.Accounts;

/// <summary>Who changes something, and as what: what a depositor may not do, a curator may.</summary>
/// <param name="Account">The account.</param>
/// <param name="Role">Its role when it acted.</param>
public sealed record Editor(AccountId Account, Role Role)
{
    /// <summary>Whether it may change or remove files that are public.</summary>
    public bool MayChangePublicFiles() => Role is Role.Curator;
}
