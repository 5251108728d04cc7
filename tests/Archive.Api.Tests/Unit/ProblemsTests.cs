using System.Text.RegularExpressions;
using Archive.Model.Errors;
using Archive.TestKit;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace Archive.Api.Tests.Unit;

[TestClass]
public sealed partial class ProblemsTests
{
    public TestContext TestContext { get; set; } = null!;

    public static IEnumerable<object[]> Rows => Problems.ByCode.Values.Select(p => new object[] { p.Code });

    [TestMethod]
    [DynamicData(nameof(Rows))]
    public void Row_WhenRead_IsFitForAnAddressAndForPeople(string code)
    {
        var row = Problems.ByCode[code];

        Assert.IsTrue(Code().IsMatch(row.Code));
        Assert.IsTrue(row.Status is >= 400 and < 600);
        Assert.IsTrue(row.Title.Length is > 5 and < 90 && !row.Title.EndsWith('.'), row.Title);
        Assert.IsTrue(row.Remedy.Length > 10 && row.Remedy.EndsWith('.'), row.Remedy);
    }

    // A row that nothing tells would be a page that explains what never happens.
    [TestMethod]
    public async Task Rows_WhenTheSourcesAreRead_AreAllUsed()
    {
        var unused = typeof(Problems).GetFields().Where(f => f.FieldType == typeof(Problem)).Select(f => "Problems." + f.Name).ToHashSet(StringComparer.Ordinal);
        var source = Path.Combine(Repository.Root, "src");
        var built = new[] { "bin", "obj" }.Select(f => $"{Path.DirectorySeparatorChar}{f}{Path.DirectorySeparatorChar}").ToList();
        foreach (var file in Directory.EnumerateFiles(source, "*.cs", SearchOption.AllDirectories).Where(f => !built.Exists(b => f.Contains(b, StringComparison.Ordinal))))
            await foreach (var line in File.ReadLinesAsync(file, TestContext.CancellationToken))
                if (!line.TrimStart().StartsWith("///", StringComparison.Ordinal))
                    foreach (Match use in Use().Matches(line))
                        unused.Remove(use.Value);

        Assert.IsEmpty(unused, string.Join(", ", unused));
    }

    [GeneratedRegex("\\bProblems\\.[A-Za-z]+", RegexOptions.None, 1000)]
    private static partial Regex Use();

    [GeneratedRegex("^[a-z]+(-[a-z0-9]+)*$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Code();
}
