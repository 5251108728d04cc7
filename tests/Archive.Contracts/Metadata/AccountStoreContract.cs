using Archive.Model.Accounts;
using Archive.Model.Effects;
using Archive.Storage.Metadata;
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
        Assert.IsNull(await Store.FindByOrcidAsync(Orcid.Parse("0000-0002-1825-0097", null), Ct));
        Assert.IsNull(await Store.FindByTokenAsync(new string('a', 64), Ct));
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
    public async Task FindByOrcidAsync_WhenAnAccountHasIt_GivesItAndNoOtherMayTakeIt()
    {
        var orcid = Orcid.Parse("0000-0002-1825-0097", null);
        var (a, b) = (Sample.Account("a@example.org") with { Orcid = orcid }, Sample.Account("b@example.org"));
        await Store.TryAddAsync(a, Ct);
        await Store.TryAddAsync(b, Ct);

        AreSame(a, await Store.FindByOrcidAsync(orcid, Ct));
        Assert.IsFalse(await Store.TryReplaceAsync(b with { Orcid = orcid }, Ct));
        Assert.IsFalse(await Store.TryAddAsync(Sample.Account("c@example.org") with { Orcid = orcid }, Ct));
        Assert.IsTrue(await Store.TryReplaceAsync(a with { Orcid = null }, Ct));
        Assert.IsTrue(await Store.TryReplaceAsync(b with { Orcid = orcid }, Ct));
        Assert.AreEqual(b.Id, (await Store.FindByOrcidAsync(orcid, Ct))!.Id);
    }

    [TestMethod]
    public async Task FindByTokenAsync_WhenTokensComeAndGo_GivesTheAccountThatHasIt()
    {
        var (a, b) = (Sample.Account("a@example.org") with { Tokens = [Token("1"), Token("2")] }, Sample.Account("b@example.org") with { Tokens = [Token("3")] });
        await Store.TryAddAsync(a, Ct);
        await Store.TryAddAsync(b, Ct);

        AreSame(a, await Store.FindByTokenAsync(Token("2").TokenHash, Ct));
        AreSame(b, await Store.FindByTokenAsync(Token("3").TokenHash, Ct));
        await Store.TryReplaceAsync(a with { Tokens = [Token("1")] }, Ct);
        Assert.IsNull(await Store.FindByTokenAsync(Token("2").TokenHash, Ct));
        Assert.IsNotNull(await Store.FindByTokenAsync(Token("1").TokenHash, Ct));
    }

    [TestMethod]
    public async Task Read_WhenAnAccountHasEverything_GivesItBackWithTheTime()
    {
        var account = Sample.Account("a@example.org") with
        {
            IsConfirmed = true,
            DeactivatedAt = Sample.Time,
            SignInEpoch = 3,
            PasswordHash = null,
            Secrets = [new(SecretPurpose.ChangeEmail, new string('a', 64), Sample.Time) { Email = "b@example.org" }],
            Tokens = [Token("1")],
            Effects = PendingEffects.None.With(Sample.Mail() with { TokenOf = AccountId.New() }).With(Sample.Entry("account", "1")),
        };
        await Store.TryAddAsync(account, Ct);

        var found = (await Store.FindAsync(account.Id, Ct))!;

        AreSame(account, found);
        Assert.IsLessThan(TimeSpan.FromMinutes(1), (found.AsOf - TimeProvider.System.GetUtcNow()).Duration());
    }

    [TestMethod]
    public async Task ListAsync_WhenPaged_GivesEachOnceNewestFirst()
    {
        var made = Enumerable.Range(0, 7).Select(i => Sample.Account($"p{i}@example.org") with { Name = i == 3 ? "Grace 100% Hopper" : "Ada" }).ToList();
        foreach (var account in made) await Store.TryAddAsync(account, Ct);

        var first = await Store.ListAsync(null, null, 4, Ct);
        var second = await Store.ListAsync(null, first[^1].Id, 4, Ct);

        CollectionAssert.AreEqual(made.Select(a => a.Id).OrderByDescending(i => i.ToString(), StringComparer.Ordinal).ToList(), first.Concat(second).Select(a => a.Id).ToList());
        Assert.AreEqual(made[3].Id, (await Store.ListAsync("100% hopper", null, 10, Ct)).Single().Id);
        Assert.AreEqual(made[5].Id, (await Store.ListAsync("P5@EXAMPLE", null, 10, Ct)).Single().Id);
        Assert.IsEmpty(await Store.ListAsync("_", null, 10, Ct));
    }

    [TestMethod]
    public async Task ListWithEffectsAsync_WhenEffectsFollowed_NoLongerGivesTheAccount()
    {
        var accounts = Enumerable.Range(0, 3).Select(i => Sample.Account($"e{i}@example.org") with { Effects = PendingEffects.None.With(Sample.Mail()) }).ToList();
        foreach (var account in accounts.Append(Sample.Account("none@example.org"))) await Store.TryAddAsync(account, Ct);

        var first = await Store.ListWithEffectsAsync(null, 2, Ct);
        var rest = await Store.ListWithEffectsAsync(first[^1].Id, 2, Ct);
        await Store.TryReplaceAsync(first[0] with { Effects = PendingEffects.None }, Ct);

        CollectionAssert.AreEquivalent(accounts.Select(a => a.Id).ToList(), first.Concat(rest).Select(a => a.Id).ToList());
        Assert.HasCount(2, await Store.ListWithEffectsAsync(null, 10, Ct));
    }

    private static ApiToken Token(string id) => new(id, "a program", TokenScope.Deposit, id.PadLeft(64, '0'), Sample.Time, Sample.Time.AddDays(1));
}
