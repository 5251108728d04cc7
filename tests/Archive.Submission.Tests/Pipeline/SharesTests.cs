using Archive.Model.Accounts;
using Archive.Model.Errors;
using Archive.Model.Sharing;
using Archive.Model.Submissions;
using Archive.Storage.Metadata;

namespace Archive.Submission.Tests.Pipeline;

/// <summary>With whom drafts are shared while they are published, and what follows when they change hands, cut anywhere.</summary>
[TestClass]
public sealed class SharesTests
{
    private static readonly Dictionary<string, byte[]> Files = new() { ["a.tif"] = [1, 2, 3] };
    private static readonly Account Actor = Person(Node.Owner, "owner@example.org");

    public required TestContext TestContext { get; init; }

    private CancellationToken Ct => TestContext.CancellationToken;

    [TestMethod]
    public async Task Publish_WhenCutAfterTheCommit_DoesNotBringBackWhoWasRemoved()
    {
        await using var ground = await Ground.CreateAsync(Ct);
        var draft = await new Node(ground).PrepareAsync(Files, Ct);
        var gone = await ShareAsync(new Node(ground), SharedThing.Of(draft), "gone@example.org");
        // Dies when the head is written and before that is saved.
        var submission = await DieAfterAsync(ground, draft, "AddDocumentAsync", "TryWriteAsync");
        var next = new Node(ground);
        var dataset = SharedThing.Of(submission.Accession);
        Assert.IsNotNull(await next.Datasets.FindAsync(submission.Accession, Ct));

        Assert.IsTrue(await next.Collaborators.UnshareAsync(dataset, gone.Id, Actor, Ct));
        await next.RunUntilEndedAsync(submission.Id, Ct);

        Assert.IsEmpty((await next.Shares.ReadAsync(dataset, Ct)).Collaborators);
    }

    [TestMethod]
    public async Task Share_WhileThePublishedDraftIsStillThere_IsTheDatasets()
    {
        await using var ground = await Ground.CreateAsync(Ct);
        var draft = await new Node(ground).PrepareAsync(Files, Ct);
        var gone = await ShareAsync(new Node(ground), SharedThing.Of(draft), "gone@example.org");
        var kept = await ShareAsync(new Node(ground), SharedThing.Of(draft), "kept@example.org");
        // Dies when the end is saved and before the draft is closed.
        var submission = await DieAfterAsync(ground, draft, "AddDocumentAsync", "TrySaveAsync");
        var next = new Node(ground);
        Assert.IsTrue((await next.Drafts.FindAsync(draft.Id, Ct))!.IsSealed);

        Assert.HasCount(2, (await next.Shares.ReadAsync(SharedThing.Of(draft), Ct)).Collaborators);
        Assert.IsTrue(await next.Collaborators.UnshareAsync(SharedThing.Of(draft), gone.Id, Actor, Ct));
        var late = await ShareAsync(next, SharedThing.Of(draft), "late@example.org");
        await next.RunUntilEndedAsync(submission.Id, Ct);
        await next.Sealed.RunAsync(TimeSpan.Zero, Ct);

        Assert.IsNull(await next.Drafts.FindAsync(draft.Id, Ct));
        CollectionAssert.AreEqual(new[] { kept.Id, late.Id }, (await next.Shares.ReadAsync(SharedThing.Of(submission.Accession), Ct)).Collaborators.Select(c => c.Id).ToArray());
        Assert.AreEqual(0, (await next.Sharing.ReadAsync(SharedThing.Of(draft), Ct)).Revision, "the draft's own record goes with it");
        var told = (await next.Audit.ListAsync(SharedThing.DatasetKind, submission.Accession.ToString(), null, null, 20, Ct)).Select(e => e.Entry.Action).ToList();
        CollectionAssert.IsSubsetOf(new[] { "shared", "unshared" }, told);
    }

    [TestMethod]
    public async Task Draft_WhenItsTransferIsRefused_HasNothingRecorded()
    {
        await using var ground = await Ground.CreateAsync(Ct);
        var node = new Node(ground);
        var draft = await node.Desk.BeginAsync(Node.Owner, null, Ct);
        var heir = Person(AccountId.New(), "heir@example.org");
        // Sealed by somebody between the look and the write.
        var late = new Node(ground, new Faults(call =>
        {
            if (call == "TryReplaceAsync") node.Drafts.TryReplaceAsync(draft with { SealedBy = SubmissionId.New() }, Ct).GetAwaiter().GetResult();
            return Fault.None;
        }));

        var refusal = await Assert.ThrowsExactlyAsync<ArchiveException>(() => late.Ownership.TransferAsync(draft.Id, heir, Node.Owner, Actor, Ct));

        Assert.AreEqual(Problems.DraftSealed, refusal.Problem);
        Assert.IsEmpty(await node.Audit.ListAsync(SharedThing.DraftKind, draft.Id.ToString(), null, null, 20, Ct));
    }

