using Archive.Indexer.Searching;

namespace Archive.Indexer.Tests;

/// <summary>A page by a key, out of more hits than are kept, is the one that sorting all of them gives.</summary>
[TestClass]
public sealed class KeyedRowsTests
{
    [TestMethod]
    [DataRow(1, 0, 10)]
    [DataRow(1, 49_985, 10)]
    [DataRow(1, 49_985, 100)]
    [DataRow(2, 24_900, 10_000)]
    [DataRow(2, 3, 20_000)]
    [DataRow(3, 16_000, 30_000)]
    public void Page_WhenManyHitsShareItsKeys_IsThatOfAllHitsInOrder(int keys, int skip, int size)
    {
        var random = new Random(keys);
        var all = Enumerable.Range(0, 50_000).Select(row => (Key: (long)random.Next(keys), Place: new FilePlace(0, row))).ToList();
        var expected = all.OrderBy(r => r.Key).ThenBy(r => r.Place.Row).Skip(skip).Take(size).Select(r => r.Place).ToList();

        var rows = new KeyedRows(0, keys - 1, skip, size);
        var passed = rows.PassOver(all.Count);
        foreach (var (key, place) in all.Skip(passed))
            if (!rows.IsFull)
                rows.Add(key, place);

        Assert.AreEqual(keys == 1 ? skip : 0, passed);
        CollectionAssert.AreEqual(expected, rows.Page());
    }
}
