namespace Archive.Model.Errors;

public static partial class Problems
{
    /// <summary>Something belongs to the collection, or it is the archive's own.</summary>
    public static readonly Problem CollectionInUse = new("collection-in-use", 409, "The collection is in use",
        "A collection goes when no dataset, draft or other collection belongs to it. To take no more datasets into it, set its attach to 'curators'.");

    /// <summary>A collection names the rule set.</summary>
    public static readonly Problem RuleSetInUse = new("rule-set-in-use", 409, "The rule set is in use",
        "The detail names a collection that it holds for: give that one another rule set first.");
}
