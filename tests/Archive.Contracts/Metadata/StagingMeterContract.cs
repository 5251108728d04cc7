using Archive.Model.Accounts;
using Archive.Model.Submissions;
using Archive.Storage.Metadata;
using Archive.TestKit;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace Archive.Contracts.Metadata;

/// <summary>What every store promises of quotas, and of the counts that they are held against.</summary>
public abstract class StagingMeterContract : MetadataContract<IStagingMeter>
{
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(5);

    protected abstract IUploadStore Uploads { get; }

    protected abstract IDraftStore Drafts { get; }

    protected abstract IAccountStore Accounts { get; }

    [TestMethod]
    public async Task BeginAsync_When64RaceAtTheEdge_LetsInWhatFitsAndNoMore()
    {
        var draft = await DraftAsync();
        var quotas = new StagingQuotas(AccountBytes: 1050);

        var begun = await RaceAsync(64, i => Uploads.BeginAsync(draft.Id, Sample.Path($"f{i}"), UploadId.New(), 100, quotas, Long, Ct));

        Assert.AreEqual(10, begun.Count(b => b.Outcome == TransferOutcome.Begun));
        Assert.AreEqual(54, begun.Count(b => b.Outcome == TransferOutcome.AccountFull));
        Assert.IsTrue(begun.All(b => b.Level!.UsedBytes <= 1050 && b.Level.QuotaBytes == 1050));
        Assert.HasCount(10, await Uploads.ListRunningAsync(draft.Id, Ct));
        await ExpectAsync(draft, 1000, 10);
    }

    [TestMethod]
    public async Task BeginAsync_When64RaceForFewFiles_LetsInAsManyAsMay()
    {
        var draft = await DraftAsync();

        var begun = await RaceAsync(64, i => Uploads.BeginAsync(draft.Id, Sample.Path($"f{i}"), UploadId.New(), 0, new(AccountFiles: 7), Long, Ct));

        Assert.AreEqual(7, begun.Count(b => b.Outcome == TransferOutcome.Begun));
        await ExpectAsync(draft, 0, 7);
    }

    [TestMethod]
    public async Task BeginAsync_WhenAccountsShareABound_HoldsItOverAll()
    {
        var drafts = new[] { await DraftAsync(), await DraftAsync(), await DraftAsync() };

        var begun = await RaceAsync(64, i => Uploads.BeginAsync(drafts[i % 3].Id, Sample.Path($"f{i}"), UploadId.New(), 100, new(AllBytes: 1000), Long, Ct));

        Assert.AreEqual(10, begun.Count(b => b.Outcome == TransferOutcome.Begun));
        Assert.AreEqual(54, begun.Count(b => b.Outcome == TransferOutcome.AllFull));
        Assert.AreEqual(1000, await Store.CountAllBytesAsync(Ct));
    }

    [TestMethod]
    public async Task BeginAsync_WhenTheAccountHasAQuotaOfItsOwn_HoldsThatOne()
    {
        var account = Sample.Account("own@example.org") with { StagingQuota = new(Bytes: 500) };
        await Accounts.TryAddAsync(account, Ct);
        var draft = await DraftAsync(account.Id);
        var quotas = new StagingQuotas(AccountBytes: 100, AccountFiles: 2);

        Assert.AreEqual(TransferOutcome.Begun, (await Uploads.BeginAsync(draft.Id, Sample.Path("a"), UploadId.New(), 450, quotas, Long, Ct)).Outcome);
        var full = await Uploads.BeginAsync(draft.Id, Sample.Path("b"), UploadId.New(), 51, quotas, Long, Ct);
        await Accounts.TryReplaceAsync((await Accounts.FindAsync(account.Id, Ct))! with { StagingQuota = new(Bytes: 0) }, Ct);
        var unbound = await Uploads.BeginAsync(draft.Id, Sample.Path("b"), UploadId.New(), 1L << 50, quotas, Long, Ct);
        var third = await Uploads.BeginAsync(draft.Id, Sample.Path("c"), UploadId.New(), 0, quotas, Long, Ct);

        Assert.AreEqual(new TransferStart(TransferOutcome.AccountFull, new StagingLevel(450, 1, 500, 2)), full);
        Assert.AreEqual(TransferOutcome.Begun, unbound.Outcome);
        Assert.AreEqual(TransferOutcome.AccountFull, third.Outcome, "of what it has none of its own, the archive's holds");
        Assert.AreEqual(new StagingQuota(Bytes: 0), (await Store.ReadAsync([draft.Id], Ct))[draft.Id].OwnQuota);
    }

    [TestMethod]
    public async Task BeginAsync_WhenTheFirstFileOfAnAccountDoesNotFit_TellsThatNothingIsUsed()
    {
        var draft = await DraftAsync();

        var full = await Uploads.BeginAsync(draft.Id, Sample.Path("a"), UploadId.New(), 101, new(AccountBytes: 100, AccountFiles: 3), Long, Ct);
        var all = await Uploads.BeginAsync(draft.Id, Sample.Path("a"), UploadId.New(), 101, new(AllBytes: 100), Long, Ct);

        Assert.AreEqual(new TransferStart(TransferOutcome.AccountFull, new StagingLevel(0, 0, 100, 3)), full);
        Assert.AreEqual(new TransferStart(TransferOutcome.AllFull, new StagingLevel(0, 0, 0, 0)), all);
        await ExpectAsync(draft, 0, 0);
    }

