using System.Text;
using Archive.Model.Accounts;
using Archive.Model.Effects;
using Archive.Model.Errors;
using Archive.Model.PageTab;
using Archive.Model.Sharing;
using Archive.Model.Submissions;
using Archive.Storage.Metadata;
using Archive.TestKit;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace Archive.Contracts.Metadata;

/// <summary>What every store of drafts promises.</summary>
public abstract class DraftStoreContract : MetadataContract<IDraftStore>
{
    /// <summary>The store of shares over the same ground.</summary>
    protected abstract ISharingStore Sharing { get; }

    [TestMethod]
    public async Task FindAsync_WhenAdded_GivesItBackWhole()
    {
        var draft = Sample.Draft() with { Accession = Sample.Number(7), Version = 3 };
        await Store.AddAsync(draft, Ct);

        AreSame(draft, await Store.FindAsync(draft.Id, Ct));
    }

    [TestMethod]
    public async Task FindAsync_WhenMissing_GivesNull()
    {
        Assert.IsNull(await Store.FindAsync(DraftId.New(), Ct));
    }

    [TestMethod]
    public async Task AddAsync_WhenRepeatedAfterAWrite_ChangesNothing()
    {
        var draft = Sample.Draft();
        await Store.AddAsync(draft, Ct);
        var written = await Store.TryReplaceAsync(draft with { Collection = "Other" }, Ct);
        await Store.AddAsync(draft, Ct);

        AreSame(written, await Store.FindAsync(draft.Id, Ct));
    }

    [TestMethod]
    public async Task AddAsync_WhenManyReviseOneDataset_OneStandsUntilItIsGone()
    {
        var revisions = Enumerable.Range(0, 32).Select(_ => Sample.Draft() with { Accession = Sample.Number(7), Version = 2 }).ToList();
        // The first version's own draft, which a rejection gave its number to, is no revision.
        await Store.AddAsync(Sample.Draft() with { Accession = Sample.Number(7) }, Ct);
        await RaceAsync(32, async i =>
        {
            await Store.AddAsync(revisions[i], Ct);
            return true;
        });

        var standing = (await Store.FindRevisionAsync(Sample.Number(7), Ct))!;
        foreach (var draft in revisions) Assert.AreEqual(draft.Id == standing.Id, await Store.FindAsync(draft.Id, Ct) is not null);
        Assert.IsNull(await Store.FindRevisionAsync(Sample.Number(8), Ct));
        await Store.TryDeleteAsync(standing, Ct);
        Assert.IsNull(await Store.FindRevisionAsync(Sample.Number(7), Ct));
        var next = Sample.Draft() with { Accession = Sample.Number(7), Version = 2 };
        await Store.AddAsync(next, Ct);
        AreSame(next, await Store.FindRevisionAsync(Sample.Number(7), Ct));
    }

    [TestMethod]
    public async Task TryReplaceAsync_WhenManyWriteOneRevision_ExactlyOneWins()
    {
        var draft = Sample.Draft();
        await Store.AddAsync(draft, Ct);

        var written = await RaceAsync(32, i => Store.TryReplaceAsync(draft with { Collection = $"C{i}" }, Ct));

        var winner = written.Single(w => w is not null)!;
        Assert.IsGreaterThan(draft.Revision, winner.Revision);
        AreSame(winner, await Store.FindAsync(draft.Id, Ct));
    }

    [TestMethod]
    public async Task AddAndReplace_WhenSomethingMustFollow_KeepItWithTheDraft()
    {
        var draft = Sample.Draft() with { Effects = PendingEffects.None.With(Sample.Mail()) };
        await Store.AddAsync(draft, Ct);
        var added = (await Store.FindAsync(draft.Id, Ct))!;
        AreSame(draft.Effects, added.Effects);

        var more = added.Effects.With(Sample.Entry("draft", draft.Id.ToString()));
        AreSame(more, (await Store.TryReplaceAsync(added with { Effects = more }, Ct))!.Effects);
        Assert.IsNull(await Store.TryReplaceAsync(added with { Effects = PendingEffects.None }, Ct));
        AreSame(more, (await Store.FindAsync(draft.Id, Ct))!.Effects);
    }

