using Archive.Model.Datasets;
using Archive.Model.Rules;
using Archive.Storage.Metadata;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace Archive.Contracts.Metadata;

/// <summary>What every store of collections and numbers promises. Attempts are taken through the store of submissions beside it.</summary>
public abstract class CollectionStoreContract : MetadataContract<ICollectionStore>
{
    /// <summary>The store of submissions over the same database.</summary>
    protected abstract ISubmissionStore Submissions { get; }

    [TestMethod]
    public async Task MintAsync_WhenManyMintAtOnce_NoNumberIsGivenTwice()
    {
        var numbers = await RaceAsync(64, _ => Store.MintAsync("S-A", Ct));

        CollectionAssert.AreEquivalent(Enumerable.Range(1, 64).Select(i => (long)i).ToList(), numbers.ToList());
        Assert.AreEqual(1, await Store.MintAsync("S-B", Ct), "each prefix has its own numbers");
    }

    [TestMethod]
    public async Task RaiseAsync_WhenBelowOrAbove_TheNextNumberIsAboveBoth()
    {
        await Store.RaiseAsync("S-A", 41, Ct);
        Assert.AreEqual(42, await Store.MintAsync("S-A", Ct));
        await Store.RaiseAsync("S-A", 7, Ct);
        Assert.AreEqual(43, await Store.MintAsync("S-A", Ct));
    }

    [TestMethod]
    public async Task RaiseAttemptsAsync_WhenRaised_TheNextLeaseIsAboveIt()
    {
        await Submissions.AddAsync(Sample.Submission(), Ct);
        await Store.RaiseAttemptsAsync(1000, Ct);
        await Store.RaiseAttemptsAsync(5, Ct);

        Assert.AreEqual(1001, (await Submissions.LeaseNextAsync("n", TimeSpan.FromMinutes(1), Ct))!.Attempt);
    }

    [TestMethod]
    public async Task PutAsync_WhenThere_ReplacesIt()
    {
        var bio = new Collection("BioImages", "Images", "All of them.", "S-BIAR");
        var other = new Collection("Arrays", "Arrays", "Others.", "A-");
        await Store.PutAsync(bio with { Title = "Old" }, Ct);
        await Store.PutAsync(bio, Ct);
        await Store.PutAsync(other, Ct);

        Assert.AreEqual(bio, await Store.FindAsync("bioimages", Ct));
        Assert.IsNull(await Store.FindAsync("None", Ct));
        CollectionAssert.AreEqual(new[] { other, bio }, (await Store.ListAsync(Ct)).ToList());
    }

    [TestMethod]
    public async Task TryChangeAsync_WhenManyChangeOneRevision_ExactlyOneWins()
    {
        var before = await Store.ReadAsync(Ct);

        var outcomes = await RaceAsync(16, i => Store.TryChangeAsync(
            i % 2 == 0 ? new CollectionChange.Put(new($"C{i}", "", "", "S-C")) : new CollectionChange.PutRuleSet(new($"r{i}", "", "", new Dictionary<string, RuleEntry>())), before.Revision, Ct));

        Assert.AreEqual(1, outcomes.Count(o => o == CollectionChangeOutcome.Done));
        Assert.AreEqual(15, outcomes.Count(o => o == CollectionChangeOutcome.Moved));
        var after = await Store.ReadAsync(Ct);
        Assert.AreEqual(1, after.Collections.Count + after.RuleSets.Count);
        Assert.IsGreaterThan(before.Revision, after.Revision);
    }

    [TestMethod]
    public async Task TryChangeAsync_WhenPutAndRemoved_KeepsEveryMember()
    {
        var collection = new Collection("Lab", "Lab", "Ours.", null)
        {
            Parent = "BioImages", ReleasePolicy = ReleasePolicy.FirstByCurator, RuleSet = "own", Attach = AttachRight.Named, Depositors = [Archive.Model.Accounts.AccountId.New()],
        };
        var set = new RuleSet("own", "Own", "Ours.", new Dictionary<string, RuleEntry> { ["licence"] = new(), ["title-length"] = new(RuleLevel.Error, new Dictionary<string, int> { ["min"] = 9 }) });
        await ChangeAsync(new CollectionChange.Put(collection));
        await ChangeAsync(new CollectionChange.PutRuleSet(set));

        var stored = await Store.ReadAsync(Ct);
        AreSame(collection, stored.Collections.Single());
        AreSame(set, stored.RuleSets.Single());
        await ChangeAsync(new CollectionChange.Remove("LAB"));
        await ChangeAsync(new CollectionChange.RemoveRuleSet("own"));
        Assert.IsEmpty((await Store.ReadAsync(Ct)).Collections);
        Assert.IsEmpty((await Store.ReadAsync(Ct)).RuleSets);
    }

    [TestMethod]
    public async Task PutAsync_MovesTheRevision()
    {
        var before = await Store.ReadAsync(Ct);
        await Store.PutAsync(new("Lab", "Lab", "", "S-L"), Ct);

        Assert.AreEqual(CollectionChangeOutcome.Moved, await Store.TryChangeAsync(new CollectionChange.Remove("Lab"), before.Revision, Ct));
    }

    private async Task ChangeAsync(CollectionChange change) =>
        Assert.AreEqual(CollectionChangeOutcome.Done, await Store.TryChangeAsync(change, (await Store.ReadAsync(Ct)).Revision, Ct));
}
