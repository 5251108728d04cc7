using System.Text.Json.Serialization;

namespace Archive.Model.Rules;

/// <summary>What a rule set makes of a rule.</summary>
[JsonConverter(typeof(KebabCaseJson<RuleLevel>))]
public enum RuleLevel
{
    /// <summary>It is not looked at.</summary>
    Off,

    /// <summary>What it finds is told and stops nothing.</summary>
    Warning,

    /// <summary>What it finds must be mended before the dataset is accepted.</summary>
    Error,
}

/// <summary>
/// Which rules the metadata of a collection's datasets are held against: a document that operators edit. A rule that it does not name is
/// off, so that a rule which is new in the archive changes nothing for collections that there are; rules that protect the archive hold all
/// the same.
/// </summary>
/// <param name="Id">The name that collections refer to: lower-case letters, digits and inner hyphens, 64 at most.</param>
/// <param name="Title">The name shown to people.</param>
/// <param name="Description">What it is for, in a sentence or two.</param>
/// <param name="Rules">By the name of the rule.</param>
public sealed record RuleSet(string Id, string Title, string Description, IReadOnlyDictionary<string, RuleEntry> Rules)
{
    /// <summary>The set that holds where none is chosen.</summary>
    public const string Standard = "rembi-5";
}

/// <summary>What a rule set says of a rule.</summary>
/// <param name="Severity">Null: the rule's own.</param>
/// <param name="Parameters">Those that differ from the rule's own, by name; null: none does.</param>
public sealed record RuleEntry(RuleLevel? Severity = null, IReadOnlyDictionary<string, int>? Parameters = null);
