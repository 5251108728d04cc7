using Archive.Model.Accounts;
using Archive.Model.Datasets;
using Archive.Model.Rules;
using Archive.Model.Submissions;
using Archive.Submissions.Collections;

namespace Archive.Submission.Tests.Collections;

[TestClass]
public sealed class CollectionFormTests
{
    private static readonly Collection Root = new("BioImages", "BioImages", "", "S-BIAR");
    private static readonly Collection Child = new("Plants", "Plants", "", null) { Parent = "BioImages", ReleasePolicy = ReleasePolicy.Curator };
    private static readonly Collection Leaf = new("Roots", "Roots", "", "S-ROOT") { Parent = "Plants", RuleSet = "minimal" };
    private static readonly CollectionCatalogue Catalogue = new([Root, Child, Leaf], [], 1);

    [TestMethod]
    public void Judge_WhenEverythingIsWrong_SaysSoAtOnce()
    {
        var form = new CollectionForm(" ", new string('d', 3000), "BioImagse", "S-BIAD{n}", "directly", "rembi5", "nobody", ["a@example.org"]);
        var findings = new FindingList();

        Assert.IsNull(form.Judge("a b", Catalogue, [null], findings));

        var found = findings.ToReport().Findings;
        CollectionAssert.AreEquivalent(
            new[]
            {
                "collection-id", "collection-title", "collection-description", "accession-prefix-taken", "parent-unknown", "release-policy", "rule-set-unknown",
                "attach", "accounts-unused", "account-unknown",
            },
            found.Select(f => f.Code).ToArray());
        Assert.AreEqual("BioImages", found.Single(f => f.Code == "parent-unknown").Fix);
        Assert.AreEqual("rembi-5", found.Single(f => f.Code == "rule-set-unknown").Fix);
    }

    [TestMethod]
    [DataRow("S-BIAR{n}", null)]
    [DataRow("X{n}", null)]
    [DataRow("EMPIAR-{n}", "accession-prefix-taken")]
    [DataRow("S-BSST{n}", "accession-prefix-taken")]
    [DataRow("S-BIAD{n}", "accession-prefix-taken")]
    [DataRow("S-BIAR", "accession-template")]
    [DataRow("s-biar{n}", "accession-template")]
    [DataRow("S-BIAR1{n}", "accession-template")]
    [DataRow("{n}", "accession-template")]
    [DataRow("S-{n}{n}", "accession-template")]
    [DataRow(null, "accession-template")]
    public void Judge_OfATemplate_TakesOurOwnOnly(string? template, string? code)
    {
        var findings = new FindingList();

        var collection = new CollectionForm("New", AccessionTemplate: template).Judge("New", Catalogue, [], findings);

        Assert.AreEqual(code, findings.ToReport().Findings.SingleOrDefault()?.Code);
        Assert.AreEqual(code is null ? template![..^3] : null, collection?.AccessionPrefix);
    }

    [TestMethod]
    [DataRow("BioImages", "Roots")]
    [DataRow("bioimages", "PLANTS")]
    [DataRow("Roots", "roots")]
    public void Judge_WhenTheParentStandsBelow_RefusesTheCircle(string id, string parent)
    {
        var findings = new FindingList();

        Assert.IsNull(new CollectionForm("T", Parent: parent).Judge(id, Catalogue, [], findings));

        Assert.AreEqual("parent-cycle", findings.ToReport().Findings.Single().Code);
    }

    [TestMethod]
    public void Judge_WhenTheLineWouldBeTooLong_RefusesIt()
    {
        var line = Enumerable.Range(0, CollectionCatalogue.MaxDepth).Select(i => new Collection($"L{i}", "", "", "S-L") { Parent = i == 0 ? null : $"L{i - 1}" }).ToList();
        var full = new CollectionCatalogue([.. line, Root, Child, Leaf], [], 1);

        Assert.AreEqual("parent-deep", Judged("New", $"L{CollectionCatalogue.MaxDepth - 1}"));
        Assert.IsNull(Judged("New", $"L{CollectionCatalogue.MaxDepth - 2}"));
        // What stands below moves along.
        Assert.AreEqual("parent-deep", Judged("Plants", $"L{CollectionCatalogue.MaxDepth - 2}"));

        string? Judged(string id, string parent)
        {
            var findings = new FindingList();
            new CollectionForm("T", Parent: parent).Judge(id, full, [], findings);
            return findings.ToReport().Findings.SingleOrDefault()?.Code;
        }
    }

    [TestMethod]
    public void RulesOf_WhatIsLeftOut_HoldsAsTheParentHasIt()
    {
        var rules = Catalogue.RulesOf("roots");

        Assert.AreEqual("Roots", rules.Collection);
        Assert.AreEqual("S-ROOT", rules.AccessionPrefix);
        Assert.AreEqual(ReleasePolicy.Curator, rules.ReleasePolicy);
        Assert.AreEqual("minimal", rules.RuleSet);
        Assert.AreEqual(AttachRight.Everyone, rules.Attach);
        Assert.AreEqual("S-BIAR", Catalogue.RulesOf("Plants").AccessionPrefix);
        Assert.AreEqual(RuleSet.Standard, Catalogue.RulesOf("Plants").RuleSet);
    }

    [TestMethod]
    public void RulesOf_WhenTheCollectionIsGone_NothingIsMintedAndACuratorLooks()
    {
        var rules = Catalogue.RulesOf("Gone");

        Assert.IsNull(rules.AccessionPrefix);
        Assert.AreEqual(ReleasePolicy.Curator, rules.ReleasePolicy);
    }

    // Stored by a program that was wrong, or by hand: reading ends all the same.
    [TestMethod]
    [Timeout(5000, CooperativeCancellation = true)]
    public void RulesOf_WhenParentsGoRound_Ends()
    {
        var round = new CollectionCatalogue([new("A", "", "", null) { Parent = "B" }, new("B", "", "", null) { Parent = "A" }], [], 1);

        Assert.IsNull(round.RulesOf("A").AccessionPrefix);
    }

    [TestMethod]
    public void MayUse_IsByRightAndRole()
    {
        var (named, other) = (AccountId.New(), AccountId.New());
        CollectionRules Of(AttachRight right) => new("C", "S-C", ReleasePolicy.Direct, "minimal", right, [named]);

        Assert.IsTrue(Of(AttachRight.Everyone).MayUse(other, Role.Depositor));
        Assert.IsTrue(Of(AttachRight.Named).MayUse(named, Role.Depositor));
        Assert.IsFalse(Of(AttachRight.Named).MayUse(other, Role.Depositor));
        Assert.IsTrue(Of(AttachRight.Named).MayUse(other, Role.Curator));
        Assert.IsFalse(Of(AttachRight.Curators).MayUse(named, Role.Depositor));
        Assert.IsTrue(Of(AttachRight.Curators).MayUse(other, Role.Curator));
    }
}
