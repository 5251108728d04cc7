using Archive.Model.Auditing;
using Archive.Storage.Metadata;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace Archive.Contracts.Metadata;

/// <summary>What every audit promises.</summary>
public abstract class AuditStoreContract : MetadataContract<IAuditStore>
{
    [TestMethod]
    public async Task AddAsync_WhenRepeated_StandsOnceAndWhole()
    {
        var entry = Sample.Entry("dataset", "S-TEST1", Sample.Account("a@example.org")) with { OnBehalfOf = Archive.Model.Accounts.AccountId.New() };
        await Store.AddAsync(entry, Ct);
        await Store.AddAsync(entry with { Action = "another" }, Ct);

        var found = (await Store.ListAsync(null, null, null, null, 10, Ct)).Single();

        AreSame(entry, found.Entry);
    }

    [TestMethod]
    public async Task ListAsync_WhenAskedForOneThing_GivesItsEntriesNewestFirstInPages()
    {
        var actor = Sample.Account("a@example.org");
        var mine = Enumerable.Range(0, 5).Select(i => Sample.Entry("dataset", "S-TEST1", actor) with { Action = $"a{i}" }).ToList();
        foreach (var entry in mine)
        {
            await Store.AddAsync(entry, Ct);
            await Store.AddAsync(Sample.Entry("dataset", "S-TEST2"), Ct);
            await Store.AddAsync(Sample.Entry("account", "S-TEST1"), Ct);
        }

        var first = await Store.ListAsync("dataset", "S-TEST1", null, null, 3, Ct);
        var second = await Store.ListAsync("dataset", "S-TEST1", null, first[^1].Sequence, 3, Ct);

        CollectionAssert.AreEqual(new[] { "a4", "a3", "a2", "a1", "a0" }, first.Concat(second).Select(e => e.Entry.Action).ToArray());
        Assert.HasCount(10, await Store.ListAsync("dataset", null, null, null, 100, Ct));
        Assert.HasCount(5, await Store.ListAsync(null, null, actor.Id, null, 100, Ct));
    }

    [TestMethod]
    public void Of_WhenValuesAreTooLong_KeepsTheirLength()
    {
        var entry = AuditEntry.Of(Sample.Time, null, "dataset", "S-TEST1", "changed", new { Text = new string('x', 70_000) }, new { Text = "short" });

        Assert.IsGreaterThan(70_000, (int)entry.Before!["omittedBytes"]!);
        Assert.AreEqual("short", (string?)entry.After!["text"]);
    }
}
