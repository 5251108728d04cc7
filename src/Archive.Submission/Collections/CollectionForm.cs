using System.Text.Json.Serialization;
using Archive.Model;
using Archive.Model.Accounts;
using Archive.Model.Datasets;
using Archive.Model.Submissions;
using Archive.Submissions.Validation;

namespace Archive.Submissions.Collections;

/// <summary>A collection as operators write it, not yet judged. What is left out holds as the parent has it.</summary>
/// <param name="Title">The name shown to people, 200 characters at most.</param>
/// <param name="Description">One or two sentences, 2,000 characters at most.</param>
/// <param name="Parent">The collection that it is part of, by name; null for none.</param>
/// <param name="AccessionTemplate">How its accessions look, such as <c>S-BIAR{n}</c>. Required without a parent.</param>
/// <param name="ReleasePolicy"><c>direct</c>, <c>first-by-curator</c> or <c>curator</c>.</param>
/// <param name="RuleSet">What metadata are held against, by name.</param>
/// <param name="Attach">Who may deposit into it: <c>everyone</c>, <c>named</c> or <c>curators</c>.</param>
/// <param name="Accounts">E-mail addresses of the accounts that <c>named</c> means, 200 at most.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record CollectionForm(
    string? Title = null, string? Description = null, string? Parent = null, string? AccessionTemplate = null, string? ReleasePolicy = null,
    string? RuleSet = null, string? Attach = null, IReadOnlyList<string>? Accounts = null)
{
    /// <summary>The most accounts that a collection may name.</summary>
    public const int MaxAccounts = 200;

    private const int MaxTitle = 200;
    private const int MaxDescription = 2000;

    /// <summary>Whether a text can name a collection: letters, digits and hyphens, 64 at most.</summary>
    public static bool IsId(string id) => id.Length is > 0 and <= 64 && id.All(c => char.IsAsciiLetterOrDigit(c) || c == '-');

    /// <summary>Judges everything at once, against the collections and rule sets that there are.</summary>
    /// <param name="named">The accounts of the addresses in <see cref="Accounts"/>, null for an address that no account has.</param>
    /// <returns>The collection; null when there are errors.</returns>
    public Collection? Judge(string id, CollectionCatalogue catalogue, IReadOnlyList<Account?> named, FindingList findings)
    {
        if (!IsId(id)) findings.Error("collection-id", "id", "A collection is named by letters, digits and hyphens, 64 at most.");
        if (string.IsNullOrWhiteSpace(Title) || Title.Length > MaxTitle) findings.Error("collection-title", "$.title", $"Give a title of {MaxTitle} characters at most.");
        if (Description?.Length > MaxDescription) findings.Error("collection-description", "$.description", $"A description has {MaxDescription} characters at most.");
        var known = catalogue.Find(id);
        if (known is null && catalogue.Collections.Count >= CollectionCatalogue.MaxCollections)
            findings.Error("collections-too-many", "id", $"An archive has {CollectionCatalogue.MaxCollections} collections at most.");
        var collection = new Collection(known?.Id ?? id, Title?.Trim() ?? "", Description?.Trim() ?? "", JudgeTemplate(findings))
        {
            Parent = JudgeParent(known?.Id ?? id, catalogue, findings),
            ReleasePolicy = Choice<ReleasePolicy>(ReleasePolicy, "release-policy", "$.releasePolicy", findings),
            RuleSet = JudgeRuleSet(catalogue, findings),
            Attach = Choice<AttachRight>(Attach, "attach", "$.attach", findings),
            Depositors = JudgeAccounts(named, findings),
        };
        return findings.HasErrors ? null : collection;
    }

    private static T? Choice<T>(string? text, string code, string place, FindingList findings)
        where T : struct, Enum
    {
        if (text is null) return null;
        if (KebabCase.TryParse<T>(text, out var value)) return value;
        findings.Error(code, place, $"Give one of: {string.Join(", ", KebabCase.All<T>())}; or leave it out to have it as the parent does.",
            new ClosestText().Find(text, KebabCase.All<T>()));
        return null;
    }

    private string? JudgeTemplate(FindingList findings)
    {
        if (AccessionTemplate is null)
        {
            if (Parent is null) findings.Error("accession-template", "$.accessionTemplate", "Without a parent a collection needs a template of accessions, such as S-BIAR{n}.");
            return null;
        }
        if (!Archive.Model.Datasets.AccessionTemplate.TryParse(AccessionTemplate, null, out var template))
            findings.Error("accession-template", "$.accessionTemplate",
                "A template is upper-case letters, digits and inner hyphens that end in a letter or hyphen, 40 at most, and then {n}: S-BIAR{n}.");
        else if (Archive.Model.Datasets.AccessionTemplate.IsTaken(template.Prefix))
            findings.Error("accession-prefix-taken", "$.accessionTemplate", $"{template.Prefix} is the prefix of another archive, which gives those numbers.");
        else
            return template.Prefix;
        return null;
    }

    private string? JudgeParent(string id, CollectionCatalogue catalogue, FindingList findings)
    {
        if (Parent is null) return null;
        if (catalogue.Find(Parent) is not { } parent)
        {
            findings.Error("parent-unknown", "$.parent", $"There is no collection '{RuleCatalogue.Short(Parent)}'.", new ClosestText().Find(Parent, catalogue.Collections.Select(c => c.Id)));
            return null;
        }
        var above = catalogue.Line(parent).ToList();
        if (above.Any(c => c.Id.Equals(id, StringComparison.OrdinalIgnoreCase)))
            findings.Error("parent-cycle", "$.parent", $"'{parent.Id}' is the collection itself or stands below it.");
        else if (above.Count + Height(id, catalogue) > CollectionCatalogue.MaxDepth)
            findings.Error("parent-deep", "$.parent", $"Collections stand {CollectionCatalogue.MaxDepth} deep in each other at most.");
        return parent.Id;
    }

    // How many levels the collection and what stands below it take; as deep as is allowed where it is more.
    private static int Height(string id, CollectionCatalogue catalogue)
    {
        var level = new List<string> { id };
        var height = 0;
        for (; level.Count > 0 && height < CollectionCatalogue.MaxDepth; height++) level = [.. level.SelectMany(c => catalogue.Children(c).Select(child => child.Id))];
        return height;
    }

    private string? JudgeRuleSet(CollectionCatalogue catalogue, FindingList findings)
    {
        if (RuleSet is null) return null;
        var names = BuiltInRuleSets.All.Keys.Union(catalogue.RuleSets.Select(r => r.Id), StringComparer.Ordinal).ToList();
        if (names.Contains(RuleSet, StringComparer.Ordinal)) return RuleSet;
        findings.Error("rule-set-unknown", "$.ruleSet", $"There is no rule set '{RuleCatalogue.Short(RuleSet)}', only: {string.Join(", ", names.Take(20))}.", new ClosestText().Find(RuleSet, names));
        return null;
    }

    private List<AccountId>? JudgeAccounts(IReadOnlyList<Account?> named, FindingList findings)
    {
        var isNamed = Attach?.Equals(KebabCase.Text(AttachRight.Named), StringComparison.OrdinalIgnoreCase) == true;
        if (Accounts is null or { Count: 0 })
        {
            if (isNamed) findings.Error("accounts-missing", "$.accounts", "Name the accounts that may deposit, by their e-mail addresses.");
            return null;
        }
        if (!isNamed) findings.Error("accounts-unused", "$.accounts", "Accounts are named only where attach is 'named'.");
        if (Accounts.Count > MaxAccounts) findings.Error("accounts-too-many", "$.accounts", $"A collection names {MaxAccounts} accounts at most.");
        for (var i = 0; i < named.Count; i++)
            if (named[i] is null) findings.Error("account-unknown", $"$.accounts[{i}]", $"No account has the address '{RuleCatalogue.Short(Accounts[i] ?? "")}'.");
        return [.. named.OfType<Account>().Select(a => a.Id).Distinct()];
    }
}
