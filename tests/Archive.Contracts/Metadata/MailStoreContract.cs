using System.Collections.Concurrent;
using Archive.Storage.Metadata;
using Archive.TestKit;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace Archive.Contracts.Metadata;

/// <summary>What every outbox promises.</summary>
public abstract class MailStoreContract : MetadataContract<IMailStore>
{
    private static readonly TimeSpan Lease = TimeSpan.FromMinutes(5);

    [TestMethod]
    public async Task TakeAsync_WhenAMailIsAdded_GivesItOnceWhileItIsHeld()
    {
        var mail = Sample.Mail();
        await Store.AddAsync(mail, Ct);
        await Store.AddAsync(mail, Ct);

        var held = (await Store.TakeAsync(Lease, "example.org", Ct))!;

        AreSame(mail, held.Mail);
        Assert.AreEqual($"<{mail.Id}@example.org>", held.MessageId);
        Assert.AreEqual(1, held.Attempt);
        Assert.IsLessThan(TimeSpan.FromMinutes(1), (held.CreatedAt - TimeProvider.System.GetUtcNow()).Duration());
        Assert.IsNull(await Store.TakeAsync(Lease, "example.org", Ct));
    }

    [TestMethod]
    public async Task TakeAsync_WhenManyTake_NoMailIsHeldTwice()
    {
        for (var i = 0; i < 40; i++) await Store.AddAsync(Sample.Mail(), Ct);
        var taken = new ConcurrentBag<string>();

        await RaceAsync(8, async _ =>
        {
            while (await Store.TakeAsync(Lease, "example.org", Ct) is { } held) taken.Add(held.MessageId);
            return true;
        });

        Assert.HasCount(40, taken);
        Assert.AreEqual(40, taken.Distinct().Count());
    }

    [TestMethod]
    public async Task TakeAsync_WhenTheHolderDied_GivesTheSameMailUnderTheSameMessageIdAndTheOldHolderChangesNothing()
    {
        await Store.AddAsync(Sample.Mail(), Ct);
        var first = (await Store.TakeAsync(TimeSpan.FromMilliseconds(1), "example.org", Ct))!;

        HeldMail? second = null;
        await Poll.Until(async () => (second = await Store.TakeAsync(Lease, "another.example", Ct)) is not null, "the lease ends", Ct);

        Assert.AreEqual(first.MessageId, second!.MessageId);
        Assert.AreEqual(first.CreatedAt, second.CreatedAt);
        Assert.AreEqual(2, second.Attempt);
        Assert.IsFalse(await Store.MarkSentAsync(first, Ct));
        Assert.IsFalse(await Store.MarkFailedAsync(first, "late", TimeSpan.Zero, Ct));
        Assert.IsTrue(await Store.MarkSentAsync(second, Ct));
        Assert.IsFalse(await Store.MarkSentAsync(second, Ct));
    }

    [TestMethod]
    public async Task AddAsync_WhenTheMailWasSent_SendsItNoMoreUntilItIsForgotten()
    {
        var mail = Sample.Mail();
        await Store.AddAsync(mail, Ct);
        await Store.MarkSentAsync((await Store.TakeAsync(Lease, "example.org", Ct))!, Ct);

        await Store.AddAsync(mail, Ct);

        Assert.IsNull(await Store.TakeAsync(Lease, "example.org", Ct));
        Assert.AreEqual(new MailCounts(0, 0), await Store.CountAsync(Ct));
        Assert.AreEqual(0, await Store.RemoveDoneAsync(TimeSpan.FromHours(1), Ct));
        Assert.AreEqual(1, await Store.RemoveDoneAsync(TimeSpan.Zero, Ct));
    }

    [TestMethod]
    public async Task MarkFailedAsync_WhenItIsToBeTriedAgain_GivesTheMailAfterThatTime()
    {
        await Store.AddAsync(Sample.Mail(), Ct);
        var held = (await Store.TakeAsync(Lease, "example.org", Ct))!;

        Assert.IsTrue(await Store.MarkFailedAsync(held, "later", TimeSpan.FromHours(1), Ct));
        Assert.IsNull(await Store.TakeAsync(Lease, "example.org", Ct));
        Assert.AreEqual(new MailCounts(1, 0), await Store.CountAsync(Ct));
        Assert.IsTrue(await Store.MarkFailedAsync(held, "now", TimeSpan.Zero, Ct));
        var again = (await Store.TakeAsync(Lease, "example.org", Ct))!;
        Assert.IsTrue(await Store.MarkFailedAsync(again, "never", null, Ct));

        Assert.AreEqual(new MailCounts(0, 1), await Store.CountAsync(Ct));
        Assert.IsNull(await Store.TakeAsync(Lease, "example.org", Ct));
    }
}