    [TestMethod]
    public async Task BeginAsync_WhenItReplacesAFile_CostsTheDifference()
    {
        var draft = await DraftAsync();
        var quotas = new StagingQuotas(AccountBytes: 100, AccountFiles: 1);
        await PutAsync(draft, "a", 80);

        Assert.AreEqual(TransferOutcome.AccountFull, (await Uploads.BeginAsync(draft.Id, Sample.Path("a"), UploadId.New(), 101, quotas, Long, Ct)).Outcome);
        await ExpectAsync(draft, 80, 1);
        var larger = UploadId.New();
        Assert.AreEqual(TransferOutcome.Begun, (await Uploads.BeginAsync(draft.Id, Sample.Path("a"), larger, 100, quotas, Long, Ct)).Outcome);
        await ExpectAsync(draft, 100, 1);
        Assert.IsTrue(await Uploads.TryCompleteAsync(Sample.Staged(draft.Id, "a", larger, 100), Ct));
        await PutAsync(draft, "a", 30, quotas);
        await ExpectAsync(draft, 30, 1);
    }

    [TestMethod]
    public async Task BeginAsync_WhenNothingWillBeSent_TakesNoPartInTheQuotas()
    {
        var draft = await DraftAsync();
        await PutAsync(draft, "a", 80);
        var full = new StagingQuotas(AccountBytes: 10, AccountFiles: 1, AllBytes: 10);

        Assert.AreEqual(TransferOutcome.Begun, (await Uploads.BeginAsync(draft.Id, Sample.Path("a"), UploadId.New(), null, full, Long, Ct)).Outcome);
        Assert.AreEqual(TransferOutcome.Begun, (await Uploads.BeginAsync(draft.Id, Sample.Path("none"), UploadId.New(), null, full, Long, Ct)).Outcome);

        await ExpectAsync(draft, 80, 1);
        Assert.AreEqual(0, (await Uploads.ListRunningAsync(draft.Id, Ct)).Sum(r => r.PromisedBytes));
    }

    [TestMethod]
    public async Task GrowAsync_WhenManyGrowAtTheEdge_NeverGivesMoreThanThereIs()
    {
        var draft = await DraftAsync();
        var quotas = new StagingQuotas(AccountBytes: 10_050);
        var uploads = Enumerable.Range(0, 16).Select(_ => UploadId.New()).ToList();
        for (var i = 0; i < 16; i++) await Uploads.BeginAsync(draft.Id, Sample.Path($"f{i}"), uploads[i], 0, quotas, Long, Ct);

        var grown = await RaceAsync(16, i => Uploads.GrowAsync(draft.Id, Sample.Path($"f{i}"), uploads[i], 1000, 20, quotas, Ct));

        Assert.AreEqual(10_050, grown.Sum(g => g.PromisedBytes), "what is left goes to one of them, though it is less than wanted");
        Assert.AreEqual(11, grown.Count(g => g.Start.Outcome == TransferOutcome.Begun));
        Assert.AreEqual(5, grown.Count(g => g.Start.Outcome == TransferOutcome.AccountFull && g.PromisedBytes == 0));
        await ExpectAsync(draft, 10_050, 16);
        Assert.AreEqual(TransferOutcome.Held, (await Uploads.GrowAsync(draft.Id, Sample.Path("f0"), UploadId.New(), 10, 1, quotas, Ct)).Start.Outcome);
    }

    [TestMethod]
    public async Task ReadAsync_WhenFilesGo_GivesRoomBack()
    {
        var (draft, other) = (await DraftAsync(), await DraftAsync());
        await PutAsync(other, "f", 7);
        foreach (var (path, length) in new[] { ("a", 10), ("b", 20), ("c", 30), ("d", 40) }) await PutAsync(draft, path, length);
        var torn = UploadId.New();
        await Uploads.TryBeginAsync(draft.Id, Sample.Path("e"), torn, 1000, Long, Ct);
        await ExpectAsync(draft, 1100, 5);

        await Uploads.AbandonAsync(draft.Id, Sample.Path("e"), torn, Ct);
        await ExpectAsync(draft, 100, 4);
        await Uploads.RemoveAsync(draft.Id, Sample.Path("a"), null, Ct);
        await ExpectAsync(draft, 90, 3);
        await Uploads.TryBeginAsync(draft.Id, Sample.Path("b"), torn, 0, Long, Ct);
        await Uploads.RemoveAsync(draft.Id, Sample.Path("b"), torn, Ct);
        await Uploads.AbandonAsync(draft.Id, Sample.Path("b"), torn, Ct);
        await ExpectAsync(draft, 70, 2);
        await Uploads.RemoveAsync(draft.Id, null, null, Ct);
        await ExpectAsync(draft, 0, 0);
        await ExpectAsync(other, 7, 1);
        Assert.AreEqual(7, await Store.CountAllBytesAsync(Ct));
    }

