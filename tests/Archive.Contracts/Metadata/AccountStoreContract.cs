using Archive.Model.Accounts;
using Archive.Storage.Metadata;
using Archive.TestKit;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace Archive.Contracts.Metadata;

/// <summary>What every store of accounts promises.</summary>
public abstract class AccountStoreContract : MetadataContract<IAccountStore>
{
    [TestMethod]
    public async Task TryAddAsync_WhenManyTakeOneAddressInAnyCase_ExactlyOneWins()
    {
        var accounts = Enumerable.Range(0, 16).Select(i => Sample.Account(i % 2 == 0 ? "Ada@Example.org" : "ada@example.ORG")).ToList();

        var added = await RaceAsync(16, i => Store.TryAddAsync(accounts[i], Ct));

        Assert.AreEqual(1, added.Count(a => a));
        var winner = accounts[added.ToList().IndexOf(true)];
        AreSame(winner, await Store.FindByEmailAsync("ADA@example.org", Ct));
        AreSame(winner, await Store.FindAsync(winner.Id, Ct));
    }

    [TestMethod]
    public async Task Find_WhenMissing_GivesNull()
    {
        Assert.IsNull(await Store.FindAsync(AccountId.New(), Ct));
        Assert.IsNull(await Store.FindByEmailAsync("nobody@example.org", Ct));
        Assert.IsNull(await Store.FindSessionAsync(new string('a', 64), Ct));
    }

    [TestMethod]
    public async Task TryReplaceAsync_WhenManyWriteOneRevision_ExactlyOneWins()
    {
        var account = Sample.Account("a@example.org");
        await Store.TryAddAsync(account, Ct);

        var written = await RaceAsync(16, i => Store.TryReplaceAsync(account with { Name = $"N{i}", Role = Role.Curator }, Ct));

        Assert.AreEqual(1, written.Count(w => w));
        var stored = (await Store.FindAsync(account.Id, Ct))!;
        Assert.AreEqual($"N{written.ToList().IndexOf(true)}", stored.Name);
        Assert.IsGreaterThan(account.Revision, stored.Revision);
    }

    [TestMethod]
    public async Task TryReplaceAsync_WhenTheAddressIsAnothers_IsRefused()
    {
        var (a, b) = (Sample.Account("a@example.org"), Sample.Account("b@example.org"));
        await Store.TryAddAsync(a, Ct);
        await Store.TryAddAsync(b, Ct);

        Assert.IsFalse(await Store.TryReplaceAsync(b with { Email = "A@example.org" }, Ct));
        Assert.IsTrue(await Store.TryReplaceAsync(b with { Email = "c@example.org" }, Ct));
        Assert.IsNull(await Store.FindByEmailAsync("b@example.org", Ct));
        Assert.AreEqual(b.Id, (await Store.FindByEmailAsync("c@example.org", Ct))!.Id);
    }

    [TestMethod]
    public async Task FindSessionAsync_WhenSignedIn_GivesTheAccountUntilTheEnd()
    {
        var account = Sample.Account("a@example.org");
        await Store.TryAddAsync(account, Ct);
        var (lasting, brief) = (new string('a', 64), new string('b', 64));

        var session = await Store.AddSessionAsync(lasting, account.Id, TimeSpan.FromHours(1), Ct);
        await Store.AddSessionAsync(brief, account.Id, TimeSpan.FromMilliseconds(1), Ct);

        var found = await Store.FindSessionAsync(lasting, Ct);
        Assert.AreEqual(session, found!.Value.Session);
        AreSame(account, found.Value.Account);
        var expected = TimeProvider.System.GetUtcNow().AddHours(1);
        Assert.IsLessThan(TimeSpan.FromMinutes(1), (session.ExpiresAt - expected).Duration());
        await Poll.Until(async () => await Store.FindSessionAsync(brief, Ct) is null, "the brief sign-in expires", Ct);
        Assert.AreEqual(1, await Store.RemoveExpiredSessionsAsync(Ct));
        Assert.AreEqual(0, await Store.RemoveExpiredSessionsAsync(Ct));
        Assert.IsNotNull(await Store.FindSessionAsync(lasting, Ct));
    }

    [TestMethod]
    public async Task RemoveSessionAsync_WhenSignedOut_EndsThatSignInOnly()
    {
        var account = Sample.Account("a@example.org");
        await Store.TryAddAsync(account, Ct);
        await Store.AddSessionAsync("one", account.Id, TimeSpan.FromHours(1), Ct);
        await Store.AddSessionAsync("two", account.Id, TimeSpan.FromHours(1), Ct);

        await Store.RemoveSessionAsync("one", Ct);
        await Store.RemoveSessionAsync("one", Ct);

        Assert.IsNull(await Store.FindSessionAsync("one", Ct));
        Assert.IsNotNull(await Store.FindSessionAsync("two", Ct));
    }
}
