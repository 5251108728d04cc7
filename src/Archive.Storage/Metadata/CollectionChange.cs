using Archive.Model.Datasets;
using Archive.Model.Rules;

namespace Archive.Storage.Metadata;

/// <summary>A change of the catalogue of collections.</summary>
public abstract record CollectionChange
{
    private CollectionChange()
    {
    }

    /// <summary>Adds a collection or replaces the one of its name.</summary>
    public sealed record Put(Collection Collection) : CollectionChange;

    /// <summary>Removes a collection, unless a dataset or draft belongs to it.</summary>
    public sealed record Remove(string Id) : CollectionChange;

    /// <summary>Adds a rule set or replaces the one of its name.</summary>
    public sealed record PutRuleSet(RuleSet RuleSet) : CollectionChange;

    /// <summary>Removes a rule set.</summary>
    public sealed record RemoveRuleSet(string Id) : CollectionChange;
}

/// <summary>What became of a change of the catalogue.</summary>
public enum CollectionChangeOutcome
{
    /// <summary>It is done.</summary>
    Done,

    /// <summary>Nothing was changed: the catalogue is not at the revision any more.</summary>
    Moved,

    /// <summary>Nothing was changed: a dataset or draft belongs to the collection.</summary>
    InUse,
}
