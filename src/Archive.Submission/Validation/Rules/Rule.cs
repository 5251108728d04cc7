using Archive.Model.Rules;
using Archive.Model.Submissions;

namespace Archive.Submissions.Validation;

/// <summary>A rule that metadata or files are held against. Rule sets choose among rules and say how much each weighs.</summary>
/// <param name="Name">Stable, lower case with hyphens; stands in what it finds.</param>
/// <param name="About">What it asks for, in one sentence.</param>
/// <param name="Severity">What its findings weigh where a set does not say otherwise; never off.</param>
/// <param name="Check">Looks at metadata, pure and quick; null for rules about files, which are looked at where the files are.</param>
public sealed record Rule(string Name, string About, RuleLevel Severity, Action<MetadataSubject, RuleFindings>? Check)
{
    /// <summary>What its findings propose, in a few words; empty when they propose nothing.</summary>
    public string Fix { get; init; } = "";

    /// <summary>Whether it protects the archive: it is an error in every set.</summary>
    public bool IsProtective { get; init; }

    /// <summary>What a set may tell it.</summary>
    public IReadOnlyList<RuleParameter> Parameters { get; init; } = [];
}

/// <summary>A number that a rule set may give to a rule.</summary>
/// <param name="Name">Lower case.</param>
/// <param name="About">What it bounds, with its unit.</param>
/// <param name="Standard">What holds where a set does not give it.</param>
/// <param name="Least">The least that may be given.</param>
/// <param name="Most">The most that may be given.</param>
public sealed record RuleParameter(string Name, string About, int Standard, int Least, int Most);

/// <summary>Where a rule puts what it finds, with what the rule set says of it.</summary>
public sealed class RuleFindings
{
    private readonly FindingList findings;
    private readonly Rule rule;
    private readonly RuleEntry? entry;
    private readonly Severity severity;

    internal RuleFindings(Rule rule, RuleEntry? entry, RuleLevel level, FindingList findings)
    {
        (this.rule, this.entry, this.findings) = (rule, entry, findings);
        severity = level == RuleLevel.Error ? Severity.Error : Severity.Warning;
    }

    /// <summary>What holds for a parameter of the rule.</summary>
    public int this[string parameter] =>
        entry?.Parameters?.TryGetValue(parameter, out var given) == true ? given : rule.Parameters.Single(p => p.Name == parameter).Standard;

    /// <summary>Adds a finding of the rule.</summary>
    public void Add(string code, string place, string message, string? fix = null) =>
        findings.Add(new Finding(severity, code, place, message, fix, rule.Name));

    /// <summary>Adds a finding for something that is missing where a section should have it.</summary>
    internal void Missing(bool isMissing, string code, string place, string message)
    {
        if (isMissing) Add(code, place, message);
    }
}
