using System.Text.RegularExpressions;
using Archive.Model.Errors;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace Archive.Api.Tests.Unit;

[TestClass]
public sealed partial class ProblemsTests
{
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

    [GeneratedRegex("^[a-z]+(-[a-z0-9]+)*$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Code();
}