    [TestMethod]
    [DataRow("sweep")]
    [DataRow("deletion")]
    public async Task Draft_WhenWhoTransferredItDies_IsRecordedAndMailedOnceAllTheSame(string how)
    {
        await using var ground = await Ground.CreateAsync(Ct);
        var node = new Node(ground);
        var draft = await node.Desk.BeginAsync(Node.Owner, null, Ct);
        var heir = Person(AccountId.New(), "heir@example.org");
        var isDead = false;
        var dying = new Node(ground, new Faults(call =>
        {
            if (isDead) return Fault.Before;
            isDead = call == "TryReplaceAsync";
            return isDead ? Fault.After : Fault.None;
        }));
        await Assert.ThrowsExactlyAsync<InjectedException>(() => dying.Ownership.TransferAsync(draft.Id, heir, Node.Owner, Actor, Ct));
        Assert.AreEqual(0, (await node.Mails.CountAsync(Ct)).Waiting);

        await node.Ownership.TransferAsync(draft.Id, heir, Node.Owner, Actor, Ct);
        if (how == "sweep") Assert.AreEqual(1, await node.DraftEffects.SweepAsync(Ct));
        else await node.Desk.DeleteAsync(draft.Id, Ct);

        Assert.AreEqual("owner-changed", (await node.Audit.ListAsync(SharedThing.DraftKind, draft.Id.ToString(), null, null, 20, Ct)).Single().Entry.Action);
        Assert.AreEqual(1, (await node.Mails.CountAsync(Ct)).Waiting, "the former owner of this test has no account");
        Assert.AreEqual(0, await node.DraftEffects.SweepAsync(Ct));
    }

    [TestMethod]
    public async Task Offer_WhenChangedAgainAndAgain_MailsAnAddressTenTimesAnHourWithShares()
    {
        await using var ground = await Ground.CreateAsync(Ct);
        var node = new Node(ground);
        var draft = await node.Desk.BeginAsync(Node.Owner, null, Ct);
        var thing = SharedThing.Of(draft);

        for (var i = 0; i < 30; i++) await ShareAsync(node, thing, "victim@example.org");
        Assert.AreEqual(1, (await node.Mails.CountAsync(Ct)).Waiting, "the same once more uses nothing up");
        for (var i = 0; i < 12; i++)
        {
            await node.Ownership.OfferAsync(thing, Node.Owner, "Victim@example.org", Actor, Ct);
            await node.Ownership.TakeBackAsync(thing, Actor, Ct);
        }

        Assert.AreEqual(MailBound.PerHour, (await node.Mails.CountAsync(Ct)).Waiting);
        await node.Ownership.OfferAsync(thing, Node.Owner, "other@example.org", Actor, Ct);
        Assert.AreEqual(MailBound.PerHour + 1, (await node.Mails.CountAsync(Ct)).Waiting);
    }

    [TestMethod]
    public async Task Submit_WhenByAnEditor_IsRecordedWhereItIsAcceptedOnly()
    {
        await using var ground = await Ground.CreateAsync(Ct);
        var node = new Node(ground);
        var editor = new Editor(AccountId.New(), Role.Depositor);
        var draft = await node.Desk.BeginAsync(Node.Owner, null, Ct);
        Assert.IsNull((await node.Submitter.SubmitAsync(draft.Id, Node.Owner, editor, Ct))!.Submission);
        Assert.IsEmpty(await node.Audit.ListAsync(SharedThing.DraftKind, draft.Id.ToString(), null, null, 20, Ct));

        draft = await node.PrepareAsync(Files, Ct);
        foreach (var _ in Enumerable.Range(0, 2)) await node.Submitter.SubmitAsync(draft.Id, Node.Owner, editor, Ct);

        var entry = (await node.Audit.ListAsync(SharedThing.DraftKind, draft.Id.ToString(), null, null, 20, Ct)).Single().Entry;
        Assert.AreEqual(("draft-submitted", editor.Account, "depositor", null), (entry.Action, entry.Actor, entry.As, entry.OnBehalfOf));
    }

    // Submits and works on a draft until the second call after the first one took effect; then the process is dead.
    private async Task<Model.Submissions.Submission> DieAfterAsync(Ground ground, Draft draft, string first, string second)
    {
        var (isNear, isDead) = (false, false);
        var dying = new Node(ground, new Faults(call =>
        {
            if (isDead) return Fault.Before;
            isDead = isNear && call == second;
            isNear |= call == first;
            return isDead ? Fault.After : Fault.None;
        }), lease: TimeSpan.FromMilliseconds(400));
        var submission = (await dying.Submitter.SubmitAsync(draft.Id, Node.Owner, Ct))!.Submission!;
        try
        {
            while (await dying.Runner.RunOnceAsync(Ct))
            {
            }
        }
        catch (InjectedException)
        {
            // Dead.
        }
        Assert.IsTrue(isDead);
        return submission;
    }

    private Task<Collaborator> ShareAsync(Node node, SharedThing thing, string email) => node.Collaborators.ShareAsync(thing, email, SharedAccess.Reader, Actor, Ct);

    private static Account Person(AccountId id, string email) =>
        new() { Id = id, Email = email, Name = "N", PasswordHash = "h", Role = Role.Depositor, CreatedAt = TimeProvider.System.GetUtcNow(), IsConfirmed = true };
}
