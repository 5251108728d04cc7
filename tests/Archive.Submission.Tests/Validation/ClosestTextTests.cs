using Archive.Submissions.Validation;

namespace Archive.Submission.Tests.Validation;

[TestClass]
public sealed class ClosestTextTests
{
    [TestMethod]
    [DataRow("yeast  CELLS", "Yeast cells")]
    [DataRow("Yaest cells", "Yeast cells")]
    [DataRow("Yeast cell", "Yeast cells")]
    [DataRow("Mouse liver", null)]
    [DataRow("", null)]
    public void Find_GivesWhatDiffersLeast(string text, string? expected) =>
        Assert.AreEqual(expected, new ClosestText().Find(text, ["Fixed cells", "Yeast cells", "Yeast shells"]));

    // Hostile documents ask for as many comparisons as they have names; the work of one check is bounded.
    [TestMethod]
    public void Find_WhenAskedWithoutEnd_EndsSoonAndProposesNothing()
    {
        var closest = new ClosestText();
        var candidates = Enumerable.Range(0, 20_000).Select(i => new string((char)('a' + i % 26), 190) + i).ToList();
        var clock = System.Diagnostics.Stopwatch.StartNew();

        for (var i = 0; i < 10_000; i++) closest.Find(new string('z', 190) + i, candidates);

        Assert.IsNull(closest.Find("zz", ["zz"]));
        Assert.IsLessThan(TimeSpan.FromSeconds(5), clock.Elapsed);
    }
}
