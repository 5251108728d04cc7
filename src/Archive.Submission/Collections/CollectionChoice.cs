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
        var names = (study?.AttachTo ?? []).Take(MaxNames).ToList();
        var role = names.Count > 0 && await accounts.FindAsync(draft.Owner, ct) is { } owner ? owner.Role : Role.Depositor;
        // After the accession is given the collection stays: its prefix is part of the number.
        var chosen = draft.Accession is null ? null : draft.Collection;
        var attachments = new List<Attachment>();
        foreach (var name in names)
        {
            var found = catalogue.Find(name);
            var outcome = found is null ? AttachOutcome.Unknown
                : Is(found.Id, chosen) ? AttachOutcome.Obeyed
                // Who could begin the draft there may name the same place in the page tab.
                : !Is(found.Id, draft.Collection) && !catalogue.RulesOf(found.Id).MayUse(draft.Owner, role) ? AttachOutcome.Closed
                : chosen is null ? AttachOutcome.Obeyed
                // A check that comes after the accession says the same as the one before it.
                : draft.Accession is null || names.Exists(n => Is(n, chosen)) ? AttachOutcome.Second
                : AttachOutcome.Late;
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

    private static bool Is(string name, string? other) => name.Equals(other, StringComparison.OrdinalIgnoreCase);

    /// <summary>A rule set by name: as operators wrote it, else as it came; the standard one where there is none of the name.</summary>
    public static RuleSet SetOf(CollectionCatalogue catalogue, string id) =>
        catalogue.RuleSets.FirstOrDefault(r => r.Id == id) ?? BuiltInRuleSets.All.GetValueOrDefault(id) ?? BuiltInRuleSets.All[RuleSet.Standard];
}
