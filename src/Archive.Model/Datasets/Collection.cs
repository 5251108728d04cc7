using System.Text.Json.Serialization;
using Archive.Model.Accounts;
using Archive.Model.Rules;

namespace Archive.Model.Datasets;

/// <summary>Whether datasets wait for a curator before they become public.</summary>
[JsonConverter(typeof(KebabCaseJson<ReleasePolicy>))]
public enum ReleasePolicy
{
    /// <summary>No: the release date alone decides.</summary>
    Direct,

    /// <summary>An account's first dataset does; see <c>ICurationStore.HasPassedAsync</c> for what counts.</summary>
    FirstByCurator,

    /// <summary>Every dataset does.</summary>
    Curator,
}

/// <summary>Who may deposit into a collection.</summary>
[JsonConverter(typeof(KebabCaseJson<AttachRight>))]
public enum AttachRight
{
    /// <summary>Every account.</summary>
    Everyone,

    /// <summary>The accounts that the collection names, and curators.</summary>
    Named,

    /// <summary>Curators.</summary>
    Curators,
}

/// <summary>A named group of datasets with its own accession prefix and rules. What is null holds as its parent has it.</summary>
/// <param name="Id">The name used in addresses and in a page tab's <c>AttachTo</c>: letters, digits and hyphens, 64 at most.</param>
/// <param name="Title">The name shown to people.</param>
/// <param name="Description">One or two sentences.</param>
/// <param name="AccessionPrefix">The part before the number of accessions minted here, such as <c>S-BIAR</c>. Collections may share one.</param>
public sealed record Collection(string Id, string Title, string Description, string? AccessionPrefix)
{
    /// <summary>The collection that this one is part of, by name; null for none.</summary>
    public string? Parent { get; init; }

    /// <summary>Whether its datasets wait for a curator; without parent <see cref="Datasets.ReleasePolicy.Direct"/>.</summary>
    public ReleasePolicy? ReleasePolicy { get; init; }

    /// <summary>What metadata are held against, by name; without parent <see cref="RuleSet.Standard"/>.</summary>
    public string? RuleSet { get; init; }

    /// <summary>Who may deposit into it; without parent <see cref="AttachRight.Everyone"/>.</summary>
    public AttachRight? Attach { get; init; }

    /// <summary>The accounts that <see cref="AttachRight.Named"/> means; null for none.</summary>
    public IReadOnlyList<AccountId>? Depositors { get; init; }
}

/// <summary>What holds for the datasets of a collection: its own settings, and its parents' where it has none.</summary>
/// <param name="Collection">The collection by name, as it spells it.</param>
/// <param name="AccessionPrefix">Null when the collection is gone: nothing is minted in it any more.</param>
/// <param name="ReleasePolicy">Whether datasets wait for a curator.</param>
/// <param name="RuleSet">The rule set by name.</param>
/// <param name="Attach">Who may deposit into it.</param>
/// <param name="Depositors">The accounts that it names.</param>
public sealed record CollectionRules(
    string Collection, string? AccessionPrefix, ReleasePolicy ReleasePolicy, string RuleSet, AttachRight Attach, IReadOnlyList<AccountId> Depositors)
{
    /// <summary>Whether an account may deposit into the collection.</summary>
    public bool MayUse(AccountId account, Role role) =>
        role is Role.Curator || Attach == AttachRight.Everyone || (Attach == AttachRight.Named && Depositors.Contains(account));
}