    [TestMethod]
    public async Task ListSharedAsync_WhenBoundOrNamedByAddress_FindsLiveDraftsOfOthersNewestFirstWithTheirEntry()
    {
        var ada = Sample.Account("Ada@example.org") with { IsConfirmed = true };
        var drafts = new List<Draft>();
        foreach (var who in new[] { Named("ADA@example.org"), Named("x@example.org", ada.Id), Named("ada@example.org", AccountId.New()), Named("bob@example.org"), Named("ada@example.org"), Named("ada@example.org") })
        {
            var draft = Sample.Draft() with { Owner = drafts.Count == 4 ? ada.Id : AccountId.New() };
            // One is the account's own, and of the last only the share is left.
            if (drafts.Count < 5) await Store.AddAsync(draft, Ct);
            await Sharing.TryWriteAsync(new() { Thing = SharedThing.Of(draft.Id), Collaborators = [who] }, Ct);
            drafts.Add(draft);
        }

        var found = await Store.ListSharedAsync(ada, null, 9, Ct);
        var first = await Store.ListSharedAsync(ada, null, 1, Ct);
        var second = await Store.ListSharedAsync(ada, first[0].Draft.Id, 9, Ct);

        DraftId[] expected = [drafts[1].Id, drafts[0].Id];
        CollectionAssert.AreEqual(expected, found.Select(f => f.Draft.Id).ToArray());
        CollectionAssert.AreEqual(new[] { "x@example.org", "ADA@example.org" }, found.Select(f => f.Entry.Email).ToArray());
        CollectionAssert.AreEqual(expected, first.Concat(second).Select(f => f.Draft.Id).ToArray());
        CollectionAssert.AreEqual(expected[..1], (await Store.ListSharedAsync(ada with { IsConfirmed = false }, null, 9, Ct)).Select(f => f.Draft.Id).ToArray(), "an unconfirmed address counts for nothing");
        Assert.AreEqual(1, await Sharing.RemoveOfGoneDraftsAsync(Ct));
        Assert.HasCount(2, await Store.ListSharedAsync(ada, null, 9, Ct));

        static Collaborator Named(string email, AccountId? account = null) => new(Guid.NewGuid().ToString("N"), email, account, SharedAccess.Editor, Sample.Time, AccountId.New());
    }

    [TestMethod]
    public async Task TryReplaceAsync_WhenDraftIsGone_GivesNull() => Assert.IsNull(await Store.TryReplaceAsync(Sample.Draft(), Ct));

    [TestMethod]
    [DataRow(0)]
    [DataRow(100)]
    [DataRow(1_000_000)]
    public async Task OpenPageTabAsync_WhenWritten_GivesTheTextAsSent(int length)
    {
        var draft = Sample.Draft();
        await Store.AddAsync(draft, Ct);
        var sent = Text(length, 'a');

        Assert.IsNull(await Store.OpenPageTabAsync(draft.Id, Ct));
        Assert.IsNull((await Store.FindAsync(draft.Id, Ct))!.PageTabBytes);
        var written = await WriteAsync(draft, sent);

        Assert.IsGreaterThan(draft.Revision, written!.Revision);
        Assert.AreEqual(sent.Length, written.PageTabBytes);
        Assert.AreEqual(sent.Length, (await Store.FindAsync(draft.Id, Ct))!.PageTabBytes);
        await using var stored = await Store.OpenPageTabAsync(draft.Id, Ct);
        Assert.AreEqual(written.Revision, stored!.Revision);
        Assert.AreEqual(sent.Length, stored.LengthBytes);
        CollectionAssert.AreEqual(sent, await ReadAsync(stored));
    }

    [TestMethod]
    public async Task TryWritePageTabAsync_WhenTheRevisionIsOldOrTheDraftGone_GivesNull()
    {
        var draft = Sample.Draft();
        Assert.IsNull(await WriteAsync(draft, Text(10, 'a')));
        await Store.AddAsync(draft, Ct);
        await WriteAsync(draft, Text(10, 'a'));

        Assert.IsNull(await WriteAsync(draft, Text(20, 'b')));
        await using var stored = await Store.OpenPageTabAsync(draft.Id, Ct);
        CollectionAssert.AreEqual(Text(10, 'a'), await ReadAsync(stored!));
    }

    [TestMethod]
    public async Task TryReplaceAsync_WhenThereIsAPageTab_LeavesIt()
    {
        var draft = Sample.Draft();
        await Store.AddAsync(draft, Ct);
        var written = await WriteAsync(draft, Text(300_000, 'a'));
        await using var opened = await Store.OpenPageTabAsync(draft.Id, Ct);

        var replaced = await Store.TryReplaceAsync(written! with { SealedBy = SubmissionId.New() }, Ct);

        Assert.AreEqual(written!.PageTabBytes, replaced!.PageTabBytes);
        CollectionAssert.AreEqual(Text(300_000, 'a'), await ReadAsync(opened!));
    }

