using Archive.Model.Datasets;
using Archive.Model.Files;
using Archive.Model.Submissions;

namespace Archive.Submission.Tests.Pipeline;

/// <summary>A process that dies between any two calls of a port while a revision is on its way; and what sweeps leave alone.</summary>
[TestClass]
public sealed class RevisionCrashTests
{
    private static readonly Dictionary<string, string> Files = new() { ["a.tif"] = "one", ["b/c.tif"] = "two", ["d.tif"] = "three" };
    private const string Before = "a.tif=one Well:A0 | b/c.tif=two Well:A1 | d.tif=three Well:A2 | files.tsv";
    private const string After = "a.tif=changed Well:A0 | b/c.tif=two Well:B9 | e.tif=four | files.tsv";

    public required TestContext TestContext { get; init; }

    private CancellationToken Ct => TestContext.CancellationToken;

    [TestMethod]
    [DataRow(Fault.Before)]
    [DataRow(Fault.After)]
    public async Task Kill_AtEveryCallOfARevision_LosesNothingAndDoesNothingTwice(Fault moment)
    {
        await using var ground = await Ground.CreateAsync(Ct);
        var calls = 0;
        for (var k = 1; ; k++)
        {
            var (count, isDead) = (0, false);
            var node = new Node(ground);
            var first = await node.DepositAsync(Files, Ct);
            var dying = new Node(ground, new Faults(_ =>
            {
                if (isDead) return Fault.Before;
                isDead = Interlocked.Increment(ref count) == k;
                return isDead ? moment : Fault.None;
            }), lease: TimeSpan.FromMilliseconds(400));
            await LiveAsync(dying, node, first);
            if (!isDead) break;
            calls = k;

            var next = new Node(ground, lease: TimeSpan.FromSeconds(5));
            var head = (await next.Datasets.FindAsync(first.Accession, Ct))!;
            var stands = await next.Drafts.FindRevisionAsync(first.Accession, Ct);
            // Committed in the moment of its death, or there is a draft to go on with; beginning again gives that one.
            if (stands?.SealedBy is { } pass) await next.RunUntilEndedAsync(pass, Ct);
            head = (await next.Datasets.FindAsync(first.Accession, Ct))!;
            if (head.Versions.Count == 1)
            {
                var draft = await next.ReviseAsync(first, Ct);
                if (stands is not null) Assert.AreEqual(stands.Id, draft.Id, $"call {k}");
                await StageAsync(next, draft);
                head = await next.CommitAsync(draft, Ct, Revising.Curator);
            }
            await IsWholeAsync(ground, next, head, $"call {k}");
        }
        TestContext.WriteLine($"{calls} instants");
        Assert.IsGreaterThan(40, calls);
    }

    [TestMethod]
    public async Task Sweep_WhenEveryPassIsLookedAt_LeavesWhatOlderVersionsAndNewerRowsReferTo()
    {
        await using var ground = await Ground.CreateAsync(Ct);
        var node = new Node(ground);
        var first = await node.DepositAsync(Files, Ct);
        var draft = await node.ReviseAsync(first, Ct);
        await StageAsync(node, draft);
        var second = await node.CommitAsync(draft, Ct, Revising.Curator);
        // A pass that was cut, and refers to objects of the first version under other attributes.
        draft = await node.ReviseAsync(second, Ct);
        await node.UploadAsync(draft, "files.tsv", "Files\tWell\nb/c.tif\tC1\na.tif\tC2\n", Ct);
        var cancelling = new Node(ground, new Faults(call =>
        {
            if (call == "AddDocumentAsync") throw new InjectedException(call);
            return Fault.None;
        }));
        var submitted = (await node.Submitter.SubmitAsync(draft.Id, Node.Owner, Revising.Curator, Ct))!.Submission!;
        await cancelling.Runner.RunOnceAsync(Ct);
        Assert.AreEqual(SubmissionState.Ingested, (await node.Submissions.FindAsync(submitted.Id, Ct))!.State);
        await RevisionTests.ExecuteAsync(ground, $"UPDATE submissions SET data = jsonb_set(data, '{{isPublishing}}', 'false') WHERE id = '{submitted.Id.Value}'");
        await node.Submissions.RequestCancelAsync(submitted.Id, Ct);
        Assert.AreEqual(SubmissionState.Cancelled, (await node.RunUntilEndedAsync(submitted.Id, Ct)).State);
        // As if every pass had taken several attempts.
        foreach (var version in second.Versions) await node.Leftovers.ReportAsync(version.Submission, Ct);

        var removed = await RevisionTests.SweepAsync(ground, node);
        await IsWholeAsync(ground, node, second, "after the sweep");
        var all = await node.Orphans.RunOverAllAsync(ground.Database.Metadata.ArchiveId, Ct);

        Assert.AreEqual(1, removed, "the list that the cancelled pass stored");
        Assert.AreEqual(0, all.Removed);
        await IsWholeAsync(ground, node, second, "after the sweep of all");
        Assert.IsFalse(await AnyAsync(node.References.ListPassAsync(first.Accession, submitted.Id, null, Ct)), "rows of the cancelled pass");
    }

