using System.Text;
using Archive.Model.Errors;
using Archive.Model.Submissions;

namespace Archive.Submission.Tests.Pipeline;

/// <summary>What a draft takes and refuses.</summary>
[TestClass]
public sealed class DraftTests
{
    private static readonly Dictionary<string, byte[]> Files = new()
    {
        ["plate/a1.tif"] = [1, 2, 3],
        ["plate/b2.tif"] = [.. Enumerable.Range(0, 100_000).Select(i => (byte)(i * 7))],
        ["readme.txt"] = [],
    };

    public required TestContext TestContext { get; init; }

    private CancellationToken Ct => TestContext.CancellationToken;

    [TestMethod]
    public async Task SealedDraft_RefusesEveryWrite()
    {
        await using var ground = await Ground.CreateAsync(Ct);
        var node = new Node(ground);
        var draft = await node.PrepareAsync(Files, Ct);
        await node.Submitter.SubmitAsync(draft.Id, Node.Owner, Ct);

        var pageTab = await Assert.ThrowsExactlyAsync<ArchiveException>(() => node.SetPageTabAsync(draft.Id, null, Ct));
        var upload = await Assert.ThrowsExactlyAsync<ArchiveException>(() => node.UploadAsync(draft, "x.tif", [1], Ct));
        var delete = await Assert.ThrowsExactlyAsync<ArchiveException>(() => node.Desk.DeleteAsync(draft.Id, Ct));

        Assert.AreEqual(Problems.DraftSealed, pageTab.Problem);
        Assert.AreEqual(Problems.DraftSealed, upload.Problem);
        Assert.AreEqual(Problems.DraftSealed, delete.Problem);
    }

    [TestMethod]
    public async Task PageTab_WhenRevisionIsOldOrDocumentUnsound_IsRefusedAndNothingIsStored()
    {
        await using var ground = await Ground.CreateAsync(Ct);
        var node = new Node(ground);
        var draft = await node.PrepareAsync(Files, Ct);
        var stands = (await node.Drafts.FindAsync(draft.Id, Ct))!;

        async Task<Problem> RefusalOf(string json, long? revision) =>
            (await Assert.ThrowsExactlyAsync<ArchiveException>(() => node.Desk.SetPageTabAsync(draft.Id, new MemoryStream(Encoding.UTF8.GetBytes(json)), revision, Ct))).Problem;

        Assert.AreEqual(Problems.PreconditionFailed, await RefusalOf("{}", stands.Revision - 1));
        Assert.AreEqual(Problems.PageTabNotJson, await RefusalOf("Submission\t", null));
        Assert.AreEqual(Problems.PageTabTooDeep, await RefusalOf(new string('[', 10_000), null));
        Assert.AreEqual(Problems.PageTabInvalid, await RefusalOf("{\"attributes\":[{}]}", stands.Revision));
        Assert.AreEqual(stands.Revision, (await node.Drafts.FindAsync(draft.Id, Ct))!.Revision);
    }

    [TestMethod]
    [DataRow(SubmissionState.Rejected, false)]
    [DataRow(SubmissionState.Cancelled, false)]
    [DataRow(SubmissionState.Submitted, true)]
    [DataRow(SubmissionState.Released, true)]
    public async Task OpenIfRefused_WhenThePassShowsItsEndAndTheDraftIsNotYetOpen_OpensRefusedOnesAlone(SubmissionState state, bool isSealed)
    {
        await using var ground = await Ground.CreateAsync(Ct);
        var node = new Node(ground);
        var draft = await node.PrepareAsync(Files, Ct);
        await node.Submitter.SubmitAsync(draft.Id, Node.Owner, Ct);
        // What another node does in ending a pass, cut before it sees to the draft.
        var held = (await node.Submissions.LeaseNextAsync("another", TimeSpan.FromHours(1), Ct))!;
        Assert.IsTrue(await node.Submissions.TrySaveAsync(held with { State = state }, Ct));

        var open = await node.Closer.OpenIfRefusedAsync((await node.Drafts.FindAsync(draft.Id, Ct))!, Ct);

        Assert.AreEqual(isSealed, open!.IsSealed);
        Assert.AreEqual(isSealed, (await node.Drafts.FindAsync(draft.Id, Ct))!.IsSealed);
    }

    [TestMethod]
    public async Task Delete_RemovesDraftAndStaging()
    {
        await using var ground = await Ground.CreateAsync(Ct);
        var node = new Node(ground);
        var draft = await node.PrepareAsync(Files, Ct);

        await node.Desk.DeleteAsync(draft.Id, Ct);
        await node.Desk.DeleteAsync(draft.Id, Ct);

        Assert.IsNull(await node.Drafts.FindAsync(draft.Id, Ct));
        await foreach (var left in node.Uploads.ListAsync(draft.Id, null, Ct)) Assert.Fail($"{left.Path} is left.");
    }
}
