using Archive.Model.Accounts;
using Archive.Model.Effects;
using Archive.Model.Sharing;
using Archive.Model.Submissions;
using Archive.Storage.Metadata;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace Archive.Contracts.Metadata;

/// <summary>What every store of shares promises.</summary>
public abstract class SharingStoreContract : MetadataContract<ISharingStore>
{
    [TestMethod]
    public async Task ReadAsync_WhenNothingIsShared_GivesAnEmptyRecordOfRevisionZero()
    {
        var thing = SharedThing.Of(DraftId.New());

        var record = await Store.ReadAsync(thing, Ct);

        Assert.AreEqual(thing, record.Thing);
        Assert.AreEqual(0, record.Revision);
        Assert.IsEmpty(record.Collaborators);
        Assert.IsGreaterThan(DateTimeOffset.UnixEpoch, record.AsOf);
    }

    [TestMethod]
    public async Task ReadAsync_WhenWritten_GivesItBackWhole()
    {
        var record = Record(Named("ada@example.org"), Named("bob@example.org", AccountId.New())) with
        {
            MovedTo = SharedThing.Of(Sample.Number(4)),
            Keys = [new("ab", "Journal", new string('0', 64), Sample.Time, AccountId.New(), Sample.Time.AddDays(1)) { LastUsedOn = new(2024, 2, 29), RevokedAt = Sample.Time }],
            Offer = new("eve@example.org", AccountId.New(), Sample.Time, Sample.Time.AddDays(14)),
            Effects = PendingEffects.None.With(Sample.Mail()).With(Sample.Entry("draft", "1")),
        };

        var written = await Store.TryWriteAsync(record, Ct);

        var read = await Store.ReadAsync(record.Thing, Ct);
        AreSame(record.Collaborators, read.Collaborators);
        AreSame(record.Keys, read.Keys);
        Assert.AreEqual(record.MovedTo, read.MovedTo);
        AreSame(record.Offer, read.Offer);
        AreSame(record.Effects, read.Effects);
        Assert.AreEqual(written!.Revision, read.Revision);
    }

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public async Task TryWriteAsync_WhenManyWriteOneRevision_ExactlyOneWins(bool stands)
    {
        var record = Record();
        if (stands) record = (await Store.TryWriteAsync(record, Ct))!;

        var written = await RaceAsync(16, i => Store.TryWriteAsync(record with { Collaborators = [Named($"{i}@example.org")] }, Ct));

        var winner = written.Single(w => w is not null)!;
        AreSame(winner.Collaborators, (await Store.ReadAsync(record.Thing, Ct)).Collaborators);
    }

    [TestMethod]
    public async Task RemoveOfGoneDraftsAsync_WhenEffectsAreToFollowOrItIsADatasets_LeavesIt()
    {
        var gone = (await Store.TryWriteAsync(Record(Named("ada@example.org")), Ct))!;
        var following = (await Store.TryWriteAsync(Record() with { Effects = PendingEffects.None.With(Sample.Mail()) }, Ct))!;
        var dataset = (await Store.TryWriteAsync(Record() with { Thing = SharedThing.Of(Sample.Number(3)) }, Ct))!;

        Assert.AreEqual(1, await Store.RemoveOfGoneDraftsAsync(Ct));

        Assert.AreEqual(0, (await Store.ReadAsync(gone.Thing, Ct)).Revision);
        foreach (var kept in new[] { following, dataset }) Assert.AreEqual(kept.Revision, (await Store.ReadAsync(kept.Thing, Ct)).Revision);
        await Store.TryClearEffectsAsync(following, Ct);
        Assert.AreEqual(1, await Store.RemoveOfGoneDraftsAsync(Ct));
    }

    [TestMethod]
    public async Task TryClearEffectsAsync_WhenDone_LeavesTheRevisionAndTheRest()
    {
        var written = (await Store.TryWriteAsync(Record(Named("ada@example.org")) with { Effects = PendingEffects.None.With(Sample.Mail()) }, Ct))!;
        Assert.HasCount(1, await Store.ListWithEffectsAsync(null, 9, Ct));
        Assert.IsEmpty(await Store.ListWithEffectsAsync(written.Thing, 9, Ct));
        await Store.RemoveAsync(written.Thing, Ct);
        Assert.AreEqual(written.Revision, (await Store.ReadAsync(written.Thing, Ct)).Revision, "what must follow keeps the record");

        Assert.IsFalse(await Store.TryClearEffectsAsync(written with { Revision = written.Revision + 1 }, Ct));
        Assert.IsTrue(await Store.TryClearEffectsAsync(written, Ct));

        var read = await Store.ReadAsync(written.Thing, Ct);
        Assert.IsTrue(read.Effects.IsEmpty);
        Assert.AreEqual(written.Revision, read.Revision);
        Assert.HasCount(1, read.Collaborators);
        Assert.IsEmpty(await Store.ListWithEffectsAsync(null, 9, Ct));
        await Store.RemoveAsync(written.Thing, Ct);
        Assert.AreEqual(0, (await Store.ReadAsync(written.Thing, Ct)).Revision);
        await Store.RemoveAsync(written.Thing, Ct);
    }

    private static SharingRecord Record(params Collaborator[] who) => new() { Thing = SharedThing.Of(DraftId.New()), Collaborators = who };

    private static Collaborator Named(string email, AccountId? account = null) =>
        new(Guid.NewGuid().ToString("N"), email, account, SharedAccess.Editor, Sample.Time, AccountId.New());
}
