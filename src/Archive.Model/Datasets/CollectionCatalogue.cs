using Archive.Model.Rules;

namespace Archive.Model.Datasets;

/// <summary>All collections and the rule sets that operators wrote, as they stood at one revision.</summary>
/// <param name="Collections">By name.</param>
/// <param name="RuleSets">By name; those that come with the archive are not among them, unless they were edited.</param>
/// <param name="Revision">Raised by each change of a collection or rule set, and compared by each that depends on others.</param>
public sealed record CollectionCatalogue(IReadOnlyList<Collection> Collections, IReadOnlyList<RuleSet> RuleSets, long Revision)
{
    /// <summary>How many collections may stand in one line of parents, the collection itself among them.</summary>
    public const int MaxDepth = 8;

    /// <summary>The most collections that an archive may have.</summary>
    public const int MaxCollections = 1000;

    /// <summary>The most rule sets that an archive may have.</summary>
    public const int MaxRuleSets = 200;

    /// <summary>The collection, or null. Names are compared without regard to case.</summary>
    public Collection? Find(string id) => Collections.FirstOrDefault(c => c.Id.Equals(id, StringComparison.OrdinalIgnoreCase));

    /// <summary>The collections right below one, by name.</summary>
    public IEnumerable<Collection> Children(string id) => Collections.Where(c => c.Parent?.Equals(id, StringComparison.OrdinalIgnoreCase) == true);

    /// <summary>The collection and its parents, nearest first; cut at <see cref="MaxDepth"/>, so that it ends whatever is stored.</summary>
    public IEnumerable<Collection> Line(Collection collection)
    {
        var at = collection;
        for (var depth = 0; at is not null && depth < MaxDepth; depth++)
        {
            yield return at;
            at = at.Parent is null ? null : Find(at.Parent);
        }
    }

    /// <summary>What holds in a collection; in one that is gone a curator looks at everything and nothing new is taken.</summary>
    public CollectionRules RulesOf(string id)
    {
        if (Find(id) is not { } collection) return new(id, null, ReleasePolicy.Curator, RuleSet.Standard, AttachRight.Curators, []);
        var line = Line(collection).ToList();
        var attach = line.FirstOrDefault(c => c.Attach is not null);
        return new(
            collection.Id, line.Select(c => c.AccessionPrefix).FirstOrDefault(p => p is not null), line.Select(c => c.ReleasePolicy).FirstOrDefault(p => p is not null) ?? ReleasePolicy.Direct,
            line.Select(c => c.RuleSet).FirstOrDefault(r => r is not null) ?? RuleSet.Standard, attach?.Attach ?? AttachRight.Everyone, attach?.Depositors ?? []);
    }
}
