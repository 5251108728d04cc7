using Archive.Model.Submissions;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace Archive.Contracts.Metadata;

/// <summary>What a request to stop promises.</summary>
public abstract partial class SubmissionStoreContract
{
    [TestMethod]
    public async Task RequestCancelAsync_WhenWaiting_MakesItDueAtOnce()
    {
        await Store.AddAsync(Sample.Submission(), Ct);
        var held = await LeaseAsync(Long);
        await Store.TrySaveAsync(Wait(held, TimeProvider.System, Long), Ct);
        Assert.IsNull(await Store.LeaseNextAsync("n", Long, Ct));

        Assert.IsTrue(await Store.RequestCancelAsync(held.Id, Ct));

        Assert.IsTrue((await Store.LeaseNextAsync("n", Long, Ct))!.CancelRequested);
    }

    [TestMethod]
    public async Task RequestCancelAsync_WhenHeld_DoesNotTakeItFromItsHolder()
    {
        await Store.AddAsync(Sample.Submission(), Ct);
        var held = await LeaseAsync(Long);
        Assert.IsTrue(await Store.RequestCancelAsync(held.Id, Ct));

        Assert.IsNull(await Store.LeaseNextAsync("n", Long, Ct));
        Assert.IsTrue(await Store.TrySaveAsync(Wait(held, TimeProvider.System, Long), Ct));
        Assert.IsNotNull(await Store.LeaseNextAsync("n", Long, Ct), "a wait saved after the request does not delay it");
        Assert.IsFalse(await Store.RequestCancelAsync(SubmissionId.New(), Ct));
    }

    [TestMethod]
    public async Task RequestCancelAsync_WhenPublishingHasBegun_IsRefused()
    {
        await Store.AddAsync(Sample.Submission(), Ct);
        var held = await LeaseAsync(Long) with { IsPublishing = true };
        Assert.IsTrue(await Store.TrySaveAsync(held, Ct));

        Assert.IsFalse(await Store.RequestCancelAsync(held.Id, Ct));
        Assert.IsFalse((await Store.FindAsync(held.Id, Ct))!.CancelRequested);
        Assert.IsTrue(await Store.TrySaveAsync(held with { State = SubmissionState.Released }, Ct));
    }

    [TestMethod]
    public async Task TrySaveAsync_WhenItBeginsToPublishWhatIsToStop_ChangesNothing()
    {
        await Store.AddAsync(Sample.Submission(), Ct);
        var held = await LeaseAsync(Long);
        Assert.IsTrue(await Store.RequestCancelAsync(held.Id, Ct));

        Assert.IsFalse(await Store.TrySaveAsync(held with { IsPublishing = true }, Ct));
        Assert.IsFalse((await Store.FindAsync(held.Id, Ct))!.IsPublishing);
        Assert.IsTrue(await Store.TrySaveAsync(held with { State = SubmissionState.Cancelled }, Ct));
    }

    [TestMethod]
    public async Task RequestCancelAsync_WhenRacedByThePublishing_OneOfTheTwoWins()
    {
        for (var round = 1; round <= 100; round++)
        {
            await Store.AddAsync(Sample.Submission(Sample.Number(round)), Ct);
            var held = await LeaseAsync(Long);

            var won = await RaceAsync(2, i => i == 0
                ? Store.RequestCancelAsync(held.Id, Ct)
                : Store.TrySaveAsync(held with { IsPublishing = true }, Ct));

            Assert.AreEqual(1, won.Count(w => w), $"round {round}");
        }
    }
}
