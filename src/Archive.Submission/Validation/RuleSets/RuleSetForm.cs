using System.Text.Json.Serialization;
using Archive.Model;
using Archive.Model.Rules;
using Archive.Model.Submissions;

namespace Archive.Submissions.Validation;

/// <summary>A rule set as operators write it, not yet judged.</summary>
/// <param name="Title">The name shown to people, 200 characters at most.</param>
/// <param name="Description">What it is for, 2,000 characters at most.</param>
/// <param name="Rules">By the name of the rule. Rules that are not named are off, but for those that protect the archive.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record RuleSetForm(string? Title = null, string? Description = null, IReadOnlyDictionary<string, RuleEntryForm?>? Rules = null)
{
    private const int MaxTitle = 200;
    private const int MaxDescription = 2000;

    /// <summary>Whether a text can name a rule set: lower-case letters, digits and inner hyphens, 64 at most.</summary>
    public static bool IsId(string id) =>
        id.Length is > 0 and <= 64 && id[0] != '-' && id[^1] != '-' && id.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-');

    /// <summary>A rule set as it would be written.</summary>
    public static RuleSetForm Of(RuleSet set) => new(set.Title, set.Description, set.Rules.ToDictionary(
        r => r.Key, r => (RuleEntryForm?)new RuleEntryForm(r.Value.Severity is { } s ? KebabCase.Text(s) : null, r.Value.Parameters), StringComparer.Ordinal));

    /// <summary>Judges everything at once.</summary>
    /// <returns>The rule set; null when there are errors.</returns>
    public RuleSet? Judge(string id, FindingList findings)
    {
        if (!IsId(id)) findings.Error("rule-set-id", "id", "A rule set is named by lower-case letters, digits and inner hyphens, 64 at most.");
        if (string.IsNullOrWhiteSpace(Title) || Title.Length > MaxTitle) findings.Error("rule-set-title", "$.title", $"Give a title of {MaxTitle} characters at most.");
        if (Description?.Length > MaxDescription) findings.Error("rule-set-description", "$.description", $"A description has {MaxDescription} characters at most.");
        var entries = new Dictionary<string, RuleEntry>(StringComparer.Ordinal);
        var closest = new ClosestText();
        foreach (var (name, form) in Rules ?? Enumerable.Empty<KeyValuePair<string, RuleEntryForm?>>())
        {
            var place = $"$.rules['{RuleCatalogue.Short(name)}']";
            if (RuleCatalogue.ByName.TryGetValue(name, out var rule)) entries[name] = (form ?? new()).Judge(rule, place, findings);
            else if (!findings.TryOmitError())
                findings.Error("rule-unknown", place, $"There is no rule '{RuleCatalogue.Short(name)}'; GET /api/rules lists them.", closest.Find(name, RuleCatalogue.ByName.Keys));
        }
        return findings.HasErrors ? null : new RuleSet(id, Title!.Trim(), Description?.Trim() ?? "", entries);
    }
}

/// <summary>What a rule set says of a rule, not yet judged.</summary>
/// <param name="Severity"><c>error</c>, <c>warning</c> or <c>off</c>; the rule's own when left out.</param>
/// <param name="Parameters">Numbers by the names of the rule's parameters; the rule's own where left out.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record RuleEntryForm(string? Severity = null, IReadOnlyDictionary<string, int>? Parameters = null)
{
    internal RuleEntry Judge(Rule rule, string place, FindingList findings)
    {
        RuleLevel? severity = null;
        if (Severity is not null)
        {
            if (!KebabCase.TryParse<RuleLevel>(Severity, out var level))
                findings.Error("rule-severity", place + ".severity", $"A severity is one of: {string.Join(", ", KebabCase.All<RuleLevel>())}.", KebabCase.Text(rule.Severity));
            else if (rule.IsProtective && level != RuleLevel.Error)
                findings.Error("rule-protective", place + ".severity", $"The rule {rule.Name} protects the archive: it is an error in every set and cannot be turned off.", KebabCase.Text(RuleLevel.Error));
            else severity = level;
        }
        foreach (var (name, value) in Parameters ?? Enumerable.Empty<KeyValuePair<string, int>>())
        {
            var known = rule.Parameters.FirstOrDefault(p => p.Name == name);
            if (known is null)
                findings.Error("rule-parameter", $"{place}.parameters['{RuleCatalogue.Short(name)}']", rule.Parameters.Count == 0
                    ? $"The rule {rule.Name} has no parameters."
                    : $"The rule {rule.Name} has no such parameter, only: {string.Join(", ", rule.Parameters.Select(p => p.Name))}.");
            else if (value < known.Least || value > known.Most)
                findings.Error("rule-parameter", $"{place}.parameters['{name}']", $"{name} ({known.About}) is {known.Least} to {known.Most}.");
        }
        return new(severity, Parameters is { Count: > 0 } ? Parameters : null);
    }
}
