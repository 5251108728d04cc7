using Archive.Model.Accounts;
using Archive.Storage.Metadata;
using Archive.TestKit;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace Archive.Contracts.Metadata;

/// <summary>What every store of sign-ins promises.</summary>
public abstract class SessionStoreContract : MetadataContract<ISessionStore>
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    /// <summary>The accounts whose sign-ins these are.</summary>
    protected abstract IAccountStore Accounts { get; }

    [TestMethod]
    public async Task FindAsync_WhenSignedIn_GivesTheAccountUntilTheEnd()
    {
        var account = await AccountAsync();
        var (lasting, brief) = (new string('a', 64), new string('b', 64));

        var session = await Store.AddAsync(lasting, account, Hour, Ct);
        await Store.AddAsync(brief, account, TimeSpan.FromMilliseconds(1), Ct);

        var found = await Store.FindAsync(lasting, Ct);
        Assert.AreEqual(session, found!.Value.Session);
        AreSame(account, found.Value.Account);
        Assert.IsLessThan(TimeSpan.FromMinutes(1), (session.ExpiresAt - TimeProvider.System.GetUtcNow().AddHours(1)).Duration());
        await Poll.Until(async () => await Store.FindAsync(brief, Ct) is null, "the brief sign-in expires", Ct);
        Assert.AreEqual(1, await Store.RemoveExpiredAsync(Ct));
        Assert.AreEqual(0, await Store.RemoveExpiredAsync(Ct));
        Assert.IsNotNull(await Store.FindAsync(lasting, Ct));
    }

    [TestMethod]
    public async Task RemoveAsync_WhenSignedOut_EndsThatSignInOnly()
    {
        var account = await AccountAsync();
        await Store.AddAsync("one", account, Hour, Ct);
        await Store.AddAsync("two", account, Hour, Ct);

        await Store.RemoveAsync("one", Ct);
        await Store.RemoveAsync("one", Ct);

        Assert.IsNull(await Store.FindAsync("one", Ct));
        Assert.IsNotNull(await Store.FindAsync("two", Ct));
    }

    [TestMethod]
    public async Task FindAsync_WhenTheAccountsEpochWasRaised_GivesOnlyWhatWasTakenAlong()
    {
        var account = await AccountAsync();
        await Store.AddAsync("old", account, Hour, Ct);
        var kept = await Store.AddAsync("kept", account, Hour, Ct);

        await Accounts.TryReplaceAsync(account with { SignInEpoch = 1 }, Ct);
        // A sign-in whose password was looked at before the epoch was raised must not outlive it.
        await Store.AddAsync("late", account, Hour, Ct);
        var again = await Store.AddAsync("kept", account with { SignInEpoch = 1 }, TimeSpan.FromHours(9), Ct);

        Assert.AreEqual(kept.ExpiresAt, again.ExpiresAt);
        Assert.IsNull(await Store.FindAsync("old", Ct));
        Assert.IsNull(await Store.FindAsync("late", Ct));
        Assert.IsNotNull(await Store.FindAsync("kept", Ct));
    }

    [TestMethod]
    public async Task FindAsync_WhenTheAccountIsDeactivated_GivesNull()
    {
        var account = await AccountAsync();
        await Store.AddAsync("one", account, Hour, Ct);

        await Accounts.TryReplaceAsync(account with { DeactivatedAt = Sample.Time }, Ct);

        Assert.IsNull(await Store.FindAsync("one", Ct));
    }

    [TestMethod]
    public async Task FindAsync_WhenMissing_GivesNull() => Assert.IsNull(await Store.FindAsync(new string('a', 64), Ct));

    private async Task<Account> AccountAsync()
    {
        var account = Sample.Account($"{Guid.NewGuid():N}@example.org");
        await Accounts.TryAddAsync(account, Ct);
        return account;
    }
}