    [TestMethod]
    public async Task EndLapsedAsync_WhenTransfersWereKilled_GivesBackWhatWasPromised()
    {
        var draft = await DraftAsync();
        await PutAsync(draft, "a", 10);
        await Uploads.TryBeginAsync(draft.Id, Sample.Path("a"), UploadId.New(), 500, TimeSpan.FromMilliseconds(1), Ct);
        await Uploads.TryBeginAsync(draft.Id, Sample.Path("b"), UploadId.New(), 600, TimeSpan.FromMilliseconds(1), Ct);
        var running = UploadId.New();
        await Uploads.TryBeginAsync(draft.Id, Sample.Path("c"), running, 70, Long, Ct);
        await Poll.Until(async () => (await Uploads.ListRunningAsync(draft.Id, Ct)).Count == 1, "two leases lapse", Ct);

        Assert.AreEqual(2, await Uploads.EndLapsedAsync(Ct));
        Assert.AreEqual(0, await Uploads.EndLapsedAsync(Ct));

        await ExpectAsync(draft, 80, 2);
        Assert.IsTrue(await Uploads.TryCompleteAsync(Sample.Staged(draft.Id, "c", running, 70), Ct));
    }

    [TestMethod]
    public async Task ReadAsync_WhenADraftChangesHands_ItsFilesGoWithIt()
    {
        var draft = await DraftAsync();
        var kept = await DraftAsync(draft.Owner);
        await PutAsync(draft, "a", 10);
        await PutAsync(kept, "b", 5);
        var heir = await DraftAsync();

        Assert.IsNotNull(await Drafts.TryReplaceAsync((await Drafts.FindAsync(draft.Id, Ct))! with { Owner = heir.Owner }, Ct));
        await PutAsync(draft, "c", 3);

        var counts = await Store.ReadAsync([draft.Id, kept.Id, heir.Id], Ct);
        Assert.AreEqual(new StagingCount(13, 2, 13, 2, null), counts[draft.Id]);
        Assert.AreEqual(new StagingCount(5, 1, 5, 1, null), counts[kept.Id]);
        Assert.AreEqual(new StagingCount(0, 0, 13, 2, null), counts[heir.Id]);
        Assert.IsEmpty(await Store.RecountAsync(Ct));
    }

    [TestMethod]
    public async Task RecountAsync_WhenOthersWriteMeanwhile_FindsNothingWrong()
    {
        var drafts = new[] { await DraftAsync(), await DraftAsync(), await DraftAsync() };
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        var recounting = Task.Run(async () =>
        {
            var found = new List<StagingDrift>();
            while (!stop.IsCancellationRequested) found.AddRange(await Store.RecountAsync(Ct));
            return found;
        }, Ct);

        await RaceAsync(8, async worker =>
        {
            var random = new Random(worker);
            for (var i = 0; i < 60; i++)
            {
                var (draft, path, upload) = (drafts[random.Next(3)], $"p{random.Next(6)}", UploadId.New());
                var begun = await Uploads.BeginAsync(draft.Id, Sample.Path(path), upload, random.Next(500), new(AccountBytes: 2000), Long, Ct);
                if (begun.Outcome != TransferOutcome.Begun) continue;
                if (random.Next(3) == 0) await Uploads.AbandonAsync(draft.Id, Sample.Path(path), upload, Ct);
                else if (random.Next(3) == 0) await Uploads.RemoveAsync(draft.Id, null, null, Ct);
                else await Uploads.TryCompleteAsync(Sample.Staged(draft.Id, path, upload, (int)begun.Level!.UsedBytes % 400), Ct);
            }
            return true;
        });
        await stop.CancelAsync();

        Assert.IsEmpty(await recounting);
        Assert.IsEmpty(await Store.RecountAsync(Ct));
    }

    private async Task<Draft> DraftAsync(AccountId? owner = null)
    {
        var draft = Sample.Draft(owner);
        await Drafts.AddAsync(draft, Ct);
        return draft;
    }

    private async Task PutAsync(Draft draft, string path, int length, StagingQuotas? quotas = null)
    {
        var content = UploadId.New();
        Assert.AreEqual(TransferOutcome.Begun, (await Uploads.BeginAsync(draft.Id, Sample.Path(path), content, length, quotas ?? StagingQuotas.None, Long, Ct)).Outcome);
        Assert.IsTrue(await Uploads.TryCompleteAsync(Sample.Staged(draft.Id, path, content, length), Ct));
    }

    private async Task ExpectAsync(Draft draft, long bytes, long files) =>
        Assert.AreEqual(new StagingCount(bytes, files, bytes, files, null), (await Store.ReadAsync([draft.Id], Ct))[draft.Id]);
}
