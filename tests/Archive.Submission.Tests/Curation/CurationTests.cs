using Archive.Model.Accounts;
using Archive.Model.Datasets;
using Archive.Model.Errors;
using Archive.Model.Submissions;
using Archive.Submission.Tests.Pipeline;

namespace Archive.Submission.Tests.Curation;

/// <summary>What waits for a curator, what a curator decides, and who else would release it meanwhile.</summary>
[TestClass]
public sealed class CurationTests
{
    private static readonly Dictionary<string, byte[]> Files = new() { ["a.tif"] = [1] };
    private static readonly Account Curator = new()
    {
        Id = AccountId.New(), Email = "curator@example.org", Name = "Cleo", PasswordHash = null, Role = Role.Curator, CreatedAt = TimeProvider.System.GetUtcNow(),
    };

    public required TestContext TestContext { get; init; }

    private CancellationToken Ct => TestContext.CancellationToken;

    [TestMethod]
    public async Task Publish_WhenACuratorLooksAtEverything_IsPrivateWithItsAccessionWhateverItsDate()
    {
        await using var ground = await Ground.CreateAsync(Ct);
        var node = await WithPolicyAsync(ground, ReleasePolicy.Curator);

        var (submission, dataset) = await DepositAsync(node, "2020-01-01");

        Assert.AreEqual(SubmissionState.Private, submission.State);
        Assert.AreEqual(DatasetState.Private, dataset.State);
        Assert.AreEqual(ReviewState.Waiting, dataset.Review!.State);
        Assert.AreEqual(0, await node.Release.ReleaseDueAsync(Ct), "its date is due, and does not release it");
        CollectionAssert.AreEqual(new[] { dataset.Accession }, (await node.Curation.ListWaitingAsync(null, 10, Ct)).Select(d => d.Accession).ToArray());

        var approved = (await node.Curators.ApproveAsync(dataset.Accession, Curator, 1, Ct))!;

        Assert.AreEqual(DatasetState.Released, approved.State);
        Assert.AreEqual(1, approved.Change);
        Assert.IsEmpty(await node.Curation.ListWaitingAsync(null, 10, Ct));
        CollectionAssert.AreEqual(new AccountId?[] { null, Curator.Id }, approved.Review!.Moves.Select(m => m.By).ToArray());
        var again = (await node.Curators.ApproveAsync(dataset.Accession, Curator, 1, Ct))!;
        Assert.AreEqual(approved.Revision, again.Revision, "repeating it changes nothing");
    }

    [TestMethod]
    public async Task Approve_WhenTheDateIsAhead_LeavesItUnderEmbargo()
    {
        await using var ground = await Ground.CreateAsync(Ct);
        var node = await WithPolicyAsync(ground, ReleasePolicy.Curator);
        var date = ReleaseDates.Write(TimeProvider.System.GetUtcNow().AddDays(20));
        var (_, dataset) = await DepositAsync(node, date);

        var approved = (await node.Curators.ApproveAsync(dataset.Accession, Curator, null, Ct))!;

        Assert.AreEqual(DatasetState.Private, approved.State);
        Assert.AreEqual(dataset.ReleaseDate, approved.ReleaseDate);
        await node.Datasets.TryWriteAsync(approved with { ReleaseDate = TimeProvider.System.GetUtcNow().AddSeconds(-1) }, Ct);
        Assert.AreEqual(1, await node.Release.ReleaseDueAsync(Ct), "from now on its date decides");
    }