    [TestMethod]
    public async Task OpenPageTabAsync_WhenReplacedWhileItIsRead_GivesNoMixture()
    {
        var draft = Sample.Draft();
        await Store.AddAsync(draft, Ct);
        var written = await WriteAsync(draft, Text(300_000, 'a'));
        await using var opened = await Store.OpenPageTabAsync(draft.Id, Ct);

        await WriteAsync(written!, Text(300_000, 'b'));

        var refusal = await Assert.ThrowsExactlyAsync<ArchiveException>(() => ReadAsync(opened!));
        Assert.AreEqual(Problems.Conflict, refusal.Problem);
    }

    [TestMethod]
    public async Task TryDeleteAsync_WhenWrittenMeanwhile_KeepsIt()
    {
        var draft = Sample.Draft();
        await Store.AddAsync(draft, Ct);
        var written = await Store.TryReplaceAsync(draft, Ct);

        Assert.IsFalse(await Store.TryDeleteAsync(draft, Ct));
        Assert.IsTrue(await Store.TryDeleteAsync(written!, Ct));
        Assert.IsTrue(await Store.TryDeleteAsync(written!, Ct), "a repetition");
        Assert.IsNull(await Store.FindAsync(draft.Id, Ct));
    }

    [TestMethod]
    public async Task ListAsync_WhenPaged_GivesAnOwnersDraftsNewestFirst()
    {
        var owner = AccountId.New();
        var drafts = Enumerable.Range(0, 5).Select(_ => Sample.Draft(owner)).ToList();
        foreach (var draft in drafts.Append(Sample.Draft())) await Store.AddAsync(draft, Ct);
        // Identifiers of one millisecond have no order of their own; the store's is that of their bits.
        var expected = drafts.Select(d => d.Id.ToString()).OrderDescending(StringComparer.Ordinal).ToList();

        var first = await Store.ListAsync(owner, null, 3, Ct);
        var rest = await Store.ListAsync(owner, first[^1].Id, 3, Ct);

        CollectionAssert.AreEqual(expected, first.Concat(rest).Select(d => d.Id.ToString()).ToList());
        Assert.HasCount(3, first);
        AreSame(drafts.Single(d => d.Id == first[0].Id), first[0]);
    }

    [TestMethod]
    public async Task ListSealedAsync_WhenSealedLongEnough_GivesThoseOnly()
    {
        var open = Sample.Draft();
        var draft = Sample.Draft();
        await Store.AddAsync(open, Ct);
        await Store.AddAsync(draft, Ct);
        var sealedDraft = await Store.TryReplaceAsync(draft with { SealedBy = SubmissionId.New() }, Ct);
        var age = TimeSpan.FromMilliseconds(100);

        Assert.IsEmpty(await ToListAsync(Store.ListSealedAsync(TimeSpan.FromHours(1), Ct)));
        // A later write under the same seal does not make it young again.
        sealedDraft = await Store.TryReplaceAsync(sealedDraft!, Ct);
        await Poll.Until(async () => (await ToListAsync(Store.ListSealedAsync(age, Ct))).Count == 1, "the sealed draft is listed", Ct);
        AreSame([sealedDraft!], await ToListAsync(Store.ListSealedAsync(age, Ct)));

        await Store.TryReplaceAsync(sealedDraft! with { SealedBy = null }, Ct);
        Assert.IsEmpty(await ToListAsync(Store.ListSealedAsync(TimeSpan.Zero, Ct)));
    }

    private async Task<Draft?> WriteAsync(Draft draft, byte[] sent)
    {
        using var content = new MemoryStream(sent);
        using var text = await PageTabText.ReceiveAsync(content, sent.Length, Ct);
        return await Store.TryWritePageTabAsync(draft, text!, Ct);
    }

    private async Task<byte[]> ReadAsync(StoredPageTab stored)
    {
        using var bytes = new MemoryStream();
        await stored.Content.CopyToAsync(bytes, Ct);
        return bytes.ToArray();
    }

    // No two pieces of it are alike.
    private static byte[] Text(int length, char with) =>
        Encoding.UTF8.GetBytes("{\"a\":\"" + string.Concat(Enumerable.Range(0, length / 8).Select(i => $"{with}{i:d7}")) + "\"}");
}
