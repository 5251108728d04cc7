using Archive.Api.Accounts;
using Archive.Api.Running;
using Archive.Storage.Metadata.Postgres;
using Archive.TestKit.Databases;

namespace Archive.Api.Tests.Accounts;

/// <summary>How many sign-ins may fail, whoever tries them from wherever.</summary>
[TestClass]
public sealed class SignInThrottleTests : IAsyncDisposable
{
    private TestDatabase? database;
    private SignInThrottle throttle = null!;

    public TestContext TestContext { get; set; } = null!;

    private CancellationToken Ct => TestContext.CancellationToken;

    [TestInitialize]
    public async Task StartAsync()
    {
        database = await TestDatabase.CreateAsync(Ct);
        throttle = new SignInThrottle(Settings.Read(["--sign-in-failures", "3"]), new PostgresTallyStore(database.Metadata));
    }

    public ValueTask DisposeAsync() => database!.DisposeAsync();

    [TestMethod]
    public async Task Enter_WhenManyTryAtOnceBeforeAnyHasFailed_LetsTheLimitPass()
    {
        var entered = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => throttle.EnterAsync("192.0.2.1", "a@example.org", Ct)));

        Assert.AreEqual(3, entered.Count(wait => wait is null));
        Assert.IsTrue(entered.Where(w => w is not null).All(w => w > TimeSpan.FromMinutes(14) && w <= SignInThrottle.Window));
        Assert.IsNull(await throttle.EnterAsync("192.0.2.2", "a@example.org", Ct), "another client is not locked out");
        await throttle.NoteSuccessAsync("192.0.2.1", "a@example.org", Ct);
        Assert.IsNull(await throttle.EnterAsync("192.0.2.1", "A@example.org", Ct), "who has signed in begins anew");
    }

    // Ten times the limit over all accounts, and over all clients.
    [TestMethod]
    public async Task Enter_WhenOneClientTriesManyAccounts_StopsAtTheWiderLimit()
    {
        var entered = 0;
        for (var i = 0; i < 40; i++)
            if (await throttle.EnterAsync("192.0.2.1", $"p{i}@example.org", Ct) is null) entered++;

        Assert.AreEqual(30, entered);
    }

    [TestMethod]
    public async Task Enter_WhenManyClientsTryOneAccount_StopsThemAndNotItsOwner()
    {
        Assert.IsNull(await throttle.EnterAsync("198.51.100.7", "a@example.org", Ct));
        await throttle.NoteSuccessAsync("198.51.100.7", "a@example.org", Ct);

        var entered = 0;
        for (var i = 0; i < 40; i++)
            if (await throttle.EnterAsync($"192.0.2.{i}", "a@example.org", Ct) is null) entered++;

        Assert.AreEqual(30, entered);
        Assert.IsNull(await throttle.EnterAsync("198.51.100.7", "a@example.org", Ct), "the owner comes in from where he was before");
        Assert.IsNotNull(await throttle.EnterAsync("198.51.100.8", "a@example.org", Ct));
        await throttle.ForgiveAsync("a@example.org", Ct);
        Assert.IsNull(await throttle.EnterAsync("198.51.100.8", "a@example.org", Ct));
    }
}
