using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace Archive.Contracts.Objects;

/// <summary>What lists of keys and of folders promise.</summary>
public abstract partial class ObjectStoreContract
{
    [TestMethod]
    public async Task List_WhenNamesSortOddly_IsInOrderOfBytes()
    {
        // UTF-8 order, where a folder's '/' (2F) stands between '.' and '0', and U+1F52C after U+FF5E, unlike in UTF-16.
        string[] expected = ["S/a b", "S/a-b/x", "S/a.txt", "S/a/1", "S/a/2/3", "S/a0", "S/b", "S/\u00e4", "S/\uff5e", "S/\U0001F52C", "T/x"];
        foreach (var key in expected.Reverse()) await PutAsync(key);

        CollectionAssert.AreEqual(expected, await ListAsync(""));
        CollectionAssert.AreEqual(expected[..^1], await ListAsync("S/"));
        CollectionAssert.AreEqual(expected[..6], await ListAsync("S/a"));
        CollectionAssert.AreEqual(new[] { "S/a/1", "S/a/2/3" }, await ListAsync("S/a/"));
        CollectionAssert.AreEqual(new[] { "S/a/2/3" }, await ListAsync("S/a/2/3"));
        Assert.IsEmpty(await ListAsync("S/a/9"));
        Assert.IsEmpty(await ListAsync("nothing/here"));
    }

    [TestMethod]
    public async Task ListFolders_WhenKeysLieDeeper_GivesEachNextPartOnceInOrderOfBytes()
    {
        string[] keys = ["S-1/v1/7/a", "S-1/v1/7/b/c", "S-1/v1/12/a", "S-1/v2/13/a", "S-1-X1/v1/9/a", "S-10/v1/8/a", "S-1.txt", "\uff5e/x", "\U0001F52C/x", "top"];
        foreach (var key in keys) await PutAsync(key);

        // An object has no folder of its own; '-' (2D) stands before '/' (2F), and '/' before '0'.
        CollectionAssert.AreEqual(new[] { "S-1-X1/", "S-1/", "S-10/", "\uff5e/", "\U0001F52C/" }, await FoldersAsync(""));
        CollectionAssert.AreEqual(new[] { "S-1-X1/", "S-1/", "S-10/" }, await FoldersAsync("S-1"));
        CollectionAssert.AreEqual(new[] { "S-1/v1/", "S-1/v2/" }, await FoldersAsync("S-1/"));
        CollectionAssert.AreEqual(new[] { "S-1/v1/12/", "S-1/v1/7/" }, await FoldersAsync("S-1/v1/"));
        CollectionAssert.AreEqual(new[] { "S-1/v1/7/b/" }, await FoldersAsync("S-1/v1/7/"));
        Assert.IsEmpty(await FoldersAsync("S-1/v1/7/b/"));
        Assert.IsEmpty(await FoldersAsync("S-2"));
        Assert.IsEmpty(await FoldersAsync("S-2/v1/"));
        Assert.IsEmpty(await FoldersAsync("/"));
    }

    [TestMethod]
    public async Task ListFolders_WhenObjectsAreRemovedBetween_GoesOnToTheLast()
    {
        for (var i = 0; i < 20; i++) await PutAsync($"f{i:00}/a");
        var seen = new List<string>();
        await foreach (var folder in Store.ListFoldersAsync("", Ct))
        {
            seen.Add(folder);
            await Store.DeleteAsync(new($"{folder}a"), Ct);
        }
        CollectionAssert.AreEqual(Enumerable.Range(0, 20).Select(i => $"f{i:00}/").ToList(), seen);
        Assert.IsEmpty(await ListAsync(""));
    }

    private async Task<List<string>> FoldersAsync(string prefix)
    {
        var folders = new List<string>();
        await foreach (var folder in Store.ListFoldersAsync(prefix, Ct)) folders.Add(folder);
        return folders;
    }
}
