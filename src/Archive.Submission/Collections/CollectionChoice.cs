using Archive.Model.Accounts;
using Archive.Model.Datasets;
using Archive.Model.Rembi;
using Archive.Model.Rules;
using Archive.Model.Submissions;
using Archive.Storage.Metadata;
using Archive.Submissions.Validation;

namespace Archive.Submissions.Collections;

/// <summary>What came of a collection that <c>AttachTo</c> names.</summary>
/// <param name="Name">As written.</param>
/// <param name="Outcome">What came of it.</param>
/// <param name="Collection">The collection by its own name; the closest one's where there is none, or null.</param>
public sealed record Attachment(string Name, AttachOutcome Outcome, string? Collection);

/// <summary>What came of a wish to be attached.</summary>
public enum AttachOutcome
{
    /// <summary>The dataset belongs, or will belong, to it.</summary>
    Obeyed,

    /// <summary>There is no such collection.</summary>
    Unknown,

    /// <summary>The depositor may not deposit into it.</summary>
    Closed,

    /// <summary>Another one was named before.</summary>
    Second,

    /// <summary>The dataset has its accession already, in another collection.</summary>
    Late,
}

/// <summary>The collection of a draft, and what holds in it.</summary>
/// <param name="Rules">What holds.</param>
/// <param name="RuleSet">What metadata are held against.</param>
/// <param name="Attachments">What came of each name in <c>AttachTo</c>.</param>
public sealed record ChosenCollection(CollectionRules Rules, RuleSet RuleSet, IReadOnlyList<Attachment> Attachments);

/// <summary>Finds out which collection a draft belongs to: the first usable one that its page tab names, else the one that it was begun in.</summary>
public sealed class CollectionChoice(ICollectionStore collections, IAccountStore accounts)
{
    private const int MaxNames = 100;

    /// <summary>The collection of a draft.</summary>
    /// <param name="study">What it says; null for nothing.</param>
    public async Task<ChosenCollection> ChooseAsync(Draft draft, RembiStudy? study, CancellationToken ct)
    {
        var catalogue = await collections.ReadAsync(ct);
        var role = study is { AttachTo.Count: > 0 } && draft.Accession is null && await accounts.FindAsync(draft.Owner, ct) is { } owner ? owner.Role : Role.Depositor;
        var attachments = new List<Attachment>();
        // After the accession is given the collection stays: its prefix is part of the number.
        var chosen = draft.Accession is null ? null : draft.Collection;
        foreach (var name in (study?.AttachTo ?? []).Take(MaxNames))
        {
            var found = catalogue.Find(name);
            var outcome = found is null ? AttachOutcome.Unknown
                : found.Id.Equals(chosen, StringComparison.OrdinalIgnoreCase) ? AttachOutcome.Obeyed
                : draft.Accession is not null ? AttachOutcome.Late
                : chosen is not null ? AttachOutcome.Second
                // Who could begin the draft there may name the same place in the page tab.
                : found.Id.Equals(draft.Collection, StringComparison.OrdinalIgnoreCase) || catalogue.RulesOf(found.Id).MayUse(draft.Owner, role) ? AttachOutcome.Obeyed
                : AttachOutcome.Closed;
            if (outcome == AttachOutcome.Obeyed) chosen = found!.Id;
            attachments.Add(new(name, outcome, found?.Id ?? new ClosestText().Find(name, catalogue.Collections.Select(c => c.Id))));
        }
        var rules = catalogue.RulesOf(chosen ?? draft.Collection);
        return new(rules, SetOf(catalogue, rules.RuleSet), attachments);
    }

    /// <summary>What holds in a collection.</summary>
    public async Task<CollectionRules> RulesOfAsync(string collection, CancellationToken ct) => (await collections.ReadAsync(ct)).RulesOf(collection);

    /// <summary>The longest embargo in a collection, in years.</summary>
    public async Task<int> EmbargoYearsAsync(string collection, CancellationToken ct)
    {
        var catalogue = await collections.ReadAsync(ct);
        return RuleCatalogue.Parameter(SetOf(catalogue, catalogue.RulesOf(collection).RuleSet), ProtectiveRules.Embargo, ProtectiveRules.EmbargoYears);
    }

    /// <summary>A rule set by name: as operators wrote it, else as it came; the standard one where there is none of the name.</summary>
    public static RuleSet SetOf(CollectionCatalogue catalogue, string id) =>
        catalogue.RuleSets.FirstOrDefault(r => r.Id == id) ?? BuiltInRuleSets.All.GetValueOrDefault(id) ?? BuiltInRuleSets.All[RuleSet.Standard];
}
