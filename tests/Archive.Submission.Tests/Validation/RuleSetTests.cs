using Archive.Model.Rules;
using Archive.Model.Submissions;
using Archive.Submissions.Validation;

namespace Archive.Submission.Tests.Validation;

[TestClass]
public sealed class RuleSetTests
{
    [TestMethod]
    public void BuiltIn_AreThereAndStandard()
    {
        CollectionAssert.AreEquivalent(new[] { "rembi-5", "mifa", "minimal" }, BuiltInRuleSets.All.Keys.ToArray());
        Assert.IsTrue(BuiltInRuleSets.All.ContainsKey(RuleSet.Standard));
        foreach (var rule in RuleCatalogue.All.Where(r => !r.IsProtective))
            Assert.IsTrue(BuiltInRuleSets.All["mifa"].Rules.ContainsKey(rule.Name), $"mifa is the fullest set and lacks {rule.Name}");
    }

    [TestMethod]
    public void Judge_WhenEverythingIsWrong_SaysSoAtOnce()
    {
        var form = new RuleSetForm(" ", new string('d', 3000), new Dictionary<string, RuleEntryForm?>
        {
            ["titel-length"] = new("warning"),
            ["licence"] = new("fatal"),
            ["root-section"] = new("off"),
            ["release-date"] = new("warning"),
            ["embargo"] = new(null, new Dictionary<string, int> { ["years"] = 3, ["months"] = 1 }),
            ["keywords"] = null,
        });
        var findings = new FindingList();

        Assert.IsNull(form.Judge("Bad Name", findings));

        CollectionAssert.AreEquivalent(
            new[] { "rule-set-id", "rule-set-title", "rule-set-description", "rule-unknown", "rule-severity", "rule-protective", "rule-protective", "rule-parameter", "rule-parameter" },
            findings.ToReport().Findings.Select(f => f.Code).ToArray());
        Assert.AreEqual("title-length", findings.ToReport().Findings.Single(f => f.Code == "rule-unknown").Fix);
    }

    [TestMethod]
    public void Judge_WhenWrittenAndReadAgain_IsTheSame()
    {
        var set = BuiltInRuleSets.All["rembi-5"];

        var again = RuleSetForm.Of(set).Judge(set.Id, new FindingList())!;

        Assert.AreEqual(set.Title, again.Title);
        Assert.AreEqual(25, RuleCatalogue.Parameter(again, "title-length", "min"));
        CollectionAssert.AreEqual(set.Rules.Select(r => (r.Key, r.Value.Severity)).ToList(), again.Rules.Select(r => (r.Key, r.Value.Severity)).ToList());
    }

    [TestMethod]
    [DataRow("rembi-5", true)]
    [DataRow("5", true)]
    [DataRow("-a", false)]
    [DataRow("A", false)]
    [DataRow("", false)]
    [DataRow("a/b", false)]
    public void IsId_TakesPlainNames(string id, bool expected) => Assert.AreEqual(expected, RuleSetForm.IsId(id));
}
