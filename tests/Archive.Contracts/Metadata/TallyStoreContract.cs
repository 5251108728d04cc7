using Archive.Storage.Metadata;
using Archive.TestKit;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace Archive.Contracts.Metadata;

/// <summary>What every store of tallies promises.</summary>
public abstract class TallyStoreContract : MetadataContract<ITallyStore>
{
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(15);

    [TestMethod]
    public async Task RaiseAsync_WhenManyRaise_CountsEach()
    {
        var counts = await RaceAsync(32, async _ => (await Store.RaiseAsync("one", Window, Ct)).Count);

        CollectionAssert.AreEquivalent(Enumerable.Range(1, 32).Select(i => (long)i).ToList(), counts.ToList());
        var now = await Store.ReadAsync("one", Ct);
        Assert.AreEqual(32, now.Count);
        Assert.IsTrue(now.Left > TimeSpan.FromMinutes(14) && now.Left <= Window, now.Left.ToString());
        Assert.AreEqual(1, (await Store.RaiseAsync("two", Window, Ct)).Count);
    }

    [TestMethod]
    public async Task RaiseAsync_WhenTheTimeIsOver_BeginsAnew()
    {
        await Store.RaiseAsync("one", TimeSpan.FromMilliseconds(1), Ct);
        await Poll.Until(async () => (await Store.ReadAsync("one", Ct)).Count == 0, "it ends", Ct);

        Assert.AreEqual(1, (await Store.RaiseAsync("one", Window, Ct)).Count);
    }

    [TestMethod]
    public async Task LowerAsync_WhenItIsZero_StaysThere()
    {
        await Store.RaiseAsync("one", Window, Ct);
        await Store.LowerAsync("one", Ct);
        await Store.LowerAsync("one", Ct);
        await Store.LowerAsync("absent", Ct);

        Assert.AreEqual(1, (await Store.RaiseAsync("one", Window, Ct)).Count);
    }

    [TestMethod]
    public async Task RemoveEndedAsync_WhenSomeRun_RemovesTheOthers()
    {
        await Store.RaiseAsync("brief", TimeSpan.FromMilliseconds(1), Ct);
        await Store.RaiseAsync("lasting", Window, Ct);
        await Store.RaiseAsync("gone", Window, Ct);
        await Store.RemoveAsync("gone", Ct);

        await Poll.Until(async () => await Store.RemoveEndedAsync(Ct) == 1, "the brief one ends", Ct);

        Assert.AreEqual(1, (await Store.ReadAsync("lasting", Ct)).Count);
        Assert.AreEqual(0, (await Store.ReadAsync("gone", Ct)).Count);
    }
}