    [TestMethod]
    public async Task Return_ThenANewVersion_ComesIntoTheQueueAgain()
    {
        await using var ground = await Ground.CreateAsync(Ct);
        var node = await WithPolicyAsync(ground, ReleasePolicy.Curator);
        var (_, dataset) = await DepositAsync(node, "2020-01-01");

        var returned = (await node.Curators.ReturnAsync(dataset.Accession, Curator, "Say what was imaged.", 1, Ct))!;

        Assert.AreEqual(ReviewState.Returned, returned.Review!.State);
        Assert.IsTrue(returned.IsHeld);
        Assert.AreEqual(0, await node.Release.ReleaseDueAsync(Ct));
        Assert.IsEmpty(await node.Curation.ListWaitingAsync(null, 10, Ct));
        Assert.AreEqual(returned.Revision, (await node.Curators.ReturnAsync(dataset.Accession, Curator, "Say what was imaged.", 1, Ct))!.Revision);

        // Also when the collection has become lenient since: what was returned is looked at again.
        await node.Collections.PutAsync(new("BioImages", "BioImages", "", "S-BIAR"), Ct);
        var second = await ReviseAsync(node, returned);

        Assert.AreEqual(2, second.Latest.Number);
        Assert.AreEqual(ReviewState.Waiting, second.Review!.State);
        CollectionAssert.AreEqual(new[] { ReviewState.Waiting, ReviewState.Returned, ReviewState.Waiting }, second.Review.Moves.Select(m => m.To).ToArray());
        var old = await Assert.ThrowsExactlyAsync<ArchiveException>(() => node.Curators.ApproveAsync(dataset.Accession, Curator, 1, Ct));
        Assert.AreEqual(Problems.VersionMoved, old.Problem);
        Assert.AreEqual(DatasetState.Released, (await node.Curators.ApproveAsync(dataset.Accession, Curator, 2, Ct))!.State);
    }

    [TestMethod]
    public async Task Decide_WhenNobodyAsked_IsRefused()
    {
        await using var ground = await Ground.CreateAsync(Ct);
        var node = new Node(ground);
        var (_, dataset) = await DepositAsync(node, "2020-01-01");

        var refusal = await Assert.ThrowsExactlyAsync<ArchiveException>(() => node.Curators.ReturnAsync(dataset.Accession, Curator, "No.", null, Ct));

        Assert.AreEqual(Problems.NotInReview, refusal.Problem);
        Assert.IsNull(await node.Curators.ApproveAsync(Accession.From("S-BIAR", 99), Curator, null, Ct));
    }

    [TestMethod]
    public async Task Publish_WhenFirstByCurator_AllThatComeBeforeOnePassesWait()
    {
        await using var ground = await Ground.CreateAsync(Ct);
        var node = await WithPolicyAsync(ground, ReleasePolicy.FirstByCurator);
        var other = await WithPolicyAsync(ground, ReleasePolicy.FirstByCurator);

        // Two nodes publish two datasets of one account at once: neither is released before anybody looked.
        var submitted = new List<SubmissionId>();
        for (var i = 0; i < 4; i++) submitted.Add((await node.Submitter.SubmitAsync((await node.PrepareAsync(Files, Ct, "2020-01-01")).Id, Node.Owner, Ct))!.Submission!.Id);
        await Task.WhenAll(submitted.Select((id, i) => (i % 2 == 0 ? node : other).RunUntilEndedAsync(id, Ct)));
        var waiting = await node.Curation.ListWaitingAsync(null, 10, Ct);
        Assert.HasCount(4, waiting);

        await node.Curators.ApproveAsync(waiting[0].Accession, Curator, null, Ct);
        var (after, dataset) = await DepositAsync(node, "2020-01-01");

        Assert.AreEqual(SubmissionState.Released, after.State, "the account has passed");
        Assert.IsNull(dataset.Review);
        Assert.HasCount(3, await node.Curation.ListWaitingAsync(null, 10, Ct), "what waits goes on waiting");
    }

