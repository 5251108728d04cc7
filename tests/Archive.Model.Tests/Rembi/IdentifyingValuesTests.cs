using Archive.Model.Rembi;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace Archive.Model.Tests.Rembi;

/// <summary>People whom only columns of file tables name.</summary>
[TestClass]
public sealed class IdentifyingValuesTests
{
    [TestMethod]
    public void Add_WhenColumnsNamePeople_KeepsEachOnceAndNothingElse()
    {
        var values = new IdentifyingValues();
        for (var row = 0; row < 1000; row++)
            foreach (var (column, value) in new[] { ("Imaged by", "Ada Lovelace; Charles Babbage"), ("Channel", "GFP"), ("E-mail", "ada@example.org"), ("Operator", "") }) values.Add(column, value);

        CollectionAssert.AreEqual(new IdentifyingText[] { new("Ada Lovelace", true), new("Charles Babbage", true), new("ada@example.org", false) }, values.Found.ToArray());
    }

    [TestMethod]
    public void Add_WhenThereAreTooMany_KeepsTheFirst()
    {
        var (many, wide) = (new IdentifyingValues(), new IdentifyingValues());
        for (var row = 0; row < 100_000; row++)
        {
            many.Add("Operator", $"Person {row}");
            wide.Add("Operator", $"{row} {new string('x', 390)}");
        }

        Assert.HasCount(IdentifyingValues.Most, many.Found);
        Assert.AreEqual("Person 0", many.Found[0].Text);
        Assert.IsLessThan(70_000, wide.Found.Sum(f => f.Text.Length));
    }
}
