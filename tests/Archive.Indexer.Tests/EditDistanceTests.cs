using Archive.Indexer.Searching;

namespace Archive.Indexer.Tests;

[TestClass]
public sealed class EditDistanceTests
{
    [TestMethod]
    [DataRow("yeast", "yeast", 0, 0)]
    [DataRow("yeast", "yaest", 1, 1)]
    [DataRow("yeast", "yeats", 1, 1)]
    [DataRow("yeast", "feast", 1, 1)]
    [DataRow("yeast", "east", 1, 1)]
    [DataRow("yeast", "yeasty", 1, 1)]
    [DataRow("yeast", "esyat", 2, -1)]
    [DataRow("ab", "ba", 2, 1)]
    [DataRow("abcd", "badc", 2, 2)]
    // No letter is touched twice (optimal string alignment): without that it would be 2.
    [DataRow("ca", "abc", 2, -1)]
    [DataRow("tubulin", "tublin", 0, -1)]
    [DataRow("abcdef", "abc", 2, -1)]
    public void Within_CountsEditsUpToTheLimit(string a, string b, int max, int expected)
    {
        Assert.AreEqual(expected, EditDistance.Within(a, b, max));
        Assert.AreEqual(expected, EditDistance.Within(b, a, max));
    }
}