    // a.tif is replaced, b/c.tif described otherwise, d.tif removed, e.tif added.
    private async Task StageAsync(Node node, Draft draft)
    {
        await node.UploadAsync(draft, "a.tif", "changed", Ct);
        await node.UploadAsync(draft, "e.tif", "four", Ct);
        await node.Staging.MarkRemovedAsync(draft.Id, ArchivePath.Parse("d.tif", null), Ct);
        await node.UploadAsync(draft, "files.tsv", "Files\tWell\na.tif\tA0\nb/c.tif\tB9\n", Ct);
    }

    // The uploads are another process's: those that were cut are tested with staging.
    private async Task LiveAsync(Node node, Node uploading, Dataset first)
    {
        try
        {
            var draft = await node.ReviseAsync(first, Ct);
            await StageAsync(uploading, draft);
            await node.Submitter.SubmitAsync(draft.Id, Node.Owner, Revising.Curator, Ct);
            while (await node.Runner.RunOnceAsync(Ct))
            {
            }
            await node.Sealed.RunAsync(TimeSpan.Zero, Ct);
        }
        catch (InjectedException)
        {
            // Dead.
        }
    }

    private async Task IsWholeAsync(Ground ground, Node node, Dataset dataset, string when)
    {
        await RevisionTests.SweepAsync(ground, node);
        Assert.HasCount(2, dataset.Versions, when);
        Assert.AreEqual(DatasetState.Released, dataset.State);
        Assert.AreEqual(Before, await node.FilesAsync(dataset, 1, Ct), when);
        Assert.AreEqual(After, await node.FilesAsync(dataset, 2, Ct), when);
        await node.CountsAreRightAsync(dataset, Ct);
        var referred = new HashSet<string>();
        foreach (var version in dataset.Versions)
            await foreach (var row in node.References.ListPassAsync(dataset.Accession, version.Submission, null, Ct))
                if (row.ObjectKey is { } key)
                    referred.Add(key);
        CollectionAssert.AreEquivalent(referred.ToList(), await node.KeysAsync(dataset.Accession, Ct), when);
        foreach (var version in dataset.Versions)
        {
            var submission = (await node.Submissions.FindAsync(version.Submission, Ct))!;
            if (await node.Drafts.FindAsync(submission.Draft, Ct) is not null) Assert.Fail($"{when}: a draft is left of version {version.Number}");
            var staged = Path.Combine(ground.StagingFolder, submission.Draft.ToString());
            Assert.IsFalse(Directory.Exists(staged) && Directory.EnumerateFiles(staged).Any(), when);
            Assert.IsFalse(await AnyAsync(node.Uploads.ListPathsAsync(submission.Draft, null, Ct)), when);
        }
    }

    private static async Task<bool> AnyAsync<T>(IAsyncEnumerable<T> items)
    {
        await foreach (var _ in items) return true;
        return false;
    }
}