    [TestMethod]
    public async Task Decide_WhenTwoCuratorsDecideAtOnce_OneDoes()
    {
        await using var ground = await Ground.CreateAsync(Ct);
        var node = await WithPolicyAsync(ground, ReleasePolicy.Curator);
        for (var round = 0; round < 5; round++)
        {
            var (_, dataset) = await DepositAsync(node, "2020-01-01");
            async Task<bool> TryAsync(Func<Task<Dataset?>> decide)
            {
                try
                {
                    return await decide() is not null;
                }
                catch (ArchiveException e) when (e.Problem == Problems.ReviewDecided)
                {
                    return false;
                }
            }

            var decided = await Task.WhenAll(
                TryAsync(() => node.Curators.ApproveAsync(dataset.Accession, Curator, null, Ct)),
                TryAsync(() => node.Curators.ReturnAsync(dataset.Accession, Curator with { Id = AccountId.New() }, "No.", null, Ct)),
                TryAsync(() => node.Curators.ReturnAsync(dataset.Accession, Curator with { Id = AccountId.New() }, "Not so.", null, Ct)));

            Assert.AreEqual(1, decided.Count(d => d));
            var head = (await node.Datasets.FindAsync(dataset.Accession, Ct))!;
            Assert.HasCount(2, head.Review!.Moves);
            Assert.AreEqual(head.Review.State == ReviewState.Approved ? DatasetState.Released : DatasetState.Private, head.State);
        }
    }

    [TestMethod]
    public async Task Decide_WhenTheReleaseJobRunsBeside_NothingReturnedIsReleasedAndNothingReleasedTwice()
    {
        await using var ground = await Ground.CreateAsync(Ct);
        var node = await WithPolicyAsync(ground, ReleasePolicy.Curator);
        var datasets = new List<Dataset>();
        for (var i = 0; i < 4; i++) datasets.Add((await DepositAsync(node, "2020-01-01")).Dataset);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        var job = Task.Run(async () =>
        {
            while (!stop.IsCancellationRequested) await node.Release.ReleaseDueAsync(Ct);
        }, Ct);

        await Task.WhenAll(datasets.Select((d, i) => i % 2 == 0
            ? node.Curators.ApproveAsync(d.Accession, Curator, null, Ct)
            : node.Curators.ReturnAsync(d.Accession, Curator, "No.", null, Ct)));
        await stop.CancelAsync();
        await job;

        for (var i = 0; i < 4; i++)
        {
            var head = (await node.Datasets.FindAsync(datasets[i].Accession, Ct))!;
            Assert.AreEqual(i % 2 == 0 ? DatasetState.Released : DatasetState.Private, head.State);
        }
        Assert.AreEqual(2, (await node.Datasets.CountAsync(Ct)).NewestChange, "each release is one public change");
    }

    private async Task<Node> WithPolicyAsync(Ground ground, ReleasePolicy policy)
    {
        var node = new Node(ground);
        await node.Collections.PutAsync(new("BioImages", "BioImages", "", "S-BIAR") { ReleasePolicy = policy }, Ct);
        return node;
    }

    private async Task<(Model.Submissions.Submission Submission, Dataset Dataset)> DepositAsync(Node node, string releaseDate)
    {
        var draft = await node.PrepareAsync(Files, Ct, releaseDate);
        var outcome = await node.Submitter.SubmitAsync(draft.Id, Node.Owner, Ct);
        var ended = await node.RunUntilEndedAsync(outcome!.Submission!.Id, Ct);
        return (ended, (await node.Datasets.FindAsync(ended.Accession, Ct))!);
    }

    // The commit of a further version, as the workflow makes it.
    private async Task<Dataset> ReviseAsync(Node node, Dataset head)
    {
        var draft = await node.PrepareAsync(Files, Ct, "2020-01-01");
        var submission = new Model.Submissions.Submission
        {
            Id = SubmissionId.New(), Draft = draft.Id, Owner = head.Owner, Accession = head.Accession, Version = head.Latest.Number + 1,
            State = SubmissionState.Ingested, SubmittedAt = TimeProvider.System.GetUtcNow(),
        };
        using var text = Model.PageTab.PageTabText.Of(new(null, [new("ReleaseDate", "2020-01-01", false, [], []), new("Title", "Wells, mended", false, [], [])], null));
        using var ready = await node.Publisher.PrepareAsync(submission, text, Ct);
        await node.Publisher.PublishAsync(submission, draft with { Version = submission.Version }, ready, Ct);
        return (await node.Datasets.FindAsync(head.Accession, Ct))!;
    }
}
