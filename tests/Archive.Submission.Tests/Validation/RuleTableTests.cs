using System.Text;
using Archive.Model;
using Archive.Submissions.Validation;
using Archive.TestKit;

namespace Archive.Submission.Tests.Validation;

/// <summary>The table of rules in docs/rules.md is the catalogue's. ARCHIVE_TEST_WRITE_TABLES=1 writes it anew.</summary>
[TestClass]
public sealed class RuleTableTests
{
    private const string Begin = "<!-- rules -->\n";
    private const string End = "<!-- end of rules -->";

    public required TestContext TestContext { get; init; }

    [TestMethod]
    public async Task Docs_HaveTheTableOfTheCatalogue()
    {
        var file = Path.Combine(Repository.Root, "docs", "rules.md");
        var text = await File.ReadAllTextAsync(file, TestContext.CancellationToken);
        var (start, end) = (text.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length, text.IndexOf(End, StringComparison.Ordinal));
        Assert.IsGreaterThan(start - 1, end);
        if (Environment.GetEnvironmentVariable("ARCHIVE_TEST_WRITE_TABLES") == "1")
            await File.WriteAllTextAsync(file, text[..start] + Table() + text[end..], TestContext.CancellationToken);
        else
            Assert.AreEqual(Table(), text[start..end]);
    }

    private static string Table()
    {
        var table = new StringBuilder("| rule | asks for | severity | proposes | rembi-5 | mifa | minimal |\n| --- | --- | --- | --- | --- | --- | --- |\n");
        foreach (var rule in RuleCatalogue.All)
        {
            var about = rule.About + string.Concat(rule.Parameters.Select(p => $" `{p.Name}`: {p.About}, {p.Least} to {p.Most}; {p.Standard} unless a set says otherwise."));
            var sets = new[] { "rembi-5", "mifa", "minimal" }.Select(s => KebabCase.Text(RuleCatalogue.LevelOf(rule, BuiltInRuleSets.All[s].Rules.GetValueOrDefault(rule.Name))));
            table.Append($"| `{rule.Name}` | {about} | {(rule.IsProtective ? "error, always" : KebabCase.Text(rule.Severity))} | {rule.Fix} | {string.Join(" | ", sets)} |\n");
        }
        return table.ToString();
    }
}
