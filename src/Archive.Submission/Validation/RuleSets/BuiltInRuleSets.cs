using System.Text.Json;
using Archive.Model.Rules;
using Archive.Model.Submissions;

namespace Archive.Submissions.Validation;

/// <summary>The rule sets that every archive has: JSON files of this folder. One that is stored under the same name stands in its place.</summary>
public static class BuiltInRuleSets
{
    private const string Folder = "RuleSets.";

    private static readonly JsonSerializerOptions Form = new(JsonSerializerDefaults.Web);

    /// <summary>By name.</summary>
    public static IReadOnlyDictionary<string, RuleSet> All { get; } = Read();

    private static Dictionary<string, RuleSet> Read()
    {
        var assembly = typeof(BuiltInRuleSets).Assembly;
        var sets = new Dictionary<string, RuleSet>(StringComparer.Ordinal);
        foreach (var resource in assembly.GetManifestResourceNames().Where(n => n.StartsWith(Folder, StringComparison.Ordinal)).Order(StringComparer.Ordinal))
        {
            using var content = assembly.GetManifestResourceStream(resource)!;
            var id = Path.GetFileNameWithoutExtension(resource[Folder.Length..]);
            var findings = new FindingList();
            sets[id] = JsonSerializer.Deserialize<RuleSetForm>(content, Form)!.Judge(id, findings)
                ?? throw new InvalidOperationException($"The built-in rule set {id} is wrong: {string.Join(' ', findings.ToReport().Findings.Select(f => f.Message))}");
        }
        return sets;
    }
}
