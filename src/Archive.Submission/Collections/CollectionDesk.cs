using Archive.Model.Accounts;
using Archive.Model.Datasets;
using Archive.Model.Errors;
using Archive.Model.Rules;
using Archive.Model.Submissions;
using Archive.Storage.Metadata;
using Archive.Submissions.Drafts;
using Archive.Submissions.Validation;

namespace Archive.Submissions.Collections;

/// <summary>
/// Adds, changes and removes collections and rule sets. Each change is judged by all collections and written only when none of them changed
/// meanwhile, so two operators together cannot make a circle of parents or leave a collection without its rule set.
/// </summary>
public sealed class CollectionDesk(ICollectionStore collections, IAccountStore accounts, DraftOptions options)
{
    private const int MaxRaces = 20;

    /// <summary>Adds a collection or replaces the one of its name.</summary>
    /// <returns>The collection, and whether it is new; or everything that is wrong.</returns>
    public async Task<(Collection? Collection, bool IsNew, ValidationReport Report)> PutAsync(string id, CollectionForm form, CancellationToken ct)
    {
        var named = new List<Account?>();
        foreach (var address in (form.Accounts ?? []).Take(CollectionForm.MaxAccounts))
            named.Add(string.IsNullOrWhiteSpace(address) || address.Length > 254 ? null : await accounts.FindByEmailAsync(address.Trim(), ct));
        for (var race = 0; race < MaxRaces; race++)
        {
            var catalogue = await collections.ReadAsync(ct);
            var findings = new FindingList();
            if (form.Judge(id, catalogue, named, findings) is not { } collection) return (null, false, findings.ToReport());
            if (await collections.TryChangeAsync(new CollectionChange.Put(collection), catalogue.Revision, ct) == CollectionChangeOutcome.Done)
                return (collection, catalogue.Find(id) is null, findings.ToReport());
        }
        throw Moving();
    }

    /// <summary>Removes a collection; false when there is none.</summary>
    /// <exception cref="ArchiveException"><see cref="Problems.CollectionInUse"/>.</exception>
    public async Task<bool> RemoveAsync(string id, CancellationToken ct)
    {
        for (var race = 0; race < MaxRaces; race++)
        {
            var catalogue = await collections.ReadAsync(ct);
            if (catalogue.Find(id) is not { } collection) return false;
            if (collection.Id.Equals(options.DefaultCollection, StringComparison.OrdinalIgnoreCase)) throw InUse($"'{collection.Id}' is the archive's own collection.");
            if (catalogue.Children(id).FirstOrDefault() is { } child) throw InUse($"'{child.Id}' is part of '{collection.Id}'.");
            switch (await collections.TryChangeAsync(new CollectionChange.Remove(id), catalogue.Revision, ct))
            {
                case CollectionChangeOutcome.Done: return true;
                case CollectionChangeOutcome.InUse: throw InUse($"Datasets or drafts belong to '{collection.Id}'.");
            }
        }
        throw Moving();
    }

    /// <summary>Adds a rule set or replaces the one of its name, also one that comes with the archive.</summary>
    /// <returns>The rule set; or everything that is wrong.</returns>
    public async Task<(RuleSet? RuleSet, bool IsNew, ValidationReport Report)> PutRuleSetAsync(string id, RuleSetForm form, CancellationToken ct)
    {
        for (var race = 0; race < MaxRaces; race++)
        {
            var catalogue = await collections.ReadAsync(ct);
            var findings = new FindingList();
            var isNew = catalogue.RuleSets.All(r => r.Id != id);
            if (isNew && catalogue.RuleSets.Count >= CollectionCatalogue.MaxRuleSets)
                findings.Error("rule-sets-too-many", "id", $"An archive has {CollectionCatalogue.MaxRuleSets} rule sets at most.");
            if (form.Judge(id, findings) is not { } set) return (null, false, findings.ToReport());
            if (await collections.TryChangeAsync(new CollectionChange.PutRuleSet(set), catalogue.Revision, ct) == CollectionChangeOutcome.Done)
                return (set, isNew && !BuiltInRuleSets.All.ContainsKey(id), findings.ToReport());
        }
        throw Moving();
    }

    /// <summary>Removes what operators wrote under a name; a rule set that comes with the archive is then as it came. False when there is nothing to remove.</summary>
    /// <exception cref="ArchiveException"><see cref="Problems.RuleSetInUse"/>.</exception>
    public async Task<bool> RemoveRuleSetAsync(string id, CancellationToken ct)
    {
        for (var race = 0; race < MaxRaces; race++)
        {
            var catalogue = await collections.ReadAsync(ct);
            if (catalogue.RuleSets.All(r => r.Id != id)) return false;
            if (!BuiltInRuleSets.All.ContainsKey(id) && catalogue.Collections.FirstOrDefault(c => c.RuleSet == id) is { } user)
                throw new ArchiveException(Problems.RuleSetInUse, $"It holds for the collection '{user.Id}'.");
            if (await collections.TryChangeAsync(new CollectionChange.RemoveRuleSet(id), catalogue.Revision, ct) == CollectionChangeOutcome.Done) return true;
        }
        throw Moving();
    }

    private static ArchiveException InUse(string detail) => new(Problems.CollectionInUse, detail);

    private static ArchiveException Moving() => new(Problems.Conflict, "Collections are being changed by others all the time.");
}
